//! The two clocks.

use std::time::Duration;

use vestibule_domain::{Clock, SystemClock, TurnedClock, UtcMillis};

use crate::TEN;

#[test]
fn setting_the_wall_clock_does_not_move_the_steady_one() {
    let clock = TurnedClock::at(TEN);
    clock.turn(Duration::from_secs(5));
    let steady = clock.monotonic();
    clock.set_wall(UtcMillis(0));
    assert_eq!(clock.monotonic(), steady);
    assert_eq!(clock.now(), UtcMillis(0));
}

#[test]
fn the_systems_clocks_go_forward() {
    let clock = SystemClock::new();
    let (wall, steady) = (clock.now(), clock.monotonic());
    std::thread::sleep(Duration::from_millis(5));
    assert!(clock.now() > wall);
    assert!(clock.monotonic() > steady);
}

#[test]
fn moments_do_not_overflow() {
    let far = UtcMillis(i64::MAX);
    assert_eq!(far.plus(Duration::from_secs(1)), far);
    assert_eq!(UtcMillis(i64::MIN).minus(Duration::from_secs(1)), UtcMillis(i64::MIN));
    assert_eq!(TEN.since(TEN.plus(Duration::from_secs(1))), Duration::ZERO, "never negative");
}
