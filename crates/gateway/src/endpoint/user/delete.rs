//! Removes a person.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::IdentityId;

use super::super::Endpoint;
use super::super::answer;
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/entrance/paas/user/delete`
#[derive(Debug, Clone, Copy)]
pub struct Delete;

/// Whom to remove. A person who is not there counts as removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// The person.
    pub identity_id: IdentityId,
}

impl Endpoint for Delete {
    const PATH: &'static str = "/entrance/paas/user/delete";
    const API_VERSION: &'static str = "1.0.0";
    const REPLAY: Replay = Replay::Same;
    type Params = Params;
    type Data = ();

    fn check(params: &Params) -> Result<(), Limit> {
        limit::not_empty("identityId", &params.identity_id.0)
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::nothing(data)
    }
}
