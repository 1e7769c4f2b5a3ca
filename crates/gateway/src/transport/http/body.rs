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
use vestibule_domain::Clock;
use vestibule_domain::press::Void;

use crate::transport::LastLook;

const WAITING: u8 = 0;
const LEFT: u8 = 1;
const TOO_LATE: u8 = 2;
const LINE_LOST: u8 = 3;
const WITHDRAWN: u8 = 4;

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
    /// It was held back at the last look.
    HeldBack(Void),
}

impl Began {
    /// Asked when a call has ended without an answer. A body that was not asked for until now gives nothing any more,
    /// so that "it has not left" stays true of a connection that was about to ask in another thread.
    pub(super) fn withdraw(&self) -> FirstByte {
        match self.begin(WITHDRAWN) {
            WAITING | WITHDRAWN => FirstByte::Waiting,
            TOO_LATE => FirstByte::HeldBack(Void::TooLate),
            LINE_LOST => FirstByte::HeldBack(Void::LineLost),
            _ => FirstByte::MayHaveLeft,
        }
    }

    /// From waiting to `next`; says what it was.
    fn begin(&self, next: u8) -> u8 {
        let was = self.0.compare_exchange(WAITING, next, Ordering::AcqRel, Ordering::Acquire);
        was.unwrap_or_else(|was| was)
    }
}

pub(super) struct GuardedBody {
    bytes: Option<Bytes>,
    last_look: Option<(LastLook, Arc<dyn Clock>)>,
    began: Began,
}

impl GuardedBody {
    pub(super) fn new(bytes: Bytes, last_look: Option<(LastLook, Arc<dyn Clock>)>) -> (Self, Began) {
        let began = Began(Arc::new(AtomicU8::new(WAITING)));
        (Self { bytes: Some(bytes), last_look, began: began.clone() }, began)
    }
}

/// The last look said no, or nobody waits for an answer any more.
#[derive(Debug, thiserror::Error)]
#[error("held back at the last look")]
pub(super) struct HeldBack;

impl Body for GuardedBody {
    type Data = Bytes;
    type Error = HeldBack;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HeldBack>>> {
        let look = self.last_look.as_ref().map_or(Ok(()), |(look, clock)| look.ask(clock.monotonic()));
        if let Err(void) = look
            && self.bytes.is_some()
        {
            let state = match void {
                Void::TooLate => TOO_LATE,
                Void::LineLost => LINE_LOST,
            };
            self.began.begin(state);
            return Poll::Ready(Some(Err(HeldBack)));
        }
        if self.began.begin(LEFT) == WITHDRAWN {
            return Poll::Ready(Some(Err(HeldBack)));
        }
        let bytes = self.bytes.take();
        Poll::Ready(bytes.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_was_withdrawn_gives_nothing() {
        let cx = &mut Context::from_waker(std::task::Waker::noop());
        let (mut body, began) = GuardedBody::new(Bytes::from_static(b"x"), None);
        assert_eq!(began.withdraw(), FirstByte::Waiting);
        assert!(matches!(Pin::new(&mut body).poll_frame(cx), Poll::Ready(Some(Err(HeldBack)))));
        assert_eq!(began.withdraw(), FirstByte::Waiting);

        let (mut body, began) = GuardedBody::new(Bytes::from_static(b"x"), None);
        assert!(matches!(Pin::new(&mut body).poll_frame(cx), Poll::Ready(Some(Ok(_)))));
        assert_eq!(began.withdraw(), FirstByte::MayHaveLeft);
        assert!(matches!(Pin::new(&mut body).poll_frame(cx), Poll::Ready(None)));
    }
}
