//! The borders of a press's times, to the nanosecond. What may happen in between is explored in `src/explore`.

use std::time::Duration;

use uuid::Uuid;
use vestibule_domain::press::{
    ANSWER_WITHIN, Contact, Doors, LOCK_OUT, NotNow, PRESS_TTL, Permit, PressState, Right, Void, is_busy,
};
use vestibule_domain::{DoorId, Monotonic};

use crate::TEN;

const FINGER: Monotonic = Monotonic(Duration::from_secs(100));
const NANO: Duration = Duration::from_nanos(1);

fn press(doors: &mut Doors, door: &str, at: Monotonic, contact: Contact) -> Result<Permit, NotNow> {
    let token = Uuid::new_v4();
    doors.arm(Right::Release, token, DoorId(door.to_owned()), at)?;
    Ok(doors.press(Right::Release, token, at, contact)?.1)
}

#[test]
fn a_press_may_leave_before_its_end_and_not_at_it() {
    let here = Contact::default();
    let permit = press(&mut Doors::default(), "lift", FINGER, here).unwrap();
    assert_eq!(permit.may_leave(FINGER, here), Ok(()));
    assert_eq!(permit.may_leave(FINGER.plus(PRESS_TTL - NANO), here), Ok(()));
    assert_eq!(permit.may_leave(FINGER.plus(PRESS_TTL), here), Err(Void::TooLate));
}

#[test]
fn a_press_does_not_outlive_the_connection_it_was_pressed_on() {
    let (here, lost) = (Contact::default(), Contact { lost: true, losses: 1 });
    let back = Contact { lost: false, losses: 1 };
    let before = press(&mut Doors::default(), "lift", FINGER, here).unwrap();
    assert_eq!(before.may_leave(FINGER, lost), Err(Void::LineLost));
    assert_eq!(before.may_leave(FINGER, back), Err(Void::LineLost));
    let without = press(&mut Doors::default(), "lift", FINGER, lost).unwrap();
    assert_eq!(without.may_leave(FINGER, back), Err(Void::LineLost));
    let after = press(&mut Doors::default(), "lift", FINGER, back).unwrap();
    assert_eq!(after.may_leave(FINGER, back), Ok(()));
}

#[test]
fn a_door_is_locked_out_for_three_seconds_and_the_others_are_not() {
    let (mut doors, here) = (Doors::default(), Contact::default());
    press(&mut doors, "lift", FINGER, here).unwrap();
    press(&mut doors, "floor-8", FINGER, here).unwrap();
    let soon = FINGER.plus(LOCK_OUT - NANO);
    assert_eq!(doors.locked_for(&DoorId("lift".to_owned()), soon), NANO);
    assert_eq!(press(&mut doors, "lift", soon, here), Err(NotNow::LockedOut));
    press(&mut doors, "lift", FINGER.plus(LOCK_OUT), here).unwrap();
}

#[test]
fn what_was_written_down_locks_a_door_in_both_directions_of_time() {
    let (milli, none) = (Duration::from_millis(1), Duration::ZERO);
    let busy =
        |state, after: Duration, before: Duration| is_busy(TEN.plus(after), [(state, TEN.plus(before))]);
    for state in [PressState::Accepted, PressState::Unknown] {
        assert!(busy(state, LOCK_OUT - milli, none) && busy(state, none, LOCK_OUT - milli));
        assert!(!busy(state, LOCK_OUT, none) && !busy(state, none, LOCK_OUT));
    }
    assert!(busy(PressState::Asked, ANSWER_WITHIN - milli, none));
    assert!(!busy(PressState::Asked, ANSWER_WITHIN, none));
    assert!(!busy(PressState::Refused, none, none));
}
