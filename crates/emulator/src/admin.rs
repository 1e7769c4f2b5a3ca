//! The pages and calls under `/_emulator`: for tests and for a person who watches.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::config::Behaviour;
use crate::doors::{DoorSettings, DoorState};
use crate::emulator::Emulator;
use crate::readers::{Credential, ReaderAnswer};
use crate::trouble::Trouble;

pub(crate) fn routes(_emulator: Emulator) -> Router<Emulator> {
    Router::new()
        .route("/_emulator", get(page))
        .route("/_emulator/", get(page))
        .route("/_emulator/doors", get(doors))
        .route("/_emulator/door", post(set_door))
        .route("/_emulator/calls", get(calls))
        .route("/_emulator/present", post(present))
        .route("/_emulator/trouble", get(trouble).post(set_trouble))
        .route("/_emulator/behaviour", get(behaviour).post(set_behaviour))
        .route("/_emulator/holders", get(holders))
        .route("/_emulator/granted", post(set_granted))
}

async fn page() -> Response {
    let headers = [
        ("content-type", "text/html; charset=utf-8"),
        (
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
        ),
    ];
    (headers, include_str!("page.html")).into_response()
}

async fn doors(State(emulator): State<Emulator>) -> Json<Vec<DoorState>> {
    Json(emulator.doors())
}

async fn calls(State(emulator): State<Emulator>) -> Json<Value> {
    Json(json!({ "count": emulator.call_count(), "calls": emulator.calls() }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Presented {
    iot_id: String,
    #[serde(flatten)]
    what: Credential,
}

async fn present(State(emulator): State<Emulator>, Json(presented): Json<Presented>) -> Json<ReaderAnswer> {
    Json(emulator.present_any(&presented.iot_id, &presented.what))
}

async fn trouble(State(emulator): State<Emulator>) -> Json<Trouble> {
    Json(emulator.trouble())
}

async fn set_trouble(State(emulator): State<Emulator>, Json(trouble): Json<Trouble>) -> Json<Trouble> {
    emulator.set_trouble(trouble);
    Json(emulator.trouble())
}

async fn behaviour(State(emulator): State<Emulator>) -> Json<Behaviour> {
    Json(emulator.behaviour())
}

async fn set_behaviour(
    State(emulator): State<Emulator>,
    Json(behaviour): Json<Behaviour>,
) -> Json<Behaviour> {
    emulator.set_behaviour(behaviour);
    Json(emulator.behaviour())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DoorChange {
    iot_id: String,
    /// Adds or renames the door.
    name: Option<String>,
    /// Replaces its settings; fields that are left out go back to what a door begins with.
    settings: Option<DoorSettings>,
}

async fn set_door(State(emulator): State<Emulator>, Json(change): Json<DoorChange>) -> Response {
    if let Some(name) = &change.name {
        emulator.add_door(&change.iot_id, name);
    }
    let known = change.settings.is_none_or(|settings| emulator.set_door(&change.iot_id, settings));
    match emulator.door(&change.iot_id).filter(|_| known) {
        Some(door) => Json(door).into_response(),
        None => (StatusCode::NOT_FOUND, Json(json!({ "error": "no such door" }))).into_response(),
    }
}

#[derive(Deserialize)]
struct Granted {
    paths: Option<Vec<String>>,
}

async fn set_granted(State(emulator): State<Emulator>, Json(granted): Json<Granted>) -> StatusCode {
    emulator.set_granted(granted.paths);
    StatusCode::NO_CONTENT
}

/// Who holds what: the QR codes, cards and PINs of each door, at most 200 a door of each kind. Of a PIN only its number.
async fn holders(State(emulator): State<Emulator>) -> Json<Value> {
    let mut shared = emulator.lock();
    let now = emulator.now();
    let state = &mut shared.state;
    state.doors.iter_mut().for_each(|door| door.catch_up(now));
    let zone = state.zone.clone();
    let doors = state.doors.iter().map(|door| {
        let codes = door.codes.iter().take(200).map(|(code, right)| {
            json!({
                "code": code,
                "identityId": right.identity_id,
                "name": state.people.get(&right.identity_id).map(|person| &person.name),
                "from": zone.wall(right.from),
                "until": right.until.map(|until| zone.wall(until)),
                "scans": right.scans,
                "scanned": door.scans.get(code).copied().unwrap_or(0),
                "atReader": door.at_reader.get(code) == Some(right),
            })
        });
        let name = |person: &String| state.people.get(person).map(|person| &person.name);
        let cards = door.cards.range(..).take(200).map(|((person, card), until)| {
            json!({ "cardId": card, "identityId": person, "name": name(person), "until": until })
        });
        let pins = door.pins.iter().take(200).map(|((person, number), pin)| {
            let until = pin.until.map(|until| zone.wall(until));
            json!({ "number": number, "identityId": person, "name": name(person), "until": until })
        });
        json!({
            "iotId": door.iot_id,
            "name": door.name,
            "codes": codes.collect::<Vec<_>>(),
            "cards": cards.collect::<Vec<_>>(),
            "pins": pins.collect::<Vec<_>>(),
        })
    });
    Json(Value::Array(doors.collect()))
}
