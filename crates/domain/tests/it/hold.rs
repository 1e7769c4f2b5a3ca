//! When people are warned, and when a hold that another process began ends. What may happen in between is explored in
//! `src/explore`.

use std::time::Duration;

use uuid::Uuid;
use vestibule_domain::hold::{Due, Held, HoldEnd, HoldEnds, HoldState, WARNING};
use vestibule_domain::{HoldId, Monotonic};

use crate::TEN;

const QUARTER: Duration = Duration::from_secs(900);
const STEADY: Monotonic = Monotonic(Duration::from_secs(100));

fn held(number: u128) -> Held {
    let id = HoldId(Uuid::from_u128(number));
    Held { id, at: TEN, until: TEN.plus(QUARTER), state: HoldState::Open }
}

#[test]
fn people_are_warned_once_a_minute_before_the_end() {
    let (one, two) = (held(1), Held { until: TEN.plus(QUARTER * 2), ..held(2) });
    let mut ends = HoldEnds::default();
    ends.set(one.id, HoldEnd::of(QUARTER, QUARTER, TEN, STEADY).unwrap());
    let mut look = |after: Duration| ends.look(&[one, two], TEN.plus(after), STEADY.plus(after));
    assert_eq!(look(Duration::ZERO), Due::default());
    assert_eq!(look(QUARTER - WARNING - Duration::from_millis(1)), Due::default());
    assert_eq!(look(QUARTER - WARNING), Due { over: vec![], warning: true });
    assert_eq!(look(QUARTER - Duration::from_millis(1)), Due::default(), "once");
    assert_eq!(look(QUARTER), Due { over: vec![one.id], warning: false }, "and the other one goes on");
}

#[test]
fn a_hold_of_another_process_ends_by_our_steady_clock_when_theirs_was_set_back() {
    let mut ends = HoldEnds::default();
    assert_eq!(ends.look(&[held(1)], TEN, STEADY), Due::default());
    let hour_ago = TEN.minus(Duration::from_secs(3600));
    assert_eq!(ends.look(&[held(1)], hour_ago, STEADY.plus(QUARTER)).over, [held(1).id]);
    let closing = Held { state: HoldState::Closing, ..held(1) };
    assert_eq!(ends.look(&[closing], hour_ago, STEADY.plus(QUARTER)), Due::default(), "it is over already");
}
