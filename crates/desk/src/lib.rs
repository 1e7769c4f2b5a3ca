//! What a desk does: register, issue, revoke, verify, release, and tell the gateway about it.
//!
//! Every operation decides by the rules of `domain`, writes down in `store` before anything is shown or sent, and
//! speaks to the service through `gateway`. This crate knows no window, no SQL and no HTTP library.
//!
//! What may wait goes into the outbox and is told by [`Desk::run`]. A door press never waits: see [`open_door`].

mod agreement;
mod breaker;
mod connection;
mod dispatch;
mod event;
mod failure;
mod help;
mod history;
pub mod hold_open;
mod host;
mod invitation;
mod journal;
mod leave;
pub mod open_door;
mod print_pass;
mod read_doors;
mod register;
mod retention;
mod revoke_pass;
mod roll_call;
pub mod seal;
pub mod secret;
pub mod setting;
pub mod spare;
mod staff;
pub mod table;
mod ticket;
mod verify;
mod view;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::{Notify, Semaphore, broadcast};
use vestibule_domain::door::Door;
use vestibule_domain::hold::HoldEnds;
use vestibule_domain::press::Doors;
use vestibule_domain::staff::Act;
use vestibule_domain::{Clock, DoorId, PassId, UtcMillis};
use vestibule_gateway::Client;
use vestibule_store::{Lease, OutboxRow, Store};

pub use vestibule_store::DropReason;

pub use agreement::{AgreementView, SignatureView, Signed};
pub use connection::{Connection, ConnectionState, OfflineWhy, Status};
pub use event::Event;
pub use failure::{Failure, FailureCode, FieldProblem};
pub use history::{Export, ExportFormat, HistoryAsk, HistoryPage, HistoryState};
pub use host::HostHit;
pub use invitation::{InvitationView, InvitationsChanged, InviteForm};
pub use journal::{JournalReport, VerdictEntry};
pub use read_doors::DoorReading;
pub use register::RegisterForm;
pub use retention::{AgreementExport, PassExport, PurgeReport, PurgeScope, VisitExport};
pub use roll_call::{RollCallPerson, RollCallView};
pub use setting::{AgreementText, DEMO_NETWORK, Settings, Station};
pub use spare::Reserve;
pub use staff::pin::Pin;
pub use staff::{Proof, SessionView, StaffView};
pub use ticket::{CodePurpose, CodeShown};
pub use vestibule_domain::Language;
pub use vestibule_domain::receipt::Printed;
pub use view::{
    Armed, DoorView, HoldView, PassDoorView, PassView, PressView, QueueRow, VerdictView, VisitView,
};

use connection::Line;
use journal::Scribe;
use seal::Seal;
use staff::Seat;
use ticket::Asked;

/// How many rows of before the key are sealed in one step, which nobody should notice.
const SEALED_AT_ONCE: u32 = 100;
/// And how long others have the disk to themselves between two.
const BETWEEN_STEPS: std::time::Duration = std::time::Duration::from_millis(1);

/// A desk at work. Cheap to clone; all clones are the same desk.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    /// Writes to the store to its last moment, so it goes first.
    scribe: Scribe,
    store: Arc<Store>,
    lease: OnceLock<Lease>,
    gateway: Client,
    clock: Arc<dyn Clock>,
    settings: Settings,
    line: Mutex<Line>,
    door_memory: Mutex<Doors>,
    hold_ends: Mutex<HoldEnds>,
    readings: Mutex<read_doors::Readings>,
    asked: Mutex<Asked>,
    seat: Mutex<Seat>,
    proving: Semaphore,
    events: broadcast::Sender<Event>,
    wake: Notify,
}

impl Desk {
    /// A desk over an open store. It reads and adds; it tells the gateway what waits only once it speaks for the store
    /// ([`Self::speak`]), which one process at a time does.
    #[must_use]
    pub fn start(store: Store, gateway: Client, clock: Arc<dyn Clock>, settings: Settings) -> Self {
        let now = clock.now();
        store.chain_with(settings.seal.as_ref().map(Seal::chain_keys).unwrap_or_default());
        store.seal_with(settings.seal.as_ref().map(Seal::vault_keys).unwrap_or_default());
        let store = Arc::new(store);
        let inner = Inner {
            scribe: Scribe::over(Arc::clone(&store)),
            store,
            lease: OnceLock::new(),
            gateway,
            seat: Mutex::new(Seat::at(settings.station)),
            proving: staff::one_at_a_time(),
            settings,
            line: Mutex::new(Line::new(now)),
            door_memory: Mutex::default(),
            hold_ends: Mutex::default(),
            readings: Mutex::default(),
            asked: Mutex::default(),
            events: broadcast::channel(256).0,
            wake: Notify::new(),
            clock,
        };
        Self { inner: Arc::new(inner) }
    }

    /// Speaks for the store from now on, if no other process does: what an earlier one left in the air is settled.
    /// Says whether this process speaks.
    ///
    /// # Errors
    /// What the store says.
    pub fn speak(&self) -> Result<bool, Failure> {
        if self.inner.lease.get().is_none()
            && let Some(lease) = self.inner.store.take_lease(self.now())?
        {
            // Two calls at once: the lock lets one through, so the second value never comes.
            drop(self.inner.lease.set(lease));
            self.note_settings();
            self.seal_what_is_old();
        }
        Ok(self.has_lease())
    }

    /// Seals what was there before the key, in small steps on a thread of its own, which ends with the desk.
    fn seal_what_is_old(&self) {
        let step = |store: &Store| match store.seal_some(SEALED_AT_ONCE) {
            Ok(more) => more,
            Err(error) => {
                tracing::error!(%error, "what is kept of visitors could not be sealed");
                false
            }
        };
        if !step(&self.inner.store) {
            return;
        }
        let store = Arc::downgrade(&self.inner.store);
        let work = move || {
            while store.upgrade().is_some_and(|store| step(&store)) {
                std::thread::sleep(BETWEEN_STEPS);
            }
        };
        if let Err(error) = std::thread::Builder::new().name("sealer".to_owned()).spawn(work) {
            tracing::error!(%error, "what is kept of visitors is sealed at another start");
        }
    }

    /// Everything that happens from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.inner.events.subscribe()
    }

    /// The settings it was started with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Whether this process speaks for the store.
    #[must_use]
    pub fn has_lease(&self) -> bool {
        self.inner.lease.get().is_some()
    }

    /// A small setting that outlives the process.
    ///
    /// # Errors
    /// What the store says.
    pub fn remembered(&self, key: &str) -> Result<Option<String>, Failure> {
        Ok(self.inner.store.setting(key)?)
    }

    /// Keeps a small setting.
    ///
    /// # Errors
    /// What the store says.
    pub fn remember(&self, key: &str, value: &str) -> Result<(), Failure> {
        Ok(self.inner.store.set_setting(key, value)?)
    }

    /// What the gateway has still to be told, oldest first; without names for those who may not see them.
    ///
    /// # Errors
    /// What the store says.
    pub fn queue(&self) -> Result<Vec<QueueRow>, Failure> {
        self.may(Act::SeeQueue)?;
        let names = self.sees_names();
        let rows = self.inner.store.outbox(self.now(), 200)?.into_iter().map(|mut row: OutboxRow| {
            if !names {
                row.visitor_name.clear();
            }
            QueueRow::from(row)
        });
        Ok(rows.collect())
    }

    /// A person says: try this row again now.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] when it neither waits nor was set aside.
    pub fn retry_row(&self, row: i64) -> Result<(), Failure> {
        self.may(Act::RetryRow)?;
        self.inner.store.retry_row(row, self.now())?;
        self.changed(&Event::Queue);
        self.inner.wake.notify_one();
        Ok(())
    }

    /// A person says: try again now what was set aside of this pass.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] when nothing of it was.
    pub fn send_again(&self, pass: PassId) -> Result<PassView, Failure> {
        self.may(Act::RetryRow)?;
        self.inner.store.retry_pass(pass, self.now())?;
        self.changed(&Event::Pass(pass));
        self.changed(&Event::Queue);
        self.inner.wake.notify_one();
        self.pass_now(pass)
    }

    /// A person says: give this row up, and why.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] when it was not set aside.
    pub fn drop_row(&self, row: i64, reason: DropReason) -> Result<(), Failure> {
        self.may(Act::DropRow)?;
        self.inner.store.drop_row(row, reason, self.now())?;
        self.changed(&Event::Queue);
        Ok(())
    }

    pub(crate) fn now(&self) -> UtcMillis {
        self.inner.clock.now()
    }

    pub(crate) fn door(&self, id: &DoorId) -> Option<&Door> {
        self.inner.settings.doors.iter().find(|door| door.id == *id)
    }

    pub(crate) fn line(&self) -> MutexGuard<'_, Line> {
        self.inner.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn door_memory(&self) -> MutexGuard<'_, Doors> {
        self.inner.door_memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What visitors at the kiosk asked for.
    pub(crate) fn asked(&self) -> MutexGuard<'_, Asked> {
        self.inner.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whoever listens. Nobody listening is no failure.
    pub(crate) fn changed(&self, event: &Event) {
        drop(self.inner.events.send(*event));
    }
}
