//! A held door is never forgotten.

use std::time::Duration;

use vestibule_domain::hold::{HoldEvent, HoldState};
use vestibule_domain::press::Answer;
use vestibule_domain::{DoorId, HoldId};
use vestibule_store::{Kind, NewHold, Store, StoreError};

use crate::{TEN, store, visit};

fn hold(door: &str) -> NewHold {
    NewHold {
        id: HoldId::new(TEN),
        door: DoorId(door.to_owned()),
        station: "guard".to_owned(),
        by: None,
        approved_by: None,
        at: TEN,
        until: TEN.plus(Duration::from_secs(900)),
    }
}

#[test]
fn a_door_is_held_once() {
    let (store, _) = store();
    let one = hold("a");
    store.ask_hold(&one).unwrap();
    assert!(matches!(store.ask_hold(&hold("a")), Err(StoreError::AlreadyHeld)));
    store.ask_hold(&hold("b")).unwrap();
    store.move_hold(one.id, HoldEvent::Answered(Answer::No), TEN).unwrap();
    store.ask_hold(&hold("a")).expect("it never began, so the door is free");
}

#[test]
fn closing_goes_before_everything_and_a_late_yes_does_not_open_again() {
    let (store, lease) = store();
    store.register(&visit("one", TEN)).unwrap();
    let (one, two) = (hold("a"), hold("b"));
    store.ask_hold(&one).unwrap();
    store.ask_hold(&two).unwrap();
    store.move_hold(two.id, HoldEvent::Answered(Answer::Yes), TEN).unwrap();
    store.move_hold(one.id, HoldEvent::Over, TEN).unwrap();
    store.move_hold(one.id, HoldEvent::Over, TEN).unwrap();
    store.move_hold(one.id, HoldEvent::Answered(Answer::Yes), TEN).unwrap();
    assert_eq!(store.hold(one.id).unwrap().state, HoldState::Closing);
    assert_eq!(store.hold(two.id).unwrap().state, HoldState::Open);
    let first = store.take_due(&lease, TEN, TEN, 1).unwrap();
    assert_eq!((first[0].kind, first[0].subject.clone()), (Kind::CloseHold, one.id.to_string()));
    assert!(
        store.take_due(&lease, TEN, TEN, 10).unwrap().iter().all(|row| row.kind != Kind::CloseHold),
        "once"
    );
}

#[test]
fn a_restart_ends_every_hold() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(folder.path(), TEN).unwrap().store;
    let lease = first.take_lease(TEN).unwrap();
    let (open, closed) = (hold("a"), hold("b"));
    first.ask_hold(&open).unwrap();
    first.move_hold(open.id, HoldEvent::Answered(Answer::Yes), TEN).unwrap();
    first.ask_hold(&closed).unwrap();
    first.move_hold(closed.id, HoldEvent::Answered(Answer::No), TEN).unwrap();
    drop((first, lease));
    let second = Store::open(folder.path(), TEN).unwrap().store;
    let lease = second.take_lease(TEN).unwrap().unwrap();
    assert_eq!(second.hold(open.id).unwrap().state, HoldState::Closing);
    let due = second.take_due(&lease, TEN, TEN, 10).unwrap();
    assert_eq!(due.iter().map(|row| row.subject.clone()).collect::<Vec<_>>(), [open.id.to_string()]);
    second.move_hold(open.id, HoldEvent::Read { held: false }, TEN).unwrap();
    assert!(second.holds().unwrap().is_empty());
}
