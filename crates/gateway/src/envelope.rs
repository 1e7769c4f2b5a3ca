//! The two envelopes: what goes around the parameters, and what comes around the data.

use bytes::Bytes;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// An answer of the service as it came, whatever its code.
#[derive(Clone)]
pub struct RawAnswer {
    /// `code`: 200 for success.
    pub code: i64,
    /// `message`.
    pub message: Option<String>,
    /// `localizedMsg`.
    pub localized: Option<String>,
    /// `id`, which repeats the request's.
    pub envelope_id: Option<String>,
    /// `x-ca-request-id`.
    pub request_id: Option<String>,
    /// The whole body.
    pub body: Bytes,
}

impl RawAnswer {
    /// The body as JSON, for printing.
    ///
    /// # Errors
    /// None in practice: the body was read as JSON before.
    pub fn json(&self) -> serde_json::Result<serde_json::Value> {
        serde_json::from_slice(&self.body)
    }

    /// This answer as a refusal.
    #[must_use]
    pub fn refusal(&self) -> crate::error::Refusal {
        crate::error::Refusal {
            code: self.code,
            message: self.message.clone(),
            localized: self.localized.clone(),
            envelope_id: self.envelope_id.clone(),
            request_id: self.request_id.clone(),
        }
    }
}

impl std::fmt::Debug for RawAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RawAnswer(code {}, {} bytes)", self.code, self.body.len())
    }
}

/// An envelope while it is read. `data` stays unread until the code is known to be 200.
#[derive(Deserialize)]
pub(crate) struct Envelope<'a> {
    #[serde(deserialize_with = "crate::endpoint::answer::number")]
    pub(crate) code: i64,
    #[serde(default, deserialize_with = "text")]
    pub(crate) message: Option<String>,
    #[serde(default, rename = "localizedMsg", deserialize_with = "text")]
    pub(crate) localized: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) id: Option<String>,
    #[serde(default, borrow)]
    pub(crate) data: Option<&'a RawValue>,
}

/// Text, or anything else as its JSON: a strange `message` must not hide the code.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text),
        other => Some(other.to_string()),
    })
}

/// What goes before the parameters; they follow, and then one closing brace.
///
/// Source of the envelope: help.aliyun.com 169790 and the README of `iotx-api-gateway-client`. The order of keys is
/// free, the bytes that are sent are the bytes that are hashed.
pub(crate) fn open(id: &str, api_version: &str, cloud_token: Option<&str>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"id\":\"");
    out.extend_from_slice(id.as_bytes());
    out.extend_from_slice(b"\",\"version\":\"1.0\",\"request\":{\"apiVer\":\"");
    out.extend_from_slice(api_version.as_bytes());
    out.push(b'"');
    if let Some(token) = cloud_token.and_then(|token| serde_json::to_vec(token).ok()) {
        out.extend_from_slice(b",\"cloudToken\":");
        out.extend_from_slice(&token);
    }
    out.extend_from_slice(b"},\"params\":");
}
