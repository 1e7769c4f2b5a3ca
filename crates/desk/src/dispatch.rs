//! Telling the gateway what the outbox holds.
//!
//! Rows go out in the order of their lane, lanes side by side, at most [`ABREAST`] at a time. A row is on disk as "on
//! its way" before its call leaves, and its end is on disk before the next row of its lane leaves. What a call means
//! is read from the ledger at that moment: a pass that was taken back meanwhile is not granted.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use vestibule_domain::pass::{Pass, PassState, Readiness, ScanScope};
use vestibule_domain::visitor::neutral_name;
use vestibule_domain::{DoorId, IdentityId, PassId, VisitorId, Zone};
use vestibule_gateway::endpoint::answer::DoorAnswer as GatewayAnswer;
use vestibule_gateway::endpoint::person::ExtInfo;
use vestibule_gateway::endpoint::{keepopen, qrcode, user};
use vestibule_gateway::{Endpoint, GatewayError, Outcome, WhatNow};
use vestibule_store::{DoorAnswer, DueRow, Kind, Lease, StoreError};

use crate::failure::trouble_of;
use crate::{Desk, Event, FailureCode};

/// How many calls are on their way at once.
const ABREAST: usize = 8;
/// Waiting after a failure starts here and doubles.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// And grows no longer than this.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// Taking a right away is tried again at least this often.
const LONGEST_WAIT_URGENT: Duration = Duration::from_secs(60);
/// How often a lost connection is tried.
const PROBE: Duration = Duration::from_secs(2);
/// How often a good connection is looked at while nothing is sent.
const CHECK: Duration = Duration::from_secs(30);
/// How often the store is looked at for what another process added.
const LOOK: Duration = Duration::from_millis(500);

/// What became of a row's call.
enum End {
    /// Told, wholly.
    Done,
    /// No longer needed.
    Superseded,
    /// Again later: what came back, and whether an attempt was spent on it.
    Later { answer: String, spent: bool, not_before: Option<Duration> },
    /// A person must decide.
    Wedged(String),
}

impl Desk {
    /// Dispatches until the process ends. Returns at once where another process speaks for this store.
    pub async fn run(&self) {
        let Some(lease) = &self.inner.lease else { return };
        let mut flying = FuturesUnordered::new();
        let mut seen = self.inner.store.foreign_changes().unwrap_or_default();
        let mut last_try = None;
        loop {
            let now = self.inner.clock.monotonic();
            let pause = if self.line().is_offline() { PROBE } else { CHECK };
            if last_try.is_none_or(|at| now.since(at) >= pause) {
                last_try = Some(now);
                self.probe().await;
            }
            if !self.line().is_offline() && self.fill(lease, &mut flying) > 0 {
                last_try = Some(now);
            }
            tokio::select! {
                Some(()) = flying.next() => {}
                () = self.inner.wake.notified() => {}
                () = tokio::time::sleep(LOOK) => {
                    let current = self.inner.store.foreign_changes().unwrap_or(seen);
                    if current != seen {
                        seen = current;
                        self.changed(&Event::Everything);
                    }
                }
            }
        }
    }

    /// Sends everything that is due now and waits for the answers; what has to wait longer stays. For the terminal,
    /// and for tests that turn the clock.
    pub async fn drain(&self) {
        let Some(lease) = &self.inner.lease else { return };
        let mut flying = FuturesUnordered::new();
        while self.fill(lease, &mut flying) > 0 || !flying.is_empty() {
            flying.next().await;
        }
    }

    /// Asks the service something harmless, to see whether the connection is there.
    pub async fn probe(&self) {
        let Some(door) = self.inner.settings.doors.first() else { return };
        let params = keepopen::get::Params { iot_id: door.id.clone() };
        self.met(match self.inner.gateway.send::<keepopen::get::Get>(&params).await {
            Ok(_) => None,
            Err(error) => trouble_of(&error),
        });
    }

    fn fill<'a>(&'a self, lease: &'a Lease, flying: &mut FuturesUnordered<BoxFuture<'a, ()>>) -> usize {
        let room = ABREAST.saturating_sub(flying.len());
        if room == 0 {
            return 0;
        }
        match self.inner.store.take_due(lease, self.now(), u32::try_from(room).unwrap_or(1)) {
            Ok(rows) => {
                let taken = rows.len();
                flying.extend(
                    rows.into_iter().map(|row| -> BoxFuture<'a, ()> { Box::pin(self.tell(lease, row)) }),
                );
                taken
            }
            Err(error) => {
                tracing::error!(%error, "the outbox could not be read");
                0
            }
        }
    }

    /// Sends one row and writes down how it ended.
    async fn tell(&self, lease: &Lease, row: DueRow) {
        let end = match self.call(&row).await {
            Ok(end) => end,
            Err(StoreError::NotFound) => End::Superseded,
            Err(error) => {
                tracing::error!(%error, row = row.id, "a call could not be composed or settled");
                End::Later { answer: "storeFailed".to_owned(), spent: false, not_before: None }
            }
        };
        let store = &self.inner.store;
        let settled = match end {
            End::Done => store.settle(lease, row.id),
            End::Superseded => store.set_superseded(lease, row.id),
            End::Wedged(answer) => store.wedge(lease, row.id, &answer),
            End::Later { answer, spent, not_before } => {
                let wait = not_before
                    .unwrap_or_else(|| backoff(row.attempt, row.kind == Kind::RemovePass, chance()));
                store.postpone(lease, row.id, self.now().plus(wait), &answer, spent)
            }
        };
        if let Err(error) = settled {
            // It stays "sending" and is taken up again after a restart; its calls may be repeated.
            tracing::error!(%error, row = row.id, "the end of a call could not be written down");
        }
        if let Ok(pass) = row.subject.parse::<PassId>()
            && row.kind != Kind::RegisterVisitor
        {
            self.changed(&Event::Pass(pass));
        }
        self.changed(&Event::Visits);
        self.changed(&Event::Queue);
        self.changed(&Event::Status);
    }

    async fn call(&self, row: &DueRow) -> Result<End, StoreError> {
        match row.kind {
            Kind::RegisterVisitor => match row.subject.parse() {
                Ok(visitor) => self.tell_visitor(visitor).await,
                Err(_) => Ok(End::Wedged("unreadable".to_owned())),
            },
            Kind::GenerateCode | Kind::GrantPass | Kind::RemovePass => match row.subject.parse() {
                Ok(pass) => self.tell_pass(row.kind, pass).await,
                Err(_) => Ok(End::Wedged("unreadable".to_owned())),
            },
        }
    }

    async fn tell_visitor(&self, visitor: VisitorId) -> Result<End, StoreError> {
        let identity = self.inner.store.visit_of_visitor(visitor)?.identity;
        let params = user::modify::Params {
            name: Some(neutral_name(&identity)),
            ext_info: Some(ExtInfo("{}".to_owned())),
            identity_id: identity,
        };
        Ok(match self.send::<user::modify::Modify>(&params).await {
            Ok(()) => End::Done,
            Err(end) => end,
        })
    }

    async fn tell_pass(&self, kind: Kind, id: PassId) -> Result<End, StoreError> {
        let row = self.inner.store.pass(id)?;
        let identity = self.inner.store.visit(row.pass.visit)?.identity;
        match kind {
            Kind::RemovePass => self.remove(&row.pass, &identity).await,
            _ if row.pass.state == PassState::Revoked => Ok(End::Superseded),
            Kind::GenerateCode => self.generate(&row.pass, identity).await,
            Kind::GrantPass | Kind::RegisterVisitor => self.grant(&row.pass, &identity).await,
        }
    }

    async fn generate(&self, pass: &Pass, identity: IdentityId) -> Result<End, StoreError> {
        if pass.code.is_some() {
            return Ok(End::Done);
        }
        let params = qrcode::generate::Params { identity_id: identity, code_length: None };
        match self.send::<qrcode::generate::Generate>(&params).await {
            Ok(code) => {
                self.inner.store.keep_code(pass.id, &code)?;
                Ok(End::Done)
            }
            Err(end) => Ok(end),
        }
    }

    /// Configures the doors that have not taken the pass yet; those that have are not told again, because it is not
    /// known whether that would reset the reader's count.
    async fn grant(&self, pass: &Pass, identity: &IdentityId) -> Result<End, StoreError> {
        let Some(code) = &pass.code else { return Ok(End::Wedged("noCode".to_owned())) };
        let open = |readiness: Readiness| matches!(readiness, Readiness::Waiting | Readiness::Failed);
        let mut ends = Vec::new();
        for (zone, doors) in self.doors_by_zone(pass, open) {
            let params = qrcode::config::Params {
                qr_code: code.clone(),
                identity_id: identity.clone(),
                iot_ids: doors.clone(),
                effective_time: Some(zone.wall(pass.window.from)),
                expiry_time: Some(zone.wall(pass.window.until)),
                max_scan_times: Some(i64::from(pass.limit.times)),
                max_scan_scope: Some(match pass.limit.scope {
                    ScanScope::EachDoor => qrcode::config::ScanScope::Device,
                    ScanScope::Together => qrcode::config::ScanScope::Share,
                }),
            };
            match self.send::<qrcode::config::Config>(&params).await {
                Ok(answers) => {
                    ends.push(self.keep(pass.id, &doors, &answers, Readiness::Ready, Readiness::Failed)?)
                }
                Err(end) => ends.push(end),
            }
        }
        Ok(worst(ends))
    }

    async fn remove(&self, pass: &Pass, identity: &IdentityId) -> Result<End, StoreError> {
        let open = |readiness: Readiness| readiness != Readiness::Removed;
        let mut ends = Vec::new();
        for (_, doors) in self.doors_by_zone(pass, open) {
            let Some(code) = pass.code.clone() else {
                let none = |door: &DoorId| GatewayAnswer { iot_id: door.clone(), code: 200, message: None };
                let answers: Vec<GatewayAnswer> = doors.iter().map(none).collect();
                ends.push(self.keep(pass.id, &doors, &answers, Readiness::Removed, Readiness::Removing)?);
                continue;
            };
            let params = qrcode::remove::Params {
                qr_code: code,
                identity_id: identity.clone(),
                iot_ids: doors.clone(),
            };
            match self.send::<qrcode::remove::Remove>(&params).await {
                Ok(answers) => ends.push(self.keep(
                    pass.id,
                    &doors,
                    &answers,
                    Readiness::Removed,
                    Readiness::Removing,
                )?),
                Err(end) => ends.push(end),
            }
        }
        // A right that may still exist is never given up on: it is tried until the pass is dead anyway.
        Ok(match worst(ends) {
            End::Wedged(answer) => End::Later { answer, spent: true, not_before: None },
            end => end,
        })
    }

    /// Keeps what the service said of each door that was asked; doors it did not mention stay open, doors that were
    /// not asked are ignored.
    fn keep(
        &self,
        pass: PassId,
        asked: &[DoorId],
        answers: &[GatewayAnswer],
        good: Readiness,
        bad: Readiness,
    ) -> Result<End, StoreError> {
        let mut kept = Vec::new();
        let mut left = Vec::new();
        for door in asked {
            let answer = answers.iter().find(|answer| answer.iot_id == *door);
            match answer {
                Some(answer) if answer.is_ok() => {
                    kept.push(DoorAnswer { door: door.clone(), readiness: good, said: None });
                }
                Some(answer) => {
                    let words = answer.message.as_deref().unwrap_or_default();
                    let said = format!("{} {}", answer.code, clipped(words)).trim_end().to_owned();
                    left.push((said.clone(), is_final(answer.code)));
                    kept.push(DoorAnswer { door: door.clone(), readiness: bad, said: Some(said) });
                }
                None => left.push(("noAnswerForDoor".to_owned(), false)),
            }
        }
        self.inner.store.keep_door_answers(pass, &kept)?;
        let Some((answer, _)) = left.first().cloned() else { return Ok(End::Done) };
        if left.iter().all(|(_, is_final)| *is_final) {
            return Ok(End::Wedged(answer));
        }
        Ok(End::Later { answer, spent: true, not_before: None })
    }

    /// The doors of a pass that are still to be told, those of one zone together: the service's times have no zone.
    fn doors_by_zone(&self, pass: &Pass, open: impl Fn(Readiness) -> bool) -> Vec<(Zone, Vec<DoorId>)> {
        let mut groups: Vec<(Zone, Vec<DoorId>)> = Vec::new();
        for (door, _) in pass.doors.iter().filter(|(_, readiness)| open(*readiness)) {
            let zone = self.door(door).map_or_else(|| self.inner.settings.zone(), |known| known.zone.clone());
            match groups.iter_mut().find(|(known, _)| *known == zone) {
                Some((_, doors)) => doors.push(door.clone()),
                None => groups.push((zone, vec![door.clone()])),
            }
        }
        groups
    }

    /// One call: moves the connection by what it met, and says what to do with the row.
    async fn send<E: Endpoint>(&self, params: &E::Params) -> Result<E::Data, End> {
        match self.inner.gateway.send::<E>(params).await {
            Ok(data) => {
                self.met(None);
                Ok(data)
            }
            Err(error) => {
                self.met(trouble_of(&error));
                Err(end_of(&error))
            }
        }
    }
}

/// What a failed call means for its row. All rows may be repeated, so doubt means "again".
fn end_of(error: &GatewayError) -> End {
    let code = FailureCode::of_gateway(error).word();
    let answer = match error {
        GatewayError::Refused(refusal) => {
            format!("{code} {} {}", refusal.code, clipped(refusal.message.as_deref().unwrap_or_default()))
        }
        other => format!("{code}: {other}"),
    };
    let later = |spent, not_before| End::Later { answer: answer.clone(), spent, not_before };
    match (error.outcome(), error.what_now()) {
        // Our key, our clock or the network: no fault of the row, so the row waits for the connection.
        _ if trouble_of(error).is_some() => later(error.outcome() != Outcome::NotSent, None),
        (_, WhatNow::RetryLater(after)) => later(true, after),
        (_, WhatNow::FixClock | WhatNow::RenewToken | WhatNow::UnknownOutcome) => later(true, None),
        (_, WhatNow::Never) => End::Wedged(answer),
    }
}

/// Codes of one door that will not change by asking again: unknown person or door, wrong parameters.
fn is_final(code: i64) -> bool {
    matches!(code, 400 | 403 | 404 | 460 | 2000 | 2062 | 2063 | 2065 | 2066 | 28560)
}

/// The worst of several ends decides: doubt and waiting before "set aside", anything before "done".
fn worst(ends: Vec<End>) -> End {
    let mut worst = End::Done;
    for end in ends {
        worst = match (worst, end) {
            (later @ End::Later { .. }, _) | (_, later @ End::Later { .. }) => later,
            (wedged @ End::Wedged(_), _) | (_, wedged @ End::Wedged(_)) => wedged,
            (_, end) => end,
        };
    }
    worst
}

/// Words of the service, short and on one line. They are about doors and parameters; the service does not repeat
/// codes or names in them as far as its documents show.
fn clipped(words: &str) -> String {
    words.chars().filter(|c| !c.is_control()).take(120).collect()
}

/// Full jitter: anywhere between nothing and the doubled wait, so that many desks do not come back in step.
fn backoff(attempt: u32, urgent: bool, chance: f64) -> Duration {
    let longest = if urgent { LONGEST_WAIT_URGENT } else { LONGEST_WAIT };
    let wait = FIRST_WAIT.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(longest);
    wait.mul_f64(0.1 + 0.9 * chance)
}

/// A number from 0 to 1. Not for secrets.
fn chance() -> f64 {
    f64::from(u32::try_from(uuid::Uuid::new_v4().as_u128() & 0xFFFF_FFFF).unwrap_or(0)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_and_ends_at_five_minutes_or_one_for_removals() {
        assert_eq!(backoff(1, false, 1.0), Duration::from_secs(1));
        assert_eq!(backoff(4, false, 1.0), Duration::from_secs(8));
        assert_eq!(backoff(40, false, 1.0), LONGEST_WAIT);
        assert_eq!(backoff(40, true, 1.0), LONGEST_WAIT_URGENT);
        assert!(backoff(1, false, 0.0) >= Duration::from_millis(100), "never a busy loop");
    }

    #[test]
    fn one_door_that_may_still_work_keeps_the_row_waiting() {
        let later = || End::Later { answer: "500".to_owned(), spent: true, not_before: None };
        assert!(matches!(worst(vec![End::Wedged("2063".to_owned()), later(), End::Done]), End::Later { .. }));
        assert!(matches!(worst(vec![End::Done, End::Wedged("2063".to_owned())]), End::Wedged(_)));
        assert!(matches!(worst(vec![End::Done, End::Done]), End::Done));
    }
}
