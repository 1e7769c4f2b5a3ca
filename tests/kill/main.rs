//! A desk that is killed, again and again: what must hold is in `src/kill.rs`. `cargo xtask torture` does more of it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![allow(clippy::print_stdout, reason = "after how many kills a bug was found is worth reading")]

use std::path::Path;

use vestibule_journeys::kill::bug::Bug;
use vestibule_journeys::kill::orders::Point;
use vestibule_journeys::kill::run::{Wish, run};

const VICTIM: &str = env!("CARGO_BIN_EXE_victim");
/// What the test is drawn from; `VESTIBULE_SEED` is another one.
const SEED: u64 = 20_261_124;

fn seed() -> u64 {
    let set = std::env::var_os("VESTIBULE_SEED").map(|seed| seed.to_str().unwrap().parse().unwrap());
    set.unwrap_or(SEED)
}

#[test]
fn nothing_is_lost_doubled_reordered_orphaned_or_late_in_two_hundred_kills() {
    let wish = Wish { seed: seed(), kills: 210, lives: 15, bug: None };
    let outcome = run(Path::new(VICTIM), wish, |_| {}).unwrap();
    println!("{outcome}");
    assert!(outcome.findings.is_empty(), "seed {} (VESTIBULE_SEED): {outcome}", wish.seed);
    for point in Point::ALL {
        assert!(outcome.ends.contains_key(&format!("at {point:?}")), "no life ended at {point:?}: {outcome}");
    }
    // Every situation that this is about was met.
    for what in [
        "passIssued",
        "passRevoked",
        "removalRepeated",
        "spareGiven",
        "spareRemoved",
        "visitorLeft",
        "presses accepted",
        "presses refused",
        "presses unknown",
        "holdMoved",
        "calls in the air",
        "presses in the air",
        "holds in the air",
    ] {
        assert!(outcome.seen.contains_key(what), "nothing of this happened: {what}; {outcome}");
    }
}

/// So many kills a bug may take: most need a few, the rarest some fifty on average.
const PATIENCE: u32 = 800;

/// How often it may look like something else first: a run ends with the first thing that is wrong, and a bug that spoils
/// one thing may spoil another beside it.
const GUISES: u64 = 5;

/// Kills until the bug is found, and looks like that one.
fn hunt(bug: Bug) {
    let found = (0..GUISES).any(|guise| {
        let wish = Wish { seed: seed().wrapping_add(guise), kills: PATIENCE, lives: 5, bug: Some(bug) };
        let outcome = run(Path::new(VICTIM), wish, |_| {}).unwrap();
        let found = bug.looks_like().iter().any(|wrong| outcome.has(*wrong));
        println!("{bug:?}, seed {} (VESTIBULE_SEED), as itself: {found}; {outcome}", wish.seed);
        found
    });
    assert!(found, "{bug:?} was not found");
}

#[test]
fn found_told_before_the_commit() {
    hunt(Bug::ToldBeforeCommit);
}

#[test]
fn found_a_pass_and_its_order_in_two_transactions() {
    hunt(Bug::TwoTransactions);
}

#[test]
fn found_presses_of_a_dead_process_sent_again() {
    hunt(Bug::PressesSentAgain);
}

#[test]
fn found_done_before_it_is_sent() {
    hunt(Bug::DoneBeforeSent);
}

#[test]
fn found_a_press_without_an_answer_tried_again() {
    hunt(Bug::PressTriedAgain);
}

#[test]
fn found_silence_counted_as_done() {
    hunt(Bug::SilenceIsDone);
}

#[test]
fn found_what_was_on_its_way_dropped_by_the_next_process() {
    hunt(Bug::InFlightDropped);
}

#[test]
fn found_a_code_before_its_person() {
    hunt(Bug::PersonNotAwaited);
}

#[test]
fn found_calls_that_leave_in_any_order() {
    hunt(Bug::SentLater);
}

#[test]
fn found_a_grant_behind_its_removal() {
    hunt(Bug::GrantAfterRemoval);
}

#[test]
fn found_a_row_settled_without_its_key() {
    hunt(Bug::EveryRowSettled);
}

#[test]
fn found_a_held_door_forgotten() {
    hunt(Bug::HoldForgotten);
}

#[test]
fn found_a_spare_forgotten() {
    hunt(Bug::SpareForgotten);
}

#[test]
fn found_a_spare_given_twice() {
    hunt(Bug::SpareKept);
}

#[test]
fn found_doubt_called_refusal() {
    hunt(Bug::DoubtIsRefusal);
}

#[test]
fn found_a_press_after_its_deadline() {
    hunt(Bug::NoDeadline);
}
