//! A request body that knows whether it has been asked for.
//!
//! hyper writes the head of an HTTP/1.1 request into a buffer, then asks the body for its first bytes, and only then
//! writes to the socket (`proto/h1/dispatch.rs`, `poll_write`). So the first question to the body is the last moment
//! at which a request can be held back whole, and a body that was never asked proves that no byte has left. The test
//! `a_late_door_call_sends_no_byte` watches the socket.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use vestibule_domain::{Clock, Monotonic};

const WAITING: u8 = 0;
const LEFT: u8 = 1;
const TOO_LATE: u8 = 2;

/// How far a body has come.
#[derive(Clone)]
pub(super) struct Began(Arc<AtomicU8>);

/// What is known about the first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FirstByte {
    /// It has not left.
    Waiting,
    /// It may have left.
    MayHaveLeft,
    /// It was held back because the deadline had come.
    HeldBack,
}

impl Began {
    pub(super) fn state(&self) -> FirstByte {
        match self.0.load(Ordering::Acquire) {
            WAITING => FirstByte::Waiting,
            TOO_LATE => FirstByte::HeldBack,
            _ => FirstByte::MayHaveLeft,
        }
    }
}

pub(super) struct GuardedBody {
    bytes: Option<Bytes>,
    deadline: Option<(Monotonic, Arc<dyn Clock>)>,
    began: Began,
}

impl GuardedBody {
    pub(super) fn new(bytes: Bytes, deadline: Option<(Monotonic, Arc<dyn Clock>)>) -> (Self, Began) {
        let began = Began(Arc::new(AtomicU8::new(WAITING)));
        (Self { bytes: Some(bytes), deadline, began: began.clone() }, began)
    }
}

/// The deadline has come.
#[derive(Debug, thiserror::Error)]
#[error("too late to send")]
pub(super) struct TooLate;

impl Body for GuardedBody {
    type Data = Bytes;
    type Error = TooLate;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TooLate>>> {
        let late = self.deadline.as_ref().is_some_and(|(not_after, clock)| clock.monotonic() >= *not_after);
        if late && self.bytes.is_some() {
            self.began.0.store(TOO_LATE, Ordering::Release);
            return Poll::Ready(Some(Err(TooLate)));
        }
        let bytes = self.bytes.take();
        self.began.0.store(LEFT, Ordering::Release);
        Poll::Ready(bytes.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
