//! The optional cloud token: one per project, fetched when first needed, shared, renewed once when refused.
//!
//! Fetching another token kills the one before (help.aliyun.com 177833), so callers wait for one another here.

use tokio::sync::Mutex;
use vestibule_domain::Monotonic;
use zeroize::Zeroizing;

use super::{Call, Client, Params, data};
use crate::endpoint::Endpoint;
use crate::endpoint::cloud::token::{self, Token};
use crate::error::{GatewayError, NotSent};

/// Two hours, when the answer names no time (the document's default).
const DEFAULT_MS: i64 = 7_200_000;
/// A token is not used during its last minute.
const MARGIN_MS: i64 = 60_000;

#[derive(Default)]
pub(super) struct Cache {
    held: Mutex<Option<Held>>,
}

struct Held {
    token: Zeroizing<String>,
    until: Monotonic,
}

impl Cache {
    /// Drops a token that was refused, unless somebody has renewed it already.
    pub(super) async fn forget(&self, token: &str) {
        let mut held = self.held.lock().await;
        if held.as_ref().is_some_and(|held| *held.token == token) {
            *held = None;
        }
    }
}

impl Client {
    /// The token of the project. A failure here means that the call itself was not sent.
    pub(super) async fn token(&self, project: &str) -> Result<Zeroizing<String>, GatewayError> {
        let mut held = self.inner.token.held.lock().await;
        if let Some(held) = held.as_ref().filter(|held| self.inner.clock.monotonic() < held.until) {
            return Ok(held.token.clone());
        }
        let (project, spelling) = (token::Params::project(project), self.inner.options.spelling);
        let params = Params { write: &|out| Token::write(&project, spelling, out), size: 256 };
        let call = Call { path: Token::PATH, api_version: Token::API_VERSION, last_look: None };
        let granted = {
            let body = self.body(&call, &params, None).map_err(not_sent)?;
            data::<Token>(&self.exchange(&call, body).await.map_err(not_sent)?).map_err(not_sent)?
        };
        let token = Zeroizing::new(granted.cloud_token);
        *held = Some(Held {
            token: token.clone(),
            until: self.inner.clock.monotonic().plus(lasts(granted.expires_in)),
        });
        Ok(token)
    }
}

/// Milliseconds; a number below 100,000 can only mean seconds (one sample has 7200).
fn lasts(expires_in: Option<i64>) -> std::time::Duration {
    let millis = match expires_in {
        Some(seconds @ 1..100_000) => seconds * 1000,
        Some(millis @ 100_000..) => millis,
        _ => DEFAULT_MS,
    };
    std::time::Duration::from_millis(u64::try_from(millis - MARGIN_MS.min(millis / 2)).unwrap_or(0))
}

/// Whatever became of the request for a token, the call that wanted it never left.
fn not_sent(error: GatewayError) -> GatewayError {
    match error {
        GatewayError::Ambiguous(_) => GatewayError::NotSent(NotSent::NoToken),
        other => other,
    }
}
