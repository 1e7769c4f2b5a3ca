//! What happens to a request, except how its answer travels: first the gateway's part, then the service's.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use vestibule_domain::UtcMillis;

use crate::answer::{Answer, Refuse, Reject};
use crate::authorise::Incoming;
use crate::doors::{Door, DoorSettings};
use crate::emulator::Shared;
use crate::journal::Entry;
use crate::readers;
use crate::routes::{self, Ctx, Outcome, Route};
use crate::trouble::plan::Plan;

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

impl Shared {
    pub(crate) fn plan(&mut self, path: &str, over_socket: bool) -> Plan {
        let Self { troubles, state, .. } = self;
        troubles.plan(path, &mut state.chance, over_socket)
    }

    /// The gateway's part.
    pub(crate) fn answer(
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
                let code = if given.is_some() { 2402 } else { 401 };
                return Err(Refuse::new(code, "cloudToken invalid"));
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

    fn run(&mut self, route: &Route, params: &RawValue, now: UtcMillis, plan: &mut Plan) -> Outcome {
        let mut ctx = Ctx {
            state: &mut self.state,
            now,
            refused_doors: plan.refused_doors.as_ref(),
            fail_rows: plan.fail_rows,
            failed_once: &mut self.troubles.failed_once,
            wait: Duration::ZERO,
        };
        let outcome = (route.run)(&mut ctx, params);
        plan.wait += ctx.wait;
        if route.changes
            && self.journal.is_some()
            && outcome.as_ref().map_or_else(|refuse| refuse.code == 20056, |_| true)
        {
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

    pub(crate) fn set_door(&mut self, iot_id: &str, settings: DoorSettings, now: UtcMillis) -> bool {
        let Some(door) = self.state.door(iot_id, now) else { return false };
        door.settings = settings;
        door.catch_up(now);
        true
    }

    pub(crate) fn write(&mut self, entry: &Entry) {
        let Some(journal) = &mut self.journal else { return };
        if let Err(error) = journal.write(entry) {
            tracing::error!(%error, "the emulator's file cannot be written; changes are lost at the next start");
        }
    }

    pub(crate) fn replay(&mut self, entry: Entry) {
        match entry {
            Entry::Call { at, path, params, made, fail_rows, refused_doors } => {
                let Some(route) = routes::find(&path) else { return };
                self.state.next_code = made;
                let mut plan = Plan { fail_rows, refused_doors, ..Plan::default() };
                if self.run(route, &params, at, &mut plan).is_err() {
                    tracing::warn!(path, "a call in the emulator's file is refused now");
                }
                self.state.next_code = None;
            }
            Entry::Present { at, iot_id, what } => {
                readers::present(&mut self.state, &iot_id, &what, at);
            }
            Entry::Added { iot_id, name } => {
                self.state.add_door(Door::new(iot_id, name, Duration::ZERO));
            }
            Entry::Door { at, iot_id, settings } => {
                self.set_door(&iot_id, settings, at);
            }
        }
    }
}

/// Long parameters are not kept: a batch would fill the memory.
pub(crate) fn shown_params(request: &Incoming) -> Value {
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
