//! The two clocks, and the deadline of a press.

use std::time::Duration;

use vestibule_domain::press::{LOCK_OUT, PRESS_TTL, PressDeadline, is_locked_out};
use vestibule_domain::{Clock, Monotonic, SystemClock, TurnedClock, UtcMillis};

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
fn a_press_may_leave_before_its_end_and_not_at_it() {
    let pressed = Monotonic(Duration::from_secs(100));
    let deadline = PressDeadline::of(pressed);
    assert!(deadline.is_open(pressed));
    assert!(deadline.is_open(pressed.plus(PRESS_TTL - Duration::from_nanos(1))));
    assert!(!deadline.is_open(pressed.plus(PRESS_TTL)));
}

#[test]
fn a_door_is_locked_out_for_three_seconds() {
    let pressed = Monotonic(Duration::from_secs(100));
    assert!(!is_locked_out(None, pressed));
    assert!(is_locked_out(Some(pressed), pressed));
    assert!(is_locked_out(Some(pressed), pressed.plus(LOCK_OUT - Duration::from_nanos(1))));
    assert!(!is_locked_out(Some(pressed), pressed.plus(LOCK_OUT)));
}

#[test]
fn moments_do_not_overflow() {
    let far = UtcMillis(i64::MAX);
    assert_eq!(far.plus(Duration::from_secs(1)), far);
    assert_eq!(UtcMillis(i64::MIN).minus(Duration::from_secs(1)), UtcMillis(i64::MIN));
    assert_eq!(TEN.since(TEN.plus(Duration::from_secs(1))), Duration::ZERO, "never negative");
}
