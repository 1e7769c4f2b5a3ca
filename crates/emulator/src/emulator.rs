//! The emulator: one lock around everything it remembers, and one function through which every request goes.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use vestibule_domain::{Clock, UtcMillis};
use vestibule_gateway::Transport;

use crate::answer::Answer;
use crate::authorise::{Gatekeeper, Incoming, Keys, check_signature};
use crate::calls::{CallRecord, Calls};
use crate::config::{Behaviour, EmulatorConfig};
use crate::doors::{Door, DoorSettings, DoorState};
use crate::exchange::shown_params;
use crate::in_process::InProcess;
use crate::journal::{Entry, Journal, JournalError};
use crate::readers::{self, Credential, ReaderAnswer};
use crate::state::State;
use crate::trouble::plan::{Delivery, Troubles};
use crate::trouble::{FaultKind, Trouble};

/// A gateway with doors and readers. Cheap to clone; the clones are one emulator.
#[derive(Clone)]
pub struct Emulator {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Arc<dyn Clock>,
    keys: Keys,
    shared: Mutex<Shared>,
    /// Whether the network is scripted to be gone until told otherwise.
    gone: watch::Sender<bool>,
}

pub(crate) struct Shared {
    pub(crate) state: State,
    pub(crate) gate: Gatekeeper,
    pub(crate) troubles: Troubles,
    pub(crate) calls: Calls,
    pub(crate) journal: Option<Journal>,
}

/// An answer and how it is to reach the caller.
pub(crate) struct Prepared {
    pub(crate) answer: Answer,
    pub(crate) down: bool,
    pub(crate) no_name: bool,
    pub(crate) wait: Duration,
    pub(crate) delivery: Delivery,
}

impl std::fmt::Debug for Emulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Emulator")
    }
}

impl Emulator {
    /// An emulator that forgets everything when it ends.
    #[must_use]
    pub fn new(config: EmulatorConfig, clock: Arc<dyn Clock>) -> Self {
        let seed = config.seed.unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0);
        let mut state = State::new(config.behaviour, config.zone, seed);
        for (iot_id, name) in config.doors {
            state.add_door(Door::new(iot_id, name, config.sync_delay));
        }
        let keys = Keys::new(&config.app_key, config.app_secret);
        let gate = Gatekeeper::new(config.app_key, config.behaviour.nonce_once);
        let (troubles, calls) = (Troubles::default(), Calls::default());
        let shared = Mutex::new(Shared { state, gate, troubles, calls, journal: None });
        Self { inner: Arc::new(Inner { clock, keys, shared, gone: watch::Sender::new(false) }) }
    }

    /// An emulator that remembers in a file: what the file tells is done again first, then every change is added.
    ///
    /// # Errors
    /// A file that cannot be opened, or that is not an emulator's.
    pub fn with_data(
        config: EmulatorConfig,
        clock: Arc<dyn Clock>,
        file: &Path,
    ) -> Result<Self, JournalError> {
        let emulator = Self::new(config, clock);
        let (journal, entries) = Journal::open(file)?;
        {
            let mut shared = emulator.lock();
            for entry in entries {
                shared.replay(entry);
            }
            shared.journal = Some(journal);
        }
        Ok(emulator)
    }

    /// The way to it without a port. Signatures are checked as over HTTP.
    #[must_use]
    pub fn transport(&self) -> Arc<dyn Transport> {
        Arc::new(InProcess::new(self.clone(), self.inner.clock.clone()))
    }

    /// The doors, in the order in which they were added.
    #[must_use]
    pub fn doors(&self) -> Vec<DoorState> {
        let (now, mut shared) = (self.now(), self.lock());
        shared.state.doors.iter_mut().for_each(|door| door.catch_up(now));
        shared.state.doors.iter().map(Door::shown).collect()
    }

    /// One door.
    #[must_use]
    pub fn door(&self, iot_id: &str) -> Option<DoorState> {
        let now = self.now();
        self.lock().state.door(iot_id, now).map(|door| door.shown())
    }

    /// Adds a door, or renames one.
    pub fn add_door(&self, iot_id: &str, name: &str) {
        let mut shared = self.lock();
        shared.state.add_door(Door::new(iot_id.into(), name.into(), Duration::ZERO));
        shared.write(&Entry::Added { iot_id: iot_id.into(), name: name.into() });
    }

    /// Sets how a door behaves. Says whether there is such a door.
    pub fn set_door(&self, iot_id: &str, settings: DoorSettings) -> bool {
        let now = self.now();
        let mut shared = self.lock();
        let known = shared.set_door(iot_id, settings, now);
        if known {
            shared.write(&Entry::Door { at: now, iot_id: iot_id.into(), settings });
        }
        known
    }

    /// The last calls, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<CallRecord> {
        self.lock().calls.list()
    }

    /// How many calls reached it since it began.
    #[must_use]
    pub fn call_count(&self) -> u64 {
        self.lock().calls.count()
    }

    /// Somebody holds a QR code up to the reader of a door.
    #[must_use]
    pub fn present(&self, iot_id: &str, code: &str) -> ReaderAnswer {
        self.present_any(iot_id, &Credential::Code(code.into()))
    }

    /// Somebody holds anything up to the reader of a door.
    #[must_use]
    pub fn present_any(&self, iot_id: &str, what: &Credential) -> ReaderAnswer {
        let now = self.now();
        let mut shared = self.lock();
        let answer = readers::present(&mut shared.state, iot_id, what, now);
        shared.write(&Entry::Present { at: now, iot_id: iot_id.into(), what: what.clone() });
        answer
    }

    /// The faults in force.
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        self.lock().troubles.trouble.clone()
    }

    /// Replaces the faults in force.
    pub fn set_trouble(&self, trouble: Trouble) {
        let gone = trouble.faults.iter().any(|fault| {
            [FaultKind::Down, FaultKind::NoName].into_iter().any(|gone| *fault == gone.always())
        });
        {
            let mut shared = self.lock();
            shared.troubles.trouble = trouble;
            shared.troubles.failed_once.clear();
        }
        self.inner.gone.send_replace(gone);
    }

    /// Follows whether the network is gone.
    pub(crate) fn gone(&self) -> watch::Receiver<bool> {
        self.inner.gone.subscribe()
    }

    /// How it decides what the documents leave open.
    #[must_use]
    pub fn behaviour(&self) -> Behaviour {
        self.lock().state.behaviour
    }

    /// Decides otherwise from now on.
    pub fn set_behaviour(&self, behaviour: Behaviour) {
        let mut shared = self.lock();
        shared.gate.nonce_once = behaviour.nonce_once;
        shared.state.behaviour = behaviour;
    }

    /// Grants the AppKey only these paths; all of them with `None`.
    pub fn set_granted(&self, paths: Option<Vec<String>>) {
        self.lock().gate.granted = paths.map(|paths| paths.into_iter().collect());
    }

    /// Wants a valid `cloudToken` in every call from now on, or no longer.
    pub fn require_token(&self, required: bool) {
        self.lock().state.token_required = required;
    }

    /// Takes back the cloud token in force, as fetching one elsewhere would.
    pub fn revoke_token(&self) {
        self.lock().state.token = None;
    }

    /// How many people it knows.
    #[must_use]
    pub fn people(&self) -> usize {
        self.lock().state.people.len()
    }

    pub(crate) fn now(&self) -> UtcMillis {
        self.inner.clock.now()
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Shared> {
        self.inner.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// After how many bytes the request of a new connection is to break off, and whether by a reset.
    pub(crate) fn cut_for_new_connection(&self) -> Option<(usize, bool)> {
        let mut shared = self.lock();
        let cut = shared.troubles.trouble.faults.iter_mut().find_map(|fault| {
            let cut = fault.kind.request_cut().filter(|_| fault.count != Some(0))?;
            fault.count = fault.count.map(|count| count - 1);
            Some(cut)
        });
        shared.troubles.trouble.faults.retain(|fault| fault.count != Some(0));
        cut
    }

    /// Everything that happens to a request, except how its answer travels.
    pub(crate) fn receive(&self, request: &Incoming, over_socket: bool) -> Prepared {
        // The costly part needs no lock.
        let signature = check_signature(&self.inner.keys, request);
        let now = self.now();
        let mut shared = self.lock();
        let mut plan = shared.plan(&request.path, over_socket);
        let gateway_now = UtcMillis(now.0.saturating_add(plan.clock_offset));
        let (answer, code, rejected) = shared.answer(request, signature, gateway_now, &mut plan);
        let record = CallRecord {
            number: 0,
            at: now,
            path: request.path.clone(),
            params: if plan.down { Value::Null } else { shown_params(request) },
            status: answer.status,
            code,
            rejected,
            trouble: plan.names,
        };
        if !plan.down {
            shared.calls.push(record);
        }
        let answer = answer.stamped(UtcMillis(now.0.saturating_add(plan.date_offset)));
        let delivery = if plan.lose_request { Delivery::Lost } else { plan.delivery };
        Prepared { answer, down: plan.down, no_name: plan.no_name, wait: plan.wait, delivery }
    }
}
