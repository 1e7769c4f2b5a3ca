//! Presses end once, and not at all across a restart.

use vestibule_domain::press::{Answer, PressReason, PressState};
use vestibule_domain::{DoorId, PressId};
use vestibule_store::{NewPress, Store};

use crate::TEN;

fn press(door: &str) -> NewPress {
    NewPress {
        id: PressId::new(TEN),
        door: DoorId(door.to_owned()),
        at: TEN,
        station: "guard".to_owned(),
        by: None,
        reason: PressReason::Visitor,
    }
}

#[test]
fn a_press_ends_once() {
    let store = Store::in_memory().unwrap();
    let (one, two) = (press("a"), press("b"));
    store.ask_press(&one).unwrap();
    store.ask_press(&two).unwrap();
    store.settle_press(one.id, Answer::Unclear, Some("noAnswer"), TEN).unwrap();
    store.settle_press(one.id, Answer::Yes, None, TEN).unwrap();
    let rows = store.presses(10).unwrap();
    let state = |id| rows.iter().find(|row| row.id == id).unwrap().state;
    assert_eq!(state(one.id), PressState::Unknown, "a late answer does not make it better");
    assert_eq!(state(two.id), PressState::Asked);
}

#[test]
fn after_a_restart_an_open_press_is_unknown_and_a_settled_one_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), TEN).unwrap().store;
    let lease = store.take_lease(TEN).unwrap();
    let (open, settled) = (press("a"), press("b"));
    store.ask_press(&open).unwrap();
    store.ask_press(&settled).unwrap();
    store.settle_press(settled.id, Answer::Yes, None, TEN).unwrap();
    drop((store, lease));
    let store = Store::open(folder.path(), TEN).unwrap().store;
    let _lease = store.take_lease(TEN).unwrap();
    let rows = store.presses(10).unwrap();
    let row = |id| rows.iter().find(|row| row.id == id).unwrap();
    assert_eq!(row(open.id).state, PressState::Unknown);
    assert_eq!(row(open.id).why.as_deref(), Some("restarted"));
    assert_eq!(row(settled.id).state, PressState::Accepted);
}

#[test]
fn one_press_a_door_at_a_time_whichever_process_asks() {
    use std::time::Duration;
    use vestibule_store::StoreError;
    let folder = tempfile::tempdir().unwrap();
    let window = Store::open(folder.path(), TEN).unwrap().store;
    let terminal = Store::open(folder.path(), TEN).unwrap().store;
    let at = |seconds| NewPress {
        id: PressId::new(TEN),
        at: TEN.plus(Duration::from_secs(seconds)),
        ..press("a")
    };
    let first = at(0);
    window.ask_press(&first).unwrap();
    assert!(matches!(terminal.ask_press(&at(10)), Err(StoreError::LockedOut)), "the first has no answer yet");
    terminal.ask_press(&press("b")).expect("another door is free");
    window.settle_press(first.id, Answer::No, None, TEN).unwrap();
    let second = at(1);
    window.ask_press(&second).expect("a refused press locks nothing");
    window.settle_press(second.id, Answer::Yes, None, TEN).unwrap();
    assert!(matches!(terminal.ask_press(&at(3)), Err(StoreError::LockedOut)));
    terminal.ask_press(&at(4)).unwrap();
}
