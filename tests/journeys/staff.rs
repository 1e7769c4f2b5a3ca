//! Who may do what, on the real desk: every action as everybody, and the ways in and out of a session.

use std::time::Duration;

use vestibule_desk::{
    Desk, DropReason, ExportFormat, Failure, FailureCode, HistoryAsk, Pin, Proof, PurgeScope, Station,
};
use vestibule_domain::press::PressReason;
use vestibule_domain::staff::{Act, Leave, Role, TRIES_A_DAY, Who, may};
use vestibule_domain::verdict::Decision;
use vestibule_domain::{DoorId, PassId, StaffId, VisitId};
use vestibule_emulator::Trouble;
use vestibule_journeys::world::{TEN, World};
use vestibule_store::{JournalRow, Store};

const PIN: &str = "481516";
const MINUTES: Duration = Duration::from_secs(300);

fn pin() -> Pin {
    Pin::typed(PIN.to_owned())
}

fn lift() -> DoorId {
    DoorId("lift".to_owned())
}

/// A lobby with an account for every role, each called by its word, and nobody signed in.
async fn staffed() -> World {
    let world = World::new();
    let desk = &world.desk;
    desk.add_staff("Admin", Role::Guard, pin()).await.unwrap();
    assert_eq!(desk.sign_in("Admin", pin()).await.unwrap(), Proof::Right);
    for role in [Role::Reception, Role::Guard, Role::Supervisor] {
        desk.add_staff(&format!("{role:?}"), role, pin()).await.unwrap();
    }
    desk.sign_off();
    world
}

async fn sign_in(desk: &Desk, who: &str) {
    assert_eq!(desk.sign_in(who, pin()).await.unwrap(), Proof::Right, "{who}");
}

async fn wrong(desk: &Desk, who: &str) -> Proof {
    desk.sign_in(who, Pin::typed("735194".to_owned())).await.unwrap()
}

fn journal(world: &World) -> Vec<JournalRow> {
    Store::open(world.folder(), TEN).unwrap().store.journal(500).unwrap()
}

fn code<T>(result: Result<T, Failure>) -> Option<FailureCode> {
    result.err().map(|failure| failure.code)
}

/// Everything the desk does for people, by the right it needs. What it is about need not exist: the right comes first.
async fn everything(
    world: &World,
    desk: &Desk,
    station: Station,
) -> Vec<(&'static str, Act, Option<FailureCode>)> {
    let (visit, pass) = (VisitId::new(TEN), PassId::new(TEN));
    let (nowhere, somebody) = (DoorId("nowhere".to_owned()), StaffId::new(TEN));
    let token = uuid::Uuid::new_v4;
    let at = station;
    vec![
        ("purge", Act::Purge, code(desk.purge(PurgeScope::One("13800000000"), true))),
        ("export_visitor", Act::Purge, code(desk.export_visitor("13800000000"))),
        ("register", Act::Register, code(desk.register(&world.new_form("Wei")))),
        ("add_visitor", Act::Register, code(desk.add_visitor(&world.new_form("Wei")))),
        ("issue_pass", Act::IssuePass, code(desk.issue_pass(visit, None, None, None))),
        ("pass", Act::SeePass, code(desk.pass(pass))),
        ("showable_code", Act::SeePass, code(desk.showable_code(pass))),
        ("visit", Act::SeeVisits, code(desk.visit(visit))),
        ("todays_visits", Act::SeeVisits, code(desk.todays_visits())),
        ("revoke_pass", Act::Revoke, code(desk.revoke_pass(pass))),
        ("sign_out", Act::SignOut, code(desk.sign_out(visit))),
        ("verify", Act::Verify, code(desk.verify("24DD9END8CD3ABCD"))),
        ("door_log", Act::SeeDoorLog, code(desk.door_log())),
        ("journal", Act::SeeDoorLog, code(desk.journal(1))),
        ("journal_after", Act::SeeDoorLog, code(desk.journal_after(0, 1))),
        ("journal_entry", Act::SeeDoorLog, code(desk.journal_entry(1))),
        ("journal_anchor", Act::SeeDoorLog, code(desk.journal_anchor())),
        ("verify_journal", Act::SeeDoorLog, code(desk.verify_journal(None))),
        ("arm_door", Act::OpenDoor, code(desk.arm_door(at, &lift()))),
        ("press_door", Act::OpenDoor, code(desk.press_door(at, token(), PressReason::Staff).await)),
        ("press_by_hand", Act::OpenDoor, code(desk.press_by_hand(at, token(), PressReason::Staff).await)),
        ("hold_open", Act::HoldDoor, code(desk.hold_open(at, token(), MINUTES).await)),
        ("end_hold", Act::EndHold, code(desk.end_hold(vestibule_domain::HoldId::new(TEN)))),
        ("approve_hold", Act::HoldDoor, code(desk.approve_hold(&nowhere, MINUTES, "-", pin()).await)),
        ("queue", Act::SeeQueue, code(desk.queue())),
        ("retry_row", Act::RetryRow, code(desk.retry_row(9_999))),
        ("send_again", Act::RetryRow, code(desk.send_again(pass))),
        ("find_pass", Act::SeeVisits, code(desk.find_pass("2222 2222"))),
        ("drop_row", Act::DropRow, code(desk.drop_row(9_999, DropReason::Other))),
        ("import_invitations", Act::IssuePass, code(desk.import_invitations(b"", true))),
        ("history", Act::SeeHistory, code(desk.history(&HistoryAsk::default()))),
        (
            "export_history",
            Act::ExportHistory,
            code(desk.export_history(&HistoryAsk::default(), ExportFormat::Csv)),
        ),
        ("roll_call", Act::RollCall, code(desk.roll_call())),
        ("begin_roll_call", Act::RollCall, code(desk.begin_roll_call())),
        ("tick", Act::RollCall, code(desk.tick(visit))),
        ("untick", Act::RollCall, code(desk.untick(None))),
        ("end_roll_call", Act::RollCall, code(desk.end_roll_call())),
        ("reserve", Act::SeeReserve, code(desk.reserve())),
        ("staff", Act::ManageStaff, code(desk.staff())),
        ("add_staff", Act::ManageStaff, code(desk.add_staff("", Role::Admin, pin()).await)),
        ("set_staff_role", Act::ManageStaff, code(desk.set_staff_role(somebody, Role::Admin))),
        ("set_staff_secret", Act::ManageStaff, code(desk.set_staff_secret(somebody, pin()).await)),
        ("set_staff_disabled", Act::ManageStaff, code(desk.set_staff_disabled(somebody, true))),
    ]
}

fn held_against_the_table(who: Who, done: &[(&str, Act, Option<FailureCode>)]) {
    for (name, act, code) in done {
        let refused = matches!(
            code,
            Some(FailureCode::NotAllowed | FailureCode::NotSignedIn | FailureCode::NeedsApproval)
        );
        match may(who, *act) {
            Leave::Yes => assert!(!refused, "{who:?} may {name}: {code:?}"),
            // The way to the approval is open, the way past it is not.
            Leave::WithApproval if *name == "approve_hold" => assert!(!refused, "{who:?} {name}"),
            Leave::WithApproval => assert_eq!(*code, Some(FailureCode::NeedsApproval), "{who:?} {name}"),
            Leave::No if who == Who::Nobody => assert_eq!(*code, Some(FailureCode::NotSignedIn), "{name}"),
            Leave::No => assert_eq!(*code, Some(FailureCode::NotAllowed), "{who:?} {name}"),
        }
    }
    let acts: Vec<Act> = done.iter().map(|(_, act, _)| *act).collect();
    let beside = [Act::SeeNames, Act::ApproveHold, Act::ChangeService, Act::ChangeSettings];
    for act in Act::ALL {
        assert!(acts.contains(&act) || beside.contains(&act), "{act:?} is tried");
    }
}

#[tokio::test]
async fn every_action_as_everybody() {
    let open = World::new();
    held_against_the_table(Who::Anyone, &everything(&open, &open.desk, Station::Guard).await);
    let world = staffed().await;
    let desk = &world.desk;
    held_against_the_table(Who::Nobody, &everything(&world, desk, Station::Guard).await);
    for role in Role::ALL {
        sign_in(desk, &format!("{role:?}")).await;
        held_against_the_table(Who::Staff(role), &everything(&world, desk, Station::Guard).await);
        for act in Act::ALL {
            assert_eq!(desk.check(act).is_ok(), may(Who::Staff(role), act) == Leave::Yes, "{role:?} {act:?}");
        }
    }
}

#[tokio::test]
async fn the_self_service_station_does_nothing_else_whoever_was_signed_in() {
    let world = staffed().await;
    let desk = &world.desk;
    sign_in(desk, "Admin").await;
    desk.show_station(Station::Kiosk).unwrap();
    for station in [Station::Kiosk, Station::Guard] {
        held_against_the_table(Who::Visitor, &everything(&world, desk, station).await);
    }
    assert_eq!(code(desk.sign_in("Admin", pin()).await), Some(FailureCode::NotAllowed));
    assert!(desk.staff_names(false).unwrap().is_empty());
    desk.show_station(Station::Guard).unwrap();
    assert!(desk.session().unwrap().locked, "the admin does not come back with the station");
    assert_eq!(world.opened("lift"), 0);
}

#[tokio::test]
async fn nobody_signed_in_sees_verdicts_without_names() {
    let world = staffed().await;
    sign_in(&world.desk, "Reception").await;
    let pass = world.visitor_comes("Zoë O'Neil");
    world.desk.drain().await;
    let shown = world.code(pass.id);
    assert_eq!(world.show(&shown).pass.unwrap().visitor_name, "Zoë O'Neil");
    world.desk.sign_off();
    let verdict = world.show(&shown);
    assert_eq!(verdict.decision, Decision::LetIn);
    let seen = verdict.pass.unwrap();
    assert_eq!((seen.visitor_name.as_str(), seen.host.as_str(), seen.short_code.as_str()), ("", "", ""));
    assert!(world.desk.queue().unwrap().iter().all(|row| row.visitor_name.is_empty()));
    assert!(world.desk.doors().unwrap().iter().all(|door| door.last_press.is_none()));
}

#[tokio::test]
async fn a_session_ends_by_itself_and_a_touch_keeps_it() {
    let world = staffed().await;
    let desk = &world.desk;
    sign_in(desk, "Guard").await;
    world.turn(Duration::from_secs(100));
    desk.stay_active();
    world.turn(Duration::from_secs(100));
    desk.arm_door(Station::Guard, &lift()).expect("touched a moment ago");
    // An action of the page alone is no touch, and no clock on the wall wakes anybody.
    world.clock.set_wall(TEN);
    world.turn(Duration::from_secs(20));
    assert_eq!(code(desk.arm_door(Station::Guard, &lift())), Some(FailureCode::NotSignedIn));
    desk.stay_active();
    assert!(desk.session().unwrap().locked, "too late is too late");
    sign_in(desk, "Admin").await;
    world.turn(Duration::from_secs(299));
    assert_eq!(desk.session().unwrap().role, Some(Role::Admin));
    world.turn(Duration::from_secs(1));
    assert!(desk.session().unwrap().locked);
    assert_eq!(journal(&world).iter().filter(|row| row.kind == "autoLocked").count(), 2);
    sign_in(desk, "Guard").await;
    let world = world.restart();
    assert!(world.desk.session().unwrap().locked, "a restart signs everybody out");
}

#[tokio::test]
async fn a_change_of_the_account_ends_its_session_also_from_the_terminal() {
    let world = staffed().await;
    let terminal = world.beside();
    terminal.sit_at_terminal();
    sign_in(&terminal, "Admin").await;
    let guard = terminal.staff().unwrap().into_iter().find(|staff| staff.role == Role::Guard).unwrap();
    sign_in(&world.desk, "Guard").await;
    terminal.set_staff_disabled(guard.id, true).unwrap();
    assert_eq!(code(world.desk.arm_door(Station::Guard, &lift())), Some(FailureCode::NotSignedIn));
    assert_eq!(world.desk.sign_in("Guard", pin()).await.unwrap(), Proof::Wrong, "closed looks like wrong");
    terminal.set_staff_disabled(guard.id, false).unwrap();
    sign_in(&world.desk, "Guard").await;
    terminal.set_staff_role(guard.id, Role::Supervisor).unwrap();
    assert!(world.desk.session().unwrap().locked);
}

#[tokio::test]
async fn a_hold_needs_a_supervisors_word_and_uses_it_up() {
    let world = staffed().await;
    let desk = &world.desk;
    sign_in(desk, "Guard").await;
    let hold = async |length| {
        let armed = desk.arm_door(Station::Guard, &lift()).unwrap();
        desk.hold_open(Station::Guard, armed.token, length).await
    };
    assert_eq!(code(hold(MINUTES).await), Some(FailureCode::NeedsApproval));
    let approve = async |name| desk.approve_hold(&lift(), MINUTES, name, pin()).await.unwrap();
    assert_eq!(approve("Reception").await, Proof::NotEnough);
    assert_eq!(desk.staff_names(true).unwrap(), ["Admin", "Supervisor"]);
    assert_eq!(approve("Supervisor").await, Proof::Right);
    assert_eq!(desk.session().unwrap().role, Some(Role::Guard), "the session stays the guard's");
    assert_eq!(code(hold(MINUTES * 2).await), Some(FailureCode::NeedsApproval), "not for longer");
    assert_eq!(approve("Supervisor").await, Proof::Right);
    world.turn(Duration::from_secs(31));
    assert_eq!(code(hold(MINUTES).await), Some(FailureCode::NeedsApproval), "not for later");
    assert_eq!(approve("Supervisor").await, Proof::Right);
    let held = hold(MINUTES).await.unwrap();
    desk.end_hold(held.id).unwrap();
    desk.drain().await;
    world.turn(Duration::from_secs(5));
    assert_eq!(code(hold(MINUTES).await), Some(FailureCode::NeedsApproval), "not twice");
    let id_of = |name: &str| {
        let store = Store::open(world.folder(), TEN).unwrap().store;
        serde_json::json!(store.staff_named(name).unwrap().unwrap().id)
    };
    let journal = journal(&world);
    let asked = journal.iter().find(|row| row.kind == "holdAsked").unwrap();
    assert_eq!((&asked.detail["by"], &asked.detail["approvedBy"]), (&id_of("Guard"), &id_of("Supervisor")));
    let names = ["Guard", "Supervisor", "Admin"];
    assert!(journal.iter().all(|row| names.iter().all(|name| !row.detail.to_string().contains(name))));
}

#[tokio::test]
async fn presses_carry_who_pressed() {
    let world = staffed().await;
    sign_in(&world.desk, "Guard").await;
    let armed = world.desk.arm_door(Station::Guard, &lift()).unwrap();
    world.desk.press_door(Station::Guard, armed.token, PressReason::Visitor).await.unwrap();
    let journal = journal(&world);
    let (signed_in, asked) = (
        journal.iter().find(|row| row.kind == "signedIn").unwrap(),
        journal.iter().find(|row| row.kind == "pressAsked").unwrap(),
    );
    assert_eq!(asked.detail["by"], signed_in.subject.as_str());
}

#[tokio::test]
async fn eighteen_tries_a_day_whatever_happens_and_the_next_account_works() {
    let mut world = staffed().await;
    let (mut looked_at, mut told_to_wait) = (0, 0);
    for n in 0_u32.. {
        match wrong(&world.desk, "Guard").await {
            Proof::Wrong => looked_at += 1,
            Proof::Wait { seconds } => {
                told_to_wait += 1;
                assert_eq!(
                    wrong(&world.desk, "Guard").await,
                    Proof::Wait { seconds },
                    "asking again costs nothing"
                );
                world.clock.set_wall(world_day(n));
                world = world.restart();
                assert_eq!(
                    wrong(&world.desk, "Guard").await,
                    Proof::Wait { seconds },
                    "nor do clocks and restarts help"
                );
                world.turn(Duration::from_secs(u64::from(seconds)));
            }
            Proof::UsedUp => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((looked_at, told_to_wait), (TRIES_A_DAY, TRIES_A_DAY - 3));
    assert_eq!(
        world.desk.sign_in("Guard", pin()).await.unwrap(),
        Proof::UsedUp,
        "the right one is not looked at"
    );
    sign_in(&world.desk, "Reception").await;
    sign_in(&world.desk, "Admin").await;
    let guard = world.desk.staff().unwrap().into_iter().find(|staff| staff.name == "Guard").unwrap();
    world.desk.set_staff_secret(guard.id, Pin::typed("902417".to_owned())).await.unwrap();
    assert_eq!(world.desk.sign_in("Guard", Pin::typed("902417".to_owned())).await.unwrap(), Proof::Right);
}

fn world_day(n: u32) -> vestibule_domain::UtcMillis {
    TEN.plus(Duration::from_secs(24 * 3600) * n)
}

#[tokio::test]
async fn a_name_that_nobody_has_is_refused_like_any_other() {
    let world = staffed().await;
    for name in ["Guard", "Somebody"] {
        let mut said = Vec::new();
        for _ in 0..4 {
            said.push(wrong(&world.desk, name).await);
        }
        assert_eq!(said, [Proof::Wrong, Proof::Wrong, Proof::Wrong, Proof::Wait { seconds: 5 }], "{name}");
    }
    let disk = world.disk();
    for secret in [PIN, "735194"] {
        assert!(!disk.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()), "no secret on the disk");
    }
}

#[tokio::test]
async fn the_first_account_is_an_admins_and_weak_secrets_are_refused() {
    let world = World::new();
    let desk = &world.desk;
    assert!(!desk.session().unwrap().guarded);
    for weak in ["12345", "123456", "１２３４５６", "000000", "password"] {
        let refused = desk.add_staff("Wang", Role::Admin, Pin::typed(weak.to_owned())).await;
        assert_eq!(code(refused), Some(FailureCode::WeakSecret), "{weak}");
    }
    assert_eq!(desk.add_staff("Wang", Role::Guard, pin()).await.unwrap().role, Role::Admin);
    assert!(desk.session().unwrap().locked, "protection is on");
    assert_eq!(code(desk.todays_visits()), Some(FailureCode::NotSignedIn));
    assert_eq!(desk.sign_in("Wang", Pin::typed("４８１５１６".to_owned())).await.unwrap(), Proof::Right);
    assert_eq!(code(desk.add_staff("Wang", Role::Guard, pin()).await), Some(FailureCode::NameTaken));
    let id = desk.staff().unwrap()[0].id;
    assert_eq!(code(desk.set_staff_disabled(id, true)), Some(FailureCode::LastAdmin));
}

#[tokio::test]
async fn closing_a_door_asks_nobody_when_its_time_is_over() {
    let world = staffed().await;
    sign_in(&world.desk, "Supervisor").await;
    let armed = world.desk.arm_door(Station::Guard, &lift()).unwrap();
    world.desk.hold_open(Station::Guard, armed.token, MINUTES).await.unwrap();
    world.turn(MINUTES);
    world.emulator.set_trouble(Trouble::none());
    world.desk.drain().await;
    assert!(world.desk.holds().unwrap().is_empty(), "nobody is signed in any more, and the door is closed");
}
