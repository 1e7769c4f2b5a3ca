//! How a signed request leaves and its answer comes back. Two things implement it: HTTP, and the emulator in process.

pub mod http;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use ::http::HeaderMap;
use bytes::Bytes;
use vestibule_domain::Monotonic;
use vestibule_domain::press::Void;

use crate::error::{Doubt, NotSent};

/// A future that a [`Transport`] returns.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>>;

/// Sends one request once.
pub trait Transport: Send + Sync {
    /// Sends. A request with a last look must not send its first byte when that says no.
    fn send(&self, request: Request) -> Sending<'_>;
}

/// Whether a call for a door may leave at this moment. Whoever sends asks it last.
#[derive(Clone)]
pub struct LastLook(Arc<dyn Fn(Monotonic) -> Result<(), Void> + Send + Sync>);

impl LastLook {
    /// By asking this.
    #[must_use]
    pub fn new(ask: impl Fn(Monotonic) -> Result<(), Void> + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }

    /// Whether it may leave now.
    ///
    /// # Errors
    /// Why not, and then never.
    pub fn ask(&self, now: Monotonic) -> Result<(), Void> {
        (self.0)(now)
    }
}

impl From<Monotonic> for LastLook {
    /// It may leave before that moment.
    fn from(not_after: Monotonic) -> Self {
        Self::new(move |now| if now < not_after { Ok(()) } else { Err(Void::TooLate) })
    }
}

/// A signed POST.
#[derive(Clone)]
pub struct Request {
    /// The path, without a query.
    pub path: String,
    /// All headers that are signed or that sign.
    pub headers: HeaderMap,
    /// The body, exactly as its MD5 was taken.
    pub body: Bytes,
    /// For doors: what is asked when the first byte is about to leave.
    pub last_look: Option<LastLook>,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({}, {} bytes)", self.path, self.body.len())
    }
}

/// What came back, whole.
#[derive(Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, never longer than the transport's cap.
    pub body: Bytes,
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reply({}, {} bytes)", self.status, self.body.len())
    }
}

/// Why no whole answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// Nothing left.
    #[error("{0}")]
    NotSent(NotSent),
    /// Something may have left.
    #[error("{0}")]
    Ambiguous(Doubt),
}
