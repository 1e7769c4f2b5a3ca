//! Reading refusals of the gateway: by message and error code, not by status alone.
//!
//! Sources: help.aliyun.com/en/api-gateway/error-codes; messages named in developer.aliyun.com/ask/278260; live
//! answers in public reports. The same refusal comes with different statuses from instances of different age.

use std::time::Duration;

use http::HeaderMap;

use crate::error::{Doubt, GatewayError, Refusal, Rejected, Rejection};
use crate::signature;
use crate::transport::Reply;

/// How many characters of the other side's words are kept.
const WORDS: usize = 300;

/// What an answer other than status 200 means. `string_to_sign` is only asked for when signatures are compared.
pub(crate) fn classify(reply: &Reply, string_to_sign: impl FnOnce() -> String) -> GatewayError {
    let message = header(&reply.headers, "x-ca-error-message").unwrap_or_default();
    let code = header(&reply.headers, "x-ca-error-code").filter(|code| !code.is_empty());
    let request_id = header(&reply.headers, "x-ca-request-id");
    if message.is_empty() && code.is_none() {
        if let Some(refusal) = refusal_in_body(reply) {
            return GatewayError::Refused(Box::new(refusal));
        }
        if is_foreign(reply) {
            return GatewayError::Ambiguous(Doubt::NotTheGateway(reply.status));
        }
    }
    let Some(kind) = kind(&message, code.as_deref().unwrap_or(""), reply) else {
        return GatewayError::Ambiguous(Doubt::ServerError(reply.status));
    };
    let signature_difference = match kind {
        Rejection::Signature => signature::difference(&string_to_sign(), &message),
        _ => None,
    };
    let message = without_string_to_sign(&message);
    let status = reply.status;
    GatewayError::Rejected(Box::new(Rejected {
        kind,
        status,
        code,
        message,
        request_id,
        signature_difference,
    }))
}

/// `None`: the gateway or what is behind it failed, and the call may have been carried out.
fn kind(message: &str, code: &str, reply: &Reply) -> Option<Rejection> {
    let message = message.to_ascii_lowercase();
    let says = |start: &str| message.starts_with(start);
    Some(match () {
        () if says("invalid signature") || says("empty signature") => Rejection::Signature,
        () if says("invalid appkey") || says("invalid key") || says("invalid appsecret") => Rejection::Key,
        () if says("timestamp expired") => Rejection::Clock,
        () if says("nonce used") => Rejection::Nonce,
        () if says("throttled") || says("request limited") || code.starts_with("T429") => throttled(reply),
        () if says("unauthorized") || says("quota") || says("user arrears") => Rejection::NotGranted,
        () if says("invalid url") || says("api not found") || says("invalid stage") => Rejection::NoSuchCall,
        () if says("request body too large") || says("request url too large") => Rejection::TooLarge,
        () => return by_code(code, reply),
    })
}

fn by_code(code: &str, reply: &Reply) -> Option<Rejection> {
    Some(match code {
        "A400IK" => Rejection::Key,
        "A403IS" | "A400MA" => Rejection::Signature,
        "I403AA" | "A403EP" => Rejection::NotGranted,
        "I404NF" | "I404DO" | "I404NR" | "I404SR" | "I400SG" => Rejection::NoSuchCall,
        "I413RL" | "I413UL" => Rejection::TooLarge,
        code if code.starts_with("B403") => Rejection::NotGranted,
        code if code.starts_with('D') || code.starts_with("X5") => return None,
        _ => match reply.status {
            413 => Rejection::TooLarge,
            429 => throttled(reply),
            401 | 403 => Rejection::NotGranted,
            404 => Rejection::NoSuchCall,
            400..=499 => Rejection::BadRequest,
            _ => return None,
        },
    })
}

fn throttled(reply: &Reply) -> Rejection {
    let seconds = header(&reply.headers, "retry-after").and_then(|text| text.trim().parse().ok());
    Rejection::Throttled(seconds.map(Duration::from_secs))
}

/// The same numbers can arrive as HTTP status or in an envelope (help.aliyun.com 195213); an envelope says more.
fn refusal_in_body(reply: &Reply) -> Option<Refusal> {
    let envelope: crate::envelope::Envelope<'_> = serde_json::from_slice(&reply.body).ok()?;
    (envelope.code != 200).then(|| refusal(envelope, &reply.headers))
}

/// Answers that cannot be the gateway's: redirects, log-in pages, and client errors without its request id.
fn is_foreign(reply: &Reply) -> bool {
    let is_page = header(&reply.headers, "content-type").is_some_and(|kind| kind.contains("html"));
    let signed_by_gateway = reply.headers.contains_key("x-ca-request-id");
    match reply.status {
        300..=399 | 407 | 511 => true,
        413 | 429 | 500..=599 => is_page && reply.status == 511,
        _ => is_page || !signed_by_gateway,
    }
}

pub(crate) fn refusal(envelope: crate::envelope::Envelope<'_>, headers: &HeaderMap) -> Refusal {
    Refusal {
        code: envelope.code,
        message: envelope.message.map(cut),
        localized: envelope.localized.map(cut),
        envelope_id: envelope.id.map(cut),
        request_id: header(headers, "x-ca-request-id"),
    }
}

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(WORDS).filter(|_| text.len() > WORDS) {
        text.truncate(end);
    }
    text
}

/// The echoed string holds the AppKey: it is for the comparison, not for logs.
fn without_string_to_sign(message: &str) -> String {
    let end = message.find(", Server StringToSign").unwrap_or(message.len());
    message[..end].chars().take(WORDS).collect()
}

pub(crate) fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
