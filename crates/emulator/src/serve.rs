//! A real socket: own accept loop instead of `axum::serve`, because faults have to close connections at will.

mod road;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

pub use self::tls::ServerTls;

use self::road::{Echoing, Orders, Troubled};
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
    /// The certificate or its key cannot be used.
    #[error("certificate: {0}")]
    Certificate(String),
}

/// A listening emulator. Stops when dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    secure: bool,
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
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Stops listening and closes every connection.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the emulator's accept loop failed");
        }
    }
}

/// How to listen.
#[derive(Debug, Clone)]
pub struct Listening {
    /// Where; port 0 takes any free one.
    pub address: SocketAddr,
    /// With TLS.
    pub tls: Option<ServerTls>,
    /// While the network is scripted to be gone, nobody listens at all. Otherwise connections are taken and closed,
    /// so that the admin pages on the same port can end the trouble.
    pub vanishes: bool,
}

impl Emulator {
    /// Listens without TLS, gateway and admin pages on one port.
    ///
    /// # Errors
    /// An address that cannot be listened on.
    pub async fn serve(&self, listen: SocketAddr) -> Result<Server, ServeError> {
        self.serve_with(Listening { address: listen, tls: None, vanishes: false }).await
    }

    /// Listens.
    ///
    /// # Errors
    /// An address that cannot be listened on.
    pub async fn serve_with(&self, mut listening: Listening) -> Result<Server, ServeError> {
        let listener = bind(listening.address).await?;
        let address = listener.local_addr().map_err(|error| ServeError::Other(listening.address, error))?;
        // The same port again after an absence.
        listening.address = address;
        let (stop, stopped) = watch::channel(false);
        let secure = listening.tls.is_some();
        let task = tokio::spawn(accept(listener, self.clone(), listening, stopped));
        Ok(Server { address, secure, stop, task })
    }
}

async fn bind(listen: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(listen).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => ServeError::InUse(listen),
        _ => ServeError::Other(listen, error),
    })
}

async fn accept(
    listener: TcpListener,
    emulator: Emulator,
    listening: Listening,
    mut stopped: watch::Receiver<bool>,
) {
    let mut listener = Some(listener);
    let mut gone = emulator.gone();
    loop {
        if listening.vanishes && *gone.borrow_and_update() {
            listener = None;
            tokio::select! {
                _ = gone.wait_for(|gone| !gone) => continue,
                _ = stopped.wait_for(|stop| *stop) => return,
            }
        }
        let Some(there) = &listener else {
            // Somebody else may have taken the port; it is tried again until it is free.
            listener = bind(listening.address).await.ok();
            tokio::time::sleep(Duration::from_millis(if listener.is_none() { 20 } else { 0 })).await;
            continue;
        };
        let accepted = tokio::select! {
            accepted = there.accept() => accepted,
            changed = gone.changed(), if listening.vanishes => match changed {
                Ok(()) => continue,
                Err(_) => return,
            },
            // An error means that the server was dropped.
            _ = stopped.wait_for(|stop| *stop) => return,
        };
        let Ok((stream, _)) = accepted else {
            // Out of handles, for example: a pause instead of a busy loop.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let (emulator, mut stopped, mut gone) = (emulator.clone(), stopped.clone(), gone.clone());
        let (tls, vanishes) = (listening.tls.clone(), listening.vanishes);
        tokio::spawn(async move {
            tokio::select! {
                () = secured(stream, emulator, tls) => {}
                _ = gone.wait_for(|gone| *gone), if vanishes => {}
                _ = stopped.wait_for(|stop| *stop) => {}
            }
        });
    }
}

async fn secured(stream: TcpStream, emulator: Emulator, tls: Option<ServerTls>) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let (stream, orders) = Troubled::new(stream, emulator.cut_for_new_connection());
    let Some(ServerTls(acceptor)) = tls else { return connection(stream, orders, emulator).await };
    match acceptor.accept(stream).await {
        Ok(stream) => connection(stream, orders, emulator).await,
        Err(error) => tracing::debug!(%error, "a caller did not want this certificate"),
    }
}

/// The connection is closed instead of answered.
#[derive(Debug, thiserror::Error)]
#[error("closed on purpose")]
struct Closed;

async fn connection<S>(stream: S, orders: Orders, emulator: Emulator)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let router = emulator.app();
    let stream = Echoing::new(stream, orders.clone());
    let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let (emulator, router, orders) = (emulator.clone(), router.clone(), orders.clone());
        async move {
            let response = if request.uri().path().starts_with("/_emulator") {
                unfailing(router.oneshot(request.map(Body::new)).await)
            } else {
                emulator.respond(request).await
            };
            orders.set(response.extensions().get().copied());
            if response.extensions().get::<CloseConnection>().is_some() { Err(Closed) } else { Ok(response) }
        }
    });
    // A connection that ends early is what many faults are about.
    if let Err(error) = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
