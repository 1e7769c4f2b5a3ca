//! Takes the rights of cards at doors.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::{DoorId, IdentityId};

use super::super::Endpoint;
use super::super::answer::{self, FailedCard};
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/entrance/paas/perm/card/batchdelete`. It takes away the **person's** right at that door, other cards included (the
/// document says so). The answer lists the rows that failed.
#[derive(Debug, Clone, Copy)]
pub struct BatchDelete;

/// The most rows in one call. The document states none for this call; the limit of its sister is kept.
pub const MOST: usize = 1000;

/// The rows to remove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// The rows.
    pub list: Vec<CardAtDoor>,
}

/// A card of a person at a door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CardAtDoor {
    /// The person.
    pub identity_id: IdentityId,
    /// The door.
    pub iot_id: DoorId,
    /// The card, at most 255 characters.
    pub card_id: String,
}

impl Endpoint for BatchDelete {
    const PATH: &'static str = "/entrance/paas/perm/card/batchdelete";
    const API_VERSION: &'static str = "1.0.1";
    const REPLAY: Replay = Replay::Same;
    type Params = Params;
    type Data = Vec<FailedCard>;

    fn check(params: &Params) -> Result<(), Limit> {
        limit::some("list", MOST, params.list.len())?;
        for card in &params.list {
            limit::not_empty("identityId", &card.identity_id.0)?;
            limit::not_empty("iotId", &card.iot_id.0)?;
            limit::at_most_letters("cardId", 255, &card.card_id)?;
        }
        Ok(())
    }

    fn size(params: &Params) -> usize {
        let row =
            |card: &CardAtDoor| 48 + card.iot_id.0.len() + card.card_id.len() + card.identity_id.0.len();
        params.list.iter().map(row).sum()
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::list(data)
    }
}
