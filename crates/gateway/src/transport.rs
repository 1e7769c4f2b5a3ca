//! How a signed request leaves and its answer comes back. Two things implement it: HTTP, and the emulator in process.

pub mod http;

use std::future::Future;
use std::pin::Pin;

use ::http::HeaderMap;
use bytes::Bytes;
use vestibule_domain::Monotonic;

use crate::error::{Doubt, NotSent};

/// A future that a [`Transport`] returns.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>>;

/// Sends one request once.
pub trait Transport: Send + Sync {
    /// Sends. A request with `not_after` must not send its first byte at or after that moment.
    fn send(&self, request: Request) -> Sending<'_>;
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
    /// For doors: the moment from which on nothing may leave any more.
    pub not_after: Option<Monotonic>,
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
