//! The client: sends one thing once and says what kind of answer came.

mod numbers;
mod token;

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;
use uuid::Uuid;
use vestibule_domain::Clock;

use crate::credential::Credential;
use crate::endpoint::{self, Endpoint};
use crate::envelope::{self, Envelope, RawAnswer};
use crate::error::{Doubt, GatewayError, NotSent, Rejection, WhatNow};
use crate::options::Options;
use crate::rejection;
use crate::replay::Replay;
use crate::server_time::{ServerTime, Skew};
use crate::signature::{self, Profile};
use crate::transport::http::{HttpConfig, HttpTransport};
use crate::transport::{LastLook, Reply, Request, Transport, TransportError};

/// A client of the service. Cheap to clone; the clones share one connection pool, clock offset and token.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    transport: Arc<dyn Transport>,
    credential: Credential,
    clock: Arc<dyn Clock>,
    options: Options,
    server_time: ServerTime,
    numbers: numbers::Numbers,
    token: token::Cache,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client")
    }
}

/// What goes around the parameters of one call.
struct Call<'a> {
    path: &'a str,
    api_version: &'a str,
    last_look: Option<LastLook>,
}

/// Parameters that are written straight into the body, so that a batch is not copied.
struct Params<'a> {
    write: &'a (dyn Fn(&mut Vec<u8>) -> serde_json::Result<()> + Sync),
    /// About how many bytes they take.
    size: usize,
}

impl Client {
    /// A client over any transport.
    #[must_use]
    pub fn new(
        transport: Arc<dyn Transport>,
        credential: Credential,
        clock: Arc<dyn Clock>,
        options: Options,
    ) -> Self {
        let (server_time, token) = (ServerTime::default(), token::Cache::default());
        let numbers = numbers::Numbers::default();
        let inner = Inner { transport, credential, clock, options, server_time, numbers, token };
        Self { inner: Arc::new(inner) }
    }

    /// A client over HTTP: one connection pool for ordinary calls, and separate connections for doors.
    ///
    /// # Errors
    /// [`GatewayError::Setup`] when an address, a certificate or a proxy in the settings cannot be used.
    pub fn over_http(
        config: &HttpConfig,
        credential: Credential,
        clock: Arc<dyn Clock>,
        options: Options,
    ) -> Result<Self, GatewayError> {
        let transport = HttpTransport::new(config, clock.clone())?;
        Ok(Self::new(Arc::new(transport), credential, clock, options))
    }

    /// Sends a call that is not now or never, once. (When the gateway refuses its time of day, that is corrected and
    /// the call, which nobody behind the gateway has seen, is sent a second time.)
    ///
    /// # Errors
    /// Any; a now-or-never call is [`NotSent::WrongWay`].
    pub async fn send<E: Endpoint>(&self, params: &E::Params) -> Result<E::Data, GatewayError> {
        self.send_typed::<E>(params, None).await
    }

    /// Sends a now-or-never call, once, on connections of its own, and never when the last look says no or the moment
    /// it is made of has come: that is asked when connection and TLS stand and the first byte is about to leave.
    ///
    /// # Errors
    /// Any; any other call is [`NotSent::WrongWay`].
    pub async fn send_now<E: Endpoint>(
        &self,
        params: &E::Params,
        last_look: impl Into<LastLook>,
    ) -> Result<E::Data, GatewayError> {
        self.send_typed::<E>(params, Some(last_look.into())).await
    }

    /// Sends one call of any path with any parameters, as [`Client::send`] does, and returns the answer whatever its
    /// code.
    ///
    /// # Errors
    /// Everything except [`GatewayError::Refused`] and [`GatewayError::Limit`]. A now-or-never call is
    /// [`NotSent::WrongWay`], a path with anything but its own letters in it (a query, `..`) [`NotSent::Malformed`].
    pub async fn call(&self, path: &str, params: Value) -> Result<RawAnswer, GatewayError> {
        self.call_version(path, version_of(path), params).await
    }

    /// The same with an `apiVer` of the caller's choice.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn call_version(
        &self,
        path: &str,
        api_version: &str,
        params: Value,
    ) -> Result<RawAnswer, GatewayError> {
        if is_now_or_never(path, &params) {
            return Err(GatewayError::NotSent(NotSent::WrongWay));
        }
        self.call_raw(path, api_version, &params, None).await
    }

    /// Sends a now-or-never call with any parameters, as [`Client::send_now`] does, and returns the answer whatever
    /// its code.
    ///
    /// # Errors
    /// As [`Client::call`]; here any other call is [`NotSent::WrongWay`].
    pub async fn call_now(
        &self,
        path: &str,
        params: Value,
        last_look: impl Into<LastLook>,
    ) -> Result<RawAnswer, GatewayError> {
        if !is_now_or_never(path, &params) {
            return Err(GatewayError::NotSent(NotSent::WrongWay));
        }
        self.call_raw(path, version_of(path), &params, Some(last_look.into())).await
    }

    async fn call_raw(
        &self,
        path: &str,
        api_version: &str,
        params: &Value,
        last_look: Option<LastLook>,
    ) -> Result<RawAnswer, GatewayError> {
        let path = endpoint::find(path).map_or(path, |entry| entry.path);
        if !is_plain(path) {
            return Err(GatewayError::NotSent(NotSent::Malformed));
        }
        let params = Params { write: &|out| serde_json::to_writer(out, params), size: 512 };
        let call = Call { path, api_version, last_look };
        self.exchange_with_token(&call, &params).await.map(|(answer, _)| answer)
    }

    /// This PC's clock minus the gateway's: the median of the last five answers, none before the first.
    #[must_use]
    pub fn skew(&self) -> Option<Skew> {
        self.inner.server_time.skew()
    }

    /// The settings this client was made with.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.inner.options
    }

    /// Does beforehand what a call costs on this side: the limits, the body and its hash. `None` where the body holds
    /// a token, which may be another one when the call leaves.
    pub(crate) fn prepare<E: Endpoint>(&self, params: &E::Params) -> Result<Option<Body>, GatewayError> {
        E::check(params)?;
        E::check_at(params, self.inner.clock.now(), self.inner.options.zone.as_ref())?;
        if self.inner.options.cloud_project.is_some() {
            return Ok(None);
        }
        let spelling = self.inner.options.spelling;
        let params = Params { write: &|out| E::write(params, spelling, out), size: E::size(params) };
        Body::new(self.inner.numbers.next_call(), E::API_VERSION, &params, None).map(Some)
    }

    /// Sends what was prepared with the same parameters, as [`Client::send`] does.
    pub(crate) async fn send_prepared<E: Endpoint>(
        &self,
        params: &E::Params,
        prepared: Option<Body>,
        last_look: Option<LastLook>,
    ) -> Result<E::Data, GatewayError> {
        if (E::replay(params) == Replay::NowOrNever) != last_look.is_some() {
            return Err(GatewayError::NotSent(NotSent::WrongWay));
        }
        let call = Call { path: E::PATH, api_version: E::API_VERSION, last_look };
        let answer = match prepared {
            Some(body) => self.exchange(&call, body).await?,
            None => {
                let spelling = self.inner.options.spelling;
                let params = Params { write: &|out| E::write(params, spelling, out), size: E::size(params) };
                self.exchange_with_token(&call, &params).await?
            }
        };
        data::<E>(&answer)
    }

    async fn send_typed<E: Endpoint>(
        &self,
        params: &E::Params,
        last_look: Option<LastLook>,
    ) -> Result<E::Data, GatewayError> {
        let prepared = self.prepare::<E>(params)?;
        self.send_prepared::<E>(params, prepared, last_look).await
    }

    /// With the cloud token where one is wanted; a token that has ended is renewed, and the call sent again only if
    /// it is not now or never.
    async fn exchange_with_token(
        &self,
        call: &Call<'_>,
        params: &Params<'_>,
    ) -> Result<Answer, GatewayError> {
        let Some(project) =
            self.inner.options.cloud_project.as_deref().filter(|_| call.path != "/cloud/token")
        else {
            return self.exchange(call, self.body(call, params, None)?).await;
        };
        let token = self.token(project).await?;
        let answer = self.exchange(call, self.body(call, params, Some(&token))?).await?;
        if crate::refusal::what_now(answer.0.code) != WhatNow::RenewToken {
            return Ok(answer);
        }
        self.inner.token.forget(&token).await;
        if call.last_look.is_some() {
            return Ok(answer);
        }
        let token = self.token(project).await?;
        self.exchange(call, self.body(call, params, Some(&token))?).await
    }

    fn body(&self, call: &Call<'_>, params: &Params<'_>, token: Option<&str>) -> Result<Body, GatewayError> {
        Body::new(self.inner.numbers.next_call(), call.api_version, params, token)
    }

    /// One call; a second time only when the gateway refused the time of day and knows a better one.
    async fn exchange(&self, call: &Call<'_>, body: Body) -> Result<Answer, GatewayError> {
        let (outcome, offset) = self.attempt(call, &body).await;
        let refused_time =
            matches!(&outcome, Err(GatewayError::Rejected(rejected)) if rejected.kind == Rejection::Clock);
        if !refused_time || !self.inner.server_time.correct(offset) || call.last_look.is_some() {
            return outcome;
        }
        tracing::warn!(path = call.path, "the gateway refused the time of this PC; corrected and sent again");
        self.attempt(call, &body).await.0
    }

    async fn attempt(&self, call: &Call<'_>, body: &Body) -> (Result<Answer, GatewayError>, Option<i64>) {
        let inner = &self.inner;
        let sent = inner.clock.now();
        let mut nonce = Uuid::encode_buffer();
        let nonce = &*inner.numbers.next().hyphenated().encode_lower(&mut nonce);
        let profile =
            Profile { stage: &inner.options.stage, time: inner.server_time.signing_time(sent), nonce };
        let Some(headers) = signature::sign_hashed(&inner.credential, call.path, &body.md5, &profile) else {
            return (Err(GatewayError::NotSent(NotSent::Malformed)), None);
        };
        let request = Request {
            path: call.path.into(),
            headers,
            body: body.bytes.clone(),
            last_look: call.last_look.clone(),
        };
        match inner.transport.send(request).await {
            Ok(reply) => {
                let date = reply.headers.get("date").and_then(|date| date.to_str().ok());
                let offset = inner.server_time.observe(date, sent, inner.clock.now());
                let string_to_sign = || {
                    let headers = signature::sign_hashed(&inner.credential, call.path, &body.md5, &profile);
                    signature::of_request("POST", call.path, &headers.unwrap_or_default())
                };
                let answer = read(reply, string_to_sign);
                let strange = answer.as_ref().is_ok_and(|(answer, _)| {
                    let said = answer.envelope_id.as_deref();
                    said.is_some_and(|said| inner.numbers.is_of_another(said, body.id))
                });
                (if strange { Err(GatewayError::Ambiguous(Doubt::AnotherCall)) } else { answer }, offset)
            }
            Err(TransportError::NotSent(why)) => (Err(GatewayError::NotSent(why)), None),
            Err(TransportError::Ambiguous(why)) => (Err(GatewayError::Ambiguous(why)), None),
        }
    }
}

fn version_of(path: &str) -> &'static str {
    match endpoint::find(path) {
        Some(entry) => entry.version,
        None if path == "/cloud/token" => "1.0.1",
        None => "1.0.0",
    }
}

/// Whether a call with these parameters acts on a door. Parameters that cannot be understood are handled with the
/// greater care.
fn is_now_or_never(path: &str, params: &Value) -> bool {
    endpoint::find(path).is_some_and(|entry| match entry.check(params) {
        Ok(replay) => replay == Replay::NowOrNever,
        Err(_) => entry.replay == Replay::NowOrNever || entry.path == endpoint::keepopen::set::Set::PATH,
    })
}

/// A path as this service has them. Another spelling of one of its paths must not pass for a path nobody knows.
fn is_plain(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|path| {
        path.split('/').all(|part| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
        })
    })
}

/// The body of a call, written and hashed once, whatever becomes of it.
pub(crate) struct Body {
    id: Uuid,
    bytes: Bytes,
    md5: String,
}

impl Body {
    fn new(
        id: Uuid,
        api_version: &str,
        params: &Params<'_>,
        token: Option<&str>,
    ) -> Result<Self, GatewayError> {
        let mut buffer = Uuid::encode_buffer();
        let name = &*id.hyphenated().encode_lower(&mut buffer);
        let mut bytes = Vec::with_capacity(params.size + 192);
        envelope::open(name, api_version, token, &mut bytes);
        (params.write)(&mut bytes).map_err(|_| GatewayError::NotSent(NotSent::Malformed))?;
        bytes.push(b'}');
        let md5 = signature::content_md5(&bytes);
        Ok(Self { id, bytes: bytes.into(), md5 })
    }
}

/// An answer, and the part of its body that is its data.
type Answer = (RawAnswer, Option<Bytes>);

/// An answer with an envelope, or what else it is.
fn read(reply: Reply, string_to_sign: impl FnOnce() -> String) -> Result<Answer, GatewayError> {
    if reply.headers.get("content-encoding").is_some_and(|coding| coding != "identity") {
        return Err(GatewayError::Ambiguous(Doubt::Compressed));
    }
    if reply.status != 200 {
        return Err(rejection::classify(&reply, string_to_sign));
    }
    let Ok(envelope) = serde_json::from_slice::<Envelope<'_>>(&reply.body) else {
        let kind = rejection::header(&reply.headers, "content-type").unwrap_or_default();
        let foreign = kind.contains("html") || reply.body.trim_ascii_start().first() == Some(&b'<');
        let doubt = if foreign { Doubt::NotTheGateway(200) } else { Doubt::Unreadable };
        return Err(GatewayError::Ambiguous(doubt));
    };
    let data = envelope.data.map(|data| reply.body.slice_ref(data.get().as_bytes()));
    let refusal = rejection::refusal(envelope, &reply.headers);
    let crate::error::Refusal { code, message, localized, envelope_id, request_id } = refusal;
    Ok((RawAnswer { code, message, localized, envelope_id, request_id, body: reply.body }, data))
}

/// The data of a successful answer.
fn data<E: Endpoint>((answer, data): &Answer) -> Result<E::Data, GatewayError> {
    if answer.code != 200 {
        return Err(GatewayError::Refused(Box::new(answer.refusal())));
    }
    let data = data.as_deref().map(serde_json::from_slice).transpose();
    data.and_then(E::read).map_err(|_| GatewayError::Ambiguous(Doubt::Unreadable))
}
