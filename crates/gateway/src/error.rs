//! What can come back instead of an answer, and what to do about it.
//!
//! Decision 2026-11-24: the variants are the four outcomes a caller must tell apart, plus the two faults that are
//! found before any network is touched. Everything finer is a kind inside a variant, because it changes the words a
//! person reads and not what the program does. `Display` never holds what a visitor typed, a code, or a secret.

use std::time::Duration;

use vestibule_domain::press::Void;

use crate::limit::Limit;

/// A call that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// Nothing left this PC.
    #[error("nothing was sent: {0}")]
    NotSent(NotSent),
    /// The gateway refused the request before the service behind it saw it.
    #[error("the gateway rejected the request: {0}")]
    Rejected(Box<Rejected>),
    /// The service answered with a code other than 200.
    #[error("the service refused: {0}")]
    Refused(Box<Refusal>),
    /// Something may have left this PC and nothing certain came back.
    #[error("the outcome is unknown: {0}")]
    Ambiguous(Doubt),
    /// The request breaks a limit of the service; found before sending.
    #[error("the request breaks a limit of the service: {0}")]
    Limit(Limit),
    /// The client cannot be built from its settings.
    #[error("the gateway settings cannot be used: {0}")]
    Setup(String),
}

/// What is certain about the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Nothing left this PC: it certainly did not happen.
    NotSent,
    /// The gateway refused it: it did not happen.
    Rejected,
    /// The service refused it: it did not happen.
    Refused,
    /// It may have happened.
    Ambiguous,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhatNow {
    /// The same again later, not before the given time where the other side named one.
    RetryLater(Option<Duration>),
    /// The same again will be refused again: a person must change something.
    Never,
    /// The clock of this PC (or its known offset) must be put right first.
    FixClock,
    /// The cloud token must be fetched anew.
    RenewToken,
    /// It may have happened: repeat only what may be repeated, otherwise look.
    UnknownOutcome,
}

/// Why nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NotSent {
    /// The name was not found.
    #[error("the gateway's name was not found")]
    Dns,
    /// No connection came about.
    #[error("no connection to the gateway")]
    Connect,
    /// No connection came about in time.
    #[error("the gateway did not take the connection in time")]
    ConnectTimeout,
    /// A connection came about, but TLS failed.
    #[error("no secure connection to the gateway")]
    Tls,
    /// The other side's certificate is not to be trusted: expired, for another name, or from an unknown authority.
    #[error("the certificate is not to be trusted")]
    BadCertificate,
    /// The proxy refused to let the connection through.
    #[error("the proxy did not let the connection through")]
    Proxy,
    /// The moment after which this call must not leave had passed.
    #[error("it was too late to send")]
    TooLate,
    /// The connection was lost between the press and the first byte.
    #[error("the connection was lost before it was sent")]
    LineLost,
    /// The cloud token could not be fetched.
    #[error("no cloud token came")]
    NoToken,
    /// A now-or-never call without a deadline, or another call with one. A fault of the caller.
    #[error("this call needs the other way of sending")]
    WrongWay,
    /// The request could not be put together. A fault of the caller.
    #[error("the request could not be put together")]
    Malformed,
}

impl From<Void> for NotSent {
    fn from(void: Void) -> Self {
        match void {
            Void::TooLate => Self::TooLate,
            Void::LineLost => Self::LineLost,
        }
    }
}

/// Why the outcome is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Doubt {
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// An answer began and did not end in time.
    #[error("the answer came too slowly")]
    TooSlow,
    /// The connection broke before the whole answer was here.
    #[error("the connection broke")]
    ConnectionLost,
    /// The gateway or the service behind it failed.
    #[error("the gateway failed with status {0}")]
    ServerError(u16),
    /// Something other than the gateway answered, such as the log-in page of a network.
    #[error("something other than the gateway answered (status {0})")]
    NotTheGateway(u16),
    /// The answer is not the JSON it should be.
    #[error("the answer cannot be read")]
    Unreadable,
    /// The answer is to an earlier call of ours, which came twice or late on the same connection.
    #[error("the answer is to another call")]
    AnotherCall,
    /// The answer is longer than any answer of this service.
    #[error("the answer is too long")]
    TooLong,
    /// The answer is compressed although nobody asked for that.
    #[error("the answer is compressed, which nobody asked for")]
    Compressed,
}

/// A refusal by the gateway itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Which kind.
    pub kind: Rejection,
    /// The HTTP status.
    pub status: u16,
    /// The six characters of `x-ca-error-code`, when present.
    pub code: Option<String>,
    /// `x-ca-error-message` without the string to sign.
    pub message: String,
    /// `x-ca-request-id`, to be named to the gateway's operator.
    pub request_id: Option<String>,
    /// For a signature refusal: the lines on which the two strings to sign differ. Never holds the secret.
    pub signature_difference: Option<String>,
}

impl std::fmt::Display for Rejected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (status {}", self.kind, self.status)?;
        if let Some(code) = &self.code {
            write!(f, ", {code}")?;
        }
        if let Some(id) = &self.request_id {
            write!(f, ", request {id}")?;
        }
        f.write_str(")")
    }
}

/// The kinds of refusal by the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Rejection {
    /// The signature does not match, or is missing.
    #[error("the signature does not match")]
    Signature,
    /// The AppKey is unknown or its secret is wrong.
    #[error("the AppKey or AppSecret is wrong")]
    Key,
    /// The time of the request is more than 15 minutes off, or no time at all.
    #[error("the time of the request is off")]
    Clock,
    /// The nonce was used before: an earlier copy of this request may have been carried out.
    #[error("the request number was used before")]
    Nonce,
    /// Too many requests.
    #[error("too many requests")]
    Throttled(Option<Duration>),
    /// The AppKey has no right to this API, or its quota or account is used up.
    #[error("this AppKey may not make this call")]
    NotGranted,
    /// The path, method or stage does not exist.
    #[error("no such call at this gateway")]
    NoSuchCall,
    /// The request is too large.
    #[error("the request is too large")]
    TooLarge,
    /// The request was damaged or is not what the gateway expects.
    #[error("the gateway does not understand the request")]
    BadRequest,
}

/// A refusal by the service: an envelope whose code is not 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The service's own number.
    pub code: i64,
    /// The service's own words, cut to 300 characters. Not part of `Display`: they may repeat what was sent.
    pub message: Option<String>,
    /// The words in the language of the account.
    pub localized: Option<String>,
    /// `id` of the envelope.
    pub envelope_id: Option<String>,
    /// `x-ca-request-id` of the gateway.
    pub request_id: Option<String>,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "code {}", self.code)?;
        if let Some(id) = &self.request_id {
            write!(f, ", request {id}")?;
        }
        Ok(())
    }
}

impl GatewayError {
    /// What is certain. A refusal by the service with a code that means "the backend failed or timed out" counts as
    /// ambiguous, and so does a reused nonce, whose first copy may have been carried out.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::NotSent(_) | Self::Limit(_) | Self::Setup(_) => Outcome::NotSent,
            Self::Rejected(rejected) if rejected.kind == Rejection::Nonce => Outcome::Ambiguous,
            Self::Rejected(_) => Outcome::Rejected,
            Self::Refused(refusal) if crate::refusal::leaves_outcome_open(refusal.code) => Outcome::Ambiguous,
            Self::Refused(_) => Outcome::Refused,
            Self::Ambiguous(_) => Outcome::Ambiguous,
        }
    }

    /// What to do next.
    #[must_use]
    pub fn what_now(&self) -> WhatNow {
        match self {
            Self::NotSent(NotSent::WrongWay | NotSent::Malformed | NotSent::TooLate | NotSent::LineLost) => {
                WhatNow::Never
            }
            Self::NotSent(_) => WhatNow::RetryLater(None),
            Self::Limit(_) | Self::Setup(_) => WhatNow::Never,
            Self::Rejected(rejected) => rejected.kind.what_now(),
            Self::Refused(refusal) => crate::refusal::what_now(refusal.code),
            Self::Ambiguous(_) => WhatNow::UnknownOutcome,
        }
    }

    /// Whether it looks as if something else than the gateway answered: the network may need a log-in.
    #[must_use]
    pub fn is_not_the_gateway(&self) -> bool {
        matches!(self, Self::Ambiguous(Doubt::NotTheGateway(_)))
    }

    /// Whether the other side showed a certificate that is not to be trusted.
    #[must_use]
    pub fn is_bad_certificate(&self) -> bool {
        matches!(self, Self::NotSent(NotSent::BadCertificate))
    }
}

impl Rejection {
    fn what_now(self) -> WhatNow {
        match self {
            Self::Throttled(after) => WhatNow::RetryLater(after),
            Self::Clock => WhatNow::FixClock,
            Self::Nonce => WhatNow::UnknownOutcome,
            Self::Signature
            | Self::Key
            | Self::NotGranted
            | Self::NoSuchCall
            | Self::TooLarge
            | Self::BadRequest => WhatNow::Never,
        }
    }
}

impl From<Limit> for GatewayError {
    fn from(limit: Limit) -> Self {
        Self::Limit(limit)
    }
}
