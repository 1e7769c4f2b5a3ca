//! The bytes of a connection, which break off, are reset or come twice on purpose.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::app::Road;

/// What is to happen to the answer that is written next.
#[derive(Clone, Default)]
pub(super) struct Orders(Arc<Mutex<Answer>>);

#[derive(Default)]
enum Answer {
    #[default]
    Plain,
    /// So many bytes may still be written.
    Reset(usize),
    /// What was written so far, to be written again when it is an answer.
    Twice(Vec<u8>),
}

impl Orders {
    /// For the next answer.
    pub(super) fn set(&self, road: Option<Road>) {
        *self.lock() = match road {
            None => Answer::Plain,
            Some(Road::Reset(at)) => Answer::Reset(at),
            Some(Road::Twice) => Answer::Twice(Vec::new()),
        };
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Answer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that breaks off.
pub(super) struct Troubled {
    stream: TcpStream,
    /// How many bytes may still be read, and whether a reset follows.
    request: Option<(usize, bool)>,
    orders: Orders,
}

impl Troubled {
    pub(super) fn new(stream: TcpStream, request: Option<(usize, bool)>) -> (Self, Orders) {
        let orders = Orders::default();
        (Self { stream, request, orders: orders.clone() }, orders)
    }

    /// The connection ends; by a reset when it is dropped, if the system can do that.
    fn end(&self, by_reset: bool) -> io::Error {
        if by_reset && let Err(error) = self.stream.set_zero_linger() {
            tracing::error!(%error, "a connection is closed, although it should be reset");
        }
        io::ErrorKind::ConnectionReset.into()
    }

    /// How many of `wanted` bytes may be written now.
    fn room(&self, wanted: usize) -> io::Result<usize> {
        match &*self.orders.lock() {
            Answer::Reset(0) if wanted > 0 => Err(self.end(true)),
            Answer::Reset(left) => Ok(wanted.min(*left)),
            Answer::Plain | Answer::Twice(_) => Ok(wanted),
        }
    }

    /// So many bytes were written.
    fn wrote(&self, bytes: usize) {
        if let Answer::Reset(left) = &mut *self.orders.lock() {
            *left -= bytes;
        }
    }
}

/// Whether these are all bytes of an answer.
fn is_whole(bytes: &[u8]) -> bool {
    let Some(head) = bytes.windows(4).position(|end| end == b"\r\n\r\n") else { return false };
    let words = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
    let length = words.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
    bytes.len() - head - 4 >= length
}

impl AsyncRead for Troubled {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Some((left, by_reset)) = self.request else {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        };
        if left == 0 {
            return Poll::Ready(Err(self.end(by_reset)));
        }
        // A buffer of its own, because a part of `buf` could not be marked as filled without unsafe code. Only
        // connections that are about to be cut pay for the copy.
        let mut own = vec![0; left.min(buf.remaining())];
        let mut part = ReadBuf::new(&mut own);
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut part))?;
        let read = part.filled().len();
        buf.put_slice(part.filled());
        self.request = Some((left - read, by_reset));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Troubled {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let room = self.room(bytes.len())?;
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &bytes[..room]))?;
        self.wrote(written);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if !matches!(&*self.orders.lock(), Answer::Reset(_)) {
            return Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        }
        let first = parts.iter().find(|part| !part.is_empty());
        self.poll_write(cx, first.map_or(&[], |part| part))
    }
}

/// A connection on which an answer may come twice. It stands above TLS, where answers can be read.
pub(super) struct Echoing<S> {
    stream: S,
    orders: Orders,
    /// What is still to be written of a second copy.
    again: Vec<u8>,
}

impl<S> Echoing<S> {
    pub(super) fn new(stream: S, orders: Orders) -> Self {
        Self { stream, orders, again: Vec::new() }
    }

    /// These bytes were written.
    fn wrote(&mut self, bytes: &[u8]) {
        let mut order = self.orders.lock();
        let Answer::Twice(copy) = &mut *order else { return };
        copy.extend_from_slice(bytes);
        if is_whole(copy) {
            self.again = std::mem::take(copy);
            *order = Answer::Plain;
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Echoing<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Echoing<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
        self.wrote(&bytes[..written]);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.again.is_empty() {
            let Self { stream, again, .. } = &mut *self;
            let written = ready!(Pin::new(stream).poll_write(cx, again))?;
            again.drain(..written);
        }
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if !matches!(&*self.orders.lock(), Answer::Twice(_)) {
            return Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        }
        let first = parts.iter().find(|part| !part.is_empty());
        self.poll_write(cx, first.map_or(&[], |part| part))
    }
}
