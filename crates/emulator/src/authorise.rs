//! The gateway in front of the service: who may call what, and is the request what it says it is.
//!
//! It takes whatever an official client sends: header names in any casing, any content type that is no form, with or
//! without date, stage, timestamp and signature method (misspelt `x-ca-signaturemethod` included), the list of signed
//! headers in any order. Statuses, messages and codes: see the table in `vestibule-gateway`'s `rejection.rs`.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use sha1::Sha1;
use vestibule_domain::UtcMillis;
use vestibule_gateway::signature;

use crate::answer::Reject;

/// How far a timestamp may be off, and how long a nonce is remembered.
const QUARTER: Duration = Duration::from_secs(15 * 60);
/// The largest body the gateway takes (alibabacloud.com doc-detail 29484).
pub(crate) const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// A request as it arrived.
#[derive(Clone)]
pub(crate) struct Incoming {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Incoming {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }

    /// The path, and the parameters of the query sorted by name; the first of several of one name counts, an empty
    /// value leaves the name alone.
    fn path_and_parameters(&self) -> String {
        let Some(query) = self.query.as_deref().filter(|query| !query.is_empty()) else {
            return self.path.clone();
        };
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if !pairs.iter().any(|(known, _)| *known == name) {
                pairs.push((name, value));
            }
        }
        pairs.sort_unstable();
        let shown = |(name, value): &(&str, &str)| match *value {
            "" => (*name).to_owned(),
            value => format!("{name}={value}"),
        };
        format!("{}?{}", self.path, pairs.iter().map(shown).collect::<Vec<_>>().join("&"))
    }
}

/// The key the gateway knows.
pub(crate) struct Gatekeeper {
    pub(crate) app_key: String,
    /// Paths this key may call; `None` for all.
    pub(crate) granted: Option<HashSet<String>>,
    pub(crate) nonce_once: bool,
    nonces: HashSet<Box<str>>,
    nonce_order: VecDeque<(UtcMillis, Box<str>)>,
}

/// The secret, ready for both ways of signing.
#[derive(Clone)]
pub(crate) struct Keys {
    sha256: vestibule_gateway::Credential,
    sha1: Hmac<Sha1>,
}

impl Keys {
    pub(crate) fn new(app_key: &str, app_secret: String) -> Self {
        let sha1 = <Hmac<Sha1> as KeyInit>::new_from_slice(app_secret.as_bytes())
            .expect("HMAC takes a key of any length");
        Self { sha256: vestibule_gateway::Credential::new(app_key, app_secret), sha1 }
    }

    /// SHA-256 unless the request asks for the other way (`HmacSHA1`, which the service's Java client can be told).
    fn verify(&self, method: Option<&str>, string: &str, given: &str) -> bool {
        if method != Some("HmacSHA1") {
            return signature::verify(&self.sha256, string, given);
        }
        let mut mac = self.sha1.clone();
        mac.update(string.as_bytes());
        STANDARD.decode(given).is_ok_and(|given| mac.verify_slice(&given).is_ok())
    }
}

/// The part of a check that needs no memory of earlier requests, so that many can be checked at once.
pub(crate) fn check_signature(keys: &Keys, request: &Incoming) -> Result<(), Reject> {
    let Some(given) = request.header("x-ca-signature").filter(|given| !given.is_empty()) else {
        return Err(Reject::new(401, "", "Empty Signature"));
    };
    if let Some(md5) = request.header("content-md5")
        && (request.body.is_empty() || md5 != signature::content_md5(&request.body))
    {
        return Err(Reject::new(400, "I400I5", "Invalid Content-MD5"));
    }
    let string = signature::of_request(&request.method, &request.path_and_parameters(), &request.headers);
    if keys.verify(request.header("x-ca-signature-method"), &string, given) {
        return Ok(());
    }
    let shown = string.replace('\n', "#");
    Err(Reject::new(400, "", format!("Invalid Signature, Server StringToSign:`{shown}`")))
}

impl Gatekeeper {
    pub(crate) fn new(app_key: String, nonce_once: bool) -> Self {
        let (nonces, nonce_order) = (HashSet::new(), VecDeque::new());
        Self { app_key, granted: None, nonce_once, nonces, nonce_order }
    }

    /// What is checked before the signature.
    pub(crate) fn before(&self, request: &Incoming, now: UtcMillis, known: bool) -> Result<(), Reject> {
        if request.body.len() > BODY_LIMIT {
            return Err(Reject::new(413, "I413RL", "Request body too Large"));
        }
        if !known || request.method != "POST" {
            return Err(Reject::new(404, "I404NF", "API not found"));
        }
        if !matches!(request.header("x-ca-stage"), None | Some("RELEASE" | "PRE" | "TEST" | "")) {
            return Err(Reject::new(400, "I400SG", "Invalid Stage"));
        }
        if request.header("x-ca-key") != Some(self.app_key.as_str()) {
            return Err(Reject::new(400, "A400IK", "Invalid AppKey"));
        }
        let Some(timestamp) = request.header("x-ca-timestamp") else { return Ok(()) };
        let Ok(timestamp) = timestamp.parse::<i64>() else {
            return Err(Reject::new(400, "", "Invalid Timestamp"));
        };
        let off = now.0.abs_diff(timestamp);
        if u128::from(off) > QUARTER.as_millis() {
            return Err(Reject::new(400, "", "Timestamp Expired"));
        }
        Ok(())
    }

    /// What is checked after the signature.
    pub(crate) fn after(&mut self, request: &Incoming, now: UtcMillis) -> Result<(), Reject> {
        if let Some(nonce) = request.header("x-ca-nonce").filter(|_| self.nonce_once) {
            self.forget(now);
            if !self.nonces.insert(nonce.into()) {
                return Err(Reject::new(400, "", "Nonce Used"));
            }
            self.nonce_order.push_back((now, nonce.into()));
        }
        if self.granted.as_ref().is_some_and(|granted| !granted.contains(&request.path)) {
            return Err(Reject::new(403, "I403AA", "Unauthorized"));
        }
        Ok(())
    }

    fn forget(&mut self, now: UtcMillis) {
        while let Some((seen, nonce)) = self.nonce_order.front() {
            if now.since(*seen) <= QUARTER {
                break;
            }
            self.nonces.remove(nonce);
            self.nonce_order.pop_front();
        }
    }
}
