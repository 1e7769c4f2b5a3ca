//! A desk that is killed, again and again: what must hold is in `src/kill.rs`. `cargo xtask torture` does more of it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::path::Path;

use vestibule_journeys::kill::bug::Bug;
use vestibule_journeys::kill::run::{Outcome, Wish, run};

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
    assert!(outcome.told > 300 && outcome.changes > 600, "the victims did too little: {outcome}");
}

/// Kills until the bug is found.
fn hunt(bug: Bug) -> Outcome {
    let wish = Wish { seed: seed(), kills: 150, lives: 5, bug: Some(bug) };
    let outcome = run(Path::new(VICTIM), wish, |_| {}).unwrap();
    println!("{bug:?}: {outcome}");
    assert!(!outcome.findings.is_empty(), "seed {} (VESTIBULE_SEED): {bug:?} was not found: {outcome}", wish.seed);
    outcome
}

#[test]
fn all_bugs() {
    for bug in Bug::ALL {
        hunt(bug);
    }
}
