//! Makes a QR code for a person. The code has no right anywhere until it is configured.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::{IdentityId, PassCode};

use super::super::Endpoint;
use super::super::answer;
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/homelink/common/qrcode/generate`
#[derive(Debug, Clone, Copy)]
pub struct Generate;

/// For whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// The person.
    pub identity_id: IdentityId,
    /// How many characters, 16 unless given. The allowed range is not published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_length: Option<u32>,
}

impl Endpoint for Generate {
    const PATH: &'static str = "/homelink/common/qrcode/generate";
    const API_VERSION: &'static str = "1.0.1";
    const REPLAY: Replay = Replay::NewEachTime;
    type Params = Params;
    type Data = PassCode;

    fn check(params: &Params) -> Result<(), Limit> {
        limit::not_empty("identityId", &params.identity_id.0)?;
        if params.code_length == Some(0) {
            return Err(Limit { field: "codeLength", rule: limit::Rule::FromOne });
        }
        Ok(())
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::required(data)
    }
}
