//! Doors: once, in time, by the right station, and honestly.

use std::time::Duration;

use vestibule_desk::{FailureCode, PressView, Station};
use vestibule_domain::press::{PressReason, PressState};
use vestibule_domain::{Clock as _, DoorId, UtcMillis};
use vestibule_emulator::{FaultKind, Trouble};
use vestibule_journeys::world::World;

fn lift() -> DoorId {
    DoorId("lift".to_owned())
}

async fn press(world: &World) -> Result<PressView, FailureCode> {
    let armed = world.desk.arm_door(Station::Guard, &lift()).map_err(|failure| failure.code)?;
    let pressed = world.desk.press_door(Station::Guard, armed.token, PressReason::Visitor).await;
    pressed.map_err(|failure| failure.code)
}

fn now(world: &World) -> UtcMillis {
    world.clock.now()
}

#[tokio::test]
async fn a_press_opens_one_door_once() {
    let world = World::new();
    let view = press(&world).await.unwrap();
    assert_eq!((view.state, view.why), (PressState::Accepted, None));
    assert_eq!((world.opened("lift"), world.opened("turnstile")), (1, 0));
    let world = world.restart();
    world.desk.drain().await;
    assert_eq!(world.opened("lift"), 1);
    assert_eq!(world.desk.door_log().unwrap()[0].state, PressState::Accepted);
}

#[tokio::test]
async fn a_late_press_never_opens() {
    let world = World::new();
    world.road.set_delay(Duration::from_millis(5001));
    let view = press(&world).await.unwrap();
    assert_eq!((view.state, view.why), (PressState::Refused, Some(FailureCode::TooLate)));
    world.road.set_delay(Duration::ZERO);
    world.turn(Duration::from_secs(60));
    world.desk.drain().await;
    let world = world.restart();
    world.desk.drain().await;
    assert_eq!(world.opened("lift"), 0);
}

#[tokio::test]
async fn a_press_just_in_time_opens() {
    let world = World::new();
    world.road.set_delay(Duration::from_millis(4990));
    assert_eq!(press(&world).await.unwrap().state, PressState::Accepted);
    assert_eq!(world.opened("lift"), 1);
}

#[tokio::test]
async fn a_press_is_void_when_the_connection_was_lost_on_its_way_even_if_it_is_back() {
    let world = World::new();
    world.road.stop_doors();
    let (view, ()) = tokio::join!(press(&world), async {
        world.network_down();
        world.desk.probe().await;
        world.network_back().await;
        world.road.let_door_go();
    });
    let view = view.unwrap();
    assert_eq!((view.state, view.why), (PressState::Refused, Some(FailureCode::NoConnection)));
    world.turn(Duration::from_secs(4));
    assert_eq!(press(&world).await.unwrap().state, PressState::Accepted, "the next one is a new press");
    assert_eq!(world.opened("lift"), 1);
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_nothing_is_sent_again() {
    let world = World::new();
    world.emulator.set_trouble(Trouble::none().and(FaultKind::LoseAnswer.times(1).on("service/invoke")));
    let view = press(&world).await.unwrap();
    assert_eq!((view.state, view.why), (PressState::Unknown, Some(FailureCode::NoAnswer)));
    world.turn(Duration::from_secs(60));
    world.desk.drain().await;
    let world = world.restart();
    world.desk.drain().await;
    assert_eq!(world.opened("lift"), 1, "it did open, and only once");
    assert_eq!(world.desk.door_log().unwrap()[0].state, PressState::Unknown, "and the log stays honest");
}

#[tokio::test]
async fn a_second_push_within_three_seconds_is_locked_out() {
    let world = World::new();
    press(&world).await.unwrap();
    world.turn(Duration::from_millis(2900));
    assert_eq!(press(&world).await.unwrap_err(), FailureCode::LockedOut);
    world.turn(Duration::from_millis(200));
    press(&world).await.unwrap();
    assert_eq!(world.opened("lift"), 2);
}

#[tokio::test]
async fn two_steps_and_the_first_one_serves_once_and_not_for_long() {
    let world = World::new();
    let armed = world.desk.arm_door(Station::Guard, &lift()).unwrap();
    world.turn(Duration::from_secs(11));
    let late = world.desk.press_door(Station::Guard, armed.token, PressReason::Visitor).await;
    assert_eq!(late.unwrap_err().code, FailureCode::NotArmed);
    let armed = world.desk.arm_door(Station::Guard, &lift()).unwrap();
    world.desk.press_door(Station::Guard, armed.token, PressReason::Visitor).await.unwrap();
    world.turn(Duration::from_secs(4));
    let again = world.desk.press_door(Station::Guard, armed.token, PressReason::Visitor).await;
    assert_eq!(again.unwrap_err().code, FailureCode::NotArmed);
    assert_eq!(world.opened("lift"), 1);
}

#[tokio::test]
async fn the_self_service_station_opens_nothing() {
    let world = World::new();
    let refused = world.desk.arm_door(Station::Kiosk, &lift()).unwrap_err();
    assert_eq!(refused.code, FailureCode::NotAllowed);
    let armed = world.desk.arm_door(Station::Guard, &lift()).unwrap();
    let stolen = world.desk.press_door(Station::Kiosk, armed.token, PressReason::Visitor).await.unwrap_err();
    assert_eq!(stolen.code, FailureCode::NotAllowed);
    assert_eq!(world.opened("lift"), 0);
}

#[tokio::test]
async fn the_service_says_no_and_so_do_we() {
    let world = World::new();
    let offline = FaultKind::Envelope { code: 6205, message: "device offline".to_owned() };
    world.emulator.set_trouble(Trouble::none().and(offline.always().on("service/invoke")));
    let view = press(&world).await.unwrap();
    assert_eq!((view.state, view.why), (PressState::Refused, Some(FailureCode::RefusedByService)));
    let unknown = world.desk.arm_door(Station::Guard, &DoorId("nowhere".to_owned())).unwrap_err();
    assert_eq!(unknown.code, FailureCode::NotFound);
}

#[tokio::test]
async fn a_note_is_kept_with_its_press_and_nowhere_else() {
    let world = World::new();
    let (first, second) = (press(&world).await.unwrap(), {
        world.turn(Duration::from_secs(3));
        press(&world).await.unwrap()
    });
    let noted = world.desk.note_press(first.id, "  Plumber, 3rd   floor ").unwrap();
    assert_eq!(noted.note.as_deref(), Some("Plumber, 3rd floor"));
    let too_long = world.desk.note_press(second.id, &"x".repeat(61)).unwrap_err();
    assert_eq!(too_long.code, FailureCode::BadForm);
    let unknown = world.desk.note_press(vestibule_domain::PressId::new(now(&world)), "x").unwrap_err();
    assert_eq!(unknown.code, FailureCode::NotFound);
    let log = world.desk.door_log().unwrap();
    let note = |id| log.iter().find(|press| press.id == id).unwrap().note.clone();
    assert_eq!((note(first.id).as_deref(), note(second.id)), (Some("Plumber, 3rd floor"), None));
}
