//! One reading per showing.

use std::time::Duration;

use proptest::prelude::{prop_assert, proptest};
use vestibule_domain::Monotonic;
use vestibule_qr::Text;
use vestibule_qr::steady::{Showing, Steady};

fn text(text: &str) -> Text {
    Text::Words(text.to_owned())
}

fn at(millis: u64) -> Monotonic {
    Monotonic(Duration::from_millis(millis))
}

#[test]
fn a_code_that_stays_is_reported_once() {
    let mut steady = Steady::new();
    assert_eq!(steady.see(&text("A"), at(0)), Some(Showing::New(text("A"))));
    for frame in 1..2000 {
        assert_eq!(steady.see(&text("A"), at(frame * 66)), None);
    }
}

#[test]
fn another_code_is_ready_at_once_even_while_the_first_stays() {
    let mut steady = Steady::new();
    assert!(steady.see(&text("A"), at(0)).is_some());
    assert_eq!(steady.see(&text("B"), at(66)), Some(Showing::New(text("B"))));
    assert_eq!(steady.see(&text("A"), at(132)), None);
    assert_eq!(steady.see(&text("B"), at(198)), None);
}

#[test]
fn back_too_soon_is_a_word_and_later_a_new_showing() {
    let mut steady = Steady::new();
    assert!(steady.see(&text("A"), at(0)).is_some());
    assert_eq!(steady.see(&text("A"), at(4000)), Some(Showing::Same(text("A"))));
    assert_eq!(steady.see(&text("A"), at(4066)), None);
    assert_eq!(steady.see(&text("A"), at(6000)), None, "the word is not repeated at once");
    assert_eq!(steady.see(&text("A"), at(12_000)), Some(Showing::New(text("A"))));
}

#[test]
fn a_trembling_hand_is_one_showing() {
    let mut steady = Steady::new();
    assert!(steady.see(&text("A"), at(0)).is_some());
    for step in 1..30 {
        assert_eq!(steady.see(&text("A"), at(step * 1400)), None);
    }
}

#[test]
fn forgotten_is_new() {
    let mut steady = Steady::new();
    assert!(steady.see(&text("A"), at(0)).is_some());
    assert!(steady.see(&text("B"), at(0)).is_some());
    steady.forget(&text("A"));
    assert_eq!(steady.see(&text("A"), at(66)), Some(Showing::New(text("A"))));
    assert_eq!(steady.see(&text("B"), at(66)), None);
}

proptest! {
    /// Whatever is shown whenever: two reports of one code are at least ten seconds apart.
    #[test]
    fn never_twice_within_ten_seconds(steps in proptest::collection::vec((0usize..4, 0u64..4000), 1..200)) {
        let mut steady = Steady::new();
        let mut now = 0;
        let mut last = [None::<u64>; 4];
        for (code, pause) in steps {
            now += pause;
            if let Some(Showing::New(_)) = steady.see(&text(&code.to_string()), at(now)) {
                if let Some(before) = last[code] {
                    prop_assert!(now - before >= 10_000);
                }
                last[code] = Some(now);
            }
        }
    }
}
