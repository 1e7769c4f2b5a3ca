//! A spare: a pass prepared while the gateway can be reached, for a visitor who comes while it cannot. The readers know
//! its code already, so it opens its doors with no network at all. That is also its danger, so there are few, each for
//! one set of doors and half a day, and with a scan limit.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::pass::ScanLimit;
use crate::visitor::id;
use crate::window::{Window, Zone};
use crate::{DoorId, UtcMillis};

id!(
    /// One spare.
    SpareId
);

/// A spare of one half day counts this long into the next, so that nobody who comes just before noon is given a pass
/// that ends at once.
pub const OVERLAP: Duration = Duration::from_secs(2 * 3600);
/// One that ends sooner is not given to anybody.
pub const SHORTEST: Duration = Duration::from_secs(10 * 60);
/// How long the gateway may still take a request whose answer was lost.
pub const LATE_REQUESTS: Duration = Duration::from_secs(16 * 60);

/// Where a spare stands. One that was given to a visitor is a pass and no spare any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SpareState {
    /// Not yet known to all its doors.
    Preparing,
    /// All its doors take it.
    Ready,
    /// Being taken away unused.
    Removing,
}

/// What a spare is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Its doors, in the order of a visit.
    pub doors: Vec<DoorId>,
    /// From when until when.
    pub window: Window,
    /// How many scans.
    pub limit: ScanLimit,
}

/// The windows of the half day in which `now` lies and of the next one, on the doors' own clock. Half days begin at
/// midnight and at noon.
#[must_use]
pub fn half_days(zone: &Zone, now: UtcMillis) -> [Window; 2] {
    let midnight = zone.start_of_day(now);
    let tomorrow = zone.end_of_day(now).plus(Duration::from_secs(1));
    let noon = |day| zone.at(day, 12, 0).unwrap_or(day);
    let [first, second, third] =
        if now < noon(now) { [midnight, noon(now), tomorrow] } else { [noon(now), tomorrow, noon(tomorrow)] };
    let window = |from, until: UtcMillis| Window { from, until: until.plus(OVERLAP) };
    [window(first, second), window(second, third)]
}

/// The spare for a visit: for exactly these doors, counting now and for a while; of those the first to end that lasts
/// as long as the visit, or else the one that lasts longest.
#[must_use]
pub fn pick<'a, T>(
    spares: impl IntoIterator<Item = (&'a T, &'a Terms)>,
    doors: &[DoorId],
    now: UtcMillis,
    until: UtcMillis,
) -> Option<&'a T> {
    let rank = |terms: &Terms| {
        let end = terms.window.until;
        if end >= until { (0, end.0) } else { (1, i64::MAX.saturating_sub(end.0)) }
    };
    spares
        .into_iter()
        .filter(|(_, terms)| {
            terms.doors == doors && terms.window.from <= now && terms.window.until >= now.plus(SHORTEST)
        })
        .min_by_key(|(_, terms)| rank(terms))
        .map(|(spare, _)| spare)
}
