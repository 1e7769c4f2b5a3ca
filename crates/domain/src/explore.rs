//! All that can happen to presses and holds, in every order, up to a bound. The transitions are the product's own; around
//! them stands a world that does its worst and remembers what really left and what really opened. Then the same again
//! with each guard off, which must go wrong.
//!
//! Decision 2026-11-24: the search is our own. It is breadth first, which is all that is needed to get the shortest way
//! to a fault, and short; `stateright` 0.31 would bring an HTTP server for its explorer and some thirty crates into the
//! tests of the crate that knows no I/O.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    reason = "tests, which print what they explored"
)]

mod hold;
mod press;
mod search;

#[test]
fn every_guard_is_missed_somewhere() {
    let of_presses = press::MISSED.iter().map(|(guard, _, _)| guard);
    let missed: Vec<_> = of_presses.chain(hold::MISSED.iter().map(|(guard, _, _)| guard)).collect();
    for guard in crate::guard::Guard::ALL {
        assert!(missed.contains(&guard), "nothing shows what goes wrong without {guard:?}");
    }
}
