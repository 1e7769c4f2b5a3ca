//! The rule table of the verdict, row by row, and what must hold for all of it.

use std::time::Duration;

use vestibule_domain::pass::Readiness;
use vestibule_domain::verdict::{
    Around, CLOCK_STEP, CLOCK_TRUST, Decision, Known, RULES, Reason, SAME_SHOWING, Side, TRUSTED_AGE, judge,
    judge_unknown,
};
use vestibule_domain::{UtcMillis, Window};

use crate::TEN;

const HOUR: Duration = Duration::from_secs(3600);
const SECOND: Duration = Duration::from_secs(1);
const ONLINE: Around = Around { skew: None, lost: false };

fn good() -> Known {
    Known {
        revoked_at: None,
        left_at: None,
        window: Window { from: TEN, until: TEN.plus(HOUR) },
        doors: vec![(Readiness::Ready, Side::Here), (Readiness::Waiting, Side::Here)],
        wedged: false,
        spare: false,
        limit: 2,
        seen_times: 0,
        last_seen_at: None,
        issued_at: TEN,
        issued_here: true,
        as_of: TEN,
    }
}

fn at(doors: &[(Readiness, Side)]) -> Known {
    Known { doors: doors.to_vec(), ..good() }
}

#[test]
fn each_row_of_the_table() {
    use Readiness::{Failed, Ready, Waiting};
    let elsewhere = |age| Known { issued_here: false, as_of: TEN.minus(age), ..good() };
    let seen = |times, ago| Known { seen_times: times, last_seen_at: Some(TEN.minus(ago)), ..good() };
    let left = |revoked: UtcMillis| Known { left_at: Some(TEN), revoked_at: Some(revoked), ..good() };
    let window = |from, until| Known { window: Window { from, until }, ..good() };
    let rows: Vec<(Known, Decision, Reason)> = vec![
        (good(), Decision::LetIn, Reason::Valid),
        (Known { spare: true, ..good() }, Decision::LetIn, Reason::Spare),
        (seen(1, HOUR), Decision::LetIn, Reason::Again),
        (Known { spare: true, ..seen(1, HOUR) }, Decision::LetIn, Reason::Again),
        (seen(2, SAME_SHOWING), Decision::Stop, Reason::LimitUsed),
        (seen(2, SAME_SHOWING - SECOND), Decision::LetIn, Reason::Again),
        (Known { revoked_at: Some(TEN), ..good() }, Decision::Stop, Reason::Revoked),
        (left(TEN), Decision::Stop, Reason::SignedOut),
        (left(TEN.minus(SECOND)), Decision::Stop, Reason::Revoked),
        (Known { left_at: Some(TEN), ..good() }, Decision::Stop, Reason::SignedOut),
        (window(TEN.plus(SECOND), TEN.plus(HOUR)), Decision::Stop, Reason::NotYet),
        (window(TEN.minus(HOUR), TEN), Decision::Stop, Reason::Expired),
        (elsewhere(TRUSTED_AGE), Decision::LetIn, Reason::Valid),
        (elsewhere(TRUSTED_AGE + SECOND), Decision::CannotTell, Reason::Stale),
        (at(&[(Ready, Side::Elsewhere), (Ready, Side::Gone)]), Decision::Stop, Reason::WrongDoor),
        (at(&[(Ready, Side::Elsewhere), (Waiting, Side::Here)]), Decision::CannotTell, Reason::NotReady),
        (at(&[(Ready, Side::Gone)]), Decision::CannotTell, Reason::DoorGone),
        (at(&[(Failed, Side::Here), (Waiting, Side::Here)]), Decision::CannotTell, Reason::NotReady),
        (at(&[(Failed, Side::Here), (Failed, Side::Here)]), Decision::CannotTell, Reason::NotTaken),
        (Known { wedged: true, ..at(&[(Waiting, Side::Here)]) }, Decision::CannotTell, Reason::NotTaken),
        (Known { wedged: true, ..good() }, Decision::LetIn, Reason::Valid),
        (at(&[]), Decision::CannotTell, Reason::NotReady),
        (Known { issued_at: TEN.plus(CLOCK_STEP), ..good() }, Decision::LetIn, Reason::Valid),
        (
            Known { issued_at: TEN.plus(CLOCK_STEP + SECOND), ..good() },
            Decision::CannotTell,
            Reason::ClockBack,
        ),
        (
            Known { seen_times: 1, last_seen_at: Some(TEN.plus(CLOCK_STEP + SECOND)), ..good() },
            Decision::CannotTell,
            Reason::ClockBack,
        ),
    ];
    for (known, decision, reason) in rows {
        let verdict = judge(&known, TEN, ONLINE);
        assert_eq!((verdict.decision, verdict.reason), (decision, reason), "{known:?}");
    }
}

#[test]
fn a_lost_connection_names_itself_only_where_it_is_the_reason() {
    let lost = Around { lost: true, ..ONLINE };
    assert_eq!(judge(&at(&[(Readiness::Waiting, Side::Here)]), TEN, lost).reason, Reason::NotTold);
    assert_eq!(judge(&at(&[(Readiness::Failed, Side::Here)]), TEN, lost).reason, Reason::NotTaken);
    assert_eq!(judge(&good(), TEN, lost).reason, Reason::Valid);
}

#[test]
fn a_text_without_a_pass_is_judged_by_its_form() {
    use Reason::{Address, Garbled, NoSuchShortCode, NotAPass, NotIssuedHere};
    for (text, decision, reason) in [
        ("K7MP Q4XW", Decision::CannotTell, NoSuchShortCode),
        ("V10123456789ABCD", Decision::CannotTell, NotIssuedHere),
        ("https://example.com/x", Decision::Stop, Address),
        ("wxp://f2f0abc", Decision::Stop, Address),
        ("://", Decision::Stop, NotAPass),
        ("not a pass at all", Decision::Stop, NotAPass),
        ("", Decision::Stop, NotAPass),
        ("客服开门", Decision::CannotTell, Garbled),
        ("Ｖ１２３４５６７８", Decision::CannotTell, Garbled),
    ] {
        let verdict = judge_unknown(text);
        assert_eq!((verdict.decision, verdict.reason, verdict.age), (decision, reason, None), "{text}");
    }
}

#[test]
fn a_clock_that_is_far_off_decides_nothing_but_a_revoked_pass_stays_stopped() {
    let off = Around { skew: Some(CLOCK_TRUST + SECOND), ..ONLINE };
    assert_eq!(judge(&good(), TEN, off).reason, Reason::ClockOff);
    let near = Around { skew: Some(CLOCK_TRUST), ..ONLINE };
    assert_eq!(judge(&good(), TEN, near).decision, Decision::LetIn);
    let revoked = Known { revoked_at: Some(TEN), ..good() };
    assert_eq!(judge(&revoked, TEN, off).decision, Decision::Stop);
}

#[test]
fn nobody_is_let_in_who_should_not_be() {
    use Readiness::{Failed, Ready, Removed, Removing, Waiting};
    let mut let_in = 0;
    for revoked_at in [None, Some(TEN)] {
        for left_at in [None, Some(TEN)] {
            for start in [-2_i64, 0, 2] {
                for door in [Waiting, Ready, Failed, Removing, Removed] {
                    for side in [Side::Here, Side::Elsewhere, Side::Gone] {
                        for age in [0, 10, 60] {
                            for seen_times in [0, 1, 2, 3] {
                                let from = UtcMillis(TEN.0 + start * 3_600_000);
                                let known = Known {
                                    revoked_at,
                                    left_at,
                                    window: Window { from, until: from.plus(HOUR) },
                                    doors: vec![(door, side)],
                                    seen_times,
                                    issued_here: false,
                                    as_of: TEN.minus(Duration::from_secs(age * 60)),
                                    ..good()
                                };
                                if judge(&known, TEN, ONLINE).decision == Decision::LetIn {
                                    let_in += 1;
                                    assert!(
                                        revoked_at.is_none()
                                            && left_at.is_none()
                                            && start == 0
                                            && (door, side) == (Ready, Side::Here)
                                            && age <= 15
                                            && seen_times < 2
                                    );
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    assert_eq!(let_in, 4, "and those who should be, are");
}

/// What the table says to every combination of what it looks at, in one number.
fn fingerprint() -> u64 {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    let moments = [None, Some(TEN.minus(HOUR)), Some(TEN.minus(SECOND)), Some(TEN), Some(TEN.plus(HOUR))];
    let shapes: Vec<Vec<(Readiness, Side)>> =
        [Readiness::Waiting, Readiness::Ready, Readiness::Failed, Readiness::Removed]
            .into_iter()
            .flat_map(|readiness| {
                [Side::Here, Side::Elsewhere, Side::Gone].map(|side| vec![(readiness, side)])
            })
            .chain([Vec::new()])
            .collect();
    let windows = [(TEN, TEN.plus(HOUR)), (TEN.plus(SECOND), TEN.plus(HOUR)), (TEN.minus(HOUR), TEN)];
    for bits in 0..64_u32 {
        let bit = |n: u32| bits & (1 << n) != 0;
        for (doors, moment) in shapes.iter().flat_map(|doors| moments.map(|moment| (doors, moment))) {
            for ((from, until), last) in windows.iter().flat_map(|window| moments.map(|last| (*window, last)))
            {
                let known = Known {
                    revoked_at: moment.filter(|_| bit(0)),
                    left_at: moment.filter(|_| bit(1)),
                    window: Window { from, until },
                    doors: doors.clone(),
                    wedged: bit(2),
                    spare: bit(3),
                    seen_times: if bit(4) { 2 } else { u32::from(last.is_some()) },
                    last_seen_at: last,
                    issued_here: moment.is_none() || bit(0),
                    as_of: moment.unwrap_or(TEN),
                    ..good()
                };
                let skew = bit(5).then_some(CLOCK_TRUST + SECOND);
                let verdict = judge(&known, TEN, Around { skew, lost: bit(3) });
                for byte in format!("{:?}", verdict.reason).bytes() {
                    sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
                }
            }
        }
    }
    sum
}

#[test]
fn a_changed_table_has_a_new_version() {
    // Raise `RULES` with the number: verdicts in the journal name the table they were judged by.
    assert_eq!((RULES, format!("{:x}", fingerprint())), (1, "23b6f3f5af09b29".to_owned()));
}
