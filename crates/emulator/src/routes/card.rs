//! Cards.

use serde_json::json;
use serde_json::value::RawValue;
use vestibule_domain::{DoorId, IdentityId};
use vestibule_gateway::endpoint::answer::{CardRight, FailedCard};
use vestibule_gateway::endpoint::{card, device, user};

use super::{Ctx, Outcome, params, value};
use crate::answer::Refuse;

pub(super) fn batchmodify(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let cards = params::<card::batchmodify::BatchModify>(raw)?.cards;
    let mut failed = Vec::new();
    for row in cards {
        let known = ctx.state.knows(&row.identity_id.0) && ctx.state.has_door(&row.iot_id.0);
        if !known || ctx.row_fails(&(&row.identity_id.0, &row.iot_id.0, &row.card_id)) {
            failed.push(failure(row.iot_id, row.card_id, row.identity_id));
            continue;
        }
        if let Some(door) = ctx.state.door(&row.iot_id.0, ctx.now) {
            door.cards.set((row.identity_id.0, row.card_id), row.expiry_time);
        }
    }
    value(failed)
}

/// Takes away the person's right at the door, whichever card is named: the document says so.
pub(super) fn batchdelete(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let list = params::<card::batchdelete::BatchDelete>(raw)?.list;
    let takes_all = ctx.state.behaviour.card_delete_takes_all;
    let mut failed = Vec::new();
    for row in list {
        let fails = ctx.row_fails(&(&row.identity_id.0, &row.iot_id.0, &row.card_id));
        let now = ctx.now;
        match ctx.state.door(&row.iot_id.0, now) {
            Some(door) if !fails => door.forget_person(&row.identity_id.0, takes_all, now),
            _ => failed.push(failure(row.iot_id, row.card_id, row.identity_id)),
        }
    }
    value(failed)
}

pub(super) fn of_person(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let asked = params::<user::perm_query::PermQuery>(raw)?;
    let id = asked.identity_id.0;
    let mut rows = Vec::new();
    for iot_id in asked.iot_ids {
        if let Some(door) = ctx.state.door(&iot_id.0, ctx.now) {
            let from = (id.clone(), String::new());
            let of_person = door.cards.range(from..).take_while(|((person, _), _)| *person == id);
            rows.extend(of_person.map(|(key, until)| right(&iot_id, key, until.as_deref())));
        }
    }
    value(json!({ "identityId": id, "data": rows }))
}

pub(super) fn of_door(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let asked = params::<device::perm_query::PermQuery>(raw)?;
    let Some(door) = ctx.state.door(&asked.iot_id.0, ctx.now) else {
        return Err(Refuse::new(2063, "iotId unknown"));
    };
    let page = door.cards.page(asked.page_size, asked.page_no);
    let rows: Vec<_> = page.map(|(key, until)| right(&asked.iot_id, key, until.as_deref())).collect();
    let total = door.cards.len();
    value(json!({ "total": total, "pageSize": asked.page_size, "pageNo": asked.page_no, "data": rows }))
}

fn right(iot_id: &DoorId, (person, card): &(String, String), until: Option<&str>) -> CardRight {
    CardRight {
        iot_id: iot_id.clone(),
        expiry_time: until.map(str::to_owned),
        card_id: card.clone(),
        identity_id: IdentityId(person.clone()),
    }
}

fn failure(iot_id: DoorId, card_id: String, identity_id: IdentityId) -> FailedCard {
    FailedCard { iot_id, card_id: Some(card_id), identity_id: Some(identity_id) }
}
