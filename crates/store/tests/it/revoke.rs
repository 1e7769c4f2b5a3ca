//! Taking a pass back, at every moment of its way out.

use vestibule_domain::pass::{PassState, Readiness};
use vestibule_store::{DoorAnswer, Kind, Lease, RowState, Store};

use crate::{Settle as _, TEN, pass_of, store, visit};

fn run(store: &Store, lease: &Lease, steps: usize) {
    for _ in 0..steps {
        for row in store.take_due(lease, TEN, TEN, 10).unwrap() {
            store.settle(lease, row.id).unwrap();
        }
    }
}

fn kinds(store: &Store, subject: &str) -> Vec<(Kind, RowState)> {
    store
        .outbox(TEN, 50)
        .unwrap()
        .into_iter()
        .filter(|row| row.subject == subject)
        .map(|row| (row.kind, row.state))
        .collect()
}

#[test]
fn before_anything_left_there_is_nothing_to_remove() {
    let (store, _) = store();
    let (one, two) = (visit("one", TEN), visit("two", TEN));
    store.register(&one).unwrap();
    store.register(&two).unwrap();
    assert!(store.revoke_pass(pass_of(&one), TEN).unwrap());
    assert!(!store.revoke_pass(pass_of(&one), TEN).unwrap(), "a second time changes nothing");
    assert!(kinds(&store, &pass_of(&one).to_string()).is_empty());
    let row = store.pass(pass_of(&one)).unwrap();
    assert_eq!(row.pass.state, PassState::Revoked);
    assert!(row.pass.doors.iter().all(|(_, readiness)| *readiness == Readiness::Removed));
    assert_eq!(kinds(&store, &pass_of(&two).to_string()).len(), 2, "the other pass goes on");
}

#[test]
fn a_grant_in_flight_is_followed_by_the_removal() {
    let (store, lease) = store();
    let (one, two) = (visit("one", TEN), visit("two", TEN));
    store.register(&one).unwrap();
    store.register(&two).unwrap();
    run(&store, &lease, 2);
    let grants = store.take_due(&lease, TEN, TEN, 10).unwrap();
    assert!(grants.iter().all(|row| row.kind == Kind::GrantPass) && grants.len() == 2);
    store.revoke_pass(pass_of(&one), TEN).unwrap();
    assert!(store.take_due(&lease, TEN, TEN, 10).unwrap().is_empty(), "it waits for the grant's answer");
    for row in &grants {
        store.settle(&lease, row.id).unwrap();
    }
    let next = store.take_due(&lease, TEN, TEN, 10).unwrap();
    assert_eq!(next.iter().map(|row| row.kind).collect::<Vec<_>>(), [Kind::RemovePass]);
    assert_eq!(next[0].subject, pass_of(&one).to_string());
}

#[test]
fn a_removal_overtakes_a_grant_that_waits() {
    let (store, lease) = store();
    let (one, two) = (visit("one", TEN), visit("two", TEN));
    store.register(&one).unwrap();
    store.register(&two).unwrap();
    run(&store, &lease, 2);
    for row in store.take_due(&lease, TEN, TEN, 10).unwrap() {
        store.postpone(&lease, row.id, TEN, "one door failed", true).unwrap();
    }
    store.revoke_pass(pass_of(&one), TEN).unwrap();
    let due = store.take_due(&lease, TEN, TEN, 10).unwrap();
    let of_one: Vec<Kind> =
        due.iter().filter(|row| row.subject == pass_of(&one).to_string()).map(|row| row.kind).collect();
    assert_eq!(of_one, [Kind::RemovePass], "the grant never goes out again");
    assert!(due.iter().any(|row| row.kind == Kind::GrantPass && row.subject == pass_of(&two).to_string()));
}

#[test]
fn a_late_answer_to_a_grant_does_not_make_a_revoked_pass_ready() {
    let (store, lease) = store();
    let (one, two) = (visit("one", TEN), visit("two", TEN));
    store.register(&one).unwrap();
    store.register(&two).unwrap();
    run(&store, &lease, 2);
    store.take_due(&lease, TEN, TEN, 10).unwrap();
    store.revoke_pass(pass_of(&one), TEN).unwrap();
    for new in [&one, &two] {
        let door = new.pass.as_ref().unwrap().doors[0].clone();
        let answer = DoorAnswer { door, readiness: Readiness::Ready, said: None };
        store.keep_door_answers(pass_of(new), &[answer]).unwrap();
    }
    let readiness = |new| store.pass(pass_of(new)).unwrap().pass.doors[0].1;
    assert_eq!(readiness(&one), Readiness::Removing);
    assert_eq!(readiness(&two), Readiness::Ready);
    assert!(!store.pass(pass_of(&one)).unwrap().pass.is_showable());
}

#[test]
fn signing_out_takes_the_passes_of_that_visit_only() {
    let (store, _) = store();
    let (one, two) = (visit("one", TEN), visit("two", TEN));
    store.register(&one).unwrap();
    store.register(&two).unwrap();
    assert_eq!(store.sign_out(one.id, TEN).unwrap(), [pass_of(&one)]);
    assert!(store.sign_out(one.id, TEN).unwrap().is_empty(), "leaving twice changes nothing");
    assert_eq!(store.pass(pass_of(&two)).unwrap().pass.state, PassState::Active);
    assert!(store.visit(two.id).unwrap().left_at.is_none());
}

#[test]
fn a_grant_in_doubt_is_removed_twice_the_second_time_when_nothing_late_can_arrive() {
    let (store, lease) = store();
    let (one, two) = (visit("one", TEN), visit("two", TEN));
    store.register(&one).unwrap();
    store.register(&two).unwrap();
    run(&store, &lease, 2);
    for row in store.take_due(&lease, TEN, TEN, 10).unwrap() {
        store.postpone(&lease, row.id, TEN, "noAnswer", false).unwrap();
    }
    store.doubt_grant(pass_of(&one), TEN).unwrap();
    for new in [&one, &two] {
        store.revoke_pass(pass_of(new), TEN).unwrap();
    }
    for row in store.take_due(&lease, TEN, TEN, 10).unwrap() {
        assert_eq!(row.kind, Kind::RemovePass);
        let pass = row.subject.parse().unwrap();
        let door = |door: &vestibule_domain::DoorId| DoorAnswer {
            door: door.clone(),
            readiness: Readiness::Removed,
            said: None,
        };
        let answers: Vec<_> = one.pass.as_ref().unwrap().doors.iter().map(door).collect();
        store.keep_door_answers(pass, &answers).unwrap();
        store.repeat_removal(pass, TEN).unwrap();
        store.settle(&lease, row.id).unwrap();
    }
    let readiness = |new| store.pass(pass_of(new)).unwrap().pass.doors[0].1;
    assert_eq!((readiness(&one), readiness(&two)), (Readiness::Removing, Readiness::Removed));
    let soon = TEN.plus(std::time::Duration::from_secs(15 * 60));
    store.hurry(soon).unwrap();
    assert!(
        store.take_due(&lease, soon, soon, 10).unwrap().is_empty(),
        "not even a good connection hurries it"
    );
    let late = TEN.plus(std::time::Duration::from_secs(16 * 60));
    let again = store.take_due(&lease, late, late, 10).unwrap();
    assert_eq!(
        again.iter().map(|row| (row.kind, row.subject.clone())).collect::<Vec<_>>(),
        [(Kind::RemovePass, pass_of(&one).to_string())]
    );
}

#[test]
fn whatever_an_attempt_is_counted_as_a_grant_that_was_taken_up_is_removed() {
    let (store, lease) = store();
    let (one, two) = (visit("one", TEN), visit("two", TEN));
    store.register(&one).unwrap();
    store.register(&two).unwrap();
    run(&store, &lease, 2);
    for row in store.take_due(&lease, TEN, TEN, 10).unwrap() {
        store.postpone(&lease, row.id, TEN, "noConnection", true).unwrap();
    }
    store.revoke_pass(pass_of(&one), TEN).unwrap();
    let of_one = kinds(&store, &pass_of(&one).to_string());
    assert_eq!(of_one, [(Kind::RemovePass, RowState::Waiting)]);
}
