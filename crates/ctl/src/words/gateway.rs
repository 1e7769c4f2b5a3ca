//! What the gateway or the service said, in words for the person at the terminal.

use vestibule_gateway::{GatewayError, NotSent, Refusal, Rejection};

use crate::Trouble;
use crate::print::plain;
use crate::print::tree::pair;

/// How wide the names beside an answer are.
const WIDTH: usize = 11;

impl From<GatewayError> for Trouble {
    fn from(error: GatewayError) -> Self {
        Self(of_error(&error))
    }
}

/// The error, everything that helps to find its cause, and what to do. Nothing of what was sent.
pub(crate) fn of_error(error: &GatewayError) -> String {
    let mut lines = vec![error.to_string()];
    if let GatewayError::Rejected(rejected) = error {
        if !rejected.message.is_empty() {
            lines.push(pair("message", &plain(&rejected.message), WIDTH, 1));
        }
        for difference in rejected.signature_difference.iter().flat_map(|text| text.lines()) {
            lines.push(pair("signed", &plain(difference), WIDTH, 1));
        }
    }
    lines.push(pair("what now", what_now(error), WIDTH, 1));
    lines.join("\n")
}

/// A refusal by the service with all it said, for the person who made the call.
pub(crate) fn of_refusal(refusal: &Refusal) -> String {
    let code = refusal.code.to_string();
    let said = [
        ("code", Some(code.as_str())),
        ("message", refusal.message.as_deref()),
        ("localized", refusal.localized.as_deref()),
        ("answer id", refusal.envelope_id.as_deref()),
        ("request id", refusal.request_id.as_deref()),
    ];
    let mut lines: Vec<String> =
        said.iter().filter_map(|(name, text)| text.map(|text| pair(name, &plain(text), WIDTH, 1))).collect();
    let error = GatewayError::Refused(Box::new(refusal.clone()));
    lines.push(pair("what now", what_now(&error), WIDTH, 1));
    lines.join("\n")
}

/// What to do about it, in one sentence.
pub(crate) fn what_now(error: &GatewayError) -> &'static str {
    match error {
        GatewayError::NotSent(why) => of_not_sent(*why),
        GatewayError::Rejected(rejected) => of_rejection(rejected.kind),
        GatewayError::Refused(refusal) if refusal.is_device_offline() => {
            "the service does not reach the door: look at its power and its network"
        }
        GatewayError::Refused(refusal) => of_code(refusal.code),
        GatewayError::Ambiguous(_) if error.is_not_the_gateway() => {
            "something else answered: open a web page on this PC, the network may want a log-in"
        }
        GatewayError::Ambiguous(_) => "it may have happened: look first, then repeat what may be repeated",
        GatewayError::Limit(_) => "change what is sent; nothing has left this PC",
        GatewayError::Setup(_) => "put the settings right; `vestibulectl config check` names the place",
    }
}

fn of_not_sent(why: NotSent) -> &'static str {
    match why {
        NotSent::Dns => "look at the network of this PC and at gateway.url in the settings",
        NotSent::Connect | NotSent::ConnectTimeout => {
            "look at the network of this PC, the proxy and the firewall; nothing was sent"
        }
        NotSent::Tls | NotSent::BadCertificate => {
            "look at the clock of this PC and at gateway.ca_file; a network that opens TLS needs its authority there"
        }
        NotSent::Proxy => "look at gateway.proxy in the settings",
        NotSent::NoToken => "look at gateway.cloud_project in the settings",
        NotSent::TooLate | NotSent::LineLost => "try again; nothing was sent",
        NotSent::WrongWay | NotSent::Malformed => "a fault of this program; nothing was sent",
    }
}

fn of_rejection(kind: Rejection) -> &'static str {
    match kind {
        Rejection::Signature => {
            "look at gateway.app_secret (or VESTIBULE_APP_SECRET) and at anything that changes requests on the way"
        }
        Rejection::Key => "look at gateway.app_key (or VESTIBULE_APP_KEY): the gateway does not know it",
        Rejection::Clock => "put the clock of this PC right; more than 15 minutes off is too much",
        Rejection::Nonce => "an earlier copy may have been carried out: look first",
        Rejection::Throttled(_) => "wait and try again; another program may use the same AppKey",
        Rejection::NotGranted => {
            "have the AppKey granted this call, or its quota raised, in the operator's console"
        }
        Rejection::NoSuchCall => "look at gateway.url and gateway.stage in the settings",
        Rejection::TooLarge | Rejection::BadRequest => "change what is sent; it was not carried out",
    }
}

fn of_code(code: i64) -> &'static str {
    match code {
        429 => "too many requests: try again later",
        460 => "a parameter is wrong: compare with the sample that `vestibulectl call NAME` shows",
        500 | 503 | 20004 | 20055 | 20056 => "the service failed: it may have happened, look first",
        _ => "the same again will be refused again; give the operator the request id",
    }
}
