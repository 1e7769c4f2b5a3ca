//! Adds a person or changes one.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::IdentityId;

use super::super::Endpoint;
use super::super::answer;
use super::super::person::{ExtInfo, ext_info, presence};
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/entrance/paas/user/modify`
#[derive(Debug, Clone, Copy)]
pub struct Modify;

/// Adds or changes the person `identityId`: what is absent stays as it was. A new person needs a name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// The person; the caller chooses the id.
    pub identity_id: IdentityId,
    /// What the person is called. It goes to every subscriber of the service's events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whatever else is to be stored.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "ext_info")]
    pub ext_info: Option<ExtInfo>,
}

impl std::fmt::Debug for Params {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Params({}, name {})", self.identity_id, presence(self.name.as_deref()))
    }
}

impl Endpoint for Modify {
    const PATH: &'static str = "/entrance/paas/user/modify";
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
