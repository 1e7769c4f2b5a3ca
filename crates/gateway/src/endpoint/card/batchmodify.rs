//! Gives cards rights at doors.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::super::Endpoint;
use super::super::answer::{self, CardRight, FailedCard};
use super::super::json;
use crate::limit::{self, Limit};
use crate::options::Spelling;
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
        // Most rows of a list end together.
        let mut known = None;
        for card in &params.cards {
            limit::not_empty("identityId", &card.identity_id.0)?;
            limit::not_empty("iotId", &card.iot_id.0)?;
            limit::not_empty("cardId", &card.card_id)?;
            limit::at_most_letters("cardId", 255, &card.card_id)?;
            let expiry = card.expiry_time.as_deref();
            if let Some(expiry) = expiry.filter(|expiry| known != Some(*expiry)) {
                limit::civil("expiryTime", expiry)?;
                known = Some(expiry);
            }
        }
        Ok(())
    }

    fn write(params: &Params, _: Spelling, out: &mut Vec<u8>) -> serde_json::Result<()> {
        json::fixed(out, r#"{"cards":["#);
        for (number, card) in params.cards.iter().enumerate() {
            json::fixed(out, if number == 0 { r#"{"iotId":"# } else { r#",{"iotId":"# });
            json::text(out, &card.iot_id.0)?;
            if let Some(expiry) = &card.expiry_time {
                json::fixed(out, r#","expiryTime":"#);
                json::text(out, expiry)?;
            }
            json::fixed(out, r#","cardId":"#);
            json::text(out, &card.card_id)?;
            json::fixed(out, r#","identityId":"#);
            json::text(out, &card.identity_id.0)?;
            out.push(b'}');
        }
        json::fixed(out, "]}");
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use vestibule_domain::{DoorId, IdentityId};

    use super::{BatchModify, CardRight, Endpoint as _, Params, Spelling};

    fn card() -> impl Strategy<Value = CardRight> {
        let text = || "\\PC{0,20}|[a-z\"\\\\\n]{0,9}";
        (text(), proptest::option::of(text()), text(), text()).prop_map(
            |(door, expiry_time, card_id, person)| CardRight {
                iot_id: DoorId(door),
                expiry_time,
                card_id,
                identity_id: IdentityId(person),
            },
        )
    }

    proptest! {
        #[test]
        fn rows_are_written_as_their_shape_says(cards in proptest::collection::vec(card(), 0..5)) {
            let params = Params { cards };
            let mut out = Vec::new();
            BatchModify::write(&params, Spelling::default(), &mut out).unwrap();
            prop_assert_eq!(out, serde_json::to_vec(&params).unwrap());
        }
    }
}
