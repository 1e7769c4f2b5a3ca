//! Making a connection: the name and TCP, a proxy's tunnel where one is configured, TLS. Each ends in its own time, and
//! what failed is said by the same word that the caller gets.

use std::error::Error;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiResolver, Name};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tower_service::Service;

use crate::error::{GatewayError, NotSent};

/// Makes connections to one gateway.
#[derive(Clone)]
pub(super) struct Connector {
    pub(super) tcp: Tcp,
    /// Until TCP stands, and the proxy's tunnel.
    pub(super) connect_timeout: Duration,
    pub(super) tls: Option<Tls>,
    pub(super) tls_timeout: Duration,
    pub(super) proxy: Option<Intercept>,
}

/// How to speak TLS, and with whom.
#[derive(Clone)]
pub(super) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Tls {
    /// With the settings of TLS, to this host.
    pub(super) fn to(host: &str, config: rustls::ClientConfig) -> Option<Self> {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(host.to_owned()).ok()?;
        Some(Self { connector: Arc::new(config).into(), name })
    }
}

/// TCP to a name of this system.
#[derive(Clone)]
pub(super) struct Tcp(HttpConnector<Names>);

impl Tcp {
    #[cfg_attr(not(target_os = "linux"), expect(unused_variables, reason = "only Linux has such a time"))]
    pub(super) fn new(connect_timeout: Duration, unacknowledged: Option<Duration>) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(Names(GaiResolver::new()));
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // Shared by the addresses of a name, so that a dead one leaves time for the next.
        tcp.set_connect_timeout(Some(connect_timeout));
        #[cfg(target_os = "linux")]
        tcp.set_tcp_user_timeout(unacknowledged);
        Self(tcp)
    }
}

impl Service<Uri> for Tcp {
    type Response = TokioIo<TcpStream>;
    type Error = NotSent;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, NotSent>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), NotSent>> {
        self.0.poll_ready(cx).map_err(|error| found_by(&error, NotSent::Connect))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connecting = self.0.call(to);
        Box::pin(async {
            connecting.await.map_err(|error| {
                let late = in_chain(&error, |error: &io::Error| error.kind() == io::ErrorKind::TimedOut);
                found_by(&error, if late { NotSent::ConnectTimeout } else { NotSent::Connect })
            })
        })
    }
}

/// What a configured proxy is.
pub(super) fn proxy(text: &str, gateway: &Uri) -> Result<Intercept, GatewayError> {
    let proxy = Matcher::builder().all(text.trim()).build().intercept(gateway);
    proxy
        .filter(|proxy| proxy.uri().scheme() == Some(&Scheme::HTTP))
        .ok_or_else(|| GatewayError::Setup("proxy: not an address such as http://10.0.0.1:3128".into()))
}

impl Connector {
    async fn connect(self, to: Uri) -> Result<Stream, NotSent> {
        let tcp = timeout(self.connect_timeout, self.reach(to)).await;
        let tcp = tcp.map_err(|_| NotSent::ConnectTimeout)??;
        let Some(Tls { connector, name }) = self.tls else {
            return Ok(Stream::Plain { tcp, proxied: self.proxy.is_some() });
        };
        match timeout(self.tls_timeout, connector.connect(name, tcp)).await {
            Ok(Ok(stream)) => Ok(Stream::Secure(Box::new(stream))),
            Ok(Err(error)) => Err(without_tls(&error)),
            Err(_) => Err(NotSent::Tls),
        }
    }

    /// TCP to the gateway or to the proxy, which for TLS is asked for a tunnel.
    async fn reach(&self, to: Uri) -> Result<TcpStream, NotSent> {
        let mut tcp = self.tcp.clone();
        let reached = match &self.proxy {
            Some(proxy) if self.tls.is_some() => {
                let mut tunnel = Tunnel::new(proxy.uri().clone(), tcp);
                if let Some(auth) = proxy.basic_auth() {
                    tunnel = tunnel.with_auth(auth.clone());
                }
                tunnel.call(to).await.map_err(|error| found_by(&error, NotSent::Proxy))
            }
            Some(proxy) => tcp.call(proxy.uri().clone()).await,
            None => tcp.call(to).await,
        };
        reached.map(TokioIo::into_inner)
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = NotSent;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, NotSent>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NotSent>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connecting = self.clone().connect(to);
        Box::pin(async { connecting.await.map(TokioIo::new) })
    }
}

/// The word that somebody further down already found, or this one.
pub(super) fn found_by(error: &(dyn Error + 'static), otherwise: NotSent) -> NotSent {
    chain(error).find_map(|error| error.downcast_ref().copied()).unwrap_or(otherwise)
}

fn in_chain<E: Error + 'static>(error: &(dyn Error + 'static), is_it: impl Fn(&E) -> bool) -> bool {
    chain(error).filter_map(|error| error.downcast_ref()).any(is_it)
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

/// A connection that broke is no fault of TLS.
fn without_tls(error: &io::Error) -> NotSent {
    match error.get_ref().and_then(|held| held.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented) => {
            NotSent::BadCertificate
        }
        Some(_) => NotSent::Tls,
        None => NotSent::Connect,
    }
}

/// The system's names, with our word for one that is not found.
#[derive(Clone)]
pub(super) struct Names(GaiResolver);

impl Service<Name> for Names {
    type Response = GaiAddrs;
    type Error = NotSent;
    type Future = Pin<Box<dyn Future<Output = Result<GaiAddrs, NotSent>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NotSent>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let asked = self.0.call(name);
        Box::pin(async { asked.await.map_err(|_| NotSent::Dns) })
    }
}

/// A connection that stands.
pub(super) enum Stream {
    Plain {
        tcp: TcpStream,
        /// The other side is a proxy, which wants to be told whole addresses.
        proxied: bool,
    },
    Secure(Box<TlsStream<TcpStream>>),
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new().proxy(matches!(self, Self::Plain { proxied: true, .. }))
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain { tcp, .. } => Pin::new(tcp).poll_read(cx, buf),
            Self::Secure(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain { tcp, .. } => Pin::new(tcp).poll_write(cx, bytes),
            Self::Secure(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain { tcp, .. } => Pin::new(tcp).poll_write_vectored(cx, parts),
            Self::Secure(stream) => Pin::new(stream).poll_write_vectored(cx, parts),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain { tcp, .. } => tcp.is_write_vectored(),
            Self::Secure(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain { tcp, .. } => Pin::new(tcp).poll_flush(cx),
            Self::Secure(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain { tcp, .. } => Pin::new(tcp).poll_shutdown(cx),
            Self::Secure(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
