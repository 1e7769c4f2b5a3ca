//! HTTP by reqwest.
//!
//! Decisions 2026-11-24:
//! - Nothing is ever sent twice from here: reqwest's protocol retries, redirects and proxies from the environment are
//!   off. HTTP/1.1 only, so that "not one byte has left" is a fact that can be known.
//! - Doors have a client of their own that keeps no idle connections: a connection that died unnoticed must not turn
//!   a press into an unknown.
//! - The times for TCP and TLS are ours, around reqwest's connector; so is the whole call's. Everything else about a
//!   connection is reqwest's: the order of addresses, proxies, the pool.
//! - TLS by rustls with `ring`; trust comes from the operating system's store, because building networks often have
//!   their own authority there and the system keeps it up to date; further authorities can be configured.
//! - The gateway's own limit is 10 s (help.aliyun.com 195213) and 15 s for `service/invoke` (177857); a client that
//!   gives up earlier makes its own unknown outcomes. Hence 12 s and 20 s. What the three times bound:
//!
//! ```text
//! name, TCP, a proxy's tunnel │ TLS              │ request ─► answer, whole
//! connect_timeout             │ tls_timeout      │
//! total_timeout ──────────────────────────────────────────────────────────►
//! NotSent::ConnectTimeout     │ NotSent::Tls     │ Doubt::Timeout, Doubt::TooSlow
//! ```

mod body;
mod connecting;
mod failure;
mod tls;

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use reqwest::{Method, Proxy, Url, redirect, retry};
use vestibule_domain::Clock;

use self::body::GuardedBody;
use self::connecting::{Shares, System, Times};
use self::failure::{not_sent, unanswered};
use super::{Reply, Request, Sending, Transport, TransportError};
use crate::endpoint::ENDPOINTS;
use crate::error::{Doubt, GatewayError, NotSent};

/// No answer of this service is longer: a list of 1000 failed rows is about 150 kB.
pub const REPLY_CAP: usize = 1024 * 1024;

/// How long an idle connection for ordinary calls is kept. Less than `total_timeout` on purpose: the pool's own timer
/// is then always the runtime's next one, and setting a call's time-out need not wake the thread that waits for
/// timers (2 to 6 µs a call, measured 2026-11-24).
const IDLE: Duration = Duration::from_secs(10);

/// Where the gateway is and how to reach it.
#[derive(Clone)]
pub struct HttpConfig {
    /// `https://api.link.aliyun.com` unless in another region.
    pub base_url: String,
    /// A proxy, such as `http://10.0.0.1:3128`. The environment is never asked.
    pub proxy: Option<String>,
    /// Further authorities to trust, as PEM.
    pub authorities_pem: Vec<u8>,
    /// Until the name is found, TCP stands, and a proxy has made way, for ordinary calls. 2 s: time for one lost
    /// packet.
    pub connect_timeout: Duration,
    /// From there until TLS stands. 2 s.
    pub tls_timeout: Duration,
    /// The whole of an ordinary call, from the beginning to the last byte of its answer. 12 s.
    pub total_timeout: Duration,
    /// As `connect_timeout`, for doors. 2 s: with TLS shorter than a press lasts.
    pub door_connect_timeout: Duration,
    /// As `tls_timeout`, for doors. 2 s.
    pub door_tls_timeout: Duration,
    /// The whole of a call for a door. 22.5 s.
    pub door_total_timeout: Duration,
}

impl HttpConfig {
    /// A gateway at this address, everything else as documented above.
    #[must_use]
    pub fn at(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            proxy: None,
            authorities_pem: Vec::new(),
            connect_timeout: Duration::from_secs(2),
            tls_timeout: Duration::from_secs(2),
            total_timeout: Duration::from_secs(12),
            door_connect_timeout: Duration::from_secs(2),
            door_tls_timeout: Duration::from_secs(2),
            door_total_timeout: Duration::from_millis(22_500),
        }
    }
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self::at("https://api.link.aliyun.com")
    }
}

impl std::fmt::Debug for HttpConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A proxy's address may hold a password.
        write!(
            f,
            "HttpConfig({}, proxy {})",
            self.base_url,
            if self.proxy.is_some() { "set" } else { "none" }
        )
    }
}

/// How long the bytes of a call for a door may wait for the network, in the system's own buffers. Together with the
/// deadline this bounds how late such a call can reach the gateway; other systems than Linux have no such bound.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED: Duration = Duration::from_secs(3);

/// The way over HTTP by itself, for who puts something between it and the client ([`crate::Client::new`]).
///
/// # Errors
/// [`GatewayError::Setup`] when an address, a certificate or a proxy in the settings cannot be used.
pub fn transport(config: &HttpConfig, clock: Arc<dyn Clock>) -> Result<Arc<dyn Transport>, GatewayError> {
    Ok(Arc::new(HttpTransport::new(config, clock)?))
}

pub(crate) struct HttpTransport {
    ordinary: Way,
    doors: Way,
    base: Url,
    /// The addresses of the calls we know, parsed once.
    known: HashMap<&'static str, Url>,
    clock: Arc<dyn Clock>,
}

/// A pool of connections, and how long a call over it may take: one timer for request and answer, on the stack.
struct Way {
    client: reqwest::Client,
    total_timeout: Duration,
}

impl HttpTransport {
    pub(crate) fn new(config: &HttpConfig, clock: Arc<dyn Clock>) -> Result<Self, GatewayError> {
        let base = base(&config.base_url)?;
        let tls = tls::config(base.scheme() == "https", &config.authorities_pem)?;
        let times = Times { tcp: config.connect_timeout, tls: config.tls_timeout };
        let ordinary = builder(config, tls.clone(), times)?.pool_idle_timeout(IDLE);
        let times = Times { tcp: config.door_connect_timeout, tls: config.door_tls_timeout };
        let doors = builder(config, tls, times)?.pool_max_idle_per_host(0);
        // What the system holds when the network breaks just after the last check must not arrive when it is mended:
        // bytes that nobody has acknowledged for so long are thrown away with their connection.
        #[cfg(target_os = "linux")]
        let doors = doors.tcp_user_timeout(UNACKNOWLEDGED);
        Ok(Self {
            ordinary: Way { client: build(ordinary)?, total_timeout: config.total_timeout },
            doors: Way { client: build(doors)?, total_timeout: config.door_total_timeout },
            known: ENDPOINTS.iter().map(|entry| (entry.path, at(&base, entry.path))).collect(),
            base,
            clock,
        })
    }

    async fn post(&self, request: Request) -> Result<Reply, TransportError> {
        let last_look = request.last_look.map(|last_look| (last_look, self.clock.clone()));
        let way = if last_look.is_some() { &self.doors } else { &self.ordinary };
        let (body, began) = GuardedBody::new(request.body, last_look);
        let url = self.known.get(&*request.path).cloned().unwrap_or_else(|| at(&self.base, &request.path));
        // Not by `RequestBuilder`, which would put every header into a second map.
        let mut post = reqwest::Request::new(Method::POST, url);
        *post.headers_mut() = request.headers;
        *post.body_mut() = Some(reqwest::Body::wrap(body));
        let mut time_is_up = pin!(tokio::time::sleep(way.total_timeout));
        let answer = tokio::select! {
            biased;
            answer = way.client.execute(post) => answer.map_err(|error| {
                unanswered(began.withdraw(), not_sent(&error), Doubt::ConnectionLost)
            })?,
            () = &mut time_is_up => {
                return Err(unanswered(began.withdraw(), NotSent::ConnectTimeout, Doubt::Timeout));
            }
        };
        let (parts, body) = http::Response::from(answer).into_parts();
        let body = tokio::select! {
            biased;
            body = read(body) => body?,
            () = &mut time_is_up => return Err(TransportError::Ambiguous(Doubt::TooSlow)),
        };
        Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body })
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(self.post(request))
    }
}

/// An address at the gateway: whatever stands in a path, it cannot lead anywhere else.
fn at(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(path);
    url
}

fn base(text: &str) -> Result<Url, GatewayError> {
    let refuse = |why: &str| GatewayError::Setup(format!("gateway address: {why}"));
    let url = Url::parse(text).map_err(|_| refuse("not an address such as https://api.link.aliyun.com"))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(refuse("must begin with https:// (or http:// for an emulator)"));
    }
    let more = url.query().is_some() || url.fragment().is_some() || text.contains('@');
    if !url.has_host() || url.path() != "/" || more {
        return Err(refuse("must hold only a host and perhaps a port"));
    }
    Ok(url)
}

fn builder(
    config: &HttpConfig,
    tls: rustls::ClientConfig,
    times: Times,
) -> Result<reqwest::ClientBuilder, GatewayError> {
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(times.sum())
        .connector_layer(times)
        .dns_resolver(Shares { names: System, times })
        .http1_only()
        .retry(retry::never())
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .tcp_nodelay(true)
        .user_agent(concat!("vestibule/", env!("CARGO_PKG_VERSION")));
    let Some(proxy) = &config.proxy else { return Ok(builder) };
    let proxy = Proxy::all(proxy)
        .map_err(|_| GatewayError::Setup("proxy: not an address such as http://10.0.0.1:3128".into()))?;
    Ok(builder.proxy(proxy))
}

fn build(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, GatewayError> {
    builder.build().map_err(|error| GatewayError::Setup(format!("HTTP: {error}")))
}

/// Reads at most [`REPLY_CAP`] bytes, whatever `Content-Length` promises. A body whose promised length is here is not
/// asked once more whether it has ended: that would be one more wake-up by the connection's task.
async fn read(mut body: reqwest::Body) -> Result<Bytes, TransportError> {
    let too_long = TransportError::Ambiguous(Doubt::TooLong);
    if body.size_hint().lower() > REPLY_CAP as u64 {
        return Err(too_long);
    }
    let mut whole = Bytes::new();
    let mut joined = BytesMut::new();
    while !body.is_end_stream() {
        let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await else { break };
        let frame = frame.map_err(|_| TransportError::Ambiguous(Doubt::ConnectionLost))?;
        let Ok(chunk) = frame.into_data() else { continue };
        if whole.len() + joined.len() + chunk.len() > REPLY_CAP {
            return Err(too_long);
        }
        if whole.is_empty() && joined.is_empty() {
            whole = chunk;
        } else {
            joined.extend_from_slice(&std::mem::take(&mut whole));
            joined.extend_from_slice(&chunk);
        }
    }
    Ok(if joined.is_empty() { whole } else { joined.freeze() })
}
