//! Holds a door open, or ends that.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::DoorId;

use super::super::Endpoint;
use super::super::answer;
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/entrance/paas/keepopen/set`. Opening is now or never (a late one unlocks the building); closing may be repeated.
#[derive(Debug, Clone, Copy)]
pub struct Set;

/// Which door, and whether it stays open. Nothing ends it by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// The door.
    pub iot_id: DoorId,
    /// Whether it stays open.
    pub keep_open: bool,
}

impl Endpoint for Set {
    const PATH: &'static str = "/entrance/paas/keepopen/set";
    const API_VERSION: &'static str = "1.0.0";
    const REPLAY: Replay = Replay::Same;
    type Params = Params;
    type Data = ();

    fn check(params: &Params) -> Result<(), Limit> {
        limit::not_empty("iotId", &params.iot_id.0)
    }

    fn replay(params: &Params) -> Replay {
        if params.keep_open { Replay::NowOrNever } else { Replay::Same }
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::nothing(data)
    }
}
