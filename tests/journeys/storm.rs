//! A gateway that is there and stumbles.

use std::time::Duration;

use vestibule_desk::{ConnectionState, Station};
use vestibule_domain::DoorId;
use vestibule_domain::pass::Readiness::Ready;
use vestibule_emulator::{FaultKind, Trouble};
use vestibule_journeys::world::World;

/// Longer than any rest and any wait of a row.
const LONG: Duration = Duration::from_secs(301);

fn failing() -> FaultKind {
    FaultKind::Status { status: 503, code: String::new(), message: String::new() }
}

#[tokio::test]
async fn a_gateway_that_fails_is_left_alone_then_tried_with_one_call_and_only_an_answer_lets_the_rest_go() {
    let world = World::new();
    let passes: Vec<_> = (0..20).map(|n| world.visitor_comes(&format!("Visitor {n}"))).collect();
    world.emulator.set_trouble(Trouble::none().and(failing().always()));
    world.desk.drain().await;
    let stormed = world.calls().len();
    assert!((5..=12).contains(&stormed), "after five failures only what was under way: {stormed}");
    let status = world.desk.status().unwrap();
    assert_eq!(status.connection.state, ConnectionState::Unknown, "a gateway that stumbles is no lost line");
    assert!(status.rests_until.is_some());
    world.desk.drain().await;
    assert_eq!(world.calls().len(), stormed, "and nothing while it rests");

    world.turn(LONG);
    assert_eq!(world.desk.status().unwrap().rests_until, None);
    world.desk.drain().await;
    assert_eq!(world.calls().len(), stormed + 1, "one call tries");

    world.turn(LONG);
    world.emulator.set_trouble(Trouble::none());
    world.desk.drain().await;
    world.turn(LONG);
    world.desk.drain().await;
    for pass in &passes {
        assert_eq!(world.readiness(pass.id), [Ready; 3]);
    }
    assert_eq!(world.desk.status().unwrap().waiting, 0);
}

#[tokio::test]
async fn too_many_stops_everything_at_the_first_word_for_as_long_as_it_says() {
    let world = World::new();
    world.visitor_comes("王小明");
    let busy = FaultKind::Throttled { code: "T429PR".to_owned(), retry_after: Some(40) };
    world.emulator.set_trouble(Trouble::none().and(busy.times(1)));
    world.desk.drain().await;
    let asked = world.calls().len();
    let other = world.visitor_comes("李雷");
    world.turn(Duration::from_secs(39));
    world.desk.drain().await;
    assert_eq!(world.calls().len(), asked, "another visitor's call is not sent either");
    world.turn(Duration::from_secs(2));
    world.desk.drain().await;
    assert_eq!(world.readiness(other.id), [Ready; 3]);
}

#[tokio::test]
async fn closing_a_door_waits_for_no_rest() {
    let world = World::new();
    world.desk.probe().await;
    let armed = world.desk.arm_door(Station::Guard, &DoorId("lift".to_owned())).unwrap();
    let hold = world.desk.hold_open(Station::Guard, armed.token, Duration::from_secs(60)).await.unwrap();
    for n in 0..20 {
        world.visitor_comes(&format!("Visitor {n}"));
    }
    world.emulator.set_trouble(Trouble::none().and(failing().always().on("user/modify")));
    world.desk.drain().await;
    assert!(world.desk.status().unwrap().rests_until.is_some());
    world.desk.end_hold(hold.id).unwrap();
    world.desk.drain().await;
    assert!(world.desk.holds().unwrap().is_empty(), "read back as closed");
}
