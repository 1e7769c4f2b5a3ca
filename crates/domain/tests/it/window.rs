//! Windows, and the zone-less times of the service.

use proptest::prelude::proptest;
use vestibule_domain::window::Place;
use vestibule_domain::{UtcMillis, Window, Zone};

use crate::TEN;

fn shanghai() -> Zone {
    Zone::named("Asia/Shanghai").unwrap()
}

#[test]
fn the_first_moment_counts_and_the_last_does_not() {
    let window = Window { from: TEN, until: UtcMillis(TEN.0 + 1000) };
    assert_eq!(window.place(UtcMillis(TEN.0 - 1)), Place::Before);
    assert_eq!(window.place(TEN), Place::Inside);
    assert_eq!(window.place(UtcMillis(TEN.0 + 999)), Place::Inside);
    assert_eq!(window.place(window.until), Place::After);
}

#[test]
fn times_as_the_service_writes_them() {
    assert_eq!(shanghai().wall(TEN), "2026-11-24 10:00:00");
    assert_eq!(
        shanghai().wall(UtcMillis(TEN.0 + 999)),
        "2026-11-24 10:00:00",
        "fractions are cut, never rounded up"
    );
    assert_eq!(shanghai().moment("2026-11-24 10:00:00"), Some(TEN));
    assert_eq!(Zone::named("Europe/Berlin").unwrap().wall(TEN), "2026-11-24 03:00:00");
    for wrong in ["", "2026-11-24", "2026-02-30 10:00:00", "2026-11-24 24:00:00", "24.11.2026 10:00"] {
        assert_eq!(shanghai().moment(wrong), None, "{wrong}");
    }
    assert!(Zone::named("Mars/Olympus").is_none());
}

#[test]
fn a_day_ends_one_second_before_midnight() {
    assert_eq!(shanghai().wall(shanghai().end_of_day(TEN)), "2026-11-24 23:59:59");
    assert_eq!(shanghai().wall(shanghai().start_of_day(TEN)), "2026-11-24 00:00:00");
    assert_eq!(shanghai().wall(shanghai().at(TEN, 18, 0).unwrap()), "2026-11-24 18:00:00");
    assert!(shanghai().at(TEN, 24, 0).is_none());
}

#[test]
fn the_two_odd_hours_of_the_year_have_one_reading() {
    let berlin = Zone::named("Europe/Berlin").unwrap();
    let skipped = berlin.moment("2026-03-29 02:30:00").unwrap();
    assert_eq!(
        berlin.wall(skipped),
        "2026-03-29 03:30:00",
        "a time that does not exist becomes the one after the jump"
    );
    let repeated = berlin.moment("2026-10-25 02:30:00").unwrap();
    assert_eq!(
        repeated,
        UtcMillis(1_792_888_200_000),
        "of two, the earlier: a pass never ends later than meant"
    );
}

proptest! {
    /// Outside the repeated hour, writing and reading is the identity to the second, in every zone tried.
    #[test]
    fn written_and_read_is_the_same(seconds in 0_i64..4_000_000_000, zone in 0_usize..6) {
        let names = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"];
        let zone = Zone::named(names[zone]).unwrap();
        let moment = UtcMillis(seconds * 1000);
        let again = zone.moment(&zone.wall(moment)).unwrap();
        assert!(again <= moment, "never later");
        assert!(again == moment || moment.0 - again.0 <= 3_600_000);
        if zone.name() == "Asia/Shanghai" && seconds > 700_000_000 {
            assert_eq!(again, moment, "no summer time there since 1991");
        }
    }
}
