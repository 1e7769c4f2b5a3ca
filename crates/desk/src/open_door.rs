//! Opening a door from the desk. The rules that must hold whatever happens:
//!
//! - A press is written down before it is sent. If it cannot be written down, it is not sent.
//! - It is sent at most once, by the process in which the finger came down, within
//!   [`PRESS_TTL`](vestibule_domain::press::PRESS_TTL) of the finger on the steady clock, and not when the connection was
//!   lost since. The transport asks for both last, before the first byte. It has no way into the outbox.
//! - While the connection is known to be lost it is refused at once.
//! - After it left, only a clear answer makes it accepted or refused; everything else is unknown, and stays so.
//! - It takes two steps: a door is armed, then released with a reason. The self-service station can do neither.
//!
//! All of them are decided in [`vestibule_domain::press`]; here they are carried out.

use uuid::Uuid;
use vestibule_domain::press::{ARMED_FOR, Answer, NotNow, Permit, PressReason, PressState, Right};
use vestibule_domain::staff::Act;
use vestibule_domain::visitor::note_text;
use vestibule_domain::{DoorId, PressId};
use vestibule_gateway::endpoint::Endpoint as _;
use vestibule_gateway::endpoint::service::invoke::{Invoke, Params};
use vestibule_gateway::{GatewayError, LastLook, Outcome, RawAnswer};
use vestibule_store::{NewPress, PressRow};

use crate::connection::Met;
use crate::failure::met_by;
use crate::{Armed, Desk, DoorView, Event, Failure, FailureCode, PressView, Station};

/// Codes of the service after which a door certainly did not move: our request was refused, or the door is known to be
/// away or not to exist. Any other number may come from a device or a call that timed out half way.
const CERTAINLY_NOT: [i64; 16] =
    [400, 401, 403, 404, 429, 460, 2000, 2062, 2063, 2065, 2066, 6205, 6221, 28560, 29003, 29004];

/// What an answer says about the door. Whatever is not known to be a "no" is not one.
pub(crate) fn answer_of<T>(answer: &Result<T, GatewayError>) -> Answer {
    match answer {
        Ok(_) => Answer::Yes,
        Err(GatewayError::Refused(refusal)) if CERTAINLY_NOT.contains(&refusal.code) => Answer::No,
        Err(GatewayError::Refused(_)) => Answer::Unclear,
        Err(error) if error.outcome() == Outcome::Ambiguous => Answer::Unclear,
        Err(_) => Answer::No,
    }
}

impl From<NotNow> for Failure {
    fn from(why: NotNow) -> Self {
        Self::of(match why {
            NotNow::NotAllowed => FailureCode::NotAllowed,
            NotNow::NotArmed => FailureCode::NotArmed,
            NotNow::LockedOut => FailureCode::LockedOut,
        })
    }
}

impl Station {
    fn right(self) -> Right {
        match self {
            Self::Kiosk => Right::Nothing,
            Self::Reception | Self::Guard => Right::Release,
        }
    }
}

impl Desk {
    /// The first step: chooses a door. The token it gives serves for one release within
    /// [`ARMED_FOR`](vestibule_domain::press::ARMED_FOR).
    ///
    /// # Errors
    /// [`FailureCode::NotAllowed`] at the self-service station, [`FailureCode::NotFound`] for a door not in the
    /// settings.
    pub fn arm_door(&self, station: Station, door: &DoorId) -> Result<Armed, Failure> {
        self.may_at(station, Act::OpenDoor)?;
        if self.door(door).is_none() {
            return Err(Failure::of(FailureCode::NotFound));
        }
        let (token, now) = (Uuid::new_v4(), self.inner.clock.monotonic());
        self.door_memory().arm(station.right(), token, door.clone(), now)?;
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
        let (press, permit) = self.ask_press(station, token, reason)?;
        let answer = match self.may_leave(&permit) {
            Ok(()) => {
                let params = Params::remote_open(press.door.clone());
                self.inner.gateway.send_now::<Invoke>(&params, self.last_look(permit)).await
            }
            Err(void) => Err(void),
        };
        Ok(self.settle_press(press, &answer))
    }

    /// The second step for a person at a terminal who wants the whole answer: the same press under the same rules.
    ///
    /// # Errors
    /// As [`Desk::press_door`].
    pub async fn press_by_hand(
        &self,
        station: Station,
        token: Uuid,
        reason: PressReason,
    ) -> Result<(PressView, Result<RawAnswer, GatewayError>), Failure> {
        let (press, permit) = self.ask_press(station, token, reason)?;
        let answer = match self.may_leave(&permit) {
            Ok(()) => {
                let params =
                    serde_json::json!({ "identifier": "remoteOpen", "iotId": press.door, "args": {} });
                self.inner.gateway.call_now(Invoke::PATH, params, self.last_look(permit)).await
            }
            Err(void) => Err(void),
        };
        let meant = match &answer {
            Ok(answer) if answer.code == 200 => Ok(()),
            Ok(answer) => Err(GatewayError::Refused(Box::new(answer.refusal()))),
            Err(error) => Err(error.clone()),
        };
        Ok((self.settle_press(press, &meant), answer))
    }

    /// Writes the press down. From here on it has an end, whatever happens.
    fn ask_press(
        &self,
        station: Station,
        token: Uuid,
        reason: PressReason,
    ) -> Result<(NewPress, Permit), Failure> {
        let by = self.may_at(station, Act::OpenDoor)?;
        let (door, permit) = self.finger(station, token)?;
        let press = NewPress {
            id: PressId::new(self.now()),
            door,
            at: self.now(),
            station: station.word().to_owned(),
            by,
            reason,
        };
        self.inner.store.ask_press(&press)?;
        self.changed(&Event::Doors);
        Ok((press, permit))
    }

    /// Asked here as well as by the transport, so that nothing connects in vain.
    fn may_leave(&self, permit: &Permit) -> Result<(), GatewayError> {
        let look = permit.may_leave(self.inner.clock.monotonic(), self.line().contact());
        look.map_err(|void| GatewayError::NotSent(void.into()))
    }

    /// Writes the end down.
    fn settle_press(&self, press: NewPress, answer: &Result<(), GatewayError>) -> PressView {
        self.met(answer.as_ref().err().map_or(Met::Service, met_by));
        let why = answer.as_ref().err().map(FailureCode::of_gateway);
        let answer = answer_of(answer);
        if let Err(error) =
            self.inner.store.settle_press(press.id, answer, why.map(FailureCode::word), self.now())
        {
            // It stays "asked" on disk and becomes "unknown" at the next start, which is true.
            tracing::error!(%error, "the end of a press could not be written down");
        }
        self.changed(&Event::Doors);
        let NewPress { id, door, at, station, by: _, reason } = press;
        let why = why.map(|code| code.word().to_owned());
        let state = PressState::Asked.after(answer).unwrap_or(PressState::Unknown);
        self.view_press(PressRow { id, door, at, station, reason, state, why, note: None })
    }

    /// The finger comes down: the right, the token and the lock-out, all in one.
    pub(crate) fn finger(&self, station: Station, token: Uuid) -> Result<(DoorId, Permit), Failure> {
        let contact = self.line().contact();
        let now = self.inner.clock.monotonic();
        Ok(self.door_memory().press(station.right(), token, now, contact)?)
    }

    /// What the transport asks before the first byte.
    fn last_look(&self, permit: Permit) -> LastLook {
        let desk = self.clone();
        LastLook::new(move |now| permit.may_leave(now, desk.line().contact()))
    }

    /// The doors of the settings, each with its newest press, where whoever is here may know who opened it and why.
    ///
    /// # Errors
    /// What the store says.
    pub fn doors(&self) -> Result<Vec<DoorView>, Failure> {
        let log = if self.may(Act::SeeDoorLog).is_ok() { self.door_log()? } else { Vec::new() };
        let now = self.inner.clock.monotonic();
        let memory = self.door_memory();
        let views = self.inner.settings.doors.iter().map(|door| DoorView {
            id: door.id.clone(),
            name: door.name.clone(),
            zone: door.zone.name().to_owned(),
            last_press: log.iter().find(|press| press.door == door.id).cloned(),
            locked_for_ms: u32::try_from(memory.locked_for(&door.id, now).as_millis()).unwrap_or(0),
            reading: self.reading(&door.id),
        });
        Ok(views.collect())
    }

    /// Keeps what somebody writes to a press, after it: nobody at a door waits for somebody who types.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`]; [`FailureCode::BadForm`] for a text that is too long or has unprintable characters.
    pub fn note_press(&self, id: PressId, note: &str) -> Result<PressView, Failure> {
        self.may(Act::OpenDoor)?;
        let note = note_text(note).map_err(|_| Failure::of(FailureCode::BadForm))?;
        let row = self.inner.store.note_press(id, &note, self.now())?;
        self.changed(&Event::Doors);
        Ok(self.view_press(row))
    }

    /// The newest presses, newest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn door_log(&self) -> Result<Vec<PressView>, Failure> {
        self.may(Act::SeeDoorLog)?;
        Ok(self.inner.store.presses(50)?.into_iter().map(|row| self.view_press(row)).collect())
    }
}
