//! Reads a person.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::IdentityId;

use super::super::Endpoint;
use super::super::answer;
use super::super::person::Person;
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/entrance/paas/user/get`
#[derive(Debug, Clone, Copy)]
pub struct Get;

/// Whom to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// The person.
    pub identity_id: IdentityId,
}

impl Endpoint for Get {
    const PATH: &'static str = "/entrance/paas/user/get";
    const API_VERSION: &'static str = "1.0.0";
    const REPLAY: Replay = Replay::Read;
    type Params = Params;
    type Data = Option<Person>;

    fn check(params: &Params) -> Result<(), Limit> {
        limit::not_empty("identityId", &params.identity_id.0)
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::required(data)
    }
}
