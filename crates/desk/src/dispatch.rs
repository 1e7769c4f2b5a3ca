//! Telling the gateway what the outbox holds.
//!
//! Rows go out in the order of their lane, lanes side by side, at most [`ABREAST`] at a time. A row is on disk as "on
//! its way" before its call leaves, and its end is on disk before the next row of its lane leaves. What a call means
//! is read from the ledger at that moment: a pass that was taken back meanwhile is not granted.
//!
//! The disk and the wire work at the same time: while one turn of the disk writes down what ended and takes the next
//! rows, calls go on, with rows that were taken ahead. How many are ahead follows from how many end during a
//! turn: many with a quick gateway, hardly any with a slow one. Whatever news comes, they go back and are asked for
//! again, so that nothing urgent waits behind them.

mod answer;
mod pass;
mod work;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use vestibule_domain::hold::{CloseOrder, HoldEvent, close_order};
use vestibule_domain::{HoldId, UtcMillis};
use vestibule_gateway::endpoint::{keepopen, user};
use vestibule_gateway::{Endpoint, GatewayError};
use vestibule_store::{DueRow, Kind, RowEnd, StoreError, Wanted};

pub(crate) use answer::{End, end_of, of_doors, worst};
pub(crate) use pass::config_of;
use work::{ABREAST, Told, Work};

use crate::breaker::{Room, backoff};
use crate::connection::{Met, chance};
use crate::failure::met_by;
use crate::{Desk, Event};

/// No more rows are taken ahead than this.
const MOST_AHEAD: usize = 256;
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
/// How often the reserve is looked over and told rows are thrown away.
const HOUSEKEEPING: Duration = Duration::from_secs(60);
/// How long after the start, or after an outage, for the first time.
const FIRST_HOUSEKEEPING: Duration = Duration::from_secs(3);
/// How often what is kept of visitors is looked through for what is too old; first when a process works for a minute.
const RETENTION: Duration = Duration::from_secs(24 * 3600);
/// How long told rows are kept.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// How many go at once, so that nobody waits long for the disk.
const AT_ONCE: u32 = 500;

impl Desk {
    /// Dispatches until the process ends, as soon as no other process speaks for this store.
    pub async fn run(&self) {
        let mut work = Work::new();
        let mut seen = self.inner.store.foreign_changes().unwrap_or_default();
        let mut was_offline = false;
        // Not in the first moments, which are the screen's.
        let (mut last_probe, mut housekeeping) =
            (None, self.inner.clock.monotonic().plus(FIRST_HOUSEKEEPING));
        let mut retention = self.inner.clock.monotonic().plus(HOUSEKEEPING);
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
                let probe: BoxFuture<'_, Option<Told>> = Box::pin(async {
                    self.probe().await;
                    None
                });
                work.flying.push(probe);
            }
            self.end_idle_session();
            if self.speak().unwrap_or(false) {
                self.end_holds();
                // A reserve that an outage used up is filled up soon after it.
                if std::mem::replace(&mut was_offline, self.line().is_offline()) && !was_offline {
                    housekeeping = now.plus(FIRST_HOUSEKEEPING).min(housekeeping);
                }
                // On a thread of its own, and without waiting for it or for the network.
                if now >= retention {
                    retention = now.plus(RETENTION);
                    let desk = self.clone();
                    drop(tokio::task::spawn_blocking(move || desk.keep_retention()));
                }
                if now >= housekeeping && self.line().is_online() {
                    housekeeping = now.plus(HOUSEKEEPING);
                    self.keep_house();
                }
                if self.go_on(self.now(), &mut work) > 0 {
                    last_probe = Some(now);
                }
            }
            tokio::select! {
                () = work.next() => {}
                () = self.inner.wake.notified() => work.news(),
                () = tokio::time::sleep(LOOK) => {
                    work.news();
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
        if self.speak().unwrap_or(false) {
            self.end_holds();
        }
        let begun = self.now();
        let mut work = Work::new();
        while self.speak().unwrap_or(false) {
            self.go_on(begun, &mut work);
            if work.is_over() {
                return;
            }
            work.next().await;
        }
    }

    /// What a desk does now and then: fills its reserve, and throws away what was told long ago. [`Self::run`] does it by
    /// itself.
    pub fn keep_house(&self) {
        self.inner.store.take_ballast();
        self.keep_reserve();
        match self.inner.store.compact(self.now().minus(KEPT), AT_ONCE) {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "told rows were thrown away"),
            Err(error) => tracing::error!(%error, "told rows could not be thrown away"),
        }
    }

    /// Asks the service something harmless, to see whether the connection is there.
    pub async fn probe(&self) {
        match self.inner.settings.doors.first() {
            Some(door) => {
                drop(self.read_door(&door.id).await);
            }
            None => {
                let params = user::query::Params { page_size: 1, page_no: 1 };
                drop(self.send::<user::query::Query>(&params).await);
            }
        }
    }

    /// Sends what was taken and gives the disk its next turn, as far as there is room and reason. Says how many were sent.
    fn go_on<'a>(&'a self, due_at: UtcMillis, work: &mut Work<'a>) -> usize {
        let room = {
            let line = self.line();
            (!line.is_offline()).then(|| line.breaker.room(self.inner.clock.monotonic()))
        };
        let sent = room.map_or(0, |room| self.send_ahead(room, work));
        // A trial is one at a time.
        let room = if room == Some(Room::One) && sent > 0 { Some(Room::Closings) } else { room };
        if room != Some(Room::All) {
            work.give_back();
        }
        if work.turn.is_none() {
            // Where nothing was left to send, little ends: the pace of the turns before is forgotten slowly.
            let ended = work.ended.iter().filter(|(_, end)| end.is_some()).count();
            work.pace = ended.max(work.pace - work.pace.div_ceil(4));
            let limit = match room {
                None => 0,
                Some(Room::All) => (ABREAST + MOST_AHEAD.min(2 * work.pace))
                    .saturating_sub(work.flying.len() + work.ahead.len()),
                Some(Room::One) => work.free().min(1),
                Some(Room::Closings) => work.free(),
            };
            let limit = u32::try_from(limit).unwrap_or(0);
            if !work.ended.is_empty() || (work.more && limit > 0) {
                let closings_only = room == Some(Room::Closings);
                let wanted = (limit > 0).then(|| Wanted { now: self.now(), due_at, limit, closings_only });
                let ended = std::mem::take(&mut work.ended);
                work.more = limit == 0;
                work.turn = Some(Box::pin(self.turn(ended, wanted)));
            }
        }
        sent
    }

    fn send_ahead<'a>(&'a self, room: Room, work: &mut Work<'a>) -> usize {
        let most = if room == Room::One { work.free().min(1) } else { work.free() };
        let mut sent = 0;
        while sent < most
            && work.ahead.front().is_some_and(|row| room != Room::Closings || row.kind == Kind::CloseHold)
            && let Some(row) = work.ahead.pop_front()
        {
            if room == Room::One {
                self.line().breaker.trial_begins();
            }
            sent += 1;
            work.flying.push(Box::pin(async move {
                let end = self.tell(&row).await;
                if room == Room::One {
                    self.line().breaker.trial_ends();
                }
                Some((row, Some(end)))
            }));
        }
        sent
    }

    /// One turn of the disk, on a thread of its own: how rows ended is written down, all of them at once, and the next
    /// are taken. The lanes of what ended stay closed until that is done, so a full disk must not make it give up.
    async fn turn(&self, ended: Vec<Told>, wanted: Option<Wanted>) -> Vec<DueRow> {
        let ends: Arc<[(i64, RowEnd)]> =
            ended.iter().map(|(row, end)| (row.id, self.row_end(row, end.as_ref()))).collect();
        let rows = loop {
            let (desk, ends) = (self.clone(), Arc::clone(&ends));
            let nothing_ended = ends.is_empty();
            let done = tokio::task::spawn_blocking(move || match desk.inner.lease.get() {
                Some(lease) => desk.inner.store.turn(lease, &ends, wanted),
                None => Ok(Vec::new()),
            });
            match done.await {
                Ok(Ok(rows)) => break rows,
                Ok(Err(error)) => tracing::error!(%error, "the outbox could not be written to yet"),
                Err(error) => tracing::error!(%error, "a turn of the disk broke off"),
            }
            if nothing_ended {
                return Vec::new();
            }
            tokio::time::sleep(SETTLE_AGAIN).await;
        };
        for (row, _) in ended.iter().filter(|(_, end)| end.is_some()) {
            match row.kind {
                Kind::RegisterVisitor | Kind::PrepareSpare | Kind::RemoveSpare => {}
                Kind::CloseHold => self.changed(&Event::Holds),
                Kind::GenerateCode | Kind::GrantPass | Kind::NarrowPass | Kind::RemovePass => {
                    if let Ok(pass) = row.subject.parse() {
                        self.changed(&Event::Pass(pass));
                    }
                }
            }
        }
        if ended.iter().any(|(_, end)| end.is_some()) {
            for event in [Event::Visits, Event::Queue, Event::Status] {
                self.changed(&event);
            }
        }
        rows
    }

    /// Sends one row, and says how it ended.
    async fn tell(&self, row: &DueRow) -> End {
        match AssertUnwindSafe(self.call(row)).catch_unwind().await {
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
        }
    }

    fn row_end(&self, row: &DueRow, end: Option<&End>) -> RowEnd {
        let Some(end) = end else { return RowEnd::NotSent };
        match end {
            End::Done => RowEnd::Done,
            End::Superseded => RowEnd::Superseded,
            End::Wedged(answer) => RowEnd::Wedged(answer.clone()),
            End::Later { answer, held, not_before } => {
                let longest = match row.kind {
                    Kind::CloseHold => LONGEST_WAIT_CLOSING,
                    Kind::RemovePass | Kind::RemoveSpare | Kind::NarrowPass => LONGEST_WAIT_URGENT,
                    Kind::RegisterVisitor | Kind::GenerateCode | Kind::GrantPass | Kind::PrepareSpare => {
                        LONGEST_WAIT
                    }
                };
                let own = backoff(row.attempt, FIRST_WAIT, longest, chance());
                // What the other side asks for is believed within bounds.
                let wait = not_before.map_or(own, |asked| asked.clamp(own, longest));
                RowEnd::Later { next_try: self.now().plus(wait), answer: answer.clone(), held: *held }
            }
        }
    }

    async fn call(&self, row: &DueRow) -> Result<End, StoreError> {
        let unreadable = |_| End::Wedged("unreadable".to_owned());
        let told = match row.kind {
            Kind::RegisterVisitor => match row.visitor.clone() {
                Some(identity) => Ok(self.tell_visitor(identity).await),
                None => return Err(StoreError::NotFound),
            },
            Kind::CloseHold => match row.subject.parse() {
                Ok(hold) => Ok(self.close_hold(hold).await?),
                Err(error) => Err(error),
            },
            Kind::PrepareSpare => match row.subject.parse() {
                Ok(spare) => Ok(self.prepare_spare(spare).await?),
                Err(error) => Err(error),
            },
            Kind::RemoveSpare => match row.subject.parse() {
                Ok(spare) => Ok(self.remove_spare(spare).await?),
                Err(error) => Err(error),
            },
            Kind::GenerateCode | Kind::GrantPass | Kind::NarrowPass | Kind::RemovePass => {
                match row.subject.parse() {
                    Ok(pass) => Ok(self.tell_pass(row.kind, pass).await?),
                    Err(error) => Err(error),
                }
            }
        };
        Ok(told.unwrap_or_else(unreadable))
    }

    /// Tells the service to close, and believes it only when it says that the door is not held open. It is told again
    /// and again, whatever it answers.
    async fn close_hold(&self, id: HoldId) -> Result<End, StoreError> {
        let hold = self.inner.store.hold(id)?;
        let other = self.inner.store.hold_of(&hold.door)?.filter(|other| other.id != id);
        match close_order(hold.state, other.map(|other| other.state)) {
            CloseOrder::Give => {}
            CloseOrder::Wait => return Ok(End::later("heldAgain")),
            CloseOrder::Drop => return Ok(End::Superseded),
        }
        let door = hold.door;
        let close = keepopen::set::Params { iot_id: door.clone(), keep_open: false };
        let open = match self.send::<keepopen::set::Set>(&close).await {
            Ok(()) => self.read_door(&door).await,
            Err(error) => Err(error),
        };
        if let Ok(held) = open {
            self.inner.store.move_hold(id, HoldEvent::Read { held }, self.now())?;
        }
        Ok(match open.map_err(|error| end_of(&error)) {
            Ok(false) => End::Done,
            Ok(true) => End::later("stillOpen"),
            Err(End::Wedged(answer)) => End::later(&answer),
            Err(end) => end,
        })
    }

    /// One call, which moves the connection by what it met.
    pub(crate) async fn send<E: Endpoint>(&self, params: &E::Params) -> Result<E::Data, GatewayError> {
        let answer = self.inner.gateway.send::<E>(params).await;
        self.met(answer.as_ref().err().map_or(Met::Service, met_by));
        answer
    }
}
