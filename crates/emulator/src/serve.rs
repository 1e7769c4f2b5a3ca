//! A real socket: own accept loop instead of `axum::serve`, because faults have to close connections at will.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

use crate::app::{CloseConnection, unfailing};
use crate::emulator::Emulator;

/// Why an emulator cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The port is taken.
    #[error("{0} is in use by another program; choose another port, or 0 for any free one")]
    InUse(SocketAddr),
    /// Something else.
    #[error("cannot listen on {0}: {1}")]
    Other(SocketAddr, io::Error),
}

/// A listening emulator. Stops when dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Server {
    /// Where it listens, with the real port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// As an address for a client.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops listening and closes every connection.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the emulator's accept loop failed");
        }
    }
}

impl Emulator {
    /// Listens. Port 0 takes any free one.
    ///
    /// # Errors
    /// An address that cannot be listened on.
    pub async fn serve(&self, listen: SocketAddr) -> Result<Server, ServeError> {
        let listener = TcpListener::bind(listen).await.map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => ServeError::InUse(listen),
            _ => ServeError::Other(listen, error),
        })?;
        let address = listener.local_addr().map_err(|error| ServeError::Other(listen, error))?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(accept(listener, self.clone(), stopped));
        Ok(Server { address, stop, task })
    }
}

async fn accept(listener: TcpListener, emulator: Emulator, mut stopped: watch::Receiver<bool>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            // An error means that the server was dropped.
            _ = stopped.wait_for(|stop| *stop) => return,
        };
        let Ok((stream, _)) = accepted else {
            // Out of handles, for example: a pause instead of a busy loop.
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            continue;
        };
        let (emulator, mut stopped) = (emulator.clone(), stopped.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = connection(stream, emulator) => {}
                _ = stopped.wait_for(|stop| *stop) => {}
            }
        });
    }
}

/// The connection is closed instead of answered.
#[derive(Debug, thiserror::Error)]
#[error("closed on purpose")]
struct Closed;

async fn connection(stream: TcpStream, emulator: Emulator) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let stream = Cutting { left: emulator.cut_for_new_connection(), stream };
    let router = emulator.app();
    let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let (emulator, router) = (emulator.clone(), router.clone());
        async move {
            let response = if request.uri().path().starts_with("/_emulator") {
                unfailing(router.oneshot(request.map(Body::new)).await)
            } else {
                emulator.respond(request).await
            };
            if response.extensions().get::<CloseConnection>().is_some() { Err(Closed) } else { Ok(response) }
        }
    });
    // A connection that ends early is what many faults are about.
    if let Err(error) = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// A connection that fails after so many bytes were read.
struct Cutting {
    stream: TcpStream,
    left: Option<usize>,
}

impl AsyncRead for Cutting {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Some(left) = self.left else { return Pin::new(&mut self.stream).poll_read(cx, buf) };
        if left == 0 {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        // A buffer of its own, because a part of `buf` could not be marked as filled without unsafe code. Only
        // connections that are about to be cut pay for the copy.
        let mut own = vec![0; left.min(buf.remaining())];
        let mut part = ReadBuf::new(&mut own);
        std::task::ready!(Pin::new(&mut self.stream).poll_read(cx, &mut part))?;
        let read = part.filled().len();
        buf.put_slice(part.filled());
        self.left = Some(left - read);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Cutting {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
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
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }
}
