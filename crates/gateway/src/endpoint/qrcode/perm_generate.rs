//! The old way: makes a code and gives it rights in one call. **Discouraged** by the document and not used by the desk: when
//! its answer is lost there is a live code whose value nobody knows and nobody can remove.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::{DoorId, IdentityId, PassCode, UtcMillis, Zone};

use super::super::Endpoint;
use super::super::answer;
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/entrance/paas/perm/qrcode/generate`
#[derive(Debug, Clone, Copy)]
pub struct PermGenerate;

/// For whom, where, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// The doors, at most 500.
    pub iot_ids: Vec<DoorId>,
    /// The person.
    pub identity_id: IdentityId,
    /// Until when, at most 24 hours after the start.
    pub expiry_time: String,
    /// From when, not in the past. Absent means now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_time: Option<String>,
}

impl Endpoint for PermGenerate {
    const PATH: &'static str = "/entrance/paas/perm/qrcode/generate";
    const API_VERSION: &'static str = "1.0.1";
    const REPLAY: Replay = Replay::NewEachTime;
    type Params = Params;
    type Data = PassCode;

    fn check(params: &Params) -> Result<(), Limit> {
        limit::some("iotIds", 500, params.iot_ids.len())?;
        limit::not_empty("identityId", &params.identity_id.0)?;
        let until = limit::civil("expiryTime", &params.expiry_time)?;
        let Some(from) = &params.effective_time else { return Ok(()) };
        span(limit::civil("effectiveTime", from)?, until)
    }

    fn check_at(params: &Params, now: UtcMillis, zone: Option<&Zone>) -> Result<(), Limit> {
        let Some(now) = zone.map(|zone| zone.wall(now)) else { return Ok(()) };
        let now = limit::civil("effectiveTime", &now)?;
        let until = limit::civil("expiryTime", &params.expiry_time)?;
        match &params.effective_time {
            Some(from) if limit::civil("effectiveTime", from)? < now => {
                Err(Limit { field: "effectiveTime", rule: limit::Rule::InThePast })
            }
            Some(_) => Ok(()),
            None => span(now, until),
        }
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::required(data)
    }
}

fn span(from: DateTime, until: DateTime) -> Result<(), Limit> {
    let rule = match until.duration_since(from).as_secs() {
        ..=0 => limit::Rule::EndsBeforeStart,
        86_401.. => limit::Rule::LongerThanADay,
        _ => return Ok(()),
    };
    Err(Limit { field: "expiryTime", rule })
}
