//! Gives a QR code its rights.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::{DoorId, IdentityId, PassCode};

use super::super::Endpoint;
use super::super::answer::{self, DoorAnswer};
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/entrance/paas/perm/qrcode/config`. The answer has a result per door; a door that is missing from it did not take it.
#[derive(Debug, Clone, Copy)]
pub struct Config;

/// Which code, where, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// The code.
    pub qr_code: PassCode,
    /// The person it belongs to.
    pub identity_id: IdentityId,
    /// The doors. No limit is documented.
    pub iot_ids: Vec<DoorId>,
    /// From when, `yyyy-MM-dd HH:mm:ss` on the doors' clock. Absent means the moment the service reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_time: Option<String>,
    /// Until when, `yyyy-MM-dd HH:mm:ss` on the doors' clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_time: Option<String>,
    /// How many scans; -1 or absent means no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_scan_times: Option<i64>,
    /// What the scans are counted over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_scan_scope: Option<ScanScope>,
}

/// What scans are counted over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ScanScope {
    /// Each door counts for itself.
    Device,
    /// The doors count together.
    Share,
}

impl Endpoint for Config {
    const PATH: &'static str = "/entrance/paas/perm/qrcode/config";
    const API_VERSION: &'static str = "1.0.1";
    const REPLAY: Replay = Replay::Same;
    type Params = Params;
    type Data = Vec<DoorAnswer>;

    fn check(params: &Params) -> Result<(), Limit> {
        limit::not_empty("qrCode", params.qr_code.reveal())?;
        limit::not_empty("identityId", &params.identity_id.0)?;
        limit::some("iotIds", usize::MAX, params.iot_ids.len())?;
        let effective =
            params.effective_time.as_deref().map(|t| limit::civil("effectiveTime", t)).transpose()?;
        let expiry = params.expiry_time.as_deref().map(|t| limit::civil("expiryTime", t)).transpose()?;
        match (effective, expiry) {
            (Some(from), Some(until)) if until <= from => {
                Err(Limit { field: "expiryTime", rule: limit::Rule::EndsBeforeStart })
            }
            _ => Ok(()),
        }
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::list(data)
    }
}
