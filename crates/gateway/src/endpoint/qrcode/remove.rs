//! Takes a QR code its rights.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::{DoorId, IdentityId, PassCode};

use super::super::Endpoint;
use super::super::answer::{self, DoorAnswer};
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/entrance/paas/perm/qrcode/remove`. The answer has a result per door; a door that is missing from it did not take it.
#[derive(Debug, Clone, Copy)]
pub struct Remove;

/// Which code, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// The code.
    pub qr_code: PassCode,
    /// The person it belongs to.
    pub identity_id: IdentityId,
    /// The doors.
    pub iot_ids: Vec<DoorId>,
}

impl Endpoint for Remove {
    const PATH: &'static str = "/entrance/paas/perm/qrcode/remove";
    const API_VERSION: &'static str = "1.0.1";
    const REPLAY: Replay = Replay::Same;
    type Params = Params;
    type Data = Vec<DoorAnswer>;

    fn check(params: &Params) -> Result<(), Limit> {
        limit::not_empty("qrCode", params.qr_code.reveal())?;
        limit::some("iotIds", usize::MAX, params.iot_ids.len())
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::list(data)
    }
}
