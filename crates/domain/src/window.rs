//! Windows of time, and the door's own wall clock.

use std::time::Duration;

use jiff::civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::UtcMillis;

/// From when until when a pass counts. Half open: the first moment counts, the last does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Window {
    /// The first moment that counts.
    pub from: UtcMillis,
    /// The first moment that no longer counts.
    pub until: UtcMillis,
}

impl Window {
    /// Where a moment lies.
    #[must_use]
    pub fn place(&self, moment: UtcMillis) -> Place {
        if moment < self.from {
            Place::Before
        } else if moment < self.until {
            Place::Inside
        } else {
            Place::After
        }
    }

    /// How long it lasts.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.until.since(self.from)
    }
}

/// Where a moment lies in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Before its start.
    Before,
    /// In it.
    Inside,
    /// At or after its end.
    After,
}

/// A time zone by its IANA name. The service's times carry no zone, so each door has one; the PC's own zone plays
/// no part.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// A zone by its IANA name, such as `Asia/Shanghai`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The moment as the service writes it, `yyyy-MM-dd HH:mm:ss` on this zone's wall clock. Fractions of a second
    /// are cut, so a window never ends later than asked. In the hour that autumn repeats, the text is ambiguous by
    /// nature; [`Self::moment`] reads it as the earlier one.
    #[must_use]
    pub fn wall(&self, moment: UtcMillis) -> String {
        self.civil(moment).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// The moment at which this zone's wall clock shows `yyyy-MM-dd HH:mm:ss`. A time that spring skips is read as
    /// the moment of the jump's far side, a repeated one as its first pass.
    #[must_use]
    pub fn moment(&self, wall: &str) -> Option<UtcMillis> {
        let civil = civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", wall).ok()?;
        self.resolve(civil)
    }

    /// The last second of the day in which `moment` lies (23:59:59, never 24:00).
    #[must_use]
    pub fn end_of_day(&self, moment: UtcMillis) -> UtcMillis {
        let end = self.civil(moment).date().at(23, 59, 59, 0);
        self.resolve(end).unwrap_or(moment)
    }

    /// The first moment of the day in which `moment` lies.
    #[must_use]
    pub fn start_of_day(&self, moment: UtcMillis) -> UtcMillis {
        self.resolve(self.civil(moment).date().at(0, 0, 0, 0)).unwrap_or(moment)
    }

    /// The moment on the same day at `hour:minute`.
    #[must_use]
    pub fn at(&self, day: UtcMillis, hour: i8, minute: i8) -> Option<UtcMillis> {
        let date = self.civil(day).date();
        self.resolve(civil::DateTime::from_parts(date, civil::Time::new(hour, minute, 0, 0).ok()?))
    }

    fn civil(&self, moment: UtcMillis) -> civil::DateTime {
        let stamp = jiff::Timestamp::from_millisecond(moment.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        self.0.to_datetime(stamp)
    }

    fn resolve(&self, civil: civil::DateTime) -> Option<UtcMillis> {
        let stamp = self.0.to_ambiguous_timestamp(civil).compatible().ok()?;
        Some(UtcMillis(stamp.as_millisecond()))
    }
}

impl std::fmt::Debug for Zone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}
