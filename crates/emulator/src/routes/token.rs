//! The cloud token.

use std::time::Duration;

use serde_json::json;
use serde_json::value::RawValue;
use vestibule_gateway::endpoint::cloud::token::Token;

use super::{Ctx, Outcome, params};

const LASTS: Duration = Duration::from_secs(7200);

/// A new token kills the one before.
pub(super) fn grant(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    params::<Token>(raw)?;
    let token = format!("CT-{:016x}{:016x}", ctx.state.chance.next(), ctx.state.chance.next());
    ctx.state.token = Some((token.clone(), ctx.now.plus(LASTS)));
    Ok(Some(json!({ "cloudToken": token, "expiresIn": LASTS.as_millis() as u64 })))
}
