//! Opening a door from the desk. The rules that must hold whatever happens:
//!
//! - A press is written down before it is sent. If it cannot be written down, it is not sent.
//! - It is sent at most once, by the process in which the finger came down, within
//!   [`PRESS_TTL`](vestibule_domain::press::PRESS_TTL) of the finger on the steady clock, which the transport checks
//!   last, before the first byte. It has no way into the outbox.
//! - While the connection is known to be lost it is refused at once.
//! - After it left, only a clear answer makes it accepted or refused; everything else is unknown, and stays so.
//! - It takes two steps: a door is armed, then released with a reason. The self-service station can do neither.

use std::collections::BTreeMap;

use uuid::Uuid;
use vestibule_domain::press::{ARMED_FOR, LOCK_OUT, PressDeadline, PressReason, PressState, is_locked_out};
use vestibule_domain::{DoorId, Monotonic, PressId};
use vestibule_gateway::endpoint::Endpoint as _;
use vestibule_gateway::endpoint::service::invoke::{Invoke, Params};
use vestibule_gateway::{GatewayError, Outcome, RawAnswer};
use vestibule_store::{NewPress, PressRow};

use crate::connection::Met;
use crate::failure::met_by;
use crate::{Armed, Desk, DoorView, Event, Failure, FailureCode, PressView, Station};

/// Codes of the service after which a door certainly did not move: our request was refused, or the door is known to be
/// away or not to exist. Any other number may come from a device or a call that timed out half way.
const CERTAINLY_NOT: [i64; 16] =
    [400, 401, 403, 404, 429, 460, 2000, 2062, 2063, 2065, 2066, 6205, 6221, 28560, 29003, 29004];

fn may_have_opened(error: &GatewayError) -> bool {
    match error {
        GatewayError::Refused(refusal) => !CERTAINLY_NOT.contains(&refusal.code),
        other => other.outcome() == Outcome::Ambiguous,
    }
}

/// What this process remembers of its doors: which are armed, and when each was last pressed. Gone after a restart,
/// as it must be.
#[derive(Default)]
pub(crate) struct DoorMemory {
    armed: BTreeMap<Uuid, (DoorId, Monotonic)>,
    pressed: BTreeMap<DoorId, Monotonic>,
}

impl Desk {
    /// The first step: chooses a door. The token it gives serves for one release within
    /// [`ARMED_FOR`](vestibule_domain::press::ARMED_FOR).
    ///
    /// # Errors
    /// [`FailureCode::NotAllowed`] at the self-service station, [`FailureCode::NotFound`] for a door not in the
    /// settings.
    pub fn arm_door(&self, station: Station, door: &DoorId) -> Result<Armed, Failure> {
        self.may_open(station)?;
        if self.door(door).is_none() {
            return Err(Failure::of(FailureCode::NotFound));
        }
        let (token, now) = (Uuid::new_v4(), self.inner.clock.monotonic());
        let mut memory = self.door_memory();
        memory.armed.retain(|_, (_, at)| now.since(*at) <= ARMED_FOR);
        memory.armed.insert(token, (door.clone(), now));
        Ok(Armed {
            token,
            door: door.clone(),
            for_ms: u32::try_from(ARMED_FOR.as_millis()).unwrap_or(u32::MAX),
        })
    }

    /// The second step: releases the armed door. The press began when this was called.
    ///
    /// # Errors
    /// Only where no press was written down: [`FailureCode::NotAllowed`], [`FailureCode::NotArmed`],
    /// [`FailureCode::LockedOut`], or what the store says. Everything later is the state of the press.
    pub async fn press_door(
        &self,
        station: Station,
        token: Uuid,
        reason: PressReason,
    ) -> Result<PressView, Failure> {
        let (press, deadline) = self.ask_press(station, token, reason)?;
        let end = match self.may_leave(deadline) {
            Err(why) => (PressState::Refused, Some(why)),
            Ok(not_after) => {
                let params = Params::remote_open(press.door.clone());
                self.end_of(self.inner.gateway.send_now::<Invoke>(&params, not_after).await)
            }
        };
        Ok(self.settle_press(press, end))
    }

    /// The second step for a person at a terminal who wants the whole answer: the same press under the same rules.
    /// The answer is absent where nothing was sent.
    ///
    /// # Errors
    /// As [`Desk::press_door`].
    pub async fn press_by_hand(
        &self,
        station: Station,
        token: Uuid,
        reason: PressReason,
    ) -> Result<(PressView, Option<Result<RawAnswer, GatewayError>>), Failure> {
        let (press, deadline) = self.ask_press(station, token, reason)?;
        let not_after = match self.may_leave(deadline) {
            Err(why) => return Ok((self.settle_press(press, (PressState::Refused, Some(why))), None)),
            Ok(not_after) => not_after,
        };
        let params = serde_json::json!({ "identifier": "remoteOpen", "iotId": press.door, "args": {} });
        let answer = self.inner.gateway.call_now(Invoke::PATH, params, not_after).await;
        let end = self.end_of(match &answer {
            Ok(answer) if answer.code == 200 => Ok(()),
            Ok(answer) => Err(GatewayError::Refused(Box::new(answer.refusal()))),
            Err(error) => Err(error.clone()),
        });
        Ok((self.settle_press(press, end), Some(answer)))
    }

    /// Writes the press down. From here on it has an end, whatever happens.
    fn ask_press(
        &self,
        station: Station,
        token: Uuid,
        reason: PressReason,
    ) -> Result<(NewPress, PressDeadline), Failure> {
        let pressed = self.inner.clock.monotonic();
        self.may_open(station)?;
        let door = self.take_armed(token, pressed)?;
        let press = NewPress {
            id: PressId::new(self.now()),
            door,
            at: self.now(),
            station: station.word().to_owned(),
            reason,
        };
        self.inner.store.ask_press(&press)?;
        self.changed(&Event::Doors);
        Ok((press, PressDeadline::of(pressed)))
    }

    /// Until when it may leave.
    fn may_leave(&self, deadline: PressDeadline) -> Result<Monotonic, FailureCode> {
        if self.line().is_offline() {
            return Err(FailureCode::NoConnection);
        }
        if !deadline.is_open(self.inner.clock.monotonic()) {
            return Err(FailureCode::TooLate);
        }
        Ok(deadline.instant())
    }

    /// What an answer means for the press.
    fn end_of(&self, answer: Result<(), GatewayError>) -> (PressState, Option<FailureCode>) {
        match answer {
            Ok(()) => {
                self.met(Met::Service);
                (PressState::Accepted, None)
            }
            Err(error) => {
                self.met(met_by(&error));
                let code = FailureCode::of_gateway(&error);
                if may_have_opened(&error) {
                    (PressState::Unknown, Some(code))
                } else {
                    (PressState::Refused, Some(code))
                }
            }
        }
    }

    /// Writes the end down.
    fn settle_press(&self, press: NewPress, (state, why): (PressState, Option<FailureCode>)) -> PressView {
        if let Err(error) =
            self.inner.store.settle_press(press.id, state, why.map(FailureCode::word), self.now())
        {
            // It stays "asked" on disk and becomes "unknown" at the next start, which is true.
            tracing::error!(%error, "the end of a press could not be written down");
        }
        self.changed(&Event::Doors);
        let NewPress { id, door, at, station, reason } = press;
        let why = why.map(|code| code.word().to_owned());
        self.view_press(PressRow { id, door, at, station, reason, state, why })
    }

    pub(crate) fn may_open(&self, station: Station) -> Result<(), Failure> {
        match station {
            Station::Kiosk => Err(Failure::of(FailureCode::NotAllowed)),
            Station::Reception | Station::Guard => Ok(()),
        }
    }

    /// Uses up the token and takes the door's lock-out, both at once: two releases at the same moment cannot both
    /// pass.
    pub(crate) fn take_armed(&self, token: Uuid, now: Monotonic) -> Result<DoorId, Failure> {
        let mut memory = self.door_memory();
        let not_armed = || Failure::of(FailureCode::NotArmed);
        let (door, at) = memory.armed.remove(&token).ok_or_else(not_armed)?;
        if now.since(at) > ARMED_FOR {
            return Err(not_armed());
        }
        if is_locked_out(memory.pressed.get(&door).copied(), now) {
            return Err(Failure::of(FailureCode::LockedOut));
        }
        memory.pressed.insert(door.clone(), now);
        Ok(door)
    }

    /// The doors of the settings, each with its newest press.
    ///
    /// # Errors
    /// What the store says.
    pub fn doors(&self) -> Result<Vec<DoorView>, Failure> {
        let log = self.door_log()?;
        let now = self.inner.clock.monotonic();
        let memory = self.door_memory();
        let views = self.inner.settings.doors.iter().map(|door| {
            let passed = memory.pressed.get(&door.id).map_or(LOCK_OUT, |at| now.since(*at));
            DoorView {
                id: door.id.clone(),
                name: door.name.clone(),
                zone: door.zone.name().to_owned(),
                last_press: log.iter().find(|press| press.door == door.id).cloned(),
                locked_for_ms: u32::try_from(LOCK_OUT.saturating_sub(passed).as_millis()).unwrap_or(0),
            }
        });
        Ok(views.collect())
    }

    /// The newest presses, newest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn door_log(&self) -> Result<Vec<PressView>, Failure> {
        Ok(self.inner.store.presses(50)?.into_iter().map(|row| self.view_press(row)).collect())
    }
}
