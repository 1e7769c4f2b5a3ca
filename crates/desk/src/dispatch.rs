//! Telling the gateway what the outbox holds.
//!
//! Rows go out in the order of their lane, lanes side by side, at most [`ABREAST`] at a time. A row is on disk as "on
//! its way" before its call leaves, and its end is on disk before the next row of its lane leaves. What a call means
//! is read from the ledger at that moment: a pass that was taken back meanwhile is not granted.

mod answer;
mod pass;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use vestibule_domain::hold::{CloseOrder, HoldEvent, close_order};
use vestibule_domain::{HoldId, UtcMillis};
use vestibule_gateway::endpoint::{keepopen, user};
use vestibule_gateway::{Endpoint, GatewayError};
use vestibule_store::{DueRow, Kind, RowEnd, StoreError};

pub(crate) use answer::{End, end_of, of_doors, worst};
pub(crate) use pass::config_of;

use crate::breaker::{Room, backoff};
use crate::connection::{Met, chance};
use crate::failure::met_by;
use crate::{Desk, Event};

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
/// How often the reserve is looked over and told rows are thrown away.
const HOUSEKEEPING: Duration = Duration::from_secs(60);
/// How long after the start, or after an outage, for the first time.
const FIRST_HOUSEKEEPING: Duration = Duration::from_secs(3);
/// How long told rows are kept.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// How many go at once, so that nobody waits long for the disk.
const AT_ONCE: u32 = 500;

/// A row and how its call ended.
type Told = (DueRow, End);
/// What is on its way: calls of rows, and looks at the connection, which tell nothing.
type Flying<'a> = FuturesUnordered<BoxFuture<'a, Option<Told>>>;

impl Desk {
    /// Dispatches until the process ends, as soon as no other process speaks for this store.
    pub async fn run(&self) {
        let mut flying = FuturesUnordered::new();
        let mut seen = self.inner.store.foreign_changes().unwrap_or_default();
        let mut was_offline = false;
        // Not in the first moments, which are the screen's.
        let (mut last_probe, mut housekeeping) =
            (None, self.inner.clock.monotonic().plus(FIRST_HOUSEKEEPING));
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
                flying.push(probe);
            }
            self.end_idle_session();
            if self.speak().unwrap_or(false) {
                self.end_holds();
                // A reserve that an outage used up is filled up soon after it.
                if std::mem::replace(&mut was_offline, self.line().is_offline()) && !was_offline {
                    housekeeping = now.plus(FIRST_HOUSEKEEPING).min(housekeeping);
                }
                if now >= housekeeping && self.line().is_online() {
                    housekeeping = now.plus(HOUSEKEEPING);
                    self.keep_house();
                }
                if !self.line().is_offline() && self.fill(self.now(), &mut flying) > 0 {
                    last_probe = Some(now);
                }
            }
            tokio::select! {
                Some(told) = flying.next() => self.settle(told, &mut flying).await,
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
        if self.speak().unwrap_or(false) {
            self.end_holds();
        }
        let begun = self.now();
        let mut flying = FuturesUnordered::new();
        while self.speak().unwrap_or(false) {
            if !self.line().is_offline() {
                self.fill(begun, &mut flying);
            }
            match flying.next().await {
                Some(told) => self.settle(told, &mut flying).await,
                None => return,
            }
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

    fn fill<'a>(&'a self, due_at: UtcMillis, flying: &mut Flying<'a>) -> usize {
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
                flying.extend(rows.into_iter().map(|row| -> BoxFuture<'a, Option<Told>> {
                    Box::pin(async move {
                        let end = self.tell(&row).await;
                        if room == Room::One {
                            self.line().breaker.trial_ends();
                        }
                        Some((row, end))
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

    /// Writes down how a row ended, together with all that ended meanwhile: the disk is waited for once. Their lanes stay
    /// closed until that is done, so a full disk must not make it give up.
    async fn settle(&self, told: Option<Told>, flying: &mut Flying<'_>) {
        let mut told: Vec<Told> = told.into_iter().collect();
        while let Some(Some(more)) = flying.next().now_or_never() {
            told.extend(more);
        }
        let Some(lease) = self.inner.lease.get().filter(|_| !told.is_empty()) else { return };
        let ends: Vec<(i64, RowEnd)> =
            told.iter().map(|(row, end)| (row.id, self.row_end(row, end))).collect();
        while let Err(error) = self.inner.store.settle_rows(lease, &ends) {
            tracing::error!(%error, "the end of a call could not be written down yet");
            tokio::time::sleep(SETTLE_AGAIN).await;
        }
        for (row, _) in &told {
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
        for event in [Event::Visits, Event::Queue, Event::Status] {
            self.changed(&event);
        }
    }

    fn row_end(&self, row: &DueRow, end: &End) -> RowEnd {
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
            Kind::RegisterVisitor => match row.subject.parse() {
                Ok(visitor) => Ok(self.tell_visitor(visitor).await?),
                Err(error) => Err(error),
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
            Ok(()) => self.send::<keepopen::get::Get>(&keepopen::get::Params { iot_id: door }).await,
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
