//! A visitor gets a pass, it is checked, it is taken back.

use std::time::Duration;

use vestibule_domain::pass::Readiness::{Failed, Ready, Removed, Removing};
use vestibule_domain::verdict::{Decision, Reason};
use vestibule_emulator::{FaultKind, Trouble};
use vestibule_journeys::world::World;

#[tokio::test]
async fn a_visitor_gets_a_pass_and_walks_in() {
    let world = World::new();
    let pass = world.visitor_comes("王小明");
    assert!(!pass.showable, "nothing is shown before a door has accepted it");
    world.desk.drain().await;
    let other = world.visitor_comes("李雷");
    world.desk.drain().await;
    assert_eq!(world.readiness(pass.id), [Ready, Ready, Ready]);
    let code = world.code(pass.id);
    assert_ne!(code, world.code(other.id));
    for door in ["turnstile", "lift", "floor-8"] {
        assert!(world.present(door, &code).accepted, "the reader at {door} knows the code");
    }
    assert_eq!(
        world.calls(),
        [
            "user/modify",
            "qrcode/generate",
            "qrcode/config", //
            "user/modify",
            "qrcode/generate",
            "qrcode/config"
        ]
    );
}

#[tokio::test]
async fn the_window_and_the_limit_are_said_outright() {
    let world = World::new();
    let pass = world.visitor_comes("王小明");
    world.desk.drain().await;
    let call = world.emulator.calls().into_iter().find(|call| call.path.ends_with("qrcode/config")).unwrap();
    assert_eq!(call.params["effectiveTime"], "2026-11-24 09:55:00");
    assert_eq!(call.params["expiryTime"], "2026-11-24 18:00:00");
    assert_eq!(call.params["maxScanTimes"], 10);
    assert_eq!(call.params["maxScanScope"], "DEVICE");
    let code = world.code(pass.id);
    world.turn(Duration::from_secs(8 * 3600));
    assert!(!world.present("lift", &code).accepted, "six o'clock");
    let verdict = world.show(&code);
    assert_eq!((verdict.decision, verdict.reason), (Decision::Stop, Reason::Expired));
}

#[tokio::test]
async fn somebody_who_comes_after_six_gets_a_pass_until_the_end_of_the_day() {
    let world = World::new();
    world.turn(Duration::from_secs(9 * 3600));
    world.visitor_comes("Late Guest");
    world.desk.drain().await;
    let call = world.emulator.calls().into_iter().find(|call| call.path.ends_with("qrcode/config")).unwrap();
    assert_eq!(call.params["expiryTime"], "2026-11-24 23:59:59", "never 24:00");
}

#[tokio::test]
async fn a_pass_is_checked_by_its_code_and_by_its_short_form() {
    let world = World::new();
    let pass = world.visitor_comes("王小明");
    world.visitor_comes("李雷");
    world.desk.drain().await;
    let by_code = world.show(&world.code(pass.id));
    assert_eq!((by_code.decision, by_code.reason), (Decision::LetIn, Reason::Valid));
    assert_eq!(by_code.pass.as_ref().map(|pass| pass.visitor_name.as_str()), Some("王小明"));
    assert!(by_code.seen_before.is_none());
    let by_short = world.show(&pass.short_code.to_lowercase());
    assert_eq!(by_short.pass.map(|pass| pass.id), Some(pass.id));
    assert!(by_short.seen_before.is_some(), "the second time says when the first was");
    let unknown = world.show("24DD9END8CD3ABCD");
    assert_eq!((unknown.decision, unknown.reason), (Decision::CannotTell, Reason::NotIssuedHere));
    let nonsense = world.show("https://example.com/?q=1");
    assert_eq!((nonsense.decision, nonsense.reason), (Decision::Stop, Reason::Address));
}

#[tokio::test]
async fn the_second_time_says_when_the_first_was_and_a_limit_is_kept_at_the_post_too() {
    let world = World::new();
    let (pass, other) = (world.visitor_comes("王小明"), world.visitor_comes("李雷"));
    world.desk.drain().await;
    let code = world.code(pass.id);
    let first = world.show(&code);
    assert_eq!((first.reason, first.seen_before), (Reason::Valid, None));
    // Read twice by a scanner that stutters: one showing, and no word of it is lost.
    for _ in 0..20 {
        let twice = world.show(&code);
        assert_eq!((twice.reason, twice.seen_before), (Reason::Again, Some(first.at)));
    }
    for _ in 1..pass.limit.times {
        world.turn(Duration::from_secs(60));
        let again = world.show(&code);
        assert_eq!((again.reason, again.seen_before), (Reason::Again, Some(first.at)));
    }
    world.turn(Duration::from_secs(60));
    let world = world.restart();
    let over = world.show(&code);
    assert_eq!((over.decision, over.reason), (Decision::Stop, Reason::LimitUsed), "also after a restart");
    assert_eq!(world.show(&world.code(other.id)).reason, Reason::Valid, "the other was never shown");
}

#[tokio::test]
async fn who_signed_out_is_told_from_whose_pass_was_taken_back() {
    let world = World::new();
    let (gone, taken) = (world.visitor_comes("王小明"), world.visitor_comes("李雷"));
    world.desk.drain().await;
    world.desk.revoke_pass(taken.id).unwrap();
    world.turn(Duration::from_secs(1));
    for pass in [&gone, &taken] {
        world.desk.sign_out(pass.visit).unwrap();
    }
    assert_eq!(world.show(&gone.short_code).reason, Reason::SignedOut);
    assert_eq!(world.show(&taken.short_code).reason, Reason::Revoked);
}

#[tokio::test]
async fn a_revoked_pass_stays_revoked() {
    let world = World::new();
    let (pass, other) = (world.visitor_comes("王小明"), world.visitor_comes("李雷"));
    world.desk.drain().await;
    let code = world.code(pass.id);
    world.desk.revoke_pass(pass.id).unwrap();
    let verdict = world.show(&code);
    assert_eq!(
        (verdict.decision, verdict.reason),
        (Decision::Stop, Reason::Revoked),
        "at once, before any call"
    );
    assert_eq!(world.readiness(pass.id), [Removing, Removing, Removing]);
    world.desk.drain().await;
    assert_eq!(world.readiness(pass.id), [Removed, Removed, Removed]);
    assert!(!world.present("lift", &code).accepted);
    let world = world.restart();
    world.turn(Duration::from_secs(3600));
    world.desk.drain().await;
    assert!(!world.present("lift", &code).accepted, "a restart brings nothing back");
    assert_eq!(world.calls().iter().filter(|call| *call == "qrcode/config").count(), 2);
    assert!(world.present("lift", &world.code(other.id)).accepted, "the other pass was not touched");
}

#[tokio::test]
async fn revoked_while_it_is_being_issued_no_door_ever_knows_it() {
    let world = World::new();
    let (pass, other) = (world.visitor_comes("王小明"), world.visitor_comes("李雷"));
    world.desk.revoke_pass(pass.id).unwrap();
    world.desk.drain().await;
    assert_eq!(world.readiness(pass.id), [Removed, Removed, Removed]);
    assert_eq!(world.emulator.door("lift").unwrap().codes, 1, "only the other one");
    assert_eq!(world.readiness(other.id), [Ready, Ready, Ready]);
}

#[tokio::test]
async fn one_door_of_three_fails_and_only_it_is_told_again() {
    let world = World::new();
    let refuse = FaultKind::RefuseDoors { iot_ids: vec!["lift".to_owned()], code: 500 };
    world.emulator.set_trouble(Trouble::none().and(refuse.always()));
    let pass = world.visitor_comes("王小明");
    world.desk.drain().await;
    assert_eq!(world.readiness(pass.id), [Ready, Failed, Ready]);
    assert!(world.pass(pass.id).showable, "two doors are better than none, and the third is named");
    assert!(world.pass(pass.id).doors[1].said.as_deref().unwrap_or_default().starts_with("500"));
    world.emulator.set_trouble(Trouble::none());
    world.turn(Duration::from_secs(5));
    world.desk.drain().await;
    assert_eq!(world.readiness(pass.id), [Ready, Ready, Ready]);
    let last = world.emulator.calls().into_iter().rfind(|call| call.path.ends_with("qrcode/config")).unwrap();
    assert_eq!(last.params["iotIds"], serde_json::json!(["lift"]));
}

#[tokio::test]
async fn a_door_that_does_not_exist_is_set_aside_for_a_person() {
    let world = World::new();
    let refuse = FaultKind::RefuseDoors { iot_ids: vec!["lift".to_owned()], code: 2063 };
    world.emulator.set_trouble(Trouble::none().and(refuse.always()));
    let (pass, _) = (world.visitor_comes("王小明"), world.visitor_comes("李雷"));
    world.desk.drain().await;
    world.turn(Duration::from_secs(600));
    world.desk.drain().await;
    assert!(world.pass(pass.id).wedged);
    let status = world.desk.status().unwrap();
    assert_eq!((status.waiting, status.wedged), (0, 2));
    world.emulator.set_trouble(Trouble::none());
    for row in world.desk.queue().unwrap() {
        world.desk.retry_row(i64::from(row.id)).unwrap();
    }
    world.desk.drain().await;
    assert_eq!(world.readiness(pass.id), [Ready, Ready, Ready]);
}

#[tokio::test]
async fn signing_out_takes_the_pass_back() {
    let world = World::new();
    let (pass, other) = (world.visitor_comes("王小明"), world.visitor_comes("李雷"));
    world.desk.drain().await;
    let code = world.code(pass.id);
    let visit = world.desk.sign_out(pass.visit).unwrap();
    assert!(visit.left_at.is_some());
    world.desk.drain().await;
    assert!(!world.present("turnstile", &code).accepted);
    assert_eq!(world.show(&code).decision, Decision::Stop);
    assert!(world.present("turnstile", &world.code(other.id)).accepted);
}
