//! Everybody has to leave: who is inside as far as this desk knows, and who was ticked off outside.
//!
//! The list is what the ledger says, and says what it cannot know: whoever came in without registering, whoever left
//! without signing out, and staff are not on it. Signing out during a roll call counts as being outside.

use std::collections::BTreeMap;

use serde::Serialize;
use specta::Type;
use vestibule_domain::staff::Act;
use vestibule_domain::{UtcMillis, VisitId};
use vestibule_store::VisitRow;

use crate::{Desk, Event, Failure};

/// So many stand on the list.
const MOST: u32 = 5_000;

/// A roll call, or what one would begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RollCallView {
    /// When this was read.
    pub at: UtcMillis,
    /// When it was begun; none when none is under way.
    pub begun_at: Option<UtcMillis>,
    /// Who is to be looked for, the newest first; those who are outside as well.
    pub people: Vec<RollCallPerson>,
    /// How many of them nobody has seen outside.
    pub missing: u32,
    /// How many were ticked off.
    pub ticked: u32,
    /// How many of them were let in by a guard: the others registered, and nobody knows whether they went in.
    pub seen: u32,
    /// Visits of earlier days that were never signed out, and are not on the list.
    pub left_open: u32,
    /// When this desk last heard of somebody coming or leaving.
    pub newest: Option<UtcMillis>,
    /// The zone to show times in.
    pub zone: String,
}

/// Somebody on the list.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RollCallPerson {
    /// Their visit.
    pub visit: VisitId,
    /// Their name.
    pub visitor_name: String,
    /// Whom they visit.
    pub host: String,
    /// When they came.
    pub came_at: UtcMillis,
    /// When they signed out, where they did since it was begun.
    pub left_at: Option<UtcMillis>,
    /// When a guard last let them in.
    pub seen_at: Option<UtcMillis>,
    /// When they were ticked off.
    pub ticked_at: Option<UtcMillis>,
}

impl std::fmt::Debug for RollCallPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RollCallPerson({})", self.visit)
    }
}

impl RollCallPerson {
    fn is_missing(&self) -> bool {
        self.ticked_at.is_none() && self.left_at.is_none()
    }
}

impl Desk {
    /// Who is inside, and where a roll call is under way, who was ticked off.
    ///
    /// # Errors
    /// What the store says.
    pub fn roll_call(&self) -> Result<RollCallView, Failure> {
        self.may(Act::RollCall)?;
        let (store, now, zone) = (&self.inner.store, self.now(), self.inner.settings.zone());
        let running = store.roll_call()?;
        let begun_at = running.as_ref().map(|running| running.begun_at);
        let ticks: BTreeMap<VisitId, UtcMillis> =
            running.into_iter().flat_map(|running| running.ticks).collect();
        let from = zone.start_of_day(begun_at.unwrap_or(now).min(now));
        let mut rows = store.visits_since(from, now, MOST)?;
        rows.retain(|row| {
            row.left_at.is_none_or(|left| begun_at.is_some_and(|begun| left >= begun))
                || ticks.contains_key(&row.id)
        });
        for visit in ticks.keys() {
            if !rows.iter().any(|row| row.id == *visit) {
                rows.push(store.visit(*visit)?);
            }
        }
        let movements = store.movements()?;
        let inside = rows.iter().filter(|row| row.left_at.is_none()).count();
        let people: Vec<RollCallPerson> = rows
            .into_iter()
            .map(|row| {
                let ticked_at = ticks.get(&row.id).copied();
                self.person(row, ticked_at)
            })
            .collect::<Result<_, _>>()?;
        let count = |is: fn(&RollCallPerson) -> bool| {
            u32::try_from(people.iter().filter(|person| is(person)).count()).unwrap_or(u32::MAX)
        };
        Ok(RollCallView {
            at: now,
            begun_at,
            missing: count(RollCallPerson::is_missing),
            ticked: count(|person| person.ticked_at.is_some()),
            seen: count(|person| person.seen_at.is_some()),
            left_open: movements.open.saturating_sub(u32::try_from(inside).unwrap_or(u32::MAX)),
            newest: movements.newest,
            zone: zone.name().to_owned(),
            people,
        })
    }

    fn person(&self, row: VisitRow, ticked_at: Option<UtcMillis>) -> Result<RollCallPerson, Failure> {
        let passes = self.inner.store.passes_of(row.id)?;
        Ok(RollCallPerson {
            visit: row.id,
            visitor_name: row.name,
            host: row.host,
            came_at: row.came_at,
            left_at: row.left_at,
            seen_at: passes.iter().filter_map(|pass| pass.last_seen_at.or(pass.first_seen_at)).max(),
            ticked_at,
        })
    }

    /// Begins a roll call; where one is under way, that goes on.
    ///
    /// # Errors
    /// What the store says.
    pub fn begin_roll_call(&self) -> Result<RollCallView, Failure> {
        self.may(Act::RollCall)?;
        self.inner.store.begin_roll_call(self.now())?;
        self.called()
    }

    /// Ticks somebody off.
    ///
    /// # Errors
    /// [`crate::FailureCode::NotFound`] when no roll call is under way or there is no such visit, or what the store says.
    pub fn tick(&self, visit: VisitId) -> Result<RollCallView, Failure> {
        self.may(Act::RollCall)?;
        self.inner.store.tick(visit, self.now())?;
        self.called()
    }

    /// Takes a tick back: that of a visit, or the newest. Again and again down to the first.
    ///
    /// # Errors
    /// [`crate::FailureCode::NotFound`] when no roll call is under way, or what the store says.
    pub fn untick(&self, visit: Option<VisitId>) -> Result<RollCallView, Failure> {
        self.may(Act::RollCall)?;
        self.inner.store.untick(visit, self.now())?;
        self.called()
    }

    /// Ends the roll call; the journal keeps how many were missing.
    ///
    /// # Errors
    /// [`crate::FailureCode::NotFound`] when none is under way, or what the store says.
    pub fn end_roll_call(&self) -> Result<RollCallView, Failure> {
        self.may(Act::RollCall)?;
        let missing = self.roll_call()?.missing;
        self.inner.store.end_roll_call(missing, self.now())?;
        self.called()
    }

    fn called(&self) -> Result<RollCallView, Failure> {
        self.changed(&Event::Visits);
        self.roll_call()
    }
}
