//! The reserve: passes for visitors who come while the network is gone.

use std::collections::BTreeSet;
use std::time::Duration;

use vestibule_desk::seal::Seal;
use vestibule_desk::{FailureCode, PassView, RegisterForm};
use vestibule_domain::DoorId;
use vestibule_domain::pass::Readiness::{Ready, Removed};
use vestibule_domain::verdict::{Decision, Reason};
use vestibule_emulator::{Fault, FaultKind, Trouble};
use vestibule_journeys::world::{DOORS, World};

const HOUR: Duration = Duration::from_secs(3600);

/// Lets the desk keep its house until nothing is left to do.
async fn settle(world: &World) {
    world.desk.probe().await;
    for _ in 0..3 {
        world.desk.keep_house();
        world.desk.drain().await;
        world.turn(Duration::from_secs(61));
    }
}

/// A lobby with a full reserve, and then no network.
async fn prepared(size: u16) -> World {
    let world = World::with_reserve(size);
    settle(&world).await;
    assert_eq!(world.desk.reserve().unwrap().ready, u32::from(size) * 2, "for this half day and the next");
    world.network_down();
    world.desk.probe().await;
    world
}

/// Every code that any door takes at the gateway belongs to a pass that counts or to the reserve.
fn no_orphans(world: &World, passes: usize) {
    let reserve = world.desk.reserve().unwrap();
    for (door, _) in DOORS {
        let codes = world.emulator.door(door).unwrap().codes;
        assert_eq!(codes, passes + reserve.ready as usize, "at {door}, with {reserve:?}");
    }
}

/// The codes in everything that left this PC.
fn codes_sent(world: &World) -> BTreeSet<String> {
    let sent = String::from_utf8_lossy(&world.road.everything_sent()).into_owned();
    sent.split("\"qrCode\":\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

#[tokio::test]
async fn twenty_visitors_of_an_outage_pass_all_their_doors_and_the_next_one_waits() {
    let world = prepared(20).await;
    let mut passes: Vec<PassView> = Vec::new();
    for n in 0..20 {
        let pass = world.visitor_comes(&format!("Visitor {n}"));
        assert!(pass.showable && pass.spare, "at once, and marked");
        passes.push(pass);
        world.turn(Duration::from_secs(5 * 60));
    }
    let late = world.visitor_comes("One too many");
    assert!(!late.showable && !late.spare, "no code that no reader knows");
    for pass in &passes {
        let code = world.code(pass.id);
        for (door, _) in DOORS {
            assert!(world.present(door, &code).accepted, "the readers need no network");
        }
        assert_eq!(world.show(&code).decision, Decision::LetIn);
    }
    let codes: BTreeSet<String> = passes.iter().map(|pass| world.code(pass.id)).collect();
    assert_eq!(codes.len(), 20, "to each their own");

    world.turn(Duration::from_secs(20 * 60));
    world.emulator.set_trouble(Trouble::none());
    settle(&world).await;
    settle(&world).await;
    assert_eq!(world.readiness(late.id), [Ready; 3], "who waited is served as well");
    assert_eq!(world.desk.status().unwrap().waiting, 0);
    assert_eq!(world.desk.reserve().unwrap().ready, 40, "full again");
    no_orphans(&world, 21);
    let until = passes[0].window.until;
    assert!(passes.iter().all(|pass| world.pass(pass.id).window.until <= until));
    world.turn(until.since(world.desk.status().unwrap().now));
    for pass in &passes {
        let code = world.code(pass.id);
        assert!(!world.present("lift", &code).accepted, "shortened to the visit at the doors as well");
    }
}

#[tokio::test]
async fn what_nobody_needed_is_taken_away_when_its_half_day_is_over() {
    let world = World::with_reserve(3);
    settle(&world).await;
    let first = codes_sent(&world);
    assert_eq!(first.len(), 6);
    world.turn(HOUR * 5);
    settle(&world).await;
    assert_eq!(world.desk.reserve().unwrap().ready, 6);
    no_orphans(&world, 0);
    world.turn(HOUR * 24);
    settle(&world).await;
    assert_eq!(world.desk.reserve().unwrap().ready, 6);
    no_orphans(&world, 0);
    for code in first {
        assert!(!world.present("lift", &code).accepted);
    }
    let world = world.restart_with(|settings| settings.spare.size = 0);
    settle(&world).await;
    no_orphans(&world, 0);
    assert_eq!(world.desk.reserve().unwrap().until, None, "none is wanted, none is left");
}

#[tokio::test]
async fn a_thief_of_the_disk_has_no_code_and_a_desk_with_another_key_gives_none_out() {
    let world = prepared(4).await;
    let codes = codes_sent(&world);
    assert_eq!(codes.len(), 8);
    let found = |world: &World| {
        let disk = world.disk();
        codes.iter().filter(|code| disk.windows(code.len()).any(|bytes| bytes == code.as_bytes())).count()
    };
    assert_eq!(found(&world), 0);
    world.visitor_comes("王小明");
    assert_eq!(found(&world), 0, "nor is one that was given out in clear");

    let world = world.restart_with(|settings| settings.seal = Seal::from_hex(&"11".repeat(32)));
    world.desk.probe().await;
    let refused = world.form("李雷", "", "").unwrap_err();
    assert_eq!(refused.code, FailureCode::KeyMissing, "what cannot be opened is not given");
    world.emulator.set_trouble(Trouble::none());
    settle(&world).await;
    assert_eq!(world.desk.reserve().unwrap().ready, 8, "a new reserve");
    world.turn(HOUR * 30);
    settle(&world).await;
    for code in codes {
        assert!(
            !world.present("lift", &code).accepted,
            "nobody can take it away any more, but its half day is over"
        );
    }
}

#[tokio::test]
async fn whoever_registered_as_the_line_broke_gets_one_too() {
    let world = World::with_reserve(2);
    settle(&world).await;
    world.network_down();
    let pass = world.visitor_comes("王小明");
    assert!(!pass.showable, "nobody knows yet that the line is gone");
    world.desk.drain().await;
    let pass = world.pass(pass.id);
    assert!(pass.showable && pass.spare);
    assert_eq!(world.readiness(pass.id), [Ready; 3]);
    let world = world.restart();
    assert!(world.present("floor-8", &world.code(pass.id)).accepted);
    world.emulator.set_trouble(Trouble::none());
    settle(&world).await;
    no_orphans(&world, 1);
}

#[tokio::test]
async fn a_visitor_who_leaves_during_the_outage_loses_the_spare_at_the_doors_too() {
    let world = prepared(2).await;
    let (gone, stays) = (world.visitor_comes("王小明"), world.visitor_comes("李雷"));
    let code = world.code(gone.id);
    world.desk.sign_out(gone.visit).unwrap();
    assert_eq!(world.show(&code).reason, Reason::SignedOut);
    world.emulator.set_trouble(Trouble::none());
    settle(&world).await;
    assert_eq!(world.readiness(gone.id), [Removed; 3]);
    assert_eq!(world.readiness(stays.id), [Ready; 3]);
    no_orphans(&world, 1);
}

#[tokio::test]
async fn the_reserve_survives_lost_answers_and_a_process_that_dies_between() {
    let world = World::with_reserve(5);
    let lossy = Fault { permille: Some(300), ..FaultKind::LoseAnswer.always() };
    world.emulator.set_trouble(Trouble::none().and(lossy));
    for _ in 0..10 {
        world.desk.probe().await;
        world.desk.keep_house();
        drop(tokio::time::timeout(Duration::from_millis(30), world.desk.drain()).await);
        world.turn(Duration::from_secs(301));
    }
    let world = world.restart();
    world.emulator.set_trouble(Trouble::none());
    for _ in 0..5 {
        settle(&world).await;
        world.turn(Duration::from_secs(301));
    }
    assert_eq!(world.desk.reserve().unwrap().ready, 10);
    no_orphans(&world, 0);
    let world = world.restart_with(|settings| settings.spare.size = 1);
    for _ in 0..8 {
        settle(&world).await;
        world.turn(Duration::from_secs(301));
    }
    assert_eq!(world.desk.reserve().unwrap().ready, 2);
    no_orphans(&world, 0);
}

#[tokio::test]
async fn nobody_gets_more_than_with_a_network() {
    let world = prepared(2).await;
    let form = RegisterForm { doors: Some(vec![DoorId("lift".to_owned())]), ..world.new_form("王小明") };
    let pass = world
        .desk
        .register(&RegisterForm { phone: "13800005678".to_owned(), host: "Wang".to_owned(), ..form })
        .unwrap();
    assert!(!pass.spare, "a spare for three doors is none for one");
    let pass = world.visitor_comes("李雷");
    assert_eq!(pass.limit.times, 4, "the spare's own limit");
    assert!(
        pass.window.until.since(pass.window.from) <= HOUR * 4 + Duration::from_secs(600),
        "until its half day ends"
    );
    let again = world.desk.issue_pass(pass.visit, None, None, None).unwrap();
    assert!(!again.spare, "one person, one spare");
}

#[tokio::test]
async fn whoever_was_known_already_when_they_got_a_spare_is_not_known_twice() {
    let world = World::with_reserve(2);
    settle(&world).await;
    let other = world.visitor_comes("李雷");
    world.desk.drain().await;
    assert_eq!(world.emulator.people(), 5, "two half days with two spares each, and a visitor");
    // The visitor is told, and the network goes before there is a code.
    world.emulator.set_trouble(Trouble::none().and(FaultKind::LoseRequest.always().on("qrcode/generate")));
    let pass = world.form("王小明", "13800005679", "Wang Fang").unwrap();
    world.desk.drain().await;
    assert_eq!(world.emulator.people(), 6);
    world.network_down();
    world.desk.probe().await;
    assert!(world.pass(pass.id).spare, "nothing of the pass is at a door yet");
    world.emulator.set_trouble(Trouble::none());
    settle(&world).await;
    settle(&world).await;
    assert_eq!(world.desk.status().unwrap().waiting, 0);
    assert_eq!(world.desk.reserve().unwrap().ready, 4, "full again");
    assert_eq!(world.emulator.people(), 6, "four spares, two visitors, and nobody who is nobody");
    for pass in [&pass, &other] {
        assert_eq!(world.readiness(pass.id), [Ready; 3]);
        assert!(world.present("lift", &world.code(pass.id)).accepted);
    }
}

#[tokio::test]
async fn a_spare_of_a_short_visit_is_taken_back_although_the_visit_is_over_when_the_network_returns() {
    let world = prepared(2).await;
    let short = RegisterForm {
        until: Some(world.desk.status().unwrap().now.plus(HOUR / 2)),
        ..world.new_form("王小明")
    };
    let pass = world.desk.register(&short).unwrap();
    let code = world.code(pass.id);
    world.desk.sign_out(pass.visit).unwrap();
    world.turn(HOUR);
    assert!(world.present("lift", &code).accepted, "the readers have it until its half day ends");
    world.emulator.set_trouble(Trouble::none());
    settle(&world).await;
    assert!(!world.present("lift", &code).accepted);
    assert_eq!(world.readiness(pass.id), [Removed; 3]);
    no_orphans(&world, 0);
}
