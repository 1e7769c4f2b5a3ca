//! Keeping a door open. The rules that must hold whatever happens:
//!
//! - A hold is written down with its owner and its end before it is asked for, is asked for once, and only while the
//!   connection is good; it has no way into the outbox.
//! - Whatever ends it (its time, a person, the end of the program, a restart, an answer that nobody understood), the
//!   order to close goes into the outbox before everything else and is given until the service says that the door is
//!   not held open. Only then is the hold closed.
//! - Any desk that speaks ends a hold that it sees overdue, whichever process began it.
//! - The self-service station can hold nothing.
//!
//! All of them are decided in [`vestibule_domain::hold`]; here they are carried out.

use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use uuid::Uuid;
use vestibule_domain::HoldId;
use vestibule_domain::hold::{Held, HoldEnd, HoldEnds, HoldEvent};
use vestibule_domain::press::Permit;
use vestibule_domain::staff::Act;
use vestibule_gateway::endpoint::keepopen::set::{Params, Set};
use vestibule_gateway::{GatewayError, LastLook};
use vestibule_store::NewHold;

use crate::connection::Met;
use crate::failure::met_by;
use crate::open_door::answer_of;
use crate::{Desk, Event, Failure, FailureCode, HoldView, Station};

impl Desk {
    /// Keeps the armed door open for so long.
    ///
    /// # Errors
    /// Where it did not begin: [`FailureCode::NotAllowed`], [`FailureCode::NeedsApproval`] (see [`Desk::approve_hold`]; the
    /// door is armed anew afterwards), [`FailureCode::NotArmed`], [`FailureCode::LockedOut`],
    /// [`FailureCode::AlreadyHeld`], [`FailureCode::BadWindow`] for a length that the settings forbid,
    /// [`FailureCode::NoConnection`], or what the service said. [`FailureCode::NoAnswer`]: it may have begun, and is
    /// being closed.
    pub async fn hold_open(
        &self,
        station: Station,
        token: Uuid,
        length: Duration,
    ) -> Result<HoldView, Failure> {
        let (now, steady) = (self.now(), self.inner.clock.monotonic());
        let longest = Duration::from_secs(u64::from(self.inner.settings.hold.longest_minutes) * 60);
        let Some(end) = HoldEnd::of(length, longest, now, steady) else {
            return Err(Failure::of(FailureCode::BadWindow));
        };
        let armed = self.door_memory().armed(token).cloned();
        let (by, approved_by) = self.may_hold(station, armed.as_ref(), length)?;
        let (door, permit) = self.finger(station, token)?;
        if let Err(void) = permit.may_leave(steady, self.line().contact()) {
            return Err(Failure::of(FailureCode::of_gateway(&GatewayError::NotSent(void.into()))));
        }
        let (id, station) = (HoldId::new(now), station.word().to_owned());
        let hold = NewHold { id, door, station, by, approved_by, at: now, until: end.wall };
        {
            let mut ends = self.hold_ends();
            self.inner.store.ask_hold(&hold)?;
            ends.set(id, end);
        }
        self.changed(&Event::Holds);
        let outcome = self.ask(&hold, permit).await;
        self.inner.wake.notify_one();
        self.changed(&Event::Holds);
        outcome?;
        Ok(self.view_hold(self.inner.store.hold(id)?))
    }

    async fn ask(&self, hold: &NewHold, permit: Permit) -> Result<(), Failure> {
        let params = Params { iot_id: hold.door.clone(), keep_open: true };
        let (desk, id) = (self.clone(), hold.id);
        let last_look = LastLook::new(move |now| {
            permit.may_leave(now, desk.line().contact())?;
            desk.hold_ends().may_leave(id)
        });
        self.forget_reading(&hold.door);
        let answer = self.inner.gateway.send_now::<Set>(&params, last_look).await;
        self.forget_reading(&hold.door);
        self.met(answer.as_ref().err().map_or(Met::Service, met_by));
        let event = HoldEvent::Answered(answer_of(&answer));
        if let Err(error) = self.inner.store.move_hold(id, event, self.now()) {
            // It may be open, and nothing says so on disk. It ends at the next look, or at the next start.
            let now = HoldEnd { wall: self.now(), steady: self.inner.clock.monotonic() };
            self.hold_ends().set(id, now);
            return Err(error.into());
        }
        answer.map_err(|error| Failure::of(FailureCode::of_gateway(&error)))
    }

    /// Ends a hold before its time.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] when there is no such hold.
    pub fn end_hold(&self, id: HoldId) -> Result<HoldView, Failure> {
        self.may(Act::EndHold)?;
        self.end_hold_now(id)
    }

    /// As [`Self::end_hold`], when its time is over or the program ends: nobody has to be allowed to close a door then.
    fn end_hold_now(&self, id: HoldId) -> Result<HoldView, Failure> {
        self.inner.store.move_hold(id, HoldEvent::Over, self.now())?;
        self.hold_ends().forget(id);
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
            if let Err(failure) = self.end_hold_now(hold.id) {
                tracing::error!(%failure, "a hold could not be ended");
            }
        }
        self.drain().await;
    }

    /// Ends the holds whose time is over, on either clock, and says when one comes near its end.
    pub(crate) fn end_holds(&self) {
        let (now, steady) = (self.now(), self.inner.clock.monotonic());
        let due = {
            let mut ends = self.hold_ends();
            match self.inner.store.holds() {
                Ok(holds) => {
                    let held = holds.iter().map(|hold| Held {
                        id: hold.id,
                        at: hold.at,
                        until: hold.until,
                        state: hold.state,
                    });
                    ends.look(&held.collect::<Vec<_>>(), now, steady)
                }
                Err(error) => {
                    tracing::error!(%error, "the holds could not be read");
                    return;
                }
            }
        };
        if due.warning {
            self.changed(&Event::Holds);
        }
        for id in due.over {
            if let Err(failure) = self.end_hold_now(id) {
                tracing::error!(%failure, "a hold could not be ended");
            }
        }
    }

    fn hold_ends(&self) -> MutexGuard<'_, HoldEnds> {
        self.inner.hold_ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
