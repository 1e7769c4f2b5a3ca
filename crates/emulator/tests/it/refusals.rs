//! Every refusal of the gateway, as our client understands it.

use std::time::Duration;

use http::HeaderMap;
use vestibule_domain::UtcMillis;
use vestibule_emulator::{Behaviour, FaultKind, Trouble};
use vestibule_gateway::endpoint::user;
use vestibule_gateway::signature::{self, Profile};
use vestibule_gateway::{
    Client, Credential, GatewayError, NotSent, Options, Outcome, Rejected, Rejection, Request, WhatNow,
};

use crate::world::{KEY, START, World, alice, credential};

fn rejected(error: GatewayError) -> Rejected {
    match error {
        GatewayError::Rejected(rejected) => *rejected,
        other => panic!("not rejected: {other:?}"),
    }
}

async fn ask(client: &Client) -> Result<(), GatewayError> {
    client.send::<user::get::Get>(&user::get::Params { identity_id: alice() }).await.map(|_| ())
}

#[tokio::test]
async fn a_wrong_secret_is_named_and_never_shown() {
    for world in World::everywhere().await {
        let credential = Credential::new(KEY, "another secret".into());
        let client =
            Client::new(world.emulator.transport(), credential, world.clock.clone(), Options::default());
        let rejected = rejected(ask(&client).await.unwrap_err());
        assert_eq!((rejected.kind, rejected.status), (Rejection::Signature, 400));
        assert_eq!(rejected.message, "Invalid Signature");
        assert_eq!(
            rejected.signature_difference.as_deref(),
            Some("both sides signed the same text: the AppSecret is wrong")
        );
    }
}

#[tokio::test]
async fn an_unknown_key_is_refused() {
    let world = World::in_process();
    let credential = Credential::new("1", "x".into());
    let client = Client::new(world.emulator.transport(), credential, world.clock.clone(), Options::default());
    let error = ask(&client).await.unwrap_err();
    assert_eq!(error.what_now(), WhatNow::Never);
    assert_eq!((rejected(error.clone()).kind, error.outcome()), (Rejection::Key, Outcome::Rejected));
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_once_and_shown() {
    for world in World::everywhere().await {
        // This PC is an hour ahead.
        let ahead =
            std::sync::Arc::new(vestibule_domain::TurnedClock::at(START.plus(Duration::from_secs(3600))));
        let client = world.client_at(ahead);
        assert_eq!(client.skew(), None);
        ask(&client).await.unwrap();
        ask(&client).await.unwrap();
        assert_eq!(client.skew().unwrap().millis, 3_599_500);
        let paths: Vec<_> = world.emulator.calls().iter().map(|call| call.rejected.clone()).collect();
        assert_eq!(paths, [Some("Timestamp Expired".into()), None, None]);
    }
}

#[tokio::test]
async fn a_wrong_date_does_not_lead_the_clock_astray() {
    for world in World::everywhere().await {
        let wrong = FaultKind::WrongDate { offset_ms: 7_200_000 }.always();
        world.emulator.set_trouble(Trouble::none().and(wrong));
        ask(&world.client).await.unwrap();
        assert_eq!(world.client.skew().unwrap().millis, -7_200_500);
        ask(&world.client).await.unwrap();
        assert_eq!(world.emulator.call_count(), 2);
    }
}

#[tokio::test]
async fn a_gateway_whose_clock_is_wrong_is_followed() {
    for world in World::everywhere().await {
        let wrong = FaultKind::WrongClock { offset_ms: 3_600_000 }.always();
        world.emulator.set_trouble(Trouble::none().and(wrong));
        ask(&world.client).await.unwrap();
        ask(&world.client).await.unwrap();
        assert_eq!(world.client.skew().unwrap().millis, -3_600_500);
        let refused: Vec<_> = world.emulator.calls().iter().map(|call| call.rejected.clone()).collect();
        assert_eq!(refused, [Some("Timestamp Expired".into()), None, None]);
    }
}

#[tokio::test]
async fn a_now_or_never_call_is_not_repeated_for_the_clock() {
    let world = World::in_process();
    let ahead = std::sync::Arc::new(vestibule_domain::TurnedClock::at(START.plus(Duration::from_secs(3600))));
    let client = Client::new(world.emulator.transport(), credential(), ahead, Options::default());
    let open = vestibule_gateway::endpoint::service::invoke::Params::remote_open(vestibule_domain::DoorId(
        "gate".into(),
    ));
    let send =
        || client.send_now::<vestibule_gateway::endpoint::service::invoke::Invoke>(&open, world.soon());
    let error = send().await.unwrap_err();
    assert_eq!((error.what_now(), world.emulator.call_count()), (WhatNow::FixClock, 1));
    send().await.unwrap();
    assert_eq!(world.emulator.door("gate").unwrap().opened, 1);
}

/// A request as the client signs it, to be damaged.
fn signed(time: UtcMillis, nonce: &str) -> Request {
    let body =
        br#"{"id":"1","version":"1.0","request":{"apiVer":"1.0.0"},"params":{"pageSize":1,"pageNo":1}}"#;
    let path = "/entrance/paas/user/query";
    let headers =
        signature::sign_request(&credential(), path, body, &Profile { stage: "RELEASE", time, nonce });
    Request { path: path.into(), headers: headers.unwrap(), body: body.as_slice().into(), last_look: None }
}

async fn raw(world: &World, request: Request) -> (u16, String, String) {
    let reply = world.emulator.transport().send(request).await.unwrap();
    let header = |headers: &HeaderMap, name| {
        headers.get(name).map_or("", |v: &http::HeaderValue| v.to_str().unwrap()).to_owned()
    };
    (reply.status, header(&reply.headers, "x-ca-error-message"), header(&reply.headers, "x-ca-error-code"))
}

#[tokio::test]
async fn damaged_requests_get_the_documented_refusals() {
    let world = World::in_process();
    let refused = |status, message: &str, code: &str| (status, message.to_owned(), code.to_owned());
    assert_eq!(raw(&world, signed(START, "a")).await, refused(200, "", ""));
    assert_eq!(raw(&world, signed(START, "a")).await, refused(400, "Nonce Used", ""));
    let old = UtcMillis(START.0 - 15 * 60 * 1000 - 1);
    assert_eq!(raw(&world, signed(old, "b")).await, refused(400, "Timestamp Expired", ""));
    let edge = UtcMillis(START.0 - 15 * 60 * 1000);
    assert_eq!(raw(&world, signed(edge, "c")).await, refused(200, "", ""));

    let mut other_body = signed(START, "d");
    other_body.body = "{}".into();
    assert_eq!(raw(&world, other_body).await, refused(400, "Invalid Content-MD5", "I400I5"));
    let mut unsigned = signed(START, "e");
    unsigned.headers.remove("x-ca-signature");
    assert_eq!(raw(&world, unsigned).await, refused(401, "Empty Signature", ""));
    let mut no_time = signed(START, "f");
    no_time.headers.insert("x-ca-timestamp", "soon".parse().unwrap());
    assert_eq!(raw(&world, no_time).await, refused(400, "Invalid Timestamp", ""));
    let mut stage = signed(START, "g");
    stage.headers.insert("x-ca-stage", "MAIN".parse().unwrap());
    assert_eq!(raw(&world, stage).await, refused(400, "Invalid Stage", "I400SG"));
    let mut path = signed(START, "h");
    path.path = "/entrance/paas/user/nothing".into();
    assert_eq!(raw(&world, path).await, refused(404, "API not found", "I404NF"));
    let mut large = signed(START, "i");
    large.body = vec![b' '; 8 * 1024 * 1024 + 1].into();
    assert_eq!(raw(&world, large).await, refused(413, "Request body too Large", "I413RL"));

    let mut changed = signed(START, "j");
    changed.headers.insert("x-ca-stage", "TEST".parse().unwrap());
    let (status, message, _) = raw(&world, changed).await;
    assert_eq!(status, 400);
    assert!(
        message.starts_with("Invalid Signature, Server StringToSign:`POST#application/json; charset=utf-8#"),
        "{message}"
    );
    assert!(
        message.ends_with("#x-ca-stage:TEST#x-ca-timestamp:1700000000000#/entrance/paas/user/query`"),
        "{message}"
    );
}

/// The Java client can be told to sign with SHA-1. The signature was made with Python's `hmac`.
#[tokio::test]
async fn the_older_way_of_signing_is_taken_when_it_is_named() {
    let world = World::in_process();
    let mut older = signed(START, "sha-1");
    older.headers.insert("x-ca-signature-method", "HmacSHA1".parse().unwrap());
    older.headers.insert("x-ca-signature", "cqQcyuUQ8p2cCBJAoAKzgN/aQ9g=".parse().unwrap());
    assert_eq!(raw(&world, older.clone()).await.0, 200);
    older.headers.insert("x-ca-signature-method", "HmacSHA256".parse().unwrap());
    assert_eq!(raw(&world, older).await.0, 400);
}

#[tokio::test]
async fn an_ungranted_call_and_throttling_are_told_apart() {
    for world in World::everywhere().await {
        world.emulator.set_granted(Some(vec![]));
        assert_eq!(rejected(ask(&world.client).await.unwrap_err()).kind, Rejection::NotGranted);
        world.emulator.set_granted(None);
        for (code, retry_after) in [("T429PR", None), ("T429IN", Some(9))] {
            let fault = FaultKind::Throttled { code: code.into(), retry_after }.times(1);
            world.emulator.set_trouble(Trouble::none().and(fault));
            let error = ask(&world.client).await.unwrap_err();
            assert_eq!(error.what_now(), WhatNow::RetryLater(retry_after.map(Duration::from_secs)));
            assert_eq!(rejected(error).code.as_deref(), Some(code));
            ask(&world.client).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_wrong_version_is_refused_by_the_service() {
    let world = World::in_process();
    let params = serde_json::json!({"pageSize": 1, "pageNo": 1});
    let answer =
        world.client.call_version("/entrance/paas/user/query", "9.9.9", params.clone()).await.unwrap();
    assert_eq!(answer.code, 404);
    let answer = world.client.call("user-query", params).await.unwrap();
    assert_eq!((answer.code, answer.json().unwrap()["data"]["total"].clone()), (200, 0.into()));
}

#[tokio::test]
async fn a_cloud_token_is_fetched_kept_and_renewed_once() {
    let world = World::in_process();
    world.emulator.require_token(true);
    let error = ask(&world.client).await.unwrap_err();
    assert!(matches!(&error, GatewayError::Refused(refusal) if refusal.code == 401), "{error:?}");
    let options = Options { cloud_project: Some("a123".into()), ..Options::default() };
    let client = Client::new(world.emulator.transport(), credential(), world.clock.clone(), options);
    ask(&client).await.unwrap();
    ask(&client).await.unwrap();
    world.emulator.revoke_token();
    ask(&client).await.unwrap();
    let fetched = world.emulator.calls().iter().filter(|call| call.path == "/cloud/token").count();
    assert_eq!(fetched, 2);
    world.emulator.set_trouble(Trouble::down());
    assert_eq!(ask(&client).await, Err(GatewayError::NotSent(NotSent::Connect)));
}

#[tokio::test]
async fn codes_of_others_can_be_refused() {
    let world = World::in_process();
    world.add_alice().await;
    world.emulator.set_behaviour(Behaviour { foreign_codes: false, ..Behaviour::default() });
    let code = vestibule_domain::PassCode::from_service("MADEATHOME".into());
    let params = crate::world::window(&code, &["gate"]);
    let error =
        world.client.send::<vestibule_gateway::endpoint::qrcode::config::Config>(&params).await.unwrap_err();
    assert!(matches!(&error, GatewayError::Refused(refusal) if refusal.code == 460), "{error:?}");
}
