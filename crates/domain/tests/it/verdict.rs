//! The rule table of the verdict, row by row, and what must hold for all of it.

use std::time::Duration;

use vestibule_domain::Window;
use vestibule_domain::pass::{PassState, Readiness};
use vestibule_domain::verdict::{CLOCK_TRUST, Decision, Known, Reason, TRUSTED_AGE, judge};

use crate::TEN;

const HOUR: Duration = Duration::from_secs(3600);

fn good() -> Known {
    Known {
        state: PassState::Active,
        signed_out: false,
        window: Window { from: TEN, until: TEN.plus(HOUR) },
        doors: vec![Readiness::Ready, Readiness::Waiting],
        issued_here: true,
        as_of: TEN,
    }
}

#[test]
fn each_row_of_the_table() {
    let elsewhere = |age| Known { issued_here: false, as_of: TEN.minus(age), ..good() };
    let second = Duration::from_secs(1);
    let rows: Vec<(Known, Decision, Reason)> = vec![
        (good(), Decision::LetIn, Reason::Valid),
        (Known { state: PassState::Revoked, ..good() }, Decision::Stop, Reason::Revoked),
        (Known { signed_out: true, ..good() }, Decision::Stop, Reason::SignedOut),
        (
            Known { window: Window { from: TEN.plus(second), until: TEN.plus(HOUR) }, ..good() },
            Decision::Stop,
            Reason::NotYet,
        ),
        (
            Known { window: Window { from: TEN.minus(HOUR), until: TEN }, ..good() },
            Decision::Stop,
            Reason::Expired,
        ),
        (elsewhere(TRUSTED_AGE), Decision::LetIn, Reason::Valid),
        (elsewhere(TRUSTED_AGE + second), Decision::CannotTell, Reason::Stale),
        (
            Known { doors: vec![Readiness::Failed, Readiness::Waiting], ..good() },
            Decision::CannotTell,
            Reason::NotReady,
        ),
        (Known { doors: vec![], ..good() }, Decision::CannotTell, Reason::NotReady),
    ];
    for (known, decision, reason) in rows {
        let verdict = judge(Some(&known), TEN, None);
        assert_eq!((verdict.decision, verdict.reason), (decision, reason), "{known:?}");
    }
    let unknown = judge(None, TEN, None);
    assert_eq!(
        (unknown.decision, unknown.reason, unknown.age),
        (Decision::CannotTell, Reason::NotIssuedHere, None)
    );
}

#[test]
fn a_clock_that_is_far_off_decides_nothing_but_a_revoked_pass_stays_stopped() {
    let off = Some(CLOCK_TRUST + Duration::from_secs(1));
    assert_eq!(judge(Some(&good()), TEN, off).reason, Reason::ClockOff);
    assert_eq!(judge(Some(&good()), TEN, Some(CLOCK_TRUST)).decision, Decision::LetIn);
    let revoked = Known { state: PassState::Revoked, ..good() };
    assert_eq!(judge(Some(&revoked), TEN, off).decision, Decision::Stop);
}

#[test]
fn nobody_is_let_in_who_should_not_be() {
    use Readiness::{Failed, Ready, Removed, Removing, Waiting};
    let mut let_in = 0;
    for state in [PassState::Active, PassState::Revoked] {
        for signed_out in [false, true] {
            for start in [-2_i64, 0, 2] {
                for door in [Waiting, Ready, Failed, Removing, Removed] {
                    for age in [0, 10, 60] {
                        let from = vestibule_domain::UtcMillis(TEN.0 + start * 3_600_000);
                        let known = Known {
                            state,
                            signed_out,
                            window: Window { from, until: from.plus(HOUR) },
                            doors: vec![door],
                            issued_here: false,
                            as_of: TEN.minus(Duration::from_secs(age * 60)),
                        };
                        if judge(Some(&known), TEN, None).decision == Decision::LetIn {
                            let_in += 1;
                            assert!(
                                state == PassState::Active
                                    && !signed_out
                                    && start == 0
                                    && door == Ready
                                    && age <= 15
                            );
                        }
                    }
                }
            }
        }
    }
    assert_eq!(let_in, 2, "and those who should be, are");
}
