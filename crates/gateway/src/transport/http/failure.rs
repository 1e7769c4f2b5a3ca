//! Reading reqwest's errors: did a byte leave, and what went wrong.

use std::error::Error;
use std::io;

use super::body::FirstByte;
use crate::error::{Doubt, NotSent};
use crate::transport::TransportError;

/// What it means that no answer came: did a byte leave?
pub(super) fn unanswered(first_byte: FirstByte, not_sent: NotSent, doubt: Doubt) -> TransportError {
    match first_byte {
        FirstByte::Waiting => TransportError::NotSent(not_sent),
        FirstByte::HeldBack(void) => TransportError::NotSent(void.into()),
        FirstByte::MayHaveLeft => TransportError::Ambiguous(doubt),
    }
}

/// Why no connection came about.
pub(super) fn not_sent(error: &reqwest::Error) -> NotSent {
    if let Some(ours) = chain(error).find_map(|error| error.downcast_ref::<NotSent>()) {
        return *ours;
    }
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

/// rustls hides inside one `io::Error` or several, whose `source` skips what they hold.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(tls);
    }
    if let Some(held) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        return tls_error(held);
    }
    error.source().and_then(tls_error)
}
