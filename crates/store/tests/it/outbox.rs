//! The order in which rows go out. Every test has at least two visitors, and looks at the one that must not change.

use std::time::Duration;

use proptest::prelude::{ProptestConfig, proptest};
use vestibule_domain::{PassCode, UtcMillis};
use vestibule_store::{DropReason, DueRow, Kind, Lease, RowState, Store, Visit};

use crate::{Settle as _, TEN, pass_of, store, visit};

fn kinds(rows: &[DueRow]) -> Vec<Kind> {
    rows.iter().map(|row| row.kind).collect()
}

fn take(store: &Store, lease: &Lease) -> Vec<DueRow> {
    store.take_due(lease, TEN, TEN, 10).unwrap()
}

#[test]
fn one_visitor_after_the_other_step_and_two_visitors_side_by_side() {
    let (store, lease) = store();
    store.register(&visit("one", TEN)).unwrap();
    store.register(&visit("two", TEN)).unwrap();
    let first = take(&store, &lease);
    assert_eq!(kinds(&first), [Kind::RegisterVisitor, Kind::RegisterVisitor]);
    assert!(take(&store, &lease).is_empty(), "their passes wait for them");
    store.settle(&lease, first[0].id).unwrap();
    let second = take(&store, &lease);
    assert_eq!(kinds(&second), [Kind::GenerateCode], "only the first visitor's pass goes on");
    store.settle(&lease, second[0].id).unwrap();
    assert_eq!(kinds(&take(&store, &lease)), [Kind::GrantPass]);
}

#[test]
fn a_row_that_waits_or_is_set_aside_holds_only_its_own_lane() {
    let (store, lease) = store();
    store.register(&visit("one", TEN)).unwrap();
    store.register(&visit("two", TEN)).unwrap();
    let rows = take(&store, &lease);
    store.wedge(&lease, rows[0].id, "refusedByService 2000").unwrap();
    store.settle(&lease, rows[1].id).unwrap();
    let next = take(&store, &lease);
    assert_eq!(kinds(&next), [Kind::GenerateCode]);
    let tally = store.tally(TEN).unwrap();
    assert_eq!((tally.waiting, tally.wedged), (4, 1), "the sending one counts as waiting");
    store.retry_row(rows[0].id, TEN).unwrap();
    assert_eq!(kinds(&take(&store, &lease)), [Kind::RegisterVisitor]);
}

#[test]
fn what_was_set_aside_of_one_pass_is_tried_again_and_of_another_is_not() {
    let (store, lease) = store();
    let mut passes = Vec::new();
    for form in ["one", "two"] {
        let new = visit(form, TEN);
        store.register(&new).unwrap();
        passes.push(pass_of(&new));
    }
    let rows = take(&store, &lease);
    for row in &rows {
        store.wedge(&lease, row.id, "refusedByService 2000").unwrap();
    }
    store.retry_pass(passes[0], TEN).unwrap();
    assert_eq!(take(&store, &lease).iter().map(|row| row.id).collect::<Vec<_>>(), [rows[0].id]);
    assert_eq!(store.tally(TEN).unwrap().wedged, 1, "the other one waits for its own word");
    assert!(store.retry_pass(passes[0], TEN).is_err(), "it is on its way");
}

#[test]
fn a_postponed_row_comes_back_when_its_time_has_come() {
    let (store, lease) = store();
    store.register(&visit("one", TEN)).unwrap();
    store.register(&visit("two", TEN)).unwrap();
    let rows = take(&store, &lease);
    let later = TEN.plus(Duration::from_secs(30));
    store.postpone(&lease, rows[0].id, later, "noConnection", true).unwrap();
    assert!(take(&store, &lease).is_empty());
    let again = store.take_due(&lease, later, later, 10).unwrap();
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].id, again[0].attempt), (rows[0].id, 1), "what never left spends no attempt");
    let other = store.outbox(TEN, 10).unwrap().into_iter().find(|row| row.id == rows[1].id).unwrap();
    assert_eq!((other.state, other.attempts), (RowState::Sending, 1), "the other one was not touched");
}

#[test]
fn the_connection_coming_back_hurries_everyone_but_not_what_was_set_aside() {
    let (store, lease) = store();
    store.register(&visit("one", TEN)).unwrap();
    store.register(&visit("two", TEN)).unwrap();
    let rows = take(&store, &lease);
    store.postpone(&lease, rows[0].id, TEN.plus(Duration::from_secs(300)), "noConnection", true).unwrap();
    store.wedge(&lease, rows[1].id, "refused").unwrap();
    store.hurry(TEN).unwrap();
    let due = take(&store, &lease);
    assert_eq!(due.iter().map(|row| row.id).collect::<Vec<_>>(), [rows[0].id]);
}

#[test]
fn a_restart_takes_up_what_was_on_its_way() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(folder.path(), TEN).unwrap().store;
    let lease = first.take_lease(TEN).unwrap().unwrap();
    first.register(&visit("one", TEN)).unwrap();
    first.register(&visit("two", TEN)).unwrap();
    let rows = take(&first, &lease);
    first.settle(&lease, rows[1].id).unwrap();
    drop((first, lease));
    let second = Store::open(folder.path(), TEN).unwrap().store;
    let lease = second.take_lease(TEN).unwrap().unwrap();
    let due = take(&second, &lease);
    assert!(due.iter().any(|row| row.id == rows[0].id && row.attempt == 2), "the orphan goes again");
    assert!(due.iter().all(|row| row.id != rows[1].id), "what was told is not told again");
}

#[test]
fn an_old_process_cannot_end_a_row_that_a_new_one_sends() {
    let (store, old) = store();
    store.register(&visit("one", TEN)).unwrap();
    store.register(&visit("two", TEN)).unwrap();
    let rows = take(&store, &old);
    let new = store.take_lease(TEN).unwrap().unwrap();
    let again = take(&store, &new);
    assert_eq!(again.len(), 2);
    store.settle(&old, rows[0].id).unwrap();
    let open = store.outbox(TEN, 10).unwrap();
    assert!(
        open.iter().any(|row| row.id == rows[0].id && row.state == RowState::Sending),
        "still the new one's"
    );
}

#[test]
fn a_form_sent_twice_is_one_visit() {
    let (store, _) = store();
    let first = visit("same", TEN);
    assert_eq!(store.register(&first).unwrap(), Visit::New(first.id));
    assert_eq!(store.register(&visit("same", TEN)).unwrap(), Visit::Known(first.id));
    store.register(&visit("other", TEN)).unwrap();
    assert_eq!(store.visits_since(TEN, TEN, 10).unwrap().len(), 2);
    assert_eq!(store.outbox(TEN, 10).unwrap().len(), 6);
}

#[test]
fn a_grant_is_of_no_use_after_the_pass_has_ended() {
    let (store, lease) = store();
    let short = visit("one", TEN);
    store.register(&short).unwrap();
    let after = short.pass.as_ref().unwrap().window.until;
    store.register(&visit("two", after)).unwrap();
    let due = store.take_due(&lease, after, after, 10).unwrap();
    assert_eq!(kinds(&due), [Kind::RegisterVisitor, Kind::RegisterVisitor], "people are still told of");
    for row in &due {
        store.settle(&lease, row.id).unwrap();
    }
    let next = store.take_due(&lease, after, after, 10).unwrap();
    assert_eq!(next.len(), 1, "only the second visitor's pass is still worth a code");
}

#[test]
fn the_first_durable_code_wins() {
    let (store, _) = store();
    let (one, two) = (visit("one", TEN), visit("two", TEN));
    store.register(&one).unwrap();
    store.register(&two).unwrap();
    let code = |text: &str| PassCode::from_service(text.to_owned());
    store.keep_code(pass_of(&one), &code("FIRSTCODE")).unwrap();
    store.keep_code(pass_of(&one), &code("SECONDCODE")).unwrap();
    assert_eq!(store.pass(pass_of(&one)).unwrap().pass.code, Some(code("FIRSTCODE")));
    assert!(store.pass(pass_of(&two)).unwrap().pass.code.is_none());
    assert!(store.pass_by_code(&code("SECONDCODE")).unwrap().is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Whatever becomes of each row, within a lane no row is taken before all earlier ones have ended.
    #[test]
    fn lanes_keep_their_order(choices in proptest::collection::vec(0_u8..4, 10..80)) {
        let (store, mut lease) = store();
        let mut now = TEN;
        let mut done: Vec<(String, Kind)> = Vec::new();
        for (number, choice) in choices.iter().enumerate() {
            if number % 5 == 0 {
                store.register(&visit(&format!("form-{number}"), now)).unwrap();
            }
            for row in store.take_due(&lease, now, now, 3).unwrap() {
                if row.kind == Kind::GrantPass {
                    assert!(done.contains(&(row.subject.clone(), Kind::GenerateCode)), "no grant before its code");
                }
                match choice {
                    0 => store.postpone(&lease, row.id, now.plus(Duration::from_millis(5)), "x", false).unwrap(),
                    1 => lease = store.take_lease(now).unwrap().unwrap(),
                    _ => {
                        store.settle(&lease, row.id).unwrap();
                        let settled = !store.outbox(now, 500).unwrap().iter().any(|open| open.id == row.id);
                        if settled { done.push((row.subject.clone(), row.kind)); }
                    }
                }
            }
            now = UtcMillis(now.0 + 3);
        }
        let mut once = done.clone();
        once.sort_by_key(|(subject, kind)| (subject.clone(), format!("{kind:?}")));
        once.dedup();
        assert_eq!(once.len(), done.len(), "nothing is told twice after it was done");
    }
}

#[test]
fn a_clock_that_was_ahead_for_a_moment_ends_nothing_and_holds_nothing_back() {
    let (store, lease) = store();
    store.register(&visit("one", TEN)).unwrap();
    let tomorrow = TEN.plus(Duration::from_secs(24 * 3600));
    store.register(&visit("two", tomorrow)).unwrap();
    for row in store.take_due(&lease, tomorrow, tomorrow, 10).unwrap() {
        store.settle(&lease, row.id).unwrap();
    }
    let due = take(&store, &lease);
    assert_eq!(kinds(&due), [Kind::GenerateCode, Kind::GenerateCode], "the clock was put right: both go on");
}

#[test]
fn what_waits_for_a_person_that_was_given_up_is_given_up_too() {
    let (store, lease) = store();
    store.register(&visit("one", TEN)).unwrap();
    store.register(&visit("two", TEN)).unwrap();
    let rows = take(&store, &lease);
    store.wedge(&lease, rows[0].id, "refusedByService 2000").unwrap();
    store.drop_row(rows[0].id, DropReason::NotNeeded, TEN).unwrap();
    assert!(take(&store, &lease).is_empty(), "no code is asked for a person the service does not know");
    assert_eq!(store.outbox(TEN, 10).unwrap().len(), 3, "the other visitor's rows are as they were");
}
