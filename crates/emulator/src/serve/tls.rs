//! The certificate the emulator shows.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::ServeError;

/// A certificate and its key.
#[derive(Clone)]
pub struct ServerTls(pub(super) TlsAcceptor);

impl ServerTls {
    /// From PEM: the chain, and the key of its first certificate. The chain is not judged: an expired one is a fault
    /// that callers must find out.
    ///
    /// # Errors
    /// What is not PEM, or does not fit together.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, ServeError> {
        let refuse = |why: String| ServeError::Certificate(why);
        let chain = CertificateDer::pem_slice_iter(chain).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| refuse(error.to_string()))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| refuse(error.to_string()))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| refuse(error.to_string()))?;
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }
}

impl std::fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerTls(redacted)")
    }
}
