//! Accounts and tries, against clocks, restarts and pulled plugs.

use std::time::Duration;

use serde_json::json;
use vestibule_domain::staff::{DAY, Role, TRIES_A_DAY};
use vestibule_domain::{Clock, StaffId, TurnedClock, UtcMillis};
use vestibule_store::{Entry, StaffChange, StaffRow, Store, StoreError};

use crate::TEN;

fn account(name: &str, role: Role) -> StaffRow {
    let secret = "$argon2id$".to_owned();
    StaffRow {
        id: StaffId::new(TEN),
        name: name.to_owned(),
        role,
        secret,
        disabled: false,
        version: 1,
        made_at: TEN,
    }
}

fn open(folder: &tempfile::TempDir) -> Store {
    Store::open(folder.path(), TEN).unwrap().store
}

/// Tries as soon as one is looked at, for so long by the steady clock, and is told that it was wrong.
fn guess(store: &Store, clock: &TurnedClock, who: &str, span: Duration) -> usize {
    let (end, mut looked_at) = (clock.monotonic().plus(span), 0);
    while clock.monotonic() < end {
        match store.begin_try(who, clock.uptime()).unwrap() {
            Ok(id) => {
                looked_at += 1;
                wrong(store, id, clock, who);
            }
            Err(not_yet) => clock.turn(not_yet.wait.min(end.since(clock.monotonic()))),
        }
    }
    looked_at
}

fn wrong(store: &Store, id: i64, clock: &TurnedClock, who: &str) {
    let entry = Entry { at: clock.now(), kind: "tryRefused", subject: who.to_owned(), detail: json!({}) };
    store.end_try(id, false, clock.uptime(), &entry).unwrap();
}

#[test]
fn whoever_pulls_the_plug_before_the_answer_has_used_a_try_up() {
    let folder = tempfile::tempdir().unwrap();
    let clock = TurnedClock::at(TEN);
    let mut looked_at = 0;
    for _ in 0..200 {
        // The process dies between the row and the answer, and the PC with it every other time.
        if open(&folder).begin_try("a", clock.uptime()).unwrap().is_ok() {
            looked_at += 1;
        }
        if looked_at % 2 == 0 {
            clock.reboot();
        }
        clock.turn(Duration::from_secs(15 * 60));
        if clock.monotonic().0 >= DAY {
            break;
        }
    }
    assert_eq!(looked_at, TRIES_A_DAY);
    assert!(open(&folder).begin_try("b", clock.uptime()).unwrap().is_ok(), "another account can still work");
}

#[test]
fn no_clock_gives_tries_back() {
    let folder = tempfile::tempdir().unwrap();
    let (store, clock) = (open(&folder), TurnedClock::at(TEN));
    assert_eq!(guess(&store, &clock, "a", Duration::from_secs(3 * 3600)), TRIES_A_DAY);
    for set in [TEN.plus(DAY * 400), UtcMillis(0), TEN] {
        clock.set_wall(set);
        assert!(store.begin_try("a", clock.uptime()).unwrap().unwrap_err().day, "set to {set:?}");
    }
    // Twenty starts of the PC, a minute each: twenty minutes passed, whatever time of day it is.
    for _ in 0..20 {
        clock.reboot();
        clock.turn(Duration::from_secs(60));
        clock.set_wall(clock.now().plus(DAY));
        assert!(open(&folder).begin_try("a", clock.uptime()).unwrap().is_err());
    }
    clock.turn(DAY);
    assert!(store.begin_try("a", clock.uptime()).unwrap().is_ok(), "a day passed");
}

#[test]
fn a_right_one_ends_the_waiting_and_a_new_secret_everything() {
    let folder = tempfile::tempdir().unwrap();
    let (store, clock) = (open(&folder), TurnedClock::at(TEN));
    let admin = account("admin", Role::Admin);
    store.add_staff(&admin, None).unwrap();
    let key = admin.id.to_string();
    for _ in 0..3 {
        let id = store.begin_try(&key, clock.uptime()).unwrap().unwrap();
        wrong(&store, id, &clock, &key);
    }
    let wait = store.begin_try(&key, clock.uptime()).unwrap().unwrap_err();
    assert_eq!((wait.wait, wait.day), (Duration::from_secs(5), false));
    clock.turn(wait.wait);
    let id = store.begin_try(&key, clock.uptime()).unwrap().unwrap();
    let entry = Entry { at: TEN, kind: "signedIn", subject: key.clone(), detail: json!({}) };
    store.end_try(id, true, clock.uptime(), &entry).unwrap();
    let id = store.begin_try(&key, clock.uptime()).unwrap().expect("no waiting after a right one");
    wrong(&store, id, &clock, &key);
    guess(&store, &clock, &key, Duration::from_secs(4 * 3600));
    assert!(store.begin_try(&key, clock.uptime()).unwrap().unwrap_err().day);
    store.change_staff(admin.id, StaffChange::Secret("$other"), Some(admin.id), TEN).unwrap();
    assert!(store.begin_try(&key, clock.uptime()).unwrap().is_ok());
}

#[test]
fn somebody_always_answers_for_the_pc_and_names_are_taken_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let (admin, guard) = (account("Wang", Role::Admin), account("Li", Role::Guard));
    store.add_staff(&admin, None).unwrap();
    let second = store.add_staff(&account("Chen", Role::Admin), None);
    assert!(matches!(second, Err(StoreError::NameTaken)), "nobody adds a second one");
    store.add_staff(&guard, Some(admin.id)).unwrap();
    let twin = store.add_staff(&account("Li", Role::Guard), Some(admin.id));
    assert!(matches!(twin, Err(StoreError::NameTaken)));
    for change in [StaffChange::Role(Role::Guard), StaffChange::Disabled(true)] {
        let refused = store.change_staff(admin.id, change, Some(admin.id), TEN);
        assert!(matches!(refused, Err(StoreError::LastAdmin)));
    }
    store.change_staff(guard.id, StaffChange::Role(Role::Admin), Some(admin.id), TEN).unwrap();
    store.change_staff(admin.id, StaffChange::Disabled(true), Some(guard.id), TEN).expect("one is left");
    let rows: Vec<_> =
        store.staff().unwrap().into_iter().map(|row| (row.name, row.role, row.disabled)).collect();
    assert_eq!(rows, [("Li".to_owned(), Role::Admin, false), ("Wang".to_owned(), Role::Admin, true)]);
    let journal = store.journal(20).unwrap();
    assert!(journal.iter().all(|row| !row.detail.to_string().contains("Wang") && row.subject != "Wang"));
    assert_eq!(journal.iter().filter(|row| row.kind == "staffChanged").count(), 2);
}
