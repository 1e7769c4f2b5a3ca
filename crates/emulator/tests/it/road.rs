//! The whole road: a person, a code, its rights, a reader; and back.

use std::time::Duration;

use vestibule_emulator::Why;
use vestibule_gateway::endpoint::passwd::modify::{Number, Password};
use vestibule_gateway::endpoint::{answer::CardRight, card, device, keepopen, passwd, qrcode, service, user};
use vestibule_gateway::{GatewayError, NotSent, Outcome};

use crate::world::{World, alice, doors, window};

#[tokio::test]
async fn a_visitor_gets_a_code_and_walks_in() {
    for world in World::everywhere().await {
        let code = world.code_for_alice().await;
        assert_eq!(code.reveal().len(), 16);
        assert_eq!(world.emulator.present("gate", code.reveal()).why, Why::Unknown);

        let answers = world.configure(&window(&code, &["gate", "lobby"])).await;
        assert!(answers.iter().all(|door| door.is_ok()) && answers.len() == 2, "{answers:?}");
        assert_eq!(world.emulator.present("gate", code.reveal()).why, Why::Valid);
        assert_eq!(world.emulator.present("gate", code.reveal()).why, Why::Valid);
        assert_eq!(world.emulator.present("gate", code.reveal()).why, Why::ScansUsedUp);
        assert_eq!(
            world.emulator.present("lobby", code.reveal()).why,
            Why::Valid,
            "each door counts for itself"
        );
        assert_eq!(world.emulator.present("lift", code.reveal()).why, Why::Unknown);

        let params = qrcode::remove::Params {
            qr_code: code.clone(),
            identity_id: alice(),
            iot_ids: doors(&["lobby"]),
        };
        assert!(world.client.send::<qrcode::remove::Remove>(&params).await.unwrap()[0].is_ok());
        assert_eq!(world.emulator.present("lobby", code.reveal()).why, Why::Unknown);
        assert_eq!(world.emulator.door("gate").unwrap().passed, 2);
    }
}

#[tokio::test]
async fn the_window_has_a_first_and_a_last_moment() {
    let world = World::in_process();
    let code = world.code_for_alice().await;
    let mut params = window(&code, &["gate"]);
    params.effective_time = Some("2023-11-15 06:14:20".into());
    world.configure(&params).await;
    world.clock.turn(Duration::from_millis(59_999));
    assert_eq!(world.emulator.present("gate", code.reveal()).why, Why::NotYet);
    world.clock.turn(Duration::from_millis(1));
    assert_eq!(world.emulator.present("gate", code.reveal()).why, Why::Valid);
    world.clock.turn(Duration::from_secs(13 * 3600 + 45 * 60 + 40) - Duration::from_millis(1));
    assert_eq!(world.emulator.present("gate", code.reveal()).why, Why::Valid);
    world.clock.turn(Duration::from_millis(1));
    assert_eq!(world.emulator.present("gate", code.reveal()).why, Why::Expired);
}

#[tokio::test]
async fn a_press_opens_once_and_a_late_one_never() {
    for world in World::everywhere().await {
        let open = service::invoke::Params::remote_open("gate".to_owned().into_door());
        world.client.send_now::<service::invoke::Invoke>(&open, world.soon()).await.unwrap();
        assert_eq!(world.emulator.door("gate").unwrap().opened, 1);

        let late =
            world.client.send_now::<service::invoke::Invoke>(&open, world.clock_now()).await.unwrap_err();
        assert_eq!(late.outcome(), Outcome::NotSent);
        let wrong_way = world.client.send::<service::invoke::Invoke>(&open).await.unwrap_err();
        assert_eq!(wrong_way.outcome(), Outcome::NotSent);
        assert_eq!(world.emulator.door("gate").unwrap().opened, 1);
    }
}

#[tokio::test]
async fn a_raw_call_takes_the_same_way() {
    for world in World::everywhere().await {
        let open = serde_json::json!({"identifier": "remoteOpen", "iotId": "gate", "args": {}});
        let hold = |keep_open: bool| serde_json::json!({"iotId": "gate", "keepOpen": keep_open});
        let wrong_way = GatewayError::NotSent(NotSent::WrongWay);
        for path in ["door-open", "/cloud/thing/service/invoke", "/cloud/thing/service/Invoke/"] {
            assert_eq!(world.client.call(path, open.clone()).await.unwrap_err(), wrong_way, "{path}");
            let late = world.client.call_now(path, open.clone(), world.clock_now()).await.unwrap_err();
            assert_eq!(late, GatewayError::NotSent(NotSent::TooLate), "{path}");
        }
        assert_eq!(world.client.call("keepopen-set", hold(true)).await.unwrap_err(), wrong_way);
        let close_now = world.client.call_now("keepopen-set", hold(false), world.soon()).await.unwrap_err();
        assert_eq!(close_now, wrong_way);
        // Parameters that nobody understands at the path of a door.
        assert_eq!(world.client.call("door-open", serde_json::json!({})).await.unwrap_err(), wrong_way);
        for path in [
            "/cloud/thing/service/invoke?",
            "/cloud//thing/service/invoke",
            "/x/../cloud/thing/service/invoke",
        ] {
            let error = world.client.call(path, open.clone()).await.unwrap_err();
            assert_eq!(error, GatewayError::NotSent(NotSent::Malformed), "{path}");
        }
        assert_eq!((world.emulator.door("gate").unwrap().opened, world.emulator.call_count()), (0, 0));
        let answer = world.client.call_now("door-open", open, world.soon()).await.unwrap();
        assert_eq!((answer.code, world.emulator.door("gate").unwrap().opened), (200, 1));
    }
}

#[tokio::test]
async fn holding_open_is_now_or_never_and_closing_may_be_repeated() {
    for world in World::everywhere().await {
        let set = |keep_open| keepopen::set::Params { iot_id: "gate".to_owned().into_door(), keep_open };
        let get = keepopen::get::Params { iot_id: "gate".to_owned().into_door() };
        assert!(world.client.send::<keepopen::set::Set>(&set(true)).await.is_err());
        world.client.send_now::<keepopen::set::Set>(&set(true), world.soon()).await.unwrap();
        assert!(world.client.send::<keepopen::get::Get>(&get).await.unwrap());
        assert_eq!(world.emulator.present("gate", "anything").why, Why::KeptOpen);
        world.client.send::<keepopen::set::Set>(&set(false)).await.unwrap();
        assert!(!world.client.send::<keepopen::get::Get>(&get).await.unwrap());
    }
}

#[tokio::test]
async fn people_are_listed_changed_and_removed() {
    for world in World::everywhere().await {
        world.add_alice().await;
        let me = user::get::Params { identity_id: alice() };
        let found = world.client.send::<user::get::Get>(&me).await.unwrap().unwrap();
        assert_eq!((found.name.as_deref(), found.ext_info), (Some("访客-50AC"), None));
        let page = user::query::Params { page_size: 10, page_no: 1 };
        let page = world.client.send::<user::query::Query>(&page).await.unwrap();
        assert_eq!((page.total, page.data.len()), (Some(1), 1));
        world
            .client
            .send::<user::delete::Delete>(&user::delete::Params { identity_id: alice() })
            .await
            .unwrap();
        assert_eq!(world.client.send::<user::get::Get>(&me).await.unwrap(), None);
    }
}

#[tokio::test]
async fn cards_and_pins_are_set_and_read_back() {
    for world in World::everywhere().await {
        world.add_alice().await;
        let row = |card: &str| CardRight {
            iot_id: "gate".to_owned().into_door(),
            expiry_time: Some("2023-11-15 20:00:00".into()),
            card_id: card.into(),
            identity_id: alice(),
        };
        let cards = card::batchmodify::Params { cards: vec![row("one"), row("two")] };
        assert_eq!(world.client.send::<card::batchmodify::BatchModify>(&cards).await.unwrap(), vec![]);
        let ask = user::perm_query::Params { identity_id: alice(), iot_ids: doors(&["gate", "lobby"]) };
        let rights = world.client.send::<user::perm_query::PermQuery>(&ask).await.unwrap().unwrap();
        assert_eq!(rights.data, cards.cards);
        let ask =
            device::perm_query::Params { iot_id: "gate".to_owned().into_door(), page_size: 1, page_no: 2 };
        let page = world.client.send::<device::perm_query::PermQuery>(&ask).await.unwrap();
        assert_eq!((page.total, page.data), (Some(2), vec![row("two")]));

        let pin = Password {
            identity_id: alice(),
            iot_id: "gate".to_owned().into_door(),
            password: "246810".into(),
            number: Some(Number::Text("030".into())),
            expired_date: Some("2023-11-15 20:00:00".into()),
        };
        let elsewhere = Password { iot_id: "no such door".to_owned().into_door(), ..pin.clone() };
        let params = passwd::modify::Params { passwords: vec![pin, elsewhere] };
        let failed = world.client.send::<passwd::modify::Modify>(&params).await.unwrap();
        assert_eq!(failed, doors(&["no such door"]));

        // Removing one card takes the person's other card at that door as well.
        let list = vec![card::batchdelete::CardAtDoor {
            identity_id: alice(),
            iot_id: "gate".to_owned().into_door(),
            card_id: "one".into(),
        }];
        let params = card::batchdelete::Params { list };
        assert_eq!(world.client.send::<card::batchdelete::BatchDelete>(&params).await.unwrap(), vec![]);
        assert_eq!(world.emulator.door("gate").unwrap().cards, 0);
        assert_eq!(world.emulator.door("gate").unwrap().pins, 1);
    }
}

#[tokio::test]
async fn the_old_call_makes_a_code_that_is_live_at_once() {
    let world = World::in_process();
    world.add_alice().await;
    let mut params = qrcode::perm_generate::Params {
        iot_ids: doors(&["gate"]),
        identity_id: alice(),
        expiry_time: "2023-11-16 06:13:20".into(),
        effective_time: None,
    };
    let code = world.client.send::<qrcode::perm_generate::PermGenerate>(&params).await.unwrap();
    assert!(world.emulator.present("gate", code.reveal()).accepted);
    params.expiry_time = "2023-11-16 06:13:21".into();
    let error = world.client.send::<qrcode::perm_generate::PermGenerate>(&params).await.unwrap_err();
    assert!(matches!(error, GatewayError::Limit(_)), "{error:?}");
}

pub(crate) trait IntoDoor {
    fn into_door(self) -> vestibule_domain::DoorId;
}

impl IntoDoor for String {
    fn into_door(self) -> vestibule_domain::DoorId {
        vestibule_domain::DoorId(self)
    }
}

impl World {
    fn clock_now(&self) -> vestibule_domain::Monotonic {
        vestibule_domain::Clock::monotonic(&*self.clock)
    }
}
