//! Told rows are thrown away, and nothing else.

use vestibule_domain::pass::Readiness;
use vestibule_domain::{DoorId, UtcMillis};
use vestibule_store::{DoorAnswer, DropReason, Kind, Store};

use crate::{Settle as _, TEN, pass_of, store, visit};

const DAY: i64 = 24 * 3600 * 1000;

fn rows(store: &Store) -> usize {
    store.outbox(UtcMillis(0), 1000).unwrap().len()
}

#[test]
fn told_rows_go_once_their_pass_is_over_and_open_ones_stay() {
    let (store, lease) = store();
    store.register(&visit("王小明", TEN)).unwrap();
    store.register(&visit("李雷", TEN)).unwrap();
    // The first is told everything, of the other nothing gets further than the person.
    let mut told = 0;
    for _ in 0..3 {
        for row in store.take_due(&lease, TEN, TEN, 1).unwrap() {
            store.settle(&lease, row.id).unwrap();
            told += 1;
        }
    }
    assert_eq!((told, rows(&store)), (3, 3));
    let soon = UtcMillis(TEN.0 + 1);
    assert_eq!(store.compact(soon, 100).unwrap(), 1, "the person's; those of the pass stay while it counts");
    let later = UtcMillis(TEN.0 + 3 * DAY);
    assert_eq!(store.compact(later, 1).unwrap() + store.compact(later, 100).unwrap(), 2, "a few at a time");
    assert_eq!(store.compact(later, 100).unwrap(), 0);
    assert_eq!(rows(&store), 3, "what was not told is there");
}

#[test]
fn a_row_that_another_one_waits_for_stays() {
    let (store, lease) = store();
    store.register(&visit("王小明", TEN)).unwrap();
    let first = store.take_due(&lease, TEN, TEN, 1).unwrap().remove(0);
    assert_eq!(first.kind, Kind::RegisterVisitor);
    store.settle(&lease, first.id).unwrap();
    let later = UtcMillis(TEN.0 + 3 * DAY);
    assert_eq!(store.compact(later, 100).unwrap(), 0, "the code is only asked for when the person is done");
    assert_eq!(store.take_due(&lease, TEN, TEN, 1).unwrap()[0].kind, Kind::GenerateCode);
}

#[test]
fn why_a_row_was_given_up_is_in_the_journal() {
    let (store, lease) = store();
    store.register(&visit("王小明", TEN)).unwrap();
    let row = store.take_due(&lease, TEN, TEN, 1).unwrap().remove(0);
    store.wedge(&lease, row.id, "refusedByService 2063").unwrap();
    store.drop_row(row.id, DropReason::DoneByHand, TEN).unwrap();
    let entry = store.journal(1).unwrap().remove(0);
    assert_eq!((entry.kind.as_str(), entry.detail["reason"].as_str()), ("rowDropped", Some("doneByHand")));
}

#[test]
fn a_clock_that_was_ahead_makes_no_granted_pass_look_like_one_that_never_was() {
    let (store, lease) = store();
    let new = visit("王小明", TEN);
    store.register(&new).unwrap();
    for _ in 0..3 {
        for row in store.take_due(&lease, TEN, TEN, 1).unwrap() {
            store.settle(&lease, row.id).unwrap();
        }
    }
    let ready =
        |door: &str| DoorAnswer { door: DoorId(door.to_owned()), readiness: Readiness::Ready, said: None };
    store.keep_door_answers(pass_of(&new), &[ready("a"), ready("b")]).unwrap();
    assert_eq!(store.compact(UtcMillis(TEN.0 + 900 * DAY), 100).unwrap(), 3);
    store.revoke_pass(pass_of(&new), TEN).unwrap();
    let due = store.take_due(&lease, TEN, TEN, 10).unwrap();
    assert_eq!(due.iter().map(|row| row.kind).collect::<Vec<_>>(), [Kind::RemovePass]);
}
