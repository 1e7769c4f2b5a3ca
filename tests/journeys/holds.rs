//! Doors kept open: with an owner and an end, and closed whatever happens.

use std::time::Duration;

use vestibule_desk::{Desk, Event, FailureCode, HoldView, Station};
use vestibule_domain::hold::HoldState;
use vestibule_domain::{Clock as _, DoorId, UtcMillis};
use vestibule_emulator::{FaultKind, Trouble};
use vestibule_journeys::world::World;

const QUARTER: Duration = Duration::from_secs(15 * 60);

async fn hold(world: &World, door: &str, length: Duration) -> Result<HoldView, FailureCode> {
    hold_by(&world.desk, door, length).await
}

async fn hold_by(desk: &Desk, door: &str, length: Duration) -> Result<HoldView, FailureCode> {
    let armed = desk.arm_door(Station::Guard, &DoorId(door.to_owned())).map_err(|failure| failure.code)?;
    desk.hold_open(Station::Guard, armed.token, length).await.map_err(|failure| failure.code)
}

fn orders(world: &World) -> usize {
    world.calls().iter().filter(|call| *call == "keepopen/set").count()
}

fn is_open(world: &World, door: &str) -> bool {
    world.emulator.door(door).unwrap().keep_open
}

/// Lets the desk work for a moment of real time; its own clock stands still.
async fn work(world: &World) {
    drop(tokio::time::timeout(Duration::from_millis(300), world.desk.run()).await);
}

fn now(world: &World) -> UtcMillis {
    world.clock.now()
}

#[tokio::test]
async fn a_hold_ends_by_itself() {
    let world = World::new();
    let view = hold(&world, "lift", QUARTER).await.unwrap();
    assert_eq!((view.state, view.until.since(view.at)), (HoldState::Open, QUARTER));
    hold(&world, "turnstile", QUARTER * 2).await.unwrap();
    assert!(is_open(&world, "lift"));
    world.turn(QUARTER);
    work(&world).await;
    assert!(!is_open(&world, "lift"));
    assert!(is_open(&world, "turnstile"), "the other one has its own end");
    assert_eq!(world.desk.holds().unwrap().len(), 1);
}

#[tokio::test]
async fn setting_the_clock_back_does_not_make_it_longer() {
    let world = World::new();
    hold(&world, "lift", QUARTER).await.unwrap();
    world.clock.set_wall(vestibule_journeys::world::TEN.minus(Duration::from_secs(3600)));
    world.turn(QUARTER);
    work(&world).await;
    assert!(!is_open(&world, "lift"));
}

#[tokio::test]
async fn a_restart_and_the_end_of_the_program_close_it() {
    let world = World::new();
    hold(&world, "lift", QUARTER).await.unwrap();
    let world = world.restart();
    work(&world).await;
    assert!(!is_open(&world, "lift"), "whoever held it is gone");
    hold(&world, "floor-8", QUARTER).await.unwrap();
    world.desk.leave().await;
    assert!(!is_open(&world, "floor-8"));
    assert!(world.desk.holds().unwrap().is_empty());
}

#[tokio::test]
async fn closing_waits_for_the_network_and_goes_first() {
    let world = World::new();
    hold(&world, "lift", QUARTER).await.unwrap();
    world.network_down();
    let view = world.desk.holds().unwrap().remove(0);
    assert_eq!(world.desk.end_hold(view.id).unwrap().state, HoldState::Closing);
    world.visitor_comes("王小明");
    world.desk.drain().await;
    assert!(is_open(&world, "lift"));
    assert_eq!(world.desk.holds().unwrap()[0].state, HoldState::Closing, "the banner stays");
    let before = world.emulator.calls().len();
    world.network_back().await;
    world.desk.drain().await;
    assert!(!is_open(&world, "lift"));
    let calls = world.emulator.calls();
    let after: Vec<_> = calls[before..].iter().filter(|call| !call.path.ends_with("keepopen/get")).collect();
    assert!(after[0].path.ends_with("keepopen/set"), "before the visitor who waited longer in the queue");
    assert!(world.desk.holds().unwrap().is_empty());
}

#[tokio::test]
async fn nobody_knows_whether_it_opened_so_it_is_closed() {
    let world = World::new();
    world.emulator.set_trouble(Trouble::none().and(FaultKind::LoseAnswer.times(1).on("keepopen/set")));
    assert_eq!(hold(&world, "lift", QUARTER).await.unwrap_err(), FailureCode::NoAnswer);
    assert!(is_open(&world, "lift"), "it did open");
    world.desk.drain().await;
    assert!(!is_open(&world, "lift"), "and is not left so");
    assert!(world.desk.holds().unwrap().is_empty());
    assert_eq!(orders(&world), 2);
    for (minutes, expected) in [(1, 3), (16, 4), (60, 4)] {
        world.turn(Duration::from_secs(minutes * 60));
        world.desk.drain().await;
        assert_eq!(orders(&world), expected, "the order to open may still have been on its way");
    }
}

#[tokio::test]
async fn a_late_order_to_close_does_not_close_what_is_held_again() {
    let world = World::new();
    world.emulator.set_trouble(Trouble::none().and(FaultKind::LoseAnswer.times(1).on("keepopen/set")));
    hold(&world, "lift", QUARTER).await.unwrap_err();
    world.desk.drain().await;
    world.turn(Duration::from_secs(60));
    hold(&world, "lift", QUARTER).await.unwrap();
    world.desk.drain().await;
    assert!(is_open(&world, "lift"), "this one has an end of its own");
    world.turn(Duration::from_secs(20 * 60));
    world.desk.drain().await;
    assert!(!is_open(&world, "lift"));
    assert_eq!(world.desk.status().unwrap().waiting, 0);
}

#[tokio::test]
async fn an_answer_that_nobody_understands_is_doubt_and_closes() {
    let world = World::new();
    let odd = FaultKind::Envelope { code: 20003, message: "no backend".to_owned() };
    world.emulator.set_trouble(Trouble::none().and(odd.times(1).on("keepopen/set")));
    assert_eq!(hold(&world, "lift", QUARTER).await.unwrap_err(), FailureCode::RefusedByService);
    assert_eq!(world.desk.holds().unwrap()[0].state, HoldState::Closing, "it may have been held open");
    world.desk.drain().await;
    assert!(world.desk.holds().unwrap().is_empty());
}

#[tokio::test]
async fn a_hold_that_another_process_began_is_ended_by_the_one_that_speaks() {
    let world = World::new();
    let beside = world.beside();
    hold_by(&beside, "lift", QUARTER).await.unwrap();
    world.desk.drain().await;
    assert!(is_open(&world, "lift"), "its time has not come");
    drop(beside);
    world.clock.set_wall(vestibule_journeys::world::TEN.minus(Duration::from_secs(3600)));
    world.turn(QUARTER);
    world.desk.drain().await;
    assert!(!is_open(&world, "lift"));
}

#[tokio::test]
async fn people_are_told_a_minute_before_the_end() {
    let world = World::new();
    hold(&world, "lift", QUARTER).await.unwrap();
    world.desk.drain().await;
    let mut events = world.desk.events();
    world.turn(QUARTER - Duration::from_secs(61));
    world.desk.drain().await;
    assert!(events.try_recv().is_err(), "not yet");
    world.turn(Duration::from_secs(1));
    world.desk.drain().await;
    assert_eq!(events.try_recv().unwrap(), Event::Holds);
    assert!(is_open(&world, "lift"));
}

#[tokio::test]
async fn an_order_to_open_does_not_leave_when_the_hold_was_ended_meanwhile() {
    let world = World::new();
    world.road.stop_doors();
    let (held, ()) = tokio::join!(hold(&world, "lift", QUARTER), async {
        let view = world.desk.holds().unwrap().remove(0);
        world.desk.end_hold(view.id).unwrap();
        world.road.let_door_go();
    });
    assert_eq!(held.unwrap_err(), FailureCode::TooLate);
    assert_eq!(orders(&world), 0, "nothing left");
    world.desk.drain().await;
    assert!(world.desk.holds().unwrap().is_empty());
}

#[tokio::test]
async fn who_may_not_hold_and_for_how_long() {
    let world = World::new();
    assert_eq!(hold(&world, "lift", Duration::ZERO).await.unwrap_err(), FailureCode::BadWindow);
    assert_eq!(hold(&world, "lift", QUARTER * 5).await.unwrap_err(), FailureCode::BadWindow);
    let armed = world.desk.arm_door(Station::Guard, &DoorId("lift".to_owned())).unwrap();
    let stolen = world.desk.hold_open(Station::Kiosk, armed.token, QUARTER).await.unwrap_err();
    assert_eq!(stolen.code, FailureCode::NotAllowed);
    hold(&world, "lift", QUARTER).await.unwrap();
    world.turn(Duration::from_secs(4));
    assert_eq!(hold(&world, "lift", QUARTER).await.unwrap_err(), FailureCode::AlreadyHeld);
    world.network_down();
    world.desk.probe().await;
    assert_eq!(hold(&world, "turnstile", QUARTER).await.unwrap_err(), FailureCode::NoConnection);
    world.network_back().await;
    world.desk.drain().await;
    world.turn(Duration::from_secs(600));
    world.desk.drain().await;
    assert!(!is_open(&world, "turnstile"), "opening is never kept for later");
}

#[tokio::test]
async fn what_is_read_of_a_door_has_an_age_and_is_forgotten_when_something_is_asked_of_it() {
    let world = World::new();
    let reading = |world: &World, id: &str| {
        let doors = world.desk.doors().unwrap();
        doors.into_iter().find(|door| door.id.0 == id).unwrap().reading.map(|read| (read.kept_open, read.at))
    };
    let start = now(&world);
    assert_eq!(reading(&world, "lift"), None, "nobody asked yet");
    world.desk.read_doors().await;
    assert_eq!(reading(&world, "lift"), Some((false, start)));
    let asked = world.calls().len();
    world.turn(Duration::from_secs(9));
    world.desk.read_doors().await;
    assert_eq!(world.calls().len(), asked, "a fresh reading is not asked for again");
    hold(&world, "lift", QUARTER).await.unwrap();
    assert_eq!(reading(&world, "lift"), None);
    assert_eq!(reading(&world, "turnstile"), Some((false, start)), "the other one stays as it was read");
    world.desk.read_doors().await;
    assert_eq!(reading(&world, "lift"), Some((true, now(&world))));
    world.network_down();
    world.turn(Duration::from_secs(60));
    world.desk.read_doors().await;
    assert_eq!(reading(&world, "turnstile"), Some((false, start)), "offline it only gets older");
}
