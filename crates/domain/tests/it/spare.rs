//! Half days, and which spare a visitor gets.

use std::time::Duration;

use vestibule_domain::pass::{ScanLimit, ScanScope};
use vestibule_domain::spare::{Terms, half_days, pick};
use vestibule_domain::{DoorId, UtcMillis, Window, Zone};

fn zone() -> Zone {
    Zone::named("Asia/Shanghai").unwrap()
}

fn at(wall: &str) -> UtcMillis {
    zone().moment(wall).unwrap()
}

fn walls(windows: [Window; 2]) -> [(String, String); 2] {
    windows.map(|window| (zone().wall(window.from), zone().wall(window.until)))
}

#[test]
fn this_half_day_and_the_next_overlap_by_two_hours() {
    let pair = |one: (&str, &str), two: (&str, &str)| {
        [one, two].map(|(from, until)| (from.to_owned(), until.to_owned()))
    };
    assert_eq!(
        walls(half_days(&zone(), at("2026-11-24 10:00:00"))),
        pair(("2026-11-24 00:00:00", "2026-11-24 14:00:00"), ("2026-11-24 12:00:00", "2026-11-25 02:00:00"))
    );
    let afternoon =
        pair(("2026-11-24 12:00:00", "2026-11-25 02:00:00"), ("2026-11-25 00:00:00", "2026-11-25 14:00:00"));
    assert_eq!(walls(half_days(&zone(), at("2026-11-24 12:00:00"))), afternoon, "noon is the afternoon");
    assert_eq!(walls(half_days(&zone(), at("2026-11-24 23:59:59"))), afternoon);
}

#[test]
fn every_moment_of_a_year_with_summer_time_lies_in_its_half_day_and_the_next_one_follows() {
    let berlin = Zone::named("Europe/Berlin").unwrap();
    let mut now = berlin.moment("2026-01-01 00:30:00").unwrap();
    for _ in 0..365 * 8 {
        let [current, next] = half_days(&berlin, now);
        assert!(current.from <= now && now < current.until, "{}", berlin.wall(now));
        assert!(now < next.from && next.from < current.until, "they overlap at {}", berlin.wall(now));
        now = now.plus(Duration::from_secs(3 * 3600));
    }
}

fn terms(doors: &[&str], from: &str, until: &str) -> Terms {
    Terms {
        doors: doors.iter().map(|door| DoorId((*door).to_owned())).collect(),
        window: Window { from: at(from), until: at(until) },
        limit: ScanLimit { times: 4, scope: ScanScope::EachDoor },
    }
}

#[test]
fn the_first_to_end_that_lasts_long_enough_is_given_or_the_longest_lasting() {
    let spares = [
        (1, terms(&["a", "b"], "2026-11-24 00:00:00", "2026-11-24 14:00:00")),
        (2, terms(&["a", "b"], "2026-11-24 12:00:00", "2026-11-25 02:00:00")),
        (3, terms(&["a"], "2026-11-24 00:00:00", "2026-11-25 02:00:00")),
        (4, terms(&["b", "a"], "2026-11-24 00:00:00", "2026-11-25 02:00:00")),
    ];
    let doors = [DoorId("a".to_owned()), DoorId("b".to_owned())];
    let given = |now: &str, until: &str| {
        pick(spares.iter().map(|(id, terms)| (id, terms)), &doors, at(now), at(until)).copied()
    };
    assert_eq!(given("2026-11-24 10:00:00", "2026-11-24 12:00:00"), Some(1));
    assert_eq!(given("2026-11-24 10:00:00", "2026-11-24 18:00:00"), Some(1), "the other does not count yet");
    assert_eq!(given("2026-11-24 12:30:00", "2026-11-24 13:00:00"), Some(1));
    assert_eq!(given("2026-11-24 12:30:00", "2026-11-24 18:00:00"), Some(2));
    assert_eq!(
        given("2026-11-24 13:55:00", "2026-11-24 13:58:00"),
        Some(2),
        "one that ends at once helps nobody"
    );
    assert_eq!(given("2026-11-25 03:00:00", "2026-11-25 18:00:00"), None);
}
