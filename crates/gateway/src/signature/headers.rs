//! The headers of a signed request.
//!
//! Decision 2026-11-24: the profile of the service's own Java client without its unsigned `ca_version`, plus the
//! stage: `Accept` always set (an HTTP library that adds its own would break the signature), lower-case names (HTTP/2
//! forces them), sorted, no `Date`.

use http::header::{ACCEPT as ACCEPT_NAME, CONTENT_TYPE as CONTENT_TYPE_NAME};
use http::{HeaderMap, HeaderName, HeaderValue};
use vestibule_domain::UtcMillis;

use super::{Canonical, content_md5, sign};
use crate::credential::Credential;

/// `Accept` of every request.
pub const ACCEPT: &str = "application/json; charset=utf-8";
/// `Content-Type` of every request.
pub const CONTENT_TYPE: &str = "application/octet-stream; charset=utf-8";

/// The names that are signed, in their order.
static NAMES: [HeaderName; 5] = [
    HeaderName::from_static("x-ca-key"),
    HeaderName::from_static("x-ca-nonce"),
    HeaderName::from_static("x-ca-signature-method"),
    HeaderName::from_static("x-ca-stage"),
    HeaderName::from_static("x-ca-timestamp"),
];
static CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");
static SIGNED_NAMES: HeaderName = HeaderName::from_static("x-ca-signature-headers");
static SIGNATURE: HeaderName = HeaderName::from_static("x-ca-signature");
/// What [`NAMES`] are, as a value.
const SIGNED: &str = "x-ca-key,x-ca-nonce,x-ca-signature-method,x-ca-stage,x-ca-timestamp";

/// What a signature depends on besides the request itself.
#[derive(Debug, Clone, Copy)]
pub struct Profile<'a> {
    /// The stage of the API.
    pub stage: &'a str,
    /// The time to sign with.
    pub time: UtcMillis,
    /// A number used once within 15 minutes.
    pub nonce: &'a str,
}

/// The headers of a POST of `body` to `path`, signed. `None` when the key, the stage or the nonce hold characters
/// that no header can carry.
#[must_use]
pub fn sign_request(
    credential: &Credential,
    path: &str,
    body: &[u8],
    profile: &Profile<'_>,
) -> Option<HeaderMap> {
    sign_hashed(credential, path, &content_md5(body), profile)
}

/// The same where the body's `Content-MD5` is known.
#[must_use]
pub fn sign_hashed(
    credential: &Credential,
    path: &str,
    md5: &str,
    profile: &Profile<'_>,
) -> Option<HeaderMap> {
    let timestamp = profile.time.0.to_string();
    let signed = [
        (NAMES[0].as_str(), credential.app_key()),
        (NAMES[1].as_str(), profile.nonce),
        (NAMES[2].as_str(), "HmacSHA256"),
        (NAMES[3].as_str(), profile.stage),
        (NAMES[4].as_str(), timestamp.as_str()),
    ];
    let string = Canonical {
        method: "POST",
        accept: ACCEPT,
        content_md5: md5,
        content_type: CONTENT_TYPE,
        date: "",
        signed: &signed,
        path_and_parameters: path,
    }
    .string_to_sign();
    let signature = sign(credential, &string);

    let mut headers = HeaderMap::with_capacity(12);
    headers.insert(ACCEPT_NAME, HeaderValue::from_static(ACCEPT));
    headers.insert(CONTENT_TYPE_NAME, HeaderValue::from_static(CONTENT_TYPE));
    headers.insert(&CONTENT_MD5, HeaderValue::from_str(md5).ok()?);
    for (name, (_, value)) in NAMES.iter().zip(signed) {
        headers.insert(name, HeaderValue::from_str(value).ok()?);
    }
    headers.insert(&SIGNED_NAMES, HeaderValue::from_static(SIGNED));
    headers.insert(&SIGNATURE, HeaderValue::try_from(signature).ok()?);
    Some(headers)
}
