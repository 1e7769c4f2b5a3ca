//! Who may do what, how often one may try, and what a secret must be like.

use std::time::Duration;

use vestibule_domain::staff::{Act, DAY, Leave, Role, TRIES_A_DAY, Who, is_weak, may, may_try};

const WHO: [Who; 7] = [
    Who::Visitor,
    Who::Nobody,
    Who::Anyone,
    Who::Staff(Role::Reception),
    Who::Staff(Role::Guard),
    Who::Staff(Role::Supervisor),
    Who::Staff(Role::Admin),
];

/// Written out once more, by hand: v visitor, n nobody signed in, a anyone while there is no account, then reception,
/// guard, supervisor, admin. `+` may, `o` may when a supervisor says so, `.` may not.
const TABLE: [(Act, &str); 24] = [
    //                     v n a r g s a
    (Act::Register, /*  */ "+ . + + + + +"),
    (Act::IssuePass, /* */ ". . + + + + +"),
    (Act::SeePass, /*   */ "+ . + + + + +"),
    (Act::SeeVisits, /* */ ". . + + + + +"),
    (Act::SeeNames, /*  */ ". . + + + + +"),
    (Act::SeeHistory, /**/ ". . + + . + +"),
    (Act::ExportHistory, ". . + . . + +"),
    (Act::RollCall, /*  */ ". . + + + + +"),
    (Act::Revoke, /*    */ ". . + + + + +"),
    (Act::SignOut, /*   */ ". . + + + + +"),
    (Act::Verify, /*    */ ". + + + + + +"),
    (Act::SeeDoorLog, /**/ ". . + + + + +"),
    (Act::OpenDoor, /*  */ ". . + + + + +"),
    (Act::HoldDoor, /*  */ ". . + o o + +"),
    (Act::ApproveHold, /**/ ". . . . . + +"),
    (Act::EndHold, /*   */ ". . + + + + +"),
    (Act::SeeQueue, /*  */ "+ + + + + + +"),
    (Act::RetryRow, /*  */ ". . + + + + +"),
    (Act::DropRow, /*   */ ". . + . . + +"),
    (Act::SeeReserve, /**/ ". . + + + + +"),
    (Act::ChangeService, ". . + . . . +"),
    (Act::ChangeSettings, ". . + . . . +"),
    (Act::ManageStaff, /**/ ". . + . . . +"),
    (Act::Purge, /*     */ ". . + . . + +"),
];

#[test]
fn the_whole_table() {
    assert_eq!(TABLE.map(|(act, _)| act), Act::ALL, "every act has a line");
    for (act, line) in TABLE {
        for (who, mark) in WHO.into_iter().zip(line.split(' ')) {
            let leave = match mark {
                "+" => Leave::Yes,
                "o" => Leave::WithApproval,
                _ => Leave::No,
            };
            assert_eq!(may(who, act), leave, "{who:?} {act:?}");
        }
    }
}

#[test]
fn an_admin_may_whatever_anybody_may() {
    for act in Act::ALL {
        for who in WHO {
            assert!(
                may(who, act) == Leave::No || may(Who::Staff(Role::Admin), act) == Leave::Yes,
                "{who:?} {act:?}"
            );
        }
    }
}

/// Somebody tries as soon as they may, for a week.
fn patient_guesser(first: Duration) -> Vec<Duration> {
    let (mut now, mut tries) = (first, Vec::new());
    while now < first + DAY * 7 {
        match may_try(&tries, tries.len(), now) {
            Ok(()) => tries.push(now),
            Err(not_yet) => {
                assert!(!not_yet.wait.is_zero(), "a wait moves on");
                now += not_yet.wait;
            }
        }
    }
    tries
}

#[test]
fn no_day_has_more_than_eighteen_tries_and_no_day_has_none() {
    let tries = patient_guesser(Duration::from_secs(77));
    for (n, at) in tries.iter().enumerate() {
        let in_the_day = tries[n..].iter().take_while(|later| **later < *at + DAY).count();
        assert!(in_the_day <= TRIES_A_DAY, "{in_the_day} tries in a day");
    }
    assert_eq!(tries.len(), TRIES_A_DAY * 7, "a patient person gets every one of them");
}

#[test]
fn waits_grow() {
    let wait = |in_a_row: usize| {
        let wrong = vec![Duration::from_secs(10); in_a_row];
        may_try(&wrong, in_a_row, Duration::from_secs(10)).err().map(|not_yet| not_yet.wait.as_secs())
    };
    assert_eq!((1..=6).map(wait).collect::<Vec<_>>(), [None, None, Some(5), Some(15), Some(30), Some(60)]);
    assert_eq!(wait(17), Some(900));
    let at_once: Vec<Duration> = vec![Duration::from_secs(10); TRIES_A_DAY];
    let day = may_try(&at_once, 0, Duration::from_secs(20)).unwrap_err();
    assert!(day.day, "a right one between does not give them back");
    assert_eq!(day.wait, DAY - Duration::from_secs(10));
}

#[test]
fn easy_secrets_are_weak() {
    for weak in [
        "",
        "1",
        "48151",
        "000000",
        "999999",
        "123456",
        "654321",
        "012345",
        "987654321",
        "789012",
        "246802",
        "121212",
        "123123",
        "112233",
        "998877",
        "147258",
        "123321",
        "abcdefgh",
        "密码密码密码密码密码",
        "short pin",
    ] {
        assert!(is_weak(weak), "{weak}");
    }
    for good in ["481516", "730194", "902417", "20261124", "a walk in the park", "我家门前有两棵枣树呢"]
    {
        assert!(!is_weak(good), "{good}");
    }
    assert!(is_weak(&"48a1".repeat(40)), "too long");
}
