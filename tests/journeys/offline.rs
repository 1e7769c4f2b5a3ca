//! The gateway goes away and comes back; the process ends in between.

use std::time::Duration;

use vestibule_desk::{ConnectionState, FailureCode, OfflineWhy, Station};
use vestibule_domain::DoorId;
use vestibule_domain::pass::Readiness::{Ready, Removed, Waiting};
use vestibule_domain::press::{PressReason, PressState};
use vestibule_domain::verdict::{Decision, Reason};
use vestibule_emulator::{FaultKind, Trouble};
use vestibule_journeys::world::World;

#[tokio::test]
async fn registering_goes_on_and_everything_is_delivered_in_order() {
    let world = World::new();
    let before = world.visitor_comes("Before");
    world.desk.drain().await;
    world.network_down();
    let (first, second) = (world.visitor_comes("王小明"), world.visitor_comes("李雷"));
    world.desk.drain().await;
    let status = world.desk.status().unwrap();
    assert_eq!(status.connection.state, ConnectionState::Offline);
    assert_eq!(status.connection.why, Some(OfflineWhy::NoNetwork));
    assert_eq!(status.waiting, 6);
    assert_eq!(world.readiness(first.id), [Waiting, Waiting, Waiting]);
    assert!(!world.pass(first.id).showable, "a code that no reader knows is never shown");
    assert_eq!(world.show(&world.code(before.id)).decision, Decision::LetIn, "the ledger needs no network");
    assert_eq!(world.show(&first.short_code).reason, Reason::NotTold);

    world.turn(Duration::from_secs(3600));
    world.network_back().await;
    world.desk.drain().await;
    for pass in [&first, &second] {
        assert_eq!(world.readiness(pass.id), [Ready, Ready, Ready]);
        assert!(world.present("lift", &world.code(pass.id)).accepted);
    }
    assert_eq!(world.desk.status().unwrap().waiting, 0);
    let calls = world.calls();
    let position = |end: &str| calls.iter().skip(3).position(|call| call == end).unwrap();
    assert!(position("user/modify") < position("qrcode/generate"));
    assert!(position("qrcode/generate") < position("qrcode/config"));
}

#[tokio::test]
async fn a_pass_taken_back_offline_is_gone_when_the_network_returns() {
    let world = World::new();
    let (pass, other) = (world.visitor_comes("王小明"), world.visitor_comes("李雷"));
    world.desk.drain().await;
    let code = world.code(pass.id);
    world.network_down();
    world.desk.revoke_pass(pass.id).unwrap();
    world.desk.drain().await;
    assert_eq!(world.show(&code).reason, Reason::Revoked);
    assert!(
        world.present("lift", &code).accepted,
        "the reader has not heard of it yet: this is why it goes first"
    );
    world.network_back().await;
    world.desk.drain().await;
    assert_eq!(world.readiness(pass.id), [Removed, Removed, Removed]);
    assert!(!world.present("lift", &code).accepted);
    assert!(world.present("lift", &world.code(other.id)).accepted);
}

#[tokio::test]
async fn a_restart_keeps_everything_and_goes_on_where_it_was() {
    let world = World::new();
    world.network_down();
    let (first, second) = (world.visitor_comes("王小明"), world.visitor_comes("李雷"));
    world.desk.drain().await;
    let world = world.restart();
    assert_eq!(world.desk.todays_visits().unwrap().len(), 2);
    assert_eq!(world.pass(first.id).short_code, first.short_code);
    assert_eq!(world.desk.status().unwrap().waiting, 6);
    world.network_back().await;
    world.desk.drain().await;
    assert_eq!(world.readiness(first.id), [Ready, Ready, Ready]);
    assert_eq!(world.readiness(second.id), [Ready, Ready, Ready]);
}

#[tokio::test]
async fn a_lost_answer_costs_a_repeat_and_nothing_else() {
    let world = World::new();
    world.emulator.set_trouble(Trouble::none().and(FaultKind::LoseAnswer.times(1).on("qrcode/generate")));
    let (first, second) = (world.visitor_comes("王小明"), world.visitor_comes("李雷"));
    world.desk.drain().await;
    world.turn(Duration::from_secs(10));
    world.desk.probe().await;
    world.desk.drain().await;
    for pass in [&first, &second] {
        assert_eq!(world.readiness(pass.id), [Ready, Ready, Ready]);
    }
    assert_eq!(world.emulator.door("lift").unwrap().codes, 2, "the lost code was never given a right");
}

#[tokio::test]
async fn the_desk_runs_by_itself() {
    let world = World::new();
    let desk = world.desk.clone();
    let running = tokio::spawn(async move { desk.run().await });
    let pass = world.visitor_comes("王小明");
    let mut events = world.desk.events();
    tokio::time::timeout(Duration::from_secs(10), async {
        while !world.pass(pass.id).showable {
            drop(events.recv().await);
        }
    })
    .await
    .expect("the pass becomes ready without anybody asking");
    running.abort();
}

#[tokio::test]
async fn while_offline_a_door_press_is_refused_at_once_and_never_queued() {
    let world = World::new();
    world.network_down();
    world.desk.probe().await;
    let armed = world.desk.arm_door(Station::Guard, &DoorId("lift".to_owned())).unwrap();
    let press = world.desk.press_door(Station::Guard, armed.token, PressReason::Visitor).await.unwrap();
    assert_eq!((press.state, press.why), (PressState::Refused, Some(FailureCode::NoConnection)));
    assert_eq!(world.desk.status().unwrap().waiting, 0);
    world.network_back().await;
    world.desk.drain().await;
    world.turn(Duration::from_secs(3600));
    world.desk.drain().await;
    assert_eq!(world.opened("lift"), 0);
    assert_eq!(world.desk.door_log().unwrap()[0].state, PressState::Refused, "it stands in the log");
}

#[tokio::test]
async fn what_another_process_writes_is_noticed_and_told() {
    let world = World::new();
    let desk = world.desk.clone();
    let running = tokio::spawn(async move { desk.run().await });
    let mut events = world.desk.events();
    let beside = world.beside();
    assert!(!beside.has_lease(), "the first process speaks for this store");
    let pass = beside.register(&world.new_form("Added Beside")).unwrap();
    tokio::time::timeout(Duration::from_secs(10), async {
        while !world.pass(pass.id).showable {
            drop(events.recv().await);
        }
    })
    .await
    .expect("the process with the lease tells the gateway");
    beside.remember("demo.network", "down").unwrap();
    let noticed = async { while events.recv().await != Ok(vestibule_desk::Event::Everything) {} };
    tokio::time::timeout(Duration::from_secs(10), noticed)
        .await
        .expect("the other process is told to look again");
    running.abort();
}
