//! Who is signed in at this PC, and what they may do.
//!
//! Every action of the desk begins with [`Desk::may`], which asks the one table ([`vestibule_domain::staff::may`]); a
//! test of the house reads that it does (`tests/layout/rights.rs`), a journey does everything as everybody
//! (`tests/journeys/staff.rs`). So it is the same for the window, for the terminal, and for a page that was broken into.
//!
//! - A session lives in the memory of one process: a restart signs everybody out. It ends by itself when nobody touched
//!   anything for a while, on the steady clock, and at once when its account is changed by anybody, also by another
//!   process.
//! - While there is no account at all, everybody at a staff station may do what the station may, and the service panel
//!   and `vestibulectl doctor` say so. The first account is an administrator's, and from then on people sign in.
//! - The terminal is no self-service station, whatever the settings call this PC: whoever can start it can read the
//!   data folder. With accounts it does what the account of `--as` may.

mod account;
pub(crate) mod pin;

use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::json;
use specta::Type;
use vestibule_domain::staff::{Act, Leave, Role, Who, account_name, may};
use vestibule_domain::{DoorId, Monotonic, StaffId, UtcMillis};
use vestibule_store::{Entry, StaffRow};

pub use account::StaffView;

use crate::{Desk, Event, Failure, FailureCode, Pin, Station};

/// How long a supervisor's word for a hold counts.
const APPROVED_FOR: Duration = Duration::from_secs(30);
/// How many secrets are looked at or wait for it at once; each takes 64 MiB.
const AT_ONCE: usize = 1;

/// Where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Station(Station),
    Terminal,
}

/// Who is at this PC, as one process knows it.
pub(crate) struct Seat {
    place: Place,
    session: Option<Session>,
    approval: Option<Approval>,
    /// There are accounts. Once there are, there always will be.
    guarded: bool,
}

#[derive(Clone)]
struct Session {
    staff: StaffId,
    version: i64,
    since: UtcMillis,
    touched: Monotonic,
}

struct Approval {
    door: DoorId,
    length: Duration,
    by: StaffId,
    at: Monotonic,
}

impl Seat {
    pub(crate) fn at(station: Station) -> Self {
        Self { place: Place::Station(station), session: None, approval: None, guarded: false }
    }
}

/// One after the other looks at secrets.
pub(crate) fn one_at_a_time() -> tokio::sync::Semaphore {
    tokio::sync::Semaphore::new(AT_ONCE)
}

/// Who is signed in, as a screen shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// Whether there are accounts. Without any, nobody signs in and nothing tells people apart.
    pub guarded: bool,
    /// Whether somebody has to sign in before anything can be done here.
    pub locked: bool,
    /// Who is signed in.
    pub name: Option<String>,
    /// Their role.
    pub role: Option<Role>,
    /// Since when.
    pub since: Option<UtcMillis>,
    /// After how many seconds without a touch the session ends.
    pub idle_seconds: u16,
    /// What may be done here now.
    pub may: Vec<Act>,
    /// What may be done when a supervisor says so.
    pub with_approval: Vec<Act>,
}

/// What became of a try to prove who one is. A refusal is an answer, not a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Proof {
    /// It was right.
    Right,
    /// Name and secret do not belong together; which of them is wrong is not said.
    Wrong,
    /// It was not looked at: too soon after wrong ones.
    Wait {
        /// For so many seconds more.
        seconds: u32,
    },
    /// It was not looked at: the tries of a day are used up. An administrator gives a new PIN.
    UsedUp,
    /// Right, but this account may not do what was asked for.
    NotEnough,
}

impl Desk {
    /// Whether whoever is here may do something. The first line of every action. Gives the account, for the records.
    pub(crate) fn may(&self, act: Act) -> Result<Option<StaffId>, Failure> {
        let (who, staff) = self.who()?;
        match may(who, act) {
            Leave::Yes => Ok(staff),
            Leave::WithApproval => Err(Failure::of(FailureCode::NeedsApproval)),
            Leave::No if who == Who::Nobody => Err(Failure::of(FailureCode::NotSignedIn)),
            Leave::No => Err(Failure::of(FailureCode::NotAllowed)),
        }
    }

    /// As [`Self::may`], where a station is named as well: the self-service station may nothing of the kind.
    pub(crate) fn may_at(&self, station: Station, act: Act) -> Result<Option<StaffId>, Failure> {
        if station == Station::Kiosk && may(Who::Visitor, act) != Leave::Yes {
            return Err(Failure::of(FailureCode::NotAllowed));
        }
        self.may(act)
    }

    /// As [`Self::may_at`] for a hold, which a supervisor may have approved: that word is used up.
    pub(crate) fn may_hold(
        &self,
        station: Station,
        door: Option<&DoorId>,
        length: Duration,
    ) -> Result<(Option<StaffId>, Option<StaffId>), Failure> {
        match self.may_at(station, Act::HoldDoor) {
            Err(failure) if failure.code == FailureCode::NeedsApproval => {
                let now = self.inner.clock.monotonic();
                let approval = self.seat().approval.take().filter(|approval| {
                    Some(&approval.door) == door
                        && length <= approval.length
                        && now.since(approval.at) <= APPROVED_FOR
                });
                let by = approval.ok_or(failure)?.by;
                Ok((self.who()?.1, Some(by)))
            }
            other => Ok((other?, None)),
        }
    }

    /// Whether whoever is here is a visitor who does it alone.
    pub(crate) fn is_self_service(&self) -> bool {
        self.seat().place == Place::Station(Station::Kiosk)
    }

    /// Whether whoever is here may see names.
    pub(crate) fn sees_names(&self) -> bool {
        self.may(Act::SeeNames).is_ok()
    }

    /// Asks for a command that works past the desk, such as a raw call from the terminal.
    ///
    /// # Errors
    /// [`FailureCode::NotSignedIn`], [`FailureCode::NotAllowed`].
    pub fn check(&self, act: Act) -> Result<(), Failure> {
        self.may(act).map(drop)
    }

    /// Who is here. Ends a session whose time is over or whose account was changed.
    fn who(&self) -> Result<(Who, Option<StaffId>), Failure> {
        let mut seat = self.seat();
        if seat.place == Place::Station(Station::Kiosk) {
            return Ok((Who::Visitor, None));
        }
        if !seat.guarded {
            seat.guarded = self.inner.store.has_staff()?;
            if !seat.guarded {
                return Ok((Who::Anyone, None));
            }
        }
        let Some(session) = seat.session.clone() else { return Ok((Who::Nobody, None)) };
        let row = self.inner.store.staff_of(session.staff)?;
        let quiet = self.inner.clock.monotonic().since(session.touched);
        let idle = seat.place != Place::Terminal && quiet >= self.idle_time(row.role);
        if row.disabled || row.version != session.version || idle {
            seat.session = None;
            seat.approval = None;
            drop(seat);
            self.note(if idle { "autoLocked" } else { "signedOut" }, session.staff);
            self.changed(&Event::Session);
            return Ok((Who::Nobody, None));
        }
        Ok((Who::Staff(row.role), Some(session.staff)))
    }

    fn idle_time(&self, role: Role) -> Duration {
        let settings = &self.inner.settings.staff;
        Duration::from_secs(u64::from(match role {
            Role::Admin => settings.admin_idle_seconds,
            Role::Reception | Role::Guard | Role::Supervisor => settings.idle_seconds,
        }))
    }

    /// Ends a session whose time is over. [`Self::run`] does it by itself.
    pub(crate) fn end_idle_session(&self) {
        if self.seat().session.is_some()
            && let Err(failure) = self.who()
        {
            tracing::error!(%failure, "the session could not be looked at");
        }
    }

    /// Who is signed in, and what may be done.
    ///
    /// # Errors
    /// What the store says.
    pub fn session(&self) -> Result<SessionView, Failure> {
        let (who, staff) = self.who()?;
        let row = staff.map(|id| self.inner.store.staff_of(id)).transpose()?;
        let with = |leave| Act::ALL.into_iter().filter(|act| may(who, *act) == leave).collect();
        let seat = self.seat();
        Ok(SessionView {
            guarded: match seat.place {
                Place::Station(Station::Kiosk) => self.inner.store.has_staff()?,
                _ => seat.guarded,
            },
            locked: who == Who::Nobody,
            role: row.as_ref().map(|row| row.role),
            idle_seconds: row
                .as_ref()
                .map_or(0, |row| u16::try_from(self.idle_time(row.role).as_secs()).unwrap_or(u16::MAX)),
            name: row.map(|row| row.name),
            since: seat.session.as_ref().map(|session| session.since),
            may: with(Leave::Yes),
            with_approval: with(Leave::WithApproval),
        })
    }

    /// The station of this PC.
    #[must_use]
    pub fn station(&self) -> Station {
        match self.seat().place {
            Place::Station(station) => station,
            Place::Terminal => self.inner.settings.station,
        }
    }

    /// Shows another face, in the demonstration. Whoever is signed in is so no longer.
    ///
    /// # Errors
    /// [`FailureCode::NotADemo`]: elsewhere the settings say which station a PC is.
    pub fn show_station(&self, station: Station) -> Result<(), Failure> {
        if !self.inner.settings.is_demo() {
            return Err(Failure::of(FailureCode::NotADemo));
        }
        self.sign_off();
        self.seat().place = Place::Station(station);
        self.changed(&Event::Session);
        Ok(())
    }

    /// This process is a terminal, not a station.
    pub fn sit_at_terminal(&self) {
        self.seat().place = Place::Terminal;
    }

    /// The names to choose from before one signs in, sorted; with `approvers` only those who may approve a hold. None at
    /// the self-service station.
    ///
    /// # Errors
    /// What the store says.
    pub fn staff_names(&self, approvers: bool) -> Result<Vec<String>, Failure> {
        if self.is_self_service() {
            return Ok(Vec::new());
        }
        let fits = |row: &StaffRow| {
            !row.disabled && (!approvers || may(Who::Staff(row.role), Act::ApproveHold) == Leave::Yes)
        };
        Ok(self.inner.store.staff()?.into_iter().filter(fits).map(|row| row.name).collect())
    }

    /// Signs somebody in, in the place of whoever is signed in.
    ///
    /// # Errors
    /// [`FailureCode::NotAllowed`] at the self-service station, or what the store says.
    pub async fn sign_in(&self, name: &str, secret: Pin) -> Result<Proof, Failure> {
        if self.is_self_service() {
            return Err(Failure::of(FailureCode::NotAllowed));
        }
        let (proof, row) = self.prove(name, secret, "signedIn", json!({}), |_| true).await?;
        if let (Proof::Right, Some(row)) = (proof, row) {
            self.sign_off();
            let (since, touched) = (self.now(), self.inner.clock.monotonic());
            let session = Session { staff: row.id, version: row.version, since, touched };
            self.seat().session = Some(session);
        }
        self.changed(&Event::Session);
        Ok(proof)
    }

    /// Whoever is signed in leaves.
    pub fn sign_off(&self) {
        let session = {
            let mut seat = self.seat();
            seat.approval = None;
            seat.session.take()
        };
        if let Some(session) = session {
            self.note("signedOut", session.staff);
            self.changed(&Event::Session);
        }
    }

    /// Somebody touched something: the session goes on.
    pub fn stay_active(&self) {
        self.end_idle_session();
        let now = self.inner.clock.monotonic();
        if let Some(session) = &mut self.seat().session {
            session.touched = now;
        }
    }

    /// Somebody who may says that the next hold of that door, for so long at most, is all right. Nobody is signed in or
    /// out by it.
    ///
    /// # Errors
    /// Whatever keeps a hold from beginning at this station, or what the store says.
    pub async fn approve_hold(
        &self,
        door: &DoorId,
        length: Duration,
        name: &str,
        secret: Pin,
    ) -> Result<Proof, Failure> {
        match self.may(Act::HoldDoor) {
            Err(failure) if failure.code != FailureCode::NeedsApproval => return Err(failure),
            _ => {}
        }
        if self.door(door).is_none() {
            return Err(Failure::of(FailureCode::NotFound));
        }
        let detail = json!({ "door": door, "minutes": length.as_secs() / 60, "for": self.who()?.1 });
        let enough = |row: &StaffRow| may(Who::Staff(row.role), Act::ApproveHold) == Leave::Yes;
        let (proof, row) = self.prove(name, secret, "holdApproved", detail, enough).await?;
        if let (Proof::Right, Some(row)) = (proof, row) {
            let at = self.inner.clock.monotonic();
            self.seat().approval = Some(Approval { door: door.clone(), length, by: row.id, at });
        }
        Ok(proof)
    }

    /// Looks whether a name and a secret belong together. The try is written down first. A name that nobody has takes
    /// as long, waits as long, and is refused in the same words.
    async fn prove(
        &self,
        name: &str,
        secret: Pin,
        kind: &'static str,
        detail: serde_json::Value,
        enough: impl Fn(&StaffRow) -> bool,
    ) -> Result<(Proof, Option<StaffRow>), Failure> {
        let _turn = self.inner.proving.acquire().await.map_err(|_| Failure::of(FailureCode::Bug))?;
        let name = account_name(name).unwrap_or_default();
        let row = self.inner.store.staff_named(&name)?.filter(|row| !row.disabled);
        let account = row.as_ref().map_or_else(|| nobody(&name), |row| row.id.to_string());
        let uptime = self.inner.clock.uptime();
        let id = match self.inner.store.begin_try(&account, uptime)? {
            Ok(id) => id,
            Err(not_yet) if not_yet.day => return Ok((Proof::UsedUp, None)),
            Err(not_yet) => {
                let seconds = u32::try_from(not_yet.wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
                return Ok((Proof::Wait { seconds }, None));
            }
        };
        let right = secret.is(row.as_ref().map(|row| row.secret.clone())).await?;
        let enough = row.as_ref().is_some_and(enough);
        let (kind, detail) = match (right, enough) {
            (true, true) => (kind, detail),
            (true, false) => ("proofNotEnough", detail),
            (false, _) => ("tryRefused", json!({ "for": kind })),
        };
        let entry = Entry { at: self.now(), kind, subject: account, detail };
        self.inner.store.end_try(id, right, self.inner.clock.uptime(), &entry)?;
        Ok(match (right, enough) {
            (true, true) => (Proof::Right, row),
            (true, false) => (Proof::NotEnough, None),
            (false, _) => (Proof::Wrong, None),
        })
    }

    fn note(&self, kind: &'static str, staff: StaffId) {
        let entry = Entry { at: self.now(), kind, subject: staff.to_string(), detail: json!({}) };
        if let Err(error) = self.inner.store.note(&[entry]) {
            tracing::error!(%error, "the end of a session could not be written down");
        }
    }

    fn seat(&self) -> MutexGuard<'_, Seat> {
        self.inner.seat.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What tries with a name that no account has are counted under: the same for the same name. There are 256 of them, so
/// that a PIN that was typed as a name cannot be read off, and so that no page can fill the disk with names.
fn nobody(name: &str) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    format!("nobody-{:02x}", hasher.finish() & 0xFF)
}
