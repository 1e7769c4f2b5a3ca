//! What happens between sent and answered.

use std::time::Duration;

use vestibule_domain::pass::Readiness::{Ready, Removed, Removing};
use vestibule_emulator::{FaultKind, Trouble};
use vestibule_journeys::world::World;

#[tokio::test]
async fn a_grant_without_an_answer_is_removed_twice_after_a_revoke() {
    let world = World::new();
    world.emulator.set_trouble(Trouble::none().and(FaultKind::LoseAnswer.times(1).on("qrcode/config")));
    let (pass, other) = (world.visitor_comes("王小明"), world.visitor_comes("李雷"));
    world.desk.drain().await;
    let doubtful = if world.pass(pass.id).showable { other } else { pass };
    world.desk.revoke_pass(doubtful.id).unwrap();
    world.desk.drain().await;
    assert_eq!(world.readiness(doubtful.id), [Removing; 3], "a late copy of the grant may still arrive");
    world.turn(Duration::from_secs(17 * 60));
    world.desk.drain().await;
    assert_eq!(world.readiness(doubtful.id), [Removed; 3]);
    assert_eq!(world.calls().iter().filter(|call| *call == "qrcode/remove").count(), 2);
}

#[tokio::test]
async fn a_process_that_dies_while_a_grant_is_under_way_leaves_nothing_behind() {
    let world = World::new();
    world.emulator.set_trouble(Trouble::none().and(FaultKind::Stall.times(1).on("qrcode/config")));
    let (pass, other) = (world.visitor_comes("王小明"), world.visitor_comes("李雷"));
    let desk = world.desk.clone();
    drop(tokio::time::timeout(Duration::from_millis(300), async move { desk.drain().await }).await);
    let world = world.restart();
    world.desk.drain().await;
    for pass in [&pass, &other] {
        assert_eq!(world.readiness(pass.id), [Ready; 3], "told again, which changes nothing");
    }
    world.desk.revoke_pass(pass.id).unwrap();
    world.desk.revoke_pass(other.id).unwrap();
    world.desk.drain().await;
    world.turn(Duration::from_secs(17 * 60));
    world.desk.drain().await;
    for pass in [&pass, &other] {
        assert_eq!(world.readiness(pass.id), [Removed; 3]);
    }
    assert_eq!(world.emulator.door("lift").unwrap().codes, 0);
}

#[tokio::test]
async fn a_call_that_is_not_granted_stops_neither_the_others_nor_the_doors() {
    let world = World::new();
    let others = |path: &&str| !path.ends_with("qrcode/config");
    let paths: Vec<&str> = vestibule_gateway::endpoint::ENDPOINTS.iter().map(|entry| entry.path).collect();
    let granted = paths.iter().filter(|path| others(path)).map(|path| (*path).to_owned()).collect();
    world.emulator.set_granted(Some(granted));
    world.visitor_comes("王小明");
    world.visitor_comes("李雷");
    world.desk.drain().await;
    let status = world.desk.status().unwrap();
    assert_eq!(status.connection.state, vestibule_desk::ConnectionState::Online);
    assert_eq!((status.waiting, status.wedged), (0, 2), "set aside, with a reason, for a person");
}

#[tokio::test]
async fn draining_ends_when_the_network_is_gone() {
    let world = World::new();
    world.network_down();
    for number in 0..30 {
        world.visitor_comes(&format!("Visitor {number}"));
    }
    tokio::time::timeout(Duration::from_secs(20), world.desk.drain()).await.expect("it gives up for now");
    assert_eq!(world.desk.status().unwrap().waiting, 90);
}
