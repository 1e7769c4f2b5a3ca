//! Keeping a door open. The rules that must hold whatever happens:
//!
//! - A hold is written down with its owner and its end before it is asked for, is asked for once, and only while the
//!   connection is good; it has no way into the outbox.
//! - Whatever ends it (its time, a person, the end of the program, a restart, an answer that nobody understood), the
//!   order to close goes into the outbox before everything else and is given until the service says that the door is
//!   not held open. Only then is the hold closed.
//! - The self-service station can hold nothing.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::Duration;

use uuid::Uuid;
use vestibule_domain::hold::{HoldEnd, HoldState};
use vestibule_domain::press::PressDeadline;
use vestibule_domain::{HoldId, Monotonic};
use vestibule_gateway::Outcome;
use vestibule_gateway::endpoint::keepopen::set::{Params, Set};
use vestibule_store::NewHold;

use crate::connection::Met;
use crate::failure::met_by;
use crate::{Desk, Event, Failure, FailureCode, HoldView, Station};

/// When the holds of this process end, on both clocks.
pub(crate) type HoldEnds = BTreeMap<HoldId, HoldEnd>;

impl Desk {
    /// Keeps the armed door open for so long.
    ///
    /// # Errors
    /// Where it did not begin: [`FailureCode::NotAllowed`], [`FailureCode::NotArmed`], [`FailureCode::LockedOut`],
    /// [`FailureCode::AlreadyHeld`], [`FailureCode::BadWindow`] for a length that the settings forbid,
    /// [`FailureCode::NoConnection`], or what the service said. [`FailureCode::NoAnswer`]: it may have begun, and is
    /// being closed.
    pub async fn hold_open(
        &self,
        station: Station,
        token: Uuid,
        length: Duration,
    ) -> Result<HoldView, Failure> {
        let pressed = self.inner.clock.monotonic();
        self.may_open(station)?;
        let longest = Duration::from_secs(u64::from(self.inner.settings.hold.longest_minutes) * 60);
        if length.is_zero() || length > longest {
            return Err(Failure::of(FailureCode::BadWindow));
        }
        let door = self.take_armed(token, pressed)?;
        if self.line().is_offline() {
            return Err(Failure::of(FailureCode::NoConnection));
        }
        let now = self.now();
        let end = HoldEnd::after(length, now, pressed);
        let (id, station) = (HoldId::new(now), station.word().to_owned());
        let hold = NewHold { id, door, station, at: now, until: end.wall };
        self.inner.store.ask_hold(&hold)?;
        self.hold_ends().insert(id, end);
        self.changed(&Event::Holds);
        let outcome = self.ask(&hold, pressed).await;
        self.inner.wake.notify_one();
        self.changed(&Event::Holds);
        outcome?;
        Ok(self.view_hold(self.inner.store.hold(id)?))
    }

    async fn ask(&self, hold: &NewHold, pressed: Monotonic) -> Result<(), Failure> {
        let params = Params { iot_id: hold.door.clone(), keep_open: true };
        let deadline = PressDeadline::of(pressed).instant();
        let answer = self.inner.gateway.send_now::<Set>(&params, deadline).await;
        self.met(answer.as_ref().err().map_or(Met::Service, met_by));
        let Err(error) = answer else {
            return Ok(self.inner.store.hold_opened(hold.id, self.now())?);
        };
        if error.outcome() == Outcome::Ambiguous {
            self.inner.store.end_hold(hold.id, self.now())?;
        } else {
            self.inner.store.hold_refused(hold.id, self.now())?;
        }
        Err(Failure::of(FailureCode::of_gateway(&error)))
    }

    /// Ends a hold before its time.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] when there is no such hold.
    pub fn end_hold(&self, id: HoldId) -> Result<HoldView, Failure> {
        self.inner.store.end_hold(id, self.now())?;
        self.inner.wake.notify_one();
        self.changed(&Event::Holds);
        Ok(self.view_hold(self.inner.store.hold(id)?))
    }

    /// The doors that are kept open, or still closing.
    ///
    /// # Errors
    /// What the store says.
    pub fn holds(&self) -> Result<Vec<HoldView>, Failure> {
        Ok(self.inner.store.holds()?.into_iter().map(|row| self.view_hold(row)).collect())
    }

    /// Ends every hold: the program is about to end. What cannot be told now is told at the next start.
    pub async fn leave(&self) {
        for hold in self.inner.store.holds().unwrap_or_default() {
            if let Err(error) = self.inner.store.end_hold(hold.id, self.now()) {
                tracing::error!(%error, "a hold could not be ended");
            }
        }
        self.drain().await;
    }

    /// Ends the holds whose time is over, on either clock.
    pub(crate) fn end_holds(&self) {
        let (now, steady) = (self.now(), self.inner.clock.monotonic());
        let holds = match self.inner.store.holds() {
            Ok(holds) => holds,
            Err(error) => {
                tracing::error!(%error, "the holds could not be read");
                return;
            }
        };
        self.hold_ends().retain(|id, _| holds.iter().any(|hold| hold.id == *id));
        for hold in holds.iter().filter(|hold| hold.state != HoldState::Closing) {
            let over = now >= hold.until
                || self.hold_ends().get(&hold.id).is_some_and(|end| end.is_over(now, steady));
            if over && let Err(failure) = self.end_hold(hold.id) {
                tracing::error!(%failure, "a hold could not be ended");
            }
        }
    }

    fn hold_ends(&self) -> std::sync::MutexGuard<'_, HoldEnds> {
        self.inner.hold_ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
