//! Telling the gateway what the outbox holds.
//!
//! Rows go out in the order of their lane, lanes side by side, at most [`ABREAST`] at a time. A row is on disk as "on
//! its way" before its call leaves, and its end is on disk before the next row of its lane leaves. What a call means
//! is read from the ledger at that moment: a pass that was taken back meanwhile is not granted.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use vestibule_domain::pass::{Pass, PassState, Readiness, ScanScope};
use vestibule_domain::visitor::neutral_name;
use vestibule_domain::{DoorId, HoldId, IdentityId, PassId, UtcMillis, VisitorId, Zone};
use vestibule_gateway::endpoint::answer::DoorAnswer as GatewayAnswer;
use vestibule_gateway::endpoint::person::ExtInfo;
use vestibule_gateway::endpoint::{keepopen, qrcode, user};
use vestibule_gateway::{Endpoint, GatewayError, Outcome, WhatNow};
use vestibule_store::{DoorAnswer, DueRow, Kind, Lease, StoreError};

use crate::breaker::{Room, backoff};
use crate::connection::{Met, chance};
use crate::failure::met_by;
use crate::{Desk, Event, FailureCode};

/// How many calls are on their way at once.
const ABREAST: usize = 8;
/// Waiting after a failure starts here and doubles.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// And grows no longer than this.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// Taking a right away is tried again at least this often.
const LONGEST_WAIT_URGENT: Duration = Duration::from_secs(60);
/// A door that did not close is told again at least this often.
const LONGEST_WAIT_CLOSING: Duration = Duration::from_secs(5);
/// How soon the end of a call is written down again where the disk did not take it.
const SETTLE_AGAIN: Duration = Duration::from_secs(1);
/// How often a lost connection is tried.
const PROBE: Duration = Duration::from_secs(2);
/// How often one that answers again is, until it counts as back.
const PROBATION: Duration = Duration::from_millis(300);
/// How often a good connection is looked at while nothing is sent.
const CHECK: Duration = Duration::from_secs(30);
/// How often the store is looked at for what another process added.
const LOOK: Duration = Duration::from_millis(500);

/// What became of a row's call.
#[derive(Debug)]
enum End {
    /// Told, wholly.
    Done,
    /// No longer needed.
    Superseded,
    /// Again later: what came back, whether only the connection was at fault, and what the other side asked for.
    Later { answer: String, held: bool, not_before: Option<Duration> },
    /// A person must decide.
    Wedged(String),
}

impl End {
    fn later(answer: &str) -> Self {
        Self::Later { answer: answer.to_owned(), held: false, not_before: None }
    }
}

impl Desk {
    /// Dispatches until the process ends, as soon as no other process speaks for this store.
    pub async fn run(&self) {
        let mut flying = FuturesUnordered::new();
        let mut seen = self.inner.store.foreign_changes().unwrap_or_default();
        let mut last_probe = None;
        loop {
            let now = self.inner.clock.monotonic();
            let pause = {
                let line = self.line();
                match (line.is_offline(), line.is_on_probation()) {
                    (_, true) => PROBATION,
                    (true, _) => PROBE,
                    (false, _) => CHECK,
                }
            };
            if last_probe.is_none_or(|at| now.since(at) >= pause) {
                last_probe = Some(now);
                let probe: BoxFuture<'_, ()> = Box::pin(self.probe());
                flying.push(probe);
            }
            if self.speak().unwrap_or(false) {
                self.end_holds();
                if !self.line().is_offline() && self.fill(self.now(), &mut flying) > 0 {
                    last_probe = Some(now);
                }
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

    /// Sends everything that is due now and waits for the answers; what has to wait longer stays, and where the
    /// connection is lost the rest stays too. For the terminal, and for tests that turn the clock.
    pub async fn drain(&self) {
        let begun = self.now();
        let mut flying = FuturesUnordered::new();
        while self.speak().unwrap_or(false) {
            if !self.line().is_offline() {
                self.fill(begun, &mut flying);
            }
            if flying.next().await.is_none() {
                return;
            }
        }
    }

    /// Asks the service something harmless, to see whether the connection is there.
    pub async fn probe(&self) {
        let error = match self.inner.settings.doors.first() {
            Some(door) => {
                let params = keepopen::get::Params { iot_id: door.id.clone() };
                self.inner.gateway.send::<keepopen::get::Get>(&params).await.err()
            }
            None => {
                let params = user::query::Params { page_size: 1, page_no: 1 };
                self.inner.gateway.send::<user::query::Query>(&params).await.err()
            }
        };
        self.met(error.as_ref().map_or(Met::Service, met_by));
    }

    fn fill<'a>(&'a self, due_at: UtcMillis, flying: &mut FuturesUnordered<BoxFuture<'a, ()>>) -> usize {
        let Some(lease) = self.inner.lease.get() else { return 0 };
        let room = self.line().breaker.room(self.inner.clock.monotonic());
        let free = u32::try_from(ABREAST.saturating_sub(flying.len())).unwrap_or(1);
        if free == 0 {
            return 0;
        }
        let (store, now) = (&self.inner.store, self.now());
        let taken = match room {
            Room::All => store.take_due(lease, now, due_at, free),
            Room::One => store.take_due(lease, now, due_at, 1),
            Room::Closings => store.take_closings(lease, now, due_at, free),
        };
        match taken {
            Ok(rows) => {
                let taken = rows.len();
                if room == Room::One && taken > 0 {
                    self.line().breaker.trial_begins();
                }
                flying.extend(rows.into_iter().map(|row| -> BoxFuture<'a, ()> {
                    Box::pin(async move {
                        self.tell(lease, row).await;
                        if room == Room::One {
                            self.line().breaker.trial_ends();
                        }
                    })
                }));
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
        let end = match AssertUnwindSafe(self.call(&row)).catch_unwind().await {
            Ok(Ok(end)) => end,
            Ok(Err(StoreError::NotFound)) => End::Superseded,
            Ok(Err(error)) => {
                tracing::error!(%error, row = row.id, "a call could not be composed, or its answer not kept");
                End::later("storeFailed")
            }
            Err(_) => {
                tracing::error!(row = row.id, "a call panicked");
                End::later("bug")
            }
        };
        // Its lane stays closed until the end is on disk, so a full disk must not make it give up.
        while let Err(error) = self.settle(lease, &row, &end) {
            tracing::error!(%error, row = row.id, "the end of a call could not be written down yet");
            tokio::time::sleep(SETTLE_AGAIN).await;
        }
        match row.kind {
            Kind::RegisterVisitor => {}
            Kind::CloseHold => self.changed(&Event::Holds),
            Kind::GenerateCode | Kind::GrantPass | Kind::RemovePass => {
                if let Ok(pass) = row.subject.parse() {
                    self.changed(&Event::Pass(pass));
                }
            }
        }
        self.changed(&Event::Visits);
        self.changed(&Event::Queue);
        self.changed(&Event::Status);
    }

    fn settle(&self, lease: &Lease, row: &DueRow, end: &End) -> Result<(), StoreError> {
        let store = &self.inner.store;
        match end {
            End::Done => store.settle(lease, row.id),
            End::Superseded => store.set_superseded(lease, row.id),
            End::Wedged(answer) => store.wedge(lease, row.id, answer),
            End::Later { answer, held, not_before } => {
                let longest = match row.kind {
                    Kind::CloseHold => LONGEST_WAIT_CLOSING,
                    Kind::RemovePass => LONGEST_WAIT_URGENT,
                    Kind::RegisterVisitor | Kind::GenerateCode | Kind::GrantPass => LONGEST_WAIT,
                };
                let own = backoff(row.attempt, FIRST_WAIT, longest, chance());
                // What the other side asks for is believed within bounds.
                let wait = not_before.map_or(own, |asked| asked.clamp(own, longest));
                store.postpone(lease, row.id, self.now().plus(wait), answer, *held)
            }
        }
    }

    async fn call(&self, row: &DueRow) -> Result<End, StoreError> {
        match row.kind {
            Kind::RegisterVisitor => match row.subject.parse() {
                Ok(visitor) => self.tell_visitor(visitor).await,
                Err(_) => Ok(End::Wedged("unreadable".to_owned())),
            },
            Kind::CloseHold => match row.subject.parse() {
                Ok(hold) => self.close_hold(hold).await,
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
            Err(error) => end_of(&error),
        })
    }

    async fn tell_pass(&self, kind: Kind, id: PassId) -> Result<End, StoreError> {
        let row = self.inner.store.pass(id)?;
        let identity = self.inner.store.visit(row.pass.visit)?.identity;
        match kind {
            Kind::RemovePass => self.remove(&row.pass, &identity).await,
            _ if row.pass.state == PassState::Revoked => Ok(End::Superseded),
            Kind::GenerateCode => self.generate(&row.pass, identity).await,
            Kind::GrantPass | Kind::RegisterVisitor | Kind::CloseHold => {
                self.grant(&row.pass, &identity).await
            }
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
            Err(error) => Ok(end_of(&error)),
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
            ends.push(match self.send::<qrcode::config::Config>(&params).await {
                Ok(answers) => self.keep(pass, &doors, &answers, Readiness::Ready, Readiness::Failed)?,
                Err(error) => {
                    if error.outcome() == Outcome::Ambiguous {
                        self.inner.store.doubt_grant(pass.id, self.now())?;
                    }
                    end_of(&error)
                }
            });
        }
        Ok(worst(ends))
    }

    /// Takes the pass from its doors. Where it never had a code, there is nothing to take.
    async fn remove(&self, pass: &Pass, identity: &IdentityId) -> Result<End, StoreError> {
        let open = |readiness: Readiness| readiness != Readiness::Removed;
        let mut ends = Vec::new();
        for (_, doors) in self.doors_by_zone(pass, open) {
            let answers = match &pass.code {
                None => Ok(doors.iter().map(taken_by).collect()),
                Some(code) => {
                    let (qr_code, identity_id) = (code.clone(), identity.clone());
                    let params = qrcode::remove::Params { qr_code, identity_id, iot_ids: doors.clone() };
                    self.send::<qrcode::remove::Remove>(&params).await
                }
            };
            ends.push(match answers {
                Ok(answers) => self.keep(pass, &doors, &answers, Readiness::Removed, Readiness::Removing)?,
                Err(error) => end_of(&error),
            });
        }
        Ok(match worst(ends) {
            End::Done => {
                self.inner.store.repeat_removal(pass.id, self.now())?;
                End::Done
            }
            // A right that may still exist is never given up on: it is tried until the pass is dead anyway.
            End::Wedged(answer) => End::later(&answer),
            end => end,
        })
    }

    /// Tells the service to close, and believes it only when it says that the door is not held open. It is told again
    /// and again, whatever it answers.
    async fn close_hold(&self, id: HoldId) -> Result<End, StoreError> {
        let door = self.inner.store.hold(id)?.door;
        let close = keepopen::set::Params { iot_id: door.clone(), keep_open: false };
        let open = match self.send::<keepopen::set::Set>(&close).await {
            Ok(()) => self.send::<keepopen::get::Get>(&keepopen::get::Params { iot_id: door }).await,
            Err(error) => Err(error),
        };
        Ok(match open.map_err(|error| end_of(&error)) {
            Ok(false) => {
                self.inner.store.hold_closed(id, self.now())?;
                End::Done
            }
            Ok(true) => End::later("stillOpen"),
            Err(End::Wedged(answer)) => End::later(&answer),
            Err(end) => end,
        })
    }

    /// Keeps what the service said of each door that was asked; doors it did not mention stay open, doors that were
    /// not asked are ignored.
    fn keep(
        &self,
        pass: &Pass,
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
                    let words = words_of(answer.message.as_deref().unwrap_or_default(), pass);
                    let said = format!("{} {words}", answer.code).trim_end().to_owned();
                    left.push((said.clone(), is_final(answer.code)));
                    kept.push(DoorAnswer { door: door.clone(), readiness: bad, said: Some(said) });
                }
                None => left.push(("noAnswerForDoor".to_owned(), false)),
            }
        }
        self.inner.store.keep_door_answers(pass.id, &kept)?;
        let Some((answer, _)) = left.first() else { return Ok(End::Done) };
        if left.iter().all(|(_, is_final)| *is_final) {
            return Ok(End::Wedged(answer.clone()));
        }
        Ok(End::later(answer))
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

    /// One call, which moves the connection by what it met.
    async fn send<E: Endpoint>(&self, params: &E::Params) -> Result<E::Data, GatewayError> {
        let answer = self.inner.gateway.send::<E>(params).await;
        self.met(answer.as_ref().err().map_or(Met::Service, met_by));
        answer
    }
}

/// What a failed call means for its row. All rows may be repeated, so doubt means "again". The service's own words are
/// left out: they may repeat what was sent.
fn end_of(error: &GatewayError) -> End {
    let code = FailureCode::of_gateway(error).word();
    let answer = match error {
        GatewayError::Refused(refusal) => format!("{code} {}", refusal.code),
        other => format!("{code}: {other}"),
    };
    // Our key, our clock or the network: no fault of the row, so it waits for the connection.
    let held = matches!(met_by(error), Met::Trouble(_)) && error.outcome() != Outcome::Ambiguous;
    match error.what_now() {
        _ if held => End::Later { answer, held, not_before: None },
        WhatNow::RetryLater(not_before) => End::Later { answer, held, not_before },
        WhatNow::FixClock | WhatNow::RenewToken | WhatNow::UnknownOutcome => End::later(&answer),
        WhatNow::Never => End::Wedged(answer),
    }
}

/// The answer of a door that has nothing to take away.
fn taken_by(door: &DoorId) -> GatewayAnswer {
    GatewayAnswer { iot_id: door.clone(), code: 200, message: None }
}

/// Codes of one door that will not change by asking again: unknown person or door, wrong parameters.
fn is_final(code: i64) -> bool {
    matches!(code, 400 | 403 | 404 | 460 | 2000 | 2062 | 2063 | 2065 | 2066 | 28560)
}

/// The worst of several ends decides: doubt and waiting before "set aside", anything before "done". The row waits only
/// for the connection where nothing but the connection was at fault.
fn worst(ends: Vec<End>) -> End {
    let mut worst = End::Done;
    for end in ends {
        worst = match (worst, end) {
            (
                End::Later { held: one, answer, not_before: a },
                End::Later { held: two, not_before: b, .. },
            ) => End::Later { held: one && two, answer, not_before: a.max(b) },
            (later @ End::Later { .. }, _) | (_, later @ End::Later { .. }) => later,
            (wedged @ End::Wedged(_), _) | (_, wedged @ End::Wedged(_)) => wedged,
            (_, end) => end,
        };
    }
    worst
}

/// Words of the service about a door, short, on one line, and without the pass's code in them.
fn words_of(words: &str, pass: &Pass) -> String {
    let words = match &pass.code {
        Some(code) => words.replace(code.reveal(), "…"),
        None => words.to_owned(),
    };
    words.chars().filter(|c| !c.is_control()).take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_door_that_may_still_work_keeps_the_row_waiting() {
        let later = || End::later("500");
        assert!(matches!(worst(vec![End::Wedged("2063".to_owned()), later(), End::Done]), End::Later { .. }));
        assert!(matches!(worst(vec![End::Done, End::Wedged("2063".to_owned())]), End::Wedged(_)));
        assert!(matches!(worst(vec![End::Done, End::Done]), End::Done));
    }
}
