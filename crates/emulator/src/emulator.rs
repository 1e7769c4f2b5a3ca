//! The emulator: one lock around everything it remembers, and one function through which every request goes.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::sync::watch;
use vestibule_domain::{Clock, UtcMillis};
use vestibule_gateway::{Credential as KeyPair, Transport};

use crate::answer::{Answer, Refuse, Reject};
use crate::authorise::{Gatekeeper, Incoming, check_signature};
use crate::calls::{CallRecord, Calls};
use crate::config::{Behaviour, EmulatorConfig};
use crate::doors::{Door, DoorSettings, DoorState};
use crate::in_process::InProcess;
use crate::journal::{Entry, Journal, JournalError};
use crate::readers::{self, Credential, ReaderAnswer};
use crate::routes::{self, Ctx, Outcome, Route};
use crate::state::State;
use crate::trouble::{Delivery, FaultKind, Plan, Trouble, Troubles};

/// A gateway with doors and readers. Cheap to clone; the clones are one emulator.
#[derive(Clone)]
pub struct Emulator {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Arc<dyn Clock>,
    key: KeyPair,
    shared: Mutex<Shared>,
    /// Whether the network is scripted to be gone until told otherwise.
    gone: watch::Sender<bool>,
}

pub(crate) struct Shared {
    pub(crate) state: State,
    gate: Gatekeeper,
    pub(crate) troubles: Troubles,
    calls: Calls,
    journal: Option<Journal>,
}

/// An answer and how it is to reach the caller.
pub(crate) struct Prepared {
    pub(crate) answer: Answer,
    pub(crate) down: bool,
    pub(crate) wait: Duration,
    pub(crate) delivery: Delivery,
}

#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    request: WrappedRequest,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct WrappedRequest {
    api_ver: Option<String>,
    cloud_token: Option<String>,
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
        let gate = Gatekeeper::new(config.app_key, config.app_secret, config.behaviour.nonce_once);
        let key = gate.secret.clone();
        let (troubles, calls) = (Troubles::default(), Calls::default());
        let shared = Mutex::new(Shared { state, gate, troubles, calls, journal: None });
        Self { inner: Arc::new(Inner { clock, key, shared, gone: watch::Sender::new(false) }) }
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
        self.lock().state.add_door(Door::new(iot_id.into(), name.into(), Duration::ZERO));
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
        let gone = trouble
            .faults
            .iter()
            .any(|fault| fault.kind == FaultKind::Down && *fault == FaultKind::Down.always());
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

    /// After how many bytes the request of a new connection is to be cut off.
    pub(crate) fn cut_for_new_connection(&self) -> Option<usize> {
        let mut shared = self.lock();
        let cut = shared.troubles.trouble.faults.iter_mut().find_map(|fault| match fault.kind {
            FaultKind::CutRequest { at } if fault.count != Some(0) => {
                fault.count = fault.count.map(|count| count - 1);
                Some(at)
            }
            _ => None,
        });
        shared.troubles.trouble.faults.retain(|fault| fault.count != Some(0));
        cut
    }

    /// Everything that happens to a request, except how its answer travels.
    pub(crate) fn receive(&self, request: &Incoming, over_socket: bool) -> Prepared {
        // The costly part needs no lock.
        let signature = check_signature(&self.inner.key, request);
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
        Prepared { answer, down: plan.down, wait: plan.wait, delivery }
    }
}

impl Shared {
    fn plan(&mut self, path: &str, over_socket: bool) -> Plan {
        let Self { troubles, state, .. } = self;
        troubles.plan(path, &mut state.chance, over_socket)
    }

    /// The gateway's part.
    fn answer(
        &mut self,
        request: &Incoming,
        signature: Result<(), Reject>,
        now: UtcMillis,
        plan: &mut Plan,
    ) -> (Answer, Option<i64>, Option<String>) {
        if plan.down || plan.lose_request {
            return (Answer::plain(503, "text/plain", Vec::new().into()), None, None);
        }
        if let Some(answer) = plan.instead.take() {
            return (answer, None, None);
        }
        if let Some((reject, retry_after)) = plan.reject.take() {
            let mut answer = Answer::rejection(&reject);
            if let Some(seconds) = retry_after {
                answer.set("retry-after", &seconds.to_string());
            }
            return (answer, None, Some(reject.message));
        }
        let route = routes::find(&request.path);
        let checked = self
            .gate
            .before(request, now, route.is_some())
            .and(signature)
            .and_then(|()| self.gate.after(request, now));
        match (checked, route) {
            (Err(reject), _) => (Answer::rejection(&reject), None, Some(reject.message)),
            (Ok(()), None) => (Answer::rejection(&Reject::new(404, "I404NF", "API not found")), None, None),
            (Ok(()), Some(route)) => {
                let (id, outcome) = self.serve(route, request, now, plan);
                let code = outcome.as_ref().map_or_else(|refuse| refuse.code, |_| 200);
                (Answer::envelope(id.as_deref(), &outcome), Some(code), None)
            }
        }
    }

    /// The service's part.
    fn serve(
        &mut self,
        route: &Route,
        request: &Incoming,
        now: UtcMillis,
        plan: &mut Plan,
    ) -> (Option<String>, Outcome) {
        let Ok(wrapped) = serde_json::from_slice::<Wrapped<'_>>(&request.body) else {
            return (None, Err(Refuse::new(400, "request format error")));
        };
        let id = match wrapped.id {
            Value::Null => None,
            Value::String(id) => Some(id),
            other => Some(other.to_string()),
        };
        let outcome = self.serve_wrapped(route, &wrapped.request, wrapped.params, now, plan);
        (id, outcome)
    }

    fn serve_wrapped(
        &mut self,
        route: &Route,
        request: &WrappedRequest,
        params: Option<&RawValue>,
        now: UtcMillis,
        plan: &mut Plan,
    ) -> Outcome {
        if request.api_ver.as_deref() != Some(route.version) {
            return Err(Refuse::new(404, "service not found: apiVer"));
        }
        if self.state.token_required && route.path != "/cloud/token" {
            let given = request.cloud_token.as_deref();
            let valid =
                self.state.token.as_ref().is_some_and(|(token, until)| given == Some(token) && now < *until);
            if !valid {
                return Err(Refuse::new(401, "cloudToken invalid")).map_err(|refuse| match given {
                    Some(_) => Refuse { code: 2402, ..refuse },
                    None => refuse,
                });
            }
        }
        if let Some(refuse) = plan.refuse.take() {
            return Err(refuse);
        }
        let Some(params) =
            params.map_or_else(|| RawValue::from_string("{}".into()).ok(), |raw| Some(raw.to_owned()))
        else {
            return Err(Refuse::new(400, "request format error"));
        };
        let mut outcome = self.run(route, &params, now, plan);
        if plan.twice {
            outcome = self.run(route, &params, now, plan);
        }
        outcome
    }

    fn run(&mut self, route: &Route, params: &RawValue, now: UtcMillis, plan: &Plan) -> Outcome {
        let mut ctx = Ctx {
            state: &mut self.state,
            now,
            refused_doors: plan.refused_doors.as_ref(),
            fail_rows: plan.fail_rows,
            failed_once: &mut self.troubles.failed_once,
        };
        let outcome = (route.run)(&mut ctx, params);
        if route.changes && outcome.is_ok() && self.journal.is_some() {
            let made =
                outcome.as_ref().ok().and_then(Option::as_ref).and_then(Value::as_str).map(str::to_owned);
            self.write(&Entry::Call {
                at: now,
                path: route.path.into(),
                params: params.to_owned(),
                made,
                fail_rows: plan.fail_rows,
                refused_doors: plan.refused_doors.clone(),
            });
        }
        outcome
    }

    fn set_door(&mut self, iot_id: &str, settings: DoorSettings, now: UtcMillis) -> bool {
        let Some(door) = self.state.door(iot_id, now) else { return false };
        door.settings = settings;
        door.catch_up(now);
        true
    }

    fn write(&mut self, entry: &Entry) {
        let Some(journal) = &mut self.journal else { return };
        if let Err(error) = journal.write(entry) {
            tracing::error!(%error, "the emulator's file cannot be written; changes are lost at the next start");
        }
    }

    fn replay(&mut self, entry: Entry) {
        match entry {
            Entry::Call { at, path, params, made, fail_rows, refused_doors } => {
                let Some(route) = routes::find(&path) else { return };
                self.state.next_code = made;
                let plan = Plan { fail_rows, refused_doors, ..Plan::default() };
                if self.run(route, &params, at, &plan).is_err() {
                    tracing::warn!(path, "a call in the emulator's file is refused now");
                }
                self.state.next_code = None;
            }
            Entry::Present { at, iot_id, what } => {
                readers::present(&mut self.state, &iot_id, &what, at);
            }
            Entry::Door { at, iot_id, settings } => {
                self.set_door(&iot_id, settings, at);
            }
        }
    }
}

/// Long parameters are not kept: a batch would fill the memory.
fn shown_params(request: &Incoming) -> Value {
    if request.body.len() > 4096 {
        return Value::Null;
    }
    #[derive(Deserialize)]
    struct Only {
        #[serde(default)]
        params: Value,
    }
    serde_json::from_slice::<Only>(&request.body).map(|only| only.params).unwrap_or_default()
}
