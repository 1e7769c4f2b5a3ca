//! A time for TCP and one for TLS. reqwest has a single one for both together, so a layer around its connector watches
//! for the moment between them.
//!
//! That moment is when rustls puts the first message together: it asks then whether we have certificates of our own,
//! in the very call that polls the connector. (Test: `each_time_out_ends_its_own_part_and_is_named_by_it`.)

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::sign::CertifiedKey;
use tokio::sync::Notify;
use tower::{BoxError, Layer, Service};

use crate::error::NotSent;

tokio::task_local! {
    static HELLO: Arc<Notify>;
}

/// No certificate of our own; tells [`Times`] that TLS begins.
#[derive(Debug)]
pub(super) struct Hello;

impl ResolvesClientCert for Hello {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        None
    }

    fn only_raw_public_keys(&self) -> bool {
        HELLO.try_with(|hello| hello.notify_one()).ok();
        false
    }

    fn has_certs(&self) -> bool {
        false
    }
}

/// How long the parts of connecting may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// Until TCP stands, and a proxy has made way.
    pub(super) tcp: Duration,
    /// From there until TLS stands.
    pub(super) tls: Duration,
}

impl Times {
    /// Both, as reqwest's one bound.
    pub(super) fn sum(self) -> Duration {
        self.tcp + self.tls
    }

    async fn bound<T>(self, connecting: impl Future<Output = Result<T, BoxError>>) -> Result<T, BoxError> {
        let hello = Arc::new(Notify::new());
        let mut connecting = pin!(HELLO.scope(hello.clone(), connecting));
        tokio::select! {
            biased;
            done = &mut connecting => return done,
            () = hello.notified() => {}
            () = tokio::time::sleep(self.tcp) => return Err(NotSent::ConnectTimeout.into()),
        }
        tokio::time::timeout(self.tls, connecting).await.unwrap_or_else(|_| Err(NotSent::Tls.into()))
    }
}

impl<S> Layer<S> for Times {
    type Service = Bounded<S>;

    fn layer(&self, connector: S) -> Bounded<S> {
        Bounded { connector: Arc::new(connector), times: *self }
    }
}

/// A connector with a time for each part. reqwest clones it for every call, connection or not, hence the `Arc`.
pub(super) struct Bounded<S> {
    connector: Arc<S>,
    times: Times,
}

impl<S> Clone for Bounded<S> {
    fn clone(&self) -> Self {
        Self { connector: self.connector.clone(), times: self.times }
    }
}

impl<S, To> Service<To> for Bounded<S>
where
    S: Service<To, Error = BoxError> + Clone + Send + Sync + 'static,
    S::Response: 'static,
    S::Future: Send + 'static,
    To: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: To) -> Self::Future {
        let mut connector = S::clone(&self.connector);
        let times = self.times;
        Box::pin(times.bound(async move {
            poll_fn(|cx| connector.poll_ready(cx)).await?;
            connector.call(to).await
        }))
    }
}

/// The system's names.
pub(super) struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Names every address as often as reqwest's one bound is longer than the time for TCP. It shares that bound by the
/// addresses of a name; so one that is dead takes no more than its share of the time for TCP, and the next is tried.
pub(super) struct Shares<R> {
    pub(super) names: R,
    pub(super) times: Times,
}

impl<R: Resolve> Resolve for Shares<R> {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.names.resolve(name);
        let often = self.times.sum().as_millis().div_ceil(self.times.tcp.as_millis().max(1));
        Box::pin(async move {
            let found: Vec<_> = found.await?.collect();
            let all = (0..often).flat_map(move |_| found.clone());
            Ok(Box::new(all) as Addrs)
        })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::SocketAddr;

    use tokio::net::{TcpListener, TcpSocket, TcpStream};

    use super::*;

    struct Two;

    impl Resolve for Two {
        fn resolve(&self, _: Name) -> Resolving {
            let both = [[127, 0, 0, 1], [127, 0, 0, 2]].map(|address| SocketAddr::from((address, 0)));
            Box::pin(async move { Ok(Box::new(both.into_iter()) as Addrs) })
        }
    }

    #[tokio::test]
    async fn a_dead_address_leaves_time_for_the_next() {
        // The queue of the first is full: it answers nobody.
        let dead = TcpSocket::new_v4().unwrap();
        dead.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let dead = dead.listen(1).unwrap();
        let address = dead.local_addr().unwrap();
        let mut waiting = Vec::new();
        let soon = Duration::from_millis(100);
        while let Ok(Ok(stream)) = tokio::time::timeout(soon, TcpStream::connect(address)).await {
            waiting.push(stream);
        }
        let port = address.port();
        let alive = TcpListener::bind(("127.0.0.2", port)).await.unwrap();
        let times = Times { tcp: Duration::from_secs(2), tls: Duration::from_secs(2) };
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(super::super::tls::config(false, b"").unwrap())
            .no_proxy()
            .connect_timeout(times.sum())
            .connector_layer(times)
            .dns_resolver(Shares { names: Two, times })
            .build()
            .unwrap();
        let call = tokio::spawn(client.get(format!("http://two.invalid:{port}")).send());
        let reached = tokio::time::timeout(2 * times.sum(), alive.accept()).await;
        drop(reached.expect("the second address is tried").unwrap());
        let error = call.await.unwrap().unwrap_err();
        assert!(!error.is_connect(), "it stood: {error:?}");
    }
}
