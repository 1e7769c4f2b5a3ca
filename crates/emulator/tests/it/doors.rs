//! Doors and readers: delays, absence, clocks, shared counts, and what outlives a restart.

use std::time::Duration;

use vestibule_domain::DoorId;
use vestibule_emulator::{DoorSettings, Emulator, RemoteOpen, Why};
use vestibule_gateway::endpoint::qrcode::config::ScanScope;
use vestibule_gateway::endpoint::service::invoke::{Invoke, Params};
use vestibule_gateway::{Client, GatewayError, Options};

use crate::world::{World, config, credential, window};

#[tokio::test]
async fn a_reader_hears_of_changes_later() {
    let world = World::in_process();
    world.emulator.set_door("gate", DoorSettings { sync_delay_ms: 60_000, ..DoorSettings::default() });
    let code = world.code_for_alice().await;
    world.configure(&window(&code, &["gate"])).await;
    assert_eq!(world.emulator.present("gate", code.reveal()).why, Why::NotYetAtReader);
    world.clock.turn(Duration::from_secs(60));
    assert_eq!(world.emulator.present("gate", code.reveal()).why, Why::Valid);

    // Removed in the cloud, still good at the reader until the next time it is told; for ever while it is away.
    world
        .emulator
        .set_door("gate", DoorSettings { sync_delay_ms: 60_000, online: false, ..DoorSettings::default() });
    let params = vestibule_gateway::endpoint::qrcode::remove::Params {
        qr_code: code.clone(),
        identity_id: crate::world::alice(),
        iot_ids: crate::world::doors(&["gate"]),
    };
    world.client.send::<vestibule_gateway::endpoint::qrcode::remove::Remove>(&params).await.unwrap();
    world.clock.turn(Duration::from_secs(3600));
    assert_eq!(world.emulator.present("gate", code.reveal()).why, Why::Valid);
    world.emulator.set_door("gate", DoorSettings::default());
    assert_eq!(world.emulator.present("gate", code.reveal()).why, Why::Unknown);
}

#[tokio::test]
async fn a_reader_judges_by_its_own_clock() {
    let world = World::in_process();
    let slow = DoorSettings { clock_offset_ms: -120_000, ..DoorSettings::default() };
    world.emulator.set_door("gate", slow);
    let code = world.code_for_alice().await;
    world.configure(&window(&code, &["gate"])).await;
    assert_eq!(world.emulator.present("gate", code.reveal()).why, Why::NotYet);
}

#[tokio::test]
async fn doors_that_share_count_together() {
    let world = World::in_process();
    let code = world.code_for_alice().await;
    let mut params = window(&code, &["gate", "lobby"]);
    params.max_scan_scope = Some(ScanScope::Share);
    world.configure(&params).await;
    assert_eq!(world.emulator.present("gate", code.reveal()).why, Why::Valid);
    assert_eq!(world.emulator.present("lobby", code.reveal()).why, Why::Valid);
    assert_eq!(world.emulator.present("lobby", code.reveal()).why, Why::ScansUsedUp);
}

#[tokio::test]
async fn a_door_that_is_away_refuses_or_opens_late() {
    let world = World::in_process();
    let open = Params::remote_open(DoorId("gate".into()));
    world.emulator.set_door("gate", DoorSettings { online: false, ..DoorSettings::default() });
    let error = world.client.send_now::<Invoke>(&open, world.soon()).await.unwrap_err();
    assert!(matches!(&error, GatewayError::Refused(refusal) if refusal.is_device_offline()), "{error:?}");

    let queued = DoorSettings { online: false, remote_open: RemoteOpen::Queued, ..DoorSettings::default() };
    world.emulator.set_door("gate", queued);
    world.client.send_now::<Invoke>(&open, world.soon()).await.unwrap();
    assert_eq!(world.emulator.door("gate").unwrap().opened, 0);
    world.emulator.set_door("gate", DoorSettings::default());
    assert_eq!(world.emulator.door("gate").unwrap().opened, 1);
}

#[tokio::test]
async fn a_synchronous_door_answers_when_it_has_opened() {
    for world in World::everywhere().await {
        let open = Params::remote_open(DoorId("gate".into()));
        for (round, (remote_open, opens_after_ms)) in
            (1..).zip([(RemoteOpen::Asynchronous, 60_000), (RemoteOpen::Synchronous, 400)])
        {
            let settings = DoorSettings { remote_open, opens_after_ms, ..DoorSettings::default() };
            world.emulator.set_door("gate", settings);
            let begun = tokio::time::Instant::now();
            world.client.send_now::<Invoke>(&open, world.soon()).await.unwrap();
            let opens_after = Duration::from_millis(opens_after_ms);
            let waited = begun.elapsed() >= opens_after;
            assert_eq!(waited, remote_open == RemoteOpen::Synchronous, "{remote_open:?}");
            // The clock of the doors is turned by hand.
            assert_eq!(world.emulator.door("gate").unwrap().opened, round - 1);
            world.clock.turn(opens_after);
            assert_eq!(world.emulator.door("gate").unwrap().opened, round);
        }
    }
}

#[tokio::test]
async fn a_restart_forgets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("emulator.jsonl");
    let mut world = World::in_process();
    let start = |world: &mut World| {
        world.emulator = Emulator::with_data(config(), world.clock.clone(), &file).unwrap();
        let transport = world.emulator.transport();
        world.client = Client::new(transport, credential(), world.clock.clone(), Options::default());
    };
    start(&mut world);
    let code = world.code_for_alice().await;
    world.configure(&window(&code, &["gate"])).await;
    assert!(world.emulator.present("gate", code.reveal()).accepted);
    let open = Params::remote_open(DoorId("lobby".into()));
    world.client.send_now::<Invoke>(&open, world.soon()).await.unwrap();
    world.emulator.add_door("side", "Side door");
    world.emulator.set_door("side", DoorSettings { online: false, ..DoorSettings::default() });
    let before = world.emulator.doors();

    start(&mut world);
    assert_eq!(world.emulator.doors(), before);
    assert!(world.emulator.present("gate", code.reveal()).accepted);
    assert_eq!(
        world.emulator.present("gate", code.reveal()).why,
        Why::ScansUsedUp,
        "the first scan was kept"
    );

    // A kill in the middle of a line loses that line and nothing else.
    let mut text = std::fs::read_to_string(&file).unwrap();
    text.push_str("{\"call\":{\"at\":17");
    std::fs::write(&file, text).unwrap();
    start(&mut world);
    assert_eq!(world.emulator.door("lobby").unwrap().opened, 1);
    std::fs::write(&file, "no emulator's\n").unwrap();
    assert!(
        Emulator::with_data(config(), world.clock.clone(), &file).unwrap_err().to_string().contains("line 1")
    );
}
