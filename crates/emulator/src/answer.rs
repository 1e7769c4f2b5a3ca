//! Answers: the service's envelope, and the gateway's refusals with their headers.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use vestibule_domain::UtcMillis;

/// A whole answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A refusal by the service: an envelope with this code under HTTP 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refuse {
    pub(crate) code: i64,
    pub(crate) message: String,
}

impl Refuse {
    /// A parameter is wrong (platform code 460).
    pub(crate) fn params(message: impl Into<String>) -> Self {
        Self { code: 460, message: message.into() }
    }

    pub(crate) fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// A refusal by the gateway, before the service sees the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reject {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Reject {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }
}

impl Answer {
    /// An envelope. `data` absent for calls that return none.
    pub(crate) fn envelope(id: Option<&str>, outcome: &Result<Option<Value>, Refuse>) -> Self {
        let mut envelope = serde_json::Map::new();
        let (code, message) = match outcome {
            Ok(_) => (200, Value::Null),
            Err(refuse) => (refuse.code, Value::from(refuse.message.as_str())),
        };
        envelope.insert("code".into(), code.into());
        if let Some(id) = id {
            envelope.insert("id".into(), id.into());
        }
        envelope.insert("localizedMsg".into(), message.clone());
        envelope.insert("message".into(), message);
        if let Ok(Some(data)) = outcome {
            envelope.insert("data".into(), data.clone());
        }
        Self::json(200, &Value::Object(envelope))
    }

    /// Any JSON.
    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::plain(status, "application/json;charset=UTF-8", value.to_string().into())
    }

    /// Any body.
    pub(crate) fn plain(status: u16, content_type: &'static str, body: Bytes) -> Self {
        let mut headers = HeaderMap::with_capacity(6);
        headers.insert("content-type", HeaderValue::from_static(content_type));
        Self { status, headers, body }
    }

    /// A refusal by the gateway: no body, the reason in headers.
    pub(crate) fn rejection(reject: &Reject) -> Self {
        let mut answer = Self::plain(reject.status, "application/json;charset=UTF-8", Bytes::new());
        answer.set("x-ca-error-message", &reject.message);
        if !reject.code.is_empty() {
            answer.set("x-ca-error-code", reject.code);
        }
        answer
    }

    /// What every answer of the gateway carries.
    pub(crate) fn stamped(mut self, now: UtcMillis) -> Self {
        self.set("x-ca-request-id", &uuid::Uuid::new_v4().hyphenated().to_string().to_uppercase());
        self.set("server", "vestibule-emulator");
        self.set("date", &http_date(now));
        self
    }

    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        // A header cannot hold control characters; the gateway would not echo any either.
        let clean: Vec<u8> = value.bytes().filter(|byte| *byte >= 0x20 && *byte != 0x7f).collect();
        if let Ok(value) = HeaderValue::from_bytes(&clean) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
    }
}

/// A moment as the `Date` header has it.
pub(crate) fn http_date(moment: UtcMillis) -> String {
    let stamp = jiff::Timestamp::from_millisecond(moment.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    stamp.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
