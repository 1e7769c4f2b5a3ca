//! Reads the card rights of a person at given doors.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::{DoorId, IdentityId};

use super::super::Endpoint;
use super::super::answer::{self, CardRight};
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/entrance/paas/user/perm/query`
#[derive(Debug, Clone, Copy)]
pub struct PermQuery;

/// Whose rights, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// The person.
    pub identity_id: IdentityId,
    /// The doors, at most 100.
    pub iot_ids: Vec<DoorId>,
}

/// The rights found. (In the document's sample, `identityId` and `iotId` have changed places.)
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rights {
    /// The person.
    #[serde(default)]
    pub identity_id: Option<IdentityId>,
    /// The rights.
    #[serde(default)]
    pub data: Vec<CardRight>,
}

impl Endpoint for PermQuery {
    const PATH: &'static str = "/entrance/paas/user/perm/query";
    const API_VERSION: &'static str = "1.0.0";
    const REPLAY: Replay = Replay::Read;
    type Params = Params;
    type Data = Option<Rights>;

    fn check(params: &Params) -> Result<(), Limit> {
        limit::not_empty("identityId", &params.identity_id.0)?;
        limit::at_most("iotIds", 100, params.iot_ids.len())
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::required(data)
    }
}
