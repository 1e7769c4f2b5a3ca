//! Lists the card rights a door holds, a page at a time.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::DoorId;

use super::super::Endpoint;
use super::super::answer::{self, CardRight, Page};
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/entrance/paas/device/perm/query`
#[derive(Debug, Clone, Copy)]
pub struct PermQuery;

/// Which door, which page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// The door.
    pub iot_id: DoorId,
    /// Rows on a page, 1 to 100.
    pub page_size: u32,
    /// The page, from 1.
    pub page_no: u32,
}

impl Endpoint for PermQuery {
    const PATH: &'static str = "/entrance/paas/device/perm/query";
    const API_VERSION: &'static str = "1.0.0";
    const REPLAY: Replay = Replay::Read;
    type Params = Params;
    type Data = Page<CardRight>;

    fn check(params: &Params) -> Result<(), Limit> {
        limit::not_empty("iotId", &params.iot_id.0)?;
        limit::page(params.page_size, params.page_no)
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::required(data)
    }
}
