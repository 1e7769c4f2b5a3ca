//! Opens a door from afar.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::DoorId;

use super::super::Endpoint;
use super::super::answer;
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/cloud/thing/service/invoke`. Code 200 says that the service took it, not that the door opened.
#[derive(Debug, Clone, Copy)]
pub struct Invoke;

/// Which door. The two other fields of the call are fixed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// The door.
    pub iot_id: DoorId,
    /// Always `remoteOpen`.
    pub identifier: String,
    /// Always an empty object.
    #[serde(default)]
    pub args: serde_json::Map<String, serde_json::Value>,
}

impl Params {
    /// Opens this door.
    #[must_use]
    pub fn remote_open(iot_id: DoorId) -> Self {
        Self { iot_id, identifier: "remoteOpen".into(), args: serde_json::Map::new() }
    }
}

impl Endpoint for Invoke {
    const PATH: &'static str = "/cloud/thing/service/invoke";
    const API_VERSION: &'static str = "1.0.1";
    const REPLAY: Replay = Replay::NowOrNever;
    type Params = Params;
    type Data = ();

    fn check(params: &Params) -> Result<(), Limit> {
        limit::not_empty("iotId", &params.iot_id.0)?;
        let fixed = params.identifier == "remoteOpen";
        if fixed {
            Ok(())
        } else {
            Err(Limit { field: "identifier", rule: limit::Rule::Fixed("remoteOpen") })
        }
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::nothing(data)
    }
}
