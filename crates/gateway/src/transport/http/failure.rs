//! Reading reqwest's errors: did a byte leave, and what went wrong.

use std::error::Error;
use std::io;

use super::body::FirstByte;
use crate::error::{Doubt, NotSent};
use crate::transport::TransportError;

pub(super) fn classify(error: &reqwest::Error, first_byte: FirstByte) -> TransportError {
    match first_byte {
        FirstByte::Waiting => TransportError::NotSent(not_sent(error)),
        FirstByte::HeldBack => TransportError::NotSent(NotSent::TooLate),
        FirstByte::MayHaveLeft if error.is_timeout() => TransportError::Ambiguous(Doubt::Timeout),
        FirstByte::MayHaveLeft => TransportError::Ambiguous(Doubt::ConnectionLost),
    }
}

fn not_sent(error: &reqwest::Error) -> NotSent {
    if let Some(tls) = tls_error(error) {
        let bad =
            matches!(tls, rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented);
        return if bad { NotSent::BadCertificate } else { NotSent::Tls };
    }
    if error.is_dns() {
        return NotSent::Dns;
    }
    if error.is_timeout() {
        return NotSent::ConnectTimeout;
    }
    let words = chain(error).map(ToString::to_string).collect::<Vec<_>>().join(": ");
    if words.contains("tunnel") || words.contains("proxy") { NotSent::Proxy } else { NotSent::Connect }
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

/// rustls hides inside an `io::Error`, whose `source` skips it.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    chain(error).find_map(|error| {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        error
            .downcast_ref::<rustls::Error>()
            .or_else(|| inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()))
    })
}
