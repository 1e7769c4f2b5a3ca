//! TLS: always verified, TLS 1.2 or later.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use super::connecting::Hello;
use crate::error::GatewayError;

/// The settings of TLS. A gateway without TLS (an emulator) gets one that trusts nobody, so that a PC without any
/// authorities can still run the demo.
pub(super) fn config(wanted: bool, authorities_pem: &[u8]) -> Result<ClientConfig, GatewayError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| GatewayError::Setup(format!("TLS: {error}")))?;
    if !wanted {
        return Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth());
    }
    let extra = authorities(authorities_pem)?;
    let verifier = Verifier::new_with_extra_roots(extra, provider)
        .map_err(|error| GatewayError::Setup(format!("the authorities this system trusts: {error}")))?;
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Ok(builder.with_client_cert_resolver(Arc::new(Hello)))
}

fn authorities(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, GatewayError> {
    let found = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
    let found = found.map_err(|_| GatewayError::Setup("authorities: not PEM".into()))?;
    if found.is_empty() && !pem.trim_ascii().is_empty() {
        return Err(GatewayError::Setup("authorities: no certificate in the PEM".into()));
    }
    Ok(found)
}
