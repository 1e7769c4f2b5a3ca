//! Gives cards rights at doors.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::super::Endpoint;
use super::super::answer::{self, CardRight, FailedCard};
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/entrance/paas/perm/card/batchmodify`. The answer lists the rows that **failed**, under code 200.
#[derive(Debug, Clone, Copy)]
pub struct BatchModify;

/// The most rows in one call.
pub const MOST: usize = 1000;

/// The rows to set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// At most 1000 rows.
    pub cards: Vec<CardRight>,
}

impl Endpoint for BatchModify {
    const PATH: &'static str = "/entrance/paas/perm/card/batchmodify";
    const API_VERSION: &'static str = "1.0.2";
    const REPLAY: Replay = Replay::Same;
    type Params = Params;
    type Data = Vec<FailedCard>;

    fn check(params: &Params) -> Result<(), Limit> {
        limit::some("cards", MOST, params.cards.len())?;
        for card in &params.cards {
            limit::not_empty("identityId", &card.identity_id.0)?;
            limit::not_empty("iotId", &card.iot_id.0)?;
            limit::not_empty("cardId", &card.card_id)?;
            limit::at_most("cardId", 255, card.card_id.chars().count())?;
            if let Some(expiry) = &card.expiry_time {
                limit::civil("expiryTime", expiry)?;
            }
        }
        Ok(())
    }

    fn size(params: &Params) -> usize {
        let row = |card: &CardRight| 96 + card.iot_id.0.len() + card.card_id.len() + card.identity_id.0.len();
        params.cards.iter().map(row).sum()
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::list(data)
    }
}
