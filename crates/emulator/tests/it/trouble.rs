//! Every fault, in process, over a socket and over TLS: the same outcome, and never a second sending.

use vestibule_domain::DoorId;
use vestibule_emulator::{Fault, FaultKind, Trouble};
use vestibule_gateway::endpoint::service::invoke::{Invoke, Params};
use vestibule_gateway::endpoint::{ENDPOINTS, answer::CardRight, card, user};
use vestibule_gateway::signature::{self, Profile};
use vestibule_gateway::{Doubt, GatewayError, Outcome, Rejection};

use crate::world::{ALICE, START, World, alice, any_call, credential, window};

/// The fault, what the client must make of it, and how often the door opened.
fn faults() -> Vec<(FaultKind, Result<(), Outcome>, u64)> {
    let status = |status, code: &str, message: &str| FaultKind::Status {
        status,
        code: code.into(),
        message: message.into(),
    };
    let unknown = Err(Outcome::Ambiguous);
    vec![
        (FaultKind::LoseAnswer, unknown, 1),
        (FaultKind::LoseRequest, unknown, 0),
        (FaultKind::CutRequest { at: 1 }, unknown, 0),
        (FaultKind::CutRequest { at: 40 }, unknown, 0),
        (FaultKind::CutAnswer { at: 0 }, unknown, 1),
        (FaultKind::CutAnswer { at: 20 }, unknown, 1),
        (FaultKind::ResetRequest { at: 1 }, unknown, 0),
        (FaultKind::ResetRequest { at: 300 }, unknown, 0),
        (FaultKind::ResetAnswer { at: 0 }, unknown, 1),
        (FaultKind::ResetAnswer { at: 40 }, unknown, 1),
        (FaultKind::ResetAnswer { at: 250 }, unknown, 1),
        (FaultKind::Drip { bytes: 9, ms: 2 }, Ok(()), 1),
        (FaultKind::Slow { ms: 30 }, Ok(()), 1),
        (FaultKind::Twice, Ok(()), 2),
        (FaultKind::AnswerTwice, Ok(()), 1),
        (FaultKind::LoginPage, unknown, 0),
        (FaultKind::BrokenJson, unknown, 0),
        (FaultKind::Huge { bytes: 2_000_000 }, unknown, 0),
        (FaultKind::Compressed, unknown, 0),
        (FaultKind::Envelope { code: 20056, message: "gateway.hsf.invoke.timeout".into() }, unknown, 0),
        (FaultKind::Envelope { code: 12345, message: "what".into() }, Err(Outcome::Refused), 0),
        (status(502, "D502FC", "Failed To Invoke Backend Service"), unknown, 0),
        (status(503, "", ""), unknown, 0),
        (status(302, "", ""), unknown, 0),
        (status(407, "", ""), unknown, 0),
        (status(403, "B403MQ", "Quota Exhausted"), Err(Outcome::Rejected), 0),
        (status(403, "", "Throttled by USER Flow Control"), Err(Outcome::Rejected), 0),
        (status(400, "", "Nonce Used"), unknown, 0),
        (FaultKind::RefuseDoors { iot_ids: vec!["gate".into()], code: 6221 }, Err(Outcome::Refused), 0),
    ]
}

/// The first bytes of a connection with TLS are the handshake: cut there, nothing was sent for certain. Cut at its end,
/// it depends on who is quicker whether anything was.
fn on_this_road(
    world: &World,
    kind: &FaultKind,
    expected: Result<(), Outcome>,
    outcome: Result<(), Outcome>,
) -> Result<(), Outcome> {
    match kind {
        FaultKind::CutRequest { at } | FaultKind::ResetRequest { at } if world.road() == "over TLS" => {
            let either = *at >= 200 && outcome == Err(Outcome::Ambiguous);
            Err(if either { Outcome::Ambiguous } else { Outcome::NotSent })
        }
        _ => expected,
    }
}

#[tokio::test]
async fn a_press_meets_every_fault_and_is_never_sent_twice() {
    for world in World::everywhere().await {
        let open = Params::remote_open(DoorId("gate".into()));
        for (kind, expected, opened) in faults() {
            let before = (world.emulator.door("gate").unwrap().opened, world.emulator.call_count());
            world.emulator.set_trouble(Trouble::none().and(kind.clone().times(1)));
            let outcome =
                world.client.send_now::<Invoke>(&open, world.soon()).await.map_err(|error| error.outcome());
            let over = world.road();
            let expected = on_this_road(&world, &kind, expected, outcome);
            assert_eq!(outcome, expected, "{kind:?} {over}");
            assert_eq!(world.emulator.door("gate").unwrap().opened - before.0, opened, "{kind:?} {over}");
            assert!(world.emulator.call_count() - before.1 <= 1, "{kind:?} {over} was sent twice");
            assert_eq!(world.emulator.trouble(), Trouble::none(), "{kind:?} {over}");
        }
    }
}

/// Parameters that succeed for Alice at the gate.
fn params(name: &str) -> serde_json::Value {
    use serde_json::json;
    let until = "2023-11-15 20:00:00";
    match name {
        "user-modify" => json!({"identityId": ALICE, "name": "访客"}),
        "user-query" => json!({"pageSize": 10, "pageNo": 1}),
        "device-perm" => json!({"iotId": "gate", "pageSize": 10, "pageNo": 1}),
        "card-set" => {
            json!({"cards": [{"identityId": ALICE, "iotId": "gate", "cardId": "c", "expiryTime": until}]})
        }
        "card-delete" => json!({"list": [{"identityId": ALICE, "iotId": "gate", "cardId": "c"}]}),
        "user-perm" => json!({"identityId": ALICE, "iotIds": ["gate"]}),
        "keepopen-get" => json!({"iotId": "gate"}),
        "keepopen-set" => json!({"iotId": "gate", "keepOpen": true}),
        "qrcode-config" | "qrcode-remove" => {
            json!({"qrCode": "24DD9END8CD3", "identityId": ALICE, "iotIds": ["gate"], "expiryTime": until})
        }
        "qrcode-old" => json!({"identityId": ALICE, "iotIds": ["gate"], "expiryTime": until}),
        "passwd-modify" => {
            json!({"passwords": [{"identityId": ALICE, "iotId": "gate", "password": "1", "expiredDate": until}]})
        }
        "door-open" => json!({"identifier": "remoteOpen", "iotId": "gate", "args": {}}),
        _ => json!({"identityId": ALICE}),
    }
}

/// Every call meets every fault: the outcome is classed alike, and nothing is ever sent twice.
#[tokio::test]
async fn all_sixteen_calls_meet_every_fault() {
    for world in World::everywhere().await {
        for entry in &ENDPOINTS {
            for (kind, expected, _) in faults() {
                if matches!(kind, FaultKind::RefuseDoors { .. }) {
                    continue;
                }
                world.emulator.set_trouble(Trouble::none());
                world.add_alice().await;
                let before = world.emulator.call_count();
                world.emulator.set_trouble(Trouble::none().and(kind.clone().times(1)));
                // A connection that stands already cannot lose its first bytes: a client without any.
                let client = world.fresh_client();
                let outcome = match any_call(&client, entry.path, params(entry.name), world.soon()).await {
                    Ok(answer) if answer.code == 200 => Ok(()),
                    Ok(answer) => Err(GatewayError::Refused(Box::new(answer.refusal())).outcome()),
                    Err(error) => Err(error.outcome()),
                };
                let over = world.road();
                let expected = on_this_road(&world, &kind, expected, outcome);
                assert_eq!(outcome, expected, "{} {kind:?} {over}", entry.name);
                assert!(
                    world.emulator.call_count() - before <= 1,
                    "{} {kind:?} {over} was sent twice",
                    entry.name
                );
                assert_eq!(world.emulator.trouble(), Trouble::none(), "{} {kind:?} {over}", entry.name);
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_is_unknown() {
    for world in [World::over_http().await, World::over_tls().await] {
        world.emulator.set_trouble(Trouble::none().and(FaultKind::Stall.times(1)));
        let open = Params::remote_open(DoorId("gate".into()));
        let error = world.client.send_now::<Invoke>(&open, world.soon()).await.unwrap_err();
        assert_eq!(error, GatewayError::Ambiguous(Doubt::Timeout));
        assert_eq!(world.emulator.door("gate").unwrap().opened, 1);
    }
}

#[tokio::test]
async fn a_network_that_is_gone_sends_nothing() {
    let world = World::in_process();
    world.emulator.set_trouble(Trouble::down());
    let params = user::get::Params { identity_id: alice() };
    let error = world.client.send::<user::get::Get>(&params).await.unwrap_err();
    assert_eq!((error.outcome(), world.emulator.call_count()), (Outcome::NotSent, 0));

    // Nobody listens any more.
    let mut world = World::over_http().await;
    world.server.take().unwrap().stop().await;
    let error = world.client.send::<user::get::Get>(&params).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
}

#[tokio::test]
async fn one_door_of_three_refuses() {
    for world in World::everywhere().await {
        let code = world.code_for_alice().await;
        let fault =
            FaultKind::RefuseDoors { iot_ids: vec!["lobby".into()], code: 6205 }.always().on("qrcode/config");
        world.emulator.set_trouble(Trouble::none().and(fault));
        let answers = world.configure(&window(&code, &["gate", "lobby", "lift"])).await;
        assert_eq!(answers.iter().map(|door| door.code).collect::<Vec<_>>(), [200, 6205, 200]);
        assert!(!world.emulator.present("lobby", code.reveal()).accepted);
    }
}

#[tokio::test]
async fn chosen_rows_of_a_batch_fail_once() {
    for world in World::everywhere().await {
        world.add_alice().await;
        let cards: Vec<_> = (0..1000)
            .map(|n| CardRight {
                iot_id: DoorId("gate".into()),
                expiry_time: None,
                card_id: format!("card {n}"),
                identity_id: alice(),
            })
            .collect();
        let params = card::batchmodify::Params { cards };
        world
            .emulator
            .set_trouble(Trouble::none().and(FaultKind::FailRows { rows_permille: 50, once: true }.always()));
        let failed = world.client.send::<card::batchmodify::BatchModify>(&params).await.unwrap();
        assert!((20..100).contains(&failed.len()), "{}", failed.len());
        assert_eq!(world.emulator.door("gate").unwrap().cards, 1000 - failed.len());
        assert_eq!(world.client.send::<card::batchmodify::BatchModify>(&params).await.unwrap(), vec![]);
    }
}

#[tokio::test]
async fn chance_is_repeatable_by_seed() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let world = World::in_process();
        let fault = Fault {
            permille: Some(300),
            ..FaultKind::Status { status: 503, code: String::new(), message: String::new() }.always()
        };
        world.emulator.set_trouble(Trouble::none().and(fault));
        let mut run = Vec::new();
        for _ in 0..40 {
            let params = user::get::Params { identity_id: alice() };
            run.push(world.client.send::<user::get::Get>(&params).await.is_ok());
        }
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].contains(&true) && runs[0].contains(&false));
}

#[tokio::test]
async fn faults_count_wait_and_combine() {
    let world = World::in_process();
    let throttled = FaultKind::Throttled { code: "T429PR".into(), retry_after: None };
    let script = Trouble::none()
        .and(throttled.times(2).on("user/get").after(1))
        .and(FaultKind::Slow { ms: 1 }.always());
    // The script as it would come over HTTP.
    let script = serde_json::from_value(serde_json::to_value(script).unwrap()).unwrap();
    world.emulator.set_trouble(script);
    world.add_alice().await;
    let params = user::get::Params { identity_id: alice() };
    let mut outcomes = Vec::new();
    for _ in 0..4 {
        outcomes.push(match world.client.send::<user::get::Get>(&params).await {
            Ok(_) => "ok",
            Err(GatewayError::Rejected(rejected)) if matches!(rejected.kind, Rejection::Throttled(_)) => {
                "throttled"
            }
            Err(_) => "other",
        });
    }
    assert_eq!(outcomes, ["ok", "throttled", "throttled", "ok"]);
    assert_eq!(world.emulator.calls().last().unwrap().trouble, ["slow"]);
}

/// Sends a whole signed request by hand and gives all that comes back, and how it ended.
async fn by_hand(world: &World, parts: usize) -> (Vec<u8>, std::io::Result<usize>) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let address = world.server.as_ref().unwrap().address();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let body = br#"{"id":"1","version":"1.0","request":{"apiVer":"1.0.0"},"params":{"identityId":"nobody"}}"#;
    let profile = Profile { stage: "RELEASE", time: START, nonce: "n" };
    let headers = signature::sign_request(&credential(), "/entrance/paas/user/get", body, &profile).unwrap();
    let mut request =
        format!("POST /entrance/paas/user/get HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in &headers {
        request.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    let request = [request.as_bytes(), b"\r\n", body].concat();
    stream.write_all(&request).await.unwrap();
    let mut got = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let wait = std::time::Duration::from_millis(1000);
        match tokio::time::timeout(wait, stream.read(&mut buffer)).await {
            Ok(Ok(0)) => return (got, Ok(0)),
            Ok(Ok(size)) => got.extend_from_slice(&buffer[..size]),
            Ok(Err(error)) => return (got, Err(error)),
            Err(_) => panic!("the connection stands still"),
        }
        if String::from_utf8_lossy(&got).matches(r#""code":200"#).count() == parts {
            return (got, Ok(parts));
        }
    }
}

#[tokio::test]
async fn a_reset_is_a_reset_after_exactly_so_many_bytes() {
    let world = World::over_http().await;
    for at in [0, 1, 17, 200] {
        world.emulator.set_trouble(Trouble::none().and(FaultKind::ResetAnswer { at }.times(1)));
        let (got, end) = by_hand(&world, 1).await;
        assert_eq!((got.len(), end.unwrap_err().kind()), (at, std::io::ErrorKind::ConnectionReset), "{at}");
    }
    world.emulator.set_trouble(Trouble::none().and(FaultKind::ResetRequest { at: 30 }.times(1)));
    let (got, end) = by_hand(&world, 1).await;
    assert_eq!((got.len(), end.unwrap_err().kind()), (0, std::io::ErrorKind::ConnectionReset));
    // The other way to end is a close: no error, just no more bytes.
    world.emulator.set_trouble(Trouble::none().and(FaultKind::LoseAnswer.times(1)));
    let (got, end) = by_hand(&world, 1).await;
    assert_eq!((got.len(), end.unwrap()), (0, 0));
}

#[tokio::test]
async fn an_answer_that_comes_twice_is_not_taken_for_the_next_call() {
    let world = World::over_http().await;
    world.emulator.set_trouble(Trouble::none().and(FaultKind::AnswerTwice.times(1)));
    let (got, _) = by_hand(&world, 2).await;
    let got = String::from_utf8(got).unwrap();
    assert_eq!(got.matches("HTTP/1.1 200 OK").count(), 2, "{got}");
    assert_eq!(got[..got.len() / 2], got[got.len() / 2..], "{got}");

    for world in World::everywhere().await {
        world.add_alice().await;
        let nobody = user::get::Params { identity_id: vestibule_domain::IdentityId("nobody".into()) };
        let me = user::get::Params { identity_id: alice() };
        world.emulator.set_trouble(Trouble::none().and(FaultKind::AnswerTwice.always()));
        let before = world.emulator.call_count();
        for round in 0..50 {
            let found = world.client.send::<user::get::Get>(&me).await;
            assert!(found.as_ref().is_ok_and(Option::is_some), "{round} {}: {found:?}", world.road());
            let found = world.client.send::<user::get::Get>(&nobody).await;
            assert_eq!(found, Ok(None), "{round} {}", world.road());
        }
        assert_eq!(world.emulator.call_count() - before, 100, "{}", world.road());
    }
}
