//! HTTP by hyper.
//!
//! Decisions 2026-11-24:
//! - hyper's own client instead of reqwest around it: a connection is made by us step by step, so that TCP and TLS have
//!   a time each and a failure is named where it happens; and a call costs less than a bare loop over reqwest.
//! - Nothing is ever sent twice from here, no redirect is followed, the environment names no proxy. HTTP/1.1 only, so
//!   that "not one byte has left" is a fact that can be known. (A request for which a kept connection turned out to be
//!   closed goes out on a new one: hyper hands it back whole, not a byte of it was written.)
//! - Doors have a client of their own that keeps no idle connections: a connection that died unnoticed must not turn
//!   a press into an unknown.
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
mod connect;
mod tls;

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use ::http::header::{HOST, USER_AGENT};
use ::http::uri::{Authority, PathAndQuery, Scheme};
use ::http::{HeaderValue, Method, Uri};
use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use vestibule_domain::Clock;

use self::body::{FirstByte, GuardedBody};
use self::connect::{Connector, Tcp, Tls};
use super::{Reply, Request, Sending, Transport, TransportError};
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

/// How long the bytes of a call for a door may wait for the network, in the system's own buffers: what the system
/// holds when the network breaks just after the last look must not arrive when it is mended, so bytes that nobody has
/// acknowledged for so long are thrown away with their connection. Together with the deadline this bounds how late
/// such a call can reach the gateway; other systems than Linux have no such bound.
const UNACKNOWLEDGED: Duration = Duration::from_secs(3);

/// The way over HTTP by itself, for who puts something between it and the client ([`crate::Client::new`]).
///
/// # Errors
/// [`GatewayError::Setup`] when an address, a certificate or a proxy in the settings cannot be used.
pub fn transport(config: &HttpConfig, clock: Arc<dyn Clock>) -> Result<Arc<dyn Transport>, GatewayError> {
    Ok(Arc::new(HttpTransport::new(config, clock)?))
}

/// The name in every request.
const AGENT: HeaderValue = HeaderValue::from_static(concat!("vestibule/", env!("CARGO_PKG_VERSION")));

pub(crate) struct HttpTransport {
    ordinary: Way,
    doors: Way,
    base: Base,
    clock: Arc<dyn Clock>,
}

/// A pool of connections, and how long a call over it may take.
struct Way {
    client: legacy::Client<Connector, GuardedBody>,
    total_timeout: Duration,
}

/// The gateway's address, as every request needs it.
struct Base {
    scheme: Scheme,
    authority: Authority,
    host: HeaderValue,
    /// What a proxy for plain HTTP wants to be shown.
    proxy_auth: Option<HeaderValue>,
}

impl HttpTransport {
    pub(crate) fn new(config: &HttpConfig, clock: Arc<dyn Clock>) -> Result<Self, GatewayError> {
        let mut base = base(&config.base_url)?;
        let secure = base.scheme == Scheme::HTTPS;
        let url = base.uri("/").ok_or_else(|| refuse_address("not a host"))?;
        let proxy = config.proxy.as_deref().map(|proxy| connect::proxy(proxy, &url)).transpose()?;
        base.proxy_auth = proxy.as_ref().filter(|_| !secure).and_then(|proxy| proxy.basic_auth().cloned());
        let tls = match secure {
            true => {
                let tls = tls::config(&config.authorities_pem)?;
                Some(Tls::to(base.authority.host(), tls).ok_or_else(|| refuse_address("not a host"))?)
            }
            false => None,
        };
        let connector = |connect_timeout, tls_timeout, unacknowledged| Connector {
            tcp: Tcp::new(connect_timeout, unacknowledged),
            connect_timeout,
            tls: tls.clone(),
            tls_timeout,
            proxy: proxy.clone(),
        };
        let ordinary = connector(config.connect_timeout, config.tls_timeout, None);
        let doors = connector(config.door_connect_timeout, config.door_tls_timeout, Some(UNACKNOWLEDGED));
        let ordinary = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .set_host(false)
            .build(ordinary);
        let doors = legacy::Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .retry_canceled_requests(false)
            .set_host(false)
            .build(doors);
        Ok(Self {
            ordinary: Way { client: ordinary, total_timeout: config.total_timeout },
            doors: Way { client: doors, total_timeout: config.door_total_timeout },
            base,
            clock,
        })
    }

    async fn post(&self, request: Request) -> Result<Reply, TransportError> {
        let uri = self.base.uri(request.path).ok_or(TransportError::NotSent(NotSent::Malformed))?;
        let last_look = request.last_look.map(|last_look| (last_look, self.clock.clone()));
        let way = if last_look.is_some() { &self.doors } else { &self.ordinary };
        let (body, began) = GuardedBody::new(request.body, last_look);
        let mut post = ::http::Request::new(body);
        *post.method_mut() = Method::POST;
        *post.uri_mut() = uri;
        *post.headers_mut() = request.headers;
        post.headers_mut().insert(HOST, self.base.host.clone());
        post.headers_mut().insert(USER_AGENT, AGENT);
        if let Some(auth) = &self.base.proxy_auth {
            post.headers_mut().insert(::http::header::PROXY_AUTHORIZATION, auth.clone());
        }
        let mut time_is_up = pin!(tokio::time::sleep(way.total_timeout));
        let answer = tokio::select! {
            biased;
            answer = way.client.request(post) => answer.map_err(|error| {
                unanswered(began.state(), connect::found_by(&error, NotSent::Connect), Doubt::ConnectionLost)
            })?,
            () = &mut time_is_up => {
                return Err(unanswered(began.state(), NotSent::ConnectTimeout, Doubt::Timeout));
            }
        };
        let (parts, body) = answer.into_parts();
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

/// What it means that no answer came: did a byte leave?
fn unanswered(first_byte: FirstByte, not_sent: NotSent, doubt: Doubt) -> TransportError {
    match first_byte {
        FirstByte::Waiting => TransportError::NotSent(not_sent),
        FirstByte::HeldBack(void) => TransportError::NotSent(void.into()),
        FirstByte::MayHaveLeft => TransportError::Ambiguous(doubt),
    }
}

impl Base {
    /// An address at the gateway; a path cannot lead anywhere else.
    fn uri(&self, path: impl Into<Bytes>) -> Option<Uri> {
        let mut parts = ::http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(PathAndQuery::from_maybe_shared(path.into()).ok()?);
        Uri::from_parts(parts).ok()
    }
}

fn refuse_address(why: &str) -> GatewayError {
    GatewayError::Setup(format!("gateway address: {why}"))
}

fn base(text: &str) -> Result<Base, GatewayError> {
    let url: Uri = text
        .trim()
        .parse()
        .map_err(|_| refuse_address("not an address such as https://api.link.aliyun.com"))?;
    let scheme = match url.scheme_str().map(str::to_ascii_lowercase).as_deref() {
        Some("https") => Scheme::HTTPS,
        Some("http") => Scheme::HTTP,
        _ => return Err(refuse_address("must begin with https:// (or http:// for an emulator)")),
    };
    let only_a_host = url.path() == "/" && url.query().is_none() && !text.contains(['@', '#']);
    let authority = url.authority().filter(|authority| only_a_host && !authority.host().is_empty());
    let authority = authority.ok_or_else(|| refuse_address("must hold only a host and perhaps a port"))?;
    let usual = if scheme == Scheme::HTTPS { 443 } else { 80 };
    let host = match authority.port_u16() {
        Some(port) if port != usual => format!("{}:{port}", authority.host()),
        _ => authority.host().to_owned(),
    };
    let host = HeaderValue::try_from(host).map_err(|_| refuse_address("not a host"))?;
    Ok(Base { scheme, authority: authority.clone(), host, proxy_auth: None })
}

/// Reads at most [`REPLY_CAP`] bytes, whatever `Content-Length` promises. A body whose promised length is here is not
/// asked once more whether it has ended: that would be one more wake-up by the connection's task.
async fn read(mut body: hyper::body::Incoming) -> Result<Bytes, TransportError> {
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
