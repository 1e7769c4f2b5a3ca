//! Reads whether a door is held open.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::DoorId;

use super::super::Endpoint;
use super::super::answer;
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/entrance/paas/keepopen/get`
#[derive(Debug, Clone, Copy)]
pub struct Get;

/// Which door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// The door.
    pub iot_id: DoorId,
}

impl Endpoint for Get {
    const PATH: &'static str = "/entrance/paas/keepopen/get";
    const API_VERSION: &'static str = "1.0.0";
    const REPLAY: Replay = Replay::Read;
    type Params = Params;
    type Data = bool;

    fn check(params: &Params) -> Result<(), Limit> {
        limit::not_empty("iotId", &params.iot_id.0)
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::required(data)
    }
}
