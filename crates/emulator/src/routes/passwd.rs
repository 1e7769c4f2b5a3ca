//! Passwords (PINs). Both spellings of the end and both places of the person are taken.

use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use vestibule_gateway::endpoint::passwd::modify::{MOST, Number};

use super::{Ctx, Outcome, parse, value};
use crate::answer::Refuse;
use crate::doors::Pin;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Params {
    identity_id: Option<String>,
    passwords: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    identity_id: Option<String>,
    iot_id: String,
    password: String,
    number: Option<Number>,
    expired_date: Option<String>,
    expiry_date: Option<String>,
}

pub(super) fn modify(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let Params { identity_id, passwords } = parse::<Params>(raw)?;
    if passwords.is_empty() || passwords.len() > MOST {
        return Err(Refuse::params("passwords: 1 to 100 rows"));
    }
    if passwords.iter().any(|row| row.password.is_empty() || row.password.chars().count() > 255) {
        return Err(Refuse::params("password: 1 to 255 characters"));
    }
    let zone = ctx.state.zone.clone();
    let mut failed = Vec::new();
    for row in passwords {
        let Some(person) = row.identity_id.or_else(|| identity_id.clone()) else {
            return Err(Refuse::params("identityId must not be empty"));
        };
        let until = row.expired_date.or(row.expiry_date);
        let until = match until.map(|text| zone.moment(&text)) {
            Some(None) => return Err(Refuse::params("expiredDate must be written yyyy-MM-dd HH:mm:ss")),
            known => known.flatten(),
        };
        let number = match row.number {
            Some(Number::Integer(number)) => number.to_string(),
            Some(Number::Text(text)) => text,
            None => String::new(),
        };
        let fails = !ctx.state.knows(&person) || ctx.row_fails(&(&person, &row.iot_id, &number));
        match ctx.state.door(&row.iot_id, ctx.now) {
            Some(door) if !fails => {
                door.pins.insert((person, number), Pin { password: row.password, until });
            }
            _ => failed.push(json!({ "iotId": row.iot_id })),
        }
    }
    value(failed)
}
