//! The clock of each door. The service's times carry no zone: a wrong one ends every pass hours early or late, and
//! nothing but a look at the reader's display can tell.

use vestibule_desk::Settings;
use vestibule_domain::{Clock, SystemClock};

use super::finding::Finding;

/// What the display of each door should show now.
pub(super) fn look(settings: &Settings) -> Vec<Finding> {
    let now = SystemClock::new().now();
    let found = settings.doors.iter().map(|door| {
        let found = format!("{} there now ({})", door.zone.wall(now), door.zone.name());
        Finding::good(&format!("clock of {}", door.name), &found)
    });
    found.collect()
}
