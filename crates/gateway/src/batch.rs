//! Batches of any length: cut to what a call takes, a few calls at a time, only the failed rows sent again, and a
//! report of every row.
//!
//! Decision 2026-11-24: a stream of settled parts instead of one report at the end. Whoever wants the whole collects
//! it; whoever sends a hundred thousand cards holds only the parts that are under way. This is the one place of the
//! crate that sends again by itself, because all it sends are rows that set a state: sent twice, they change nothing
//! more.
//!
//! "Too many requests" is no failure of the rows: such a part waits as long as the gateway names, or longer each time,
//! and is not counted as sent, until the patience is over. Whatever is not set then is in the report, and may be sent
//! again as it is.

mod rows;
mod task;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{Stream, StreamExt as _, stream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use self::rows::Batch;
use self::task::Task;
use crate::client::Client;
use crate::error::{GatewayError, Rejection, WhatNow};

/// How a batch is sent.
#[derive(Debug, Clone)]
pub struct BatchOptions {
    /// How many calls are under way at once.
    pub in_flight: usize,
    /// How often a row is sent at most. A call refused as one too many does not count.
    pub rounds: u32,
    /// The pause before anything is sent again; doubles each time. Named pauses of the gateway count more.
    pub pause: Duration,
    /// How long a part waits altogether for a gateway that says "too many requests".
    pub patience: Duration,
    /// Ends the batch early.
    pub stop: Stop,
    /// How many parts wait for the gateway at the moment.
    pub waiting: Waiting,
}

impl Default for BatchOptions {
    fn default() -> Self {
        Self {
            in_flight: 4,
            rounds: 4,
            pause: Duration::from_secs(1),
            patience: Duration::from_secs(15 * 60),
            stop: Stop::default(),
            waiting: Waiting::default(),
        }
    }
}

/// Tells how many parts of a batch wait because the gateway says "too many requests".
#[derive(Debug, Clone, Default)]
pub struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    /// How many wait at the moment.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// One waits until this is dropped.
    fn one(&self) -> OneWaits {
        self.0.fetch_add(1, Ordering::Relaxed);
        OneWaits(Arc::clone(&self.0))
    }
}

struct OneWaits(Arc<AtomicUsize>);

impl Drop for OneWaits {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Ends a batch early: what is under way is waited for, nothing new is sent.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Ends the batch.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the batch was ended.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowOutcome {
    /// The service took it.
    Done,
    /// The service named it as failed each time.
    Failed,
    /// The call that held it never succeeded.
    Unsettled(Arc<GatewayError>),
    /// The batch was ended before it was sent.
    Skipped,
}

/// A row and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowReport<Row> {
    /// Which row, from zero.
    pub index: usize,
    /// The row itself where it was not done, for a file of what failed.
    pub row: Option<Row>,
    /// What became of it.
    pub outcome: RowOutcome,
}

impl Client {
    /// Sends rows. Each item of the stream reports some rows; together they report every row once. Dropping the
    /// stream drops the calls under way, whose rows are then in doubt; [`Stop`] is the quiet way.
    pub fn batch<B, I>(
        &self,
        rows: I,
        options: BatchOptions,
    ) -> impl Stream<Item = Vec<RowReport<B::Row>>> + Send + use<B, I>
    where
        B: Batch,
        I: IntoIterator<Item = B::Row>,
        I::IntoIter: Send,
    {
        let client = self.clone();
        let in_flight = options.in_flight.max(1);
        let turns = Arc::new(Semaphore::new(in_flight));
        // One part more than may be under way: it is written and hashed while the others are, and leaves at once when
        // its turn comes.
        stream::iter(parts(rows.into_iter(), B::MOST))
            .map(move |(first, rows)| {
                Task::begin(settle::<B>(client.clone(), turns.clone(), first, rows, options.clone()))
            })
            .buffer_unordered(in_flight + 1)
            // A turn ends when the report is taken: whoever stops the batch because of it stops the next part too.
            .map(|(report, _turn)| report)
    }
}

/// Cuts rows into parts, each with the number of its first row.
fn parts<Row>(mut rows: impl Iterator<Item = Row>, most: usize) -> impl Iterator<Item = (usize, Vec<Row>)> {
    let mut first = 0;
    std::iter::from_fn(move || {
        let part: Vec<Row> = rows.by_ref().take(most).collect();
        let start = first;
        first += part.len();
        (!part.is_empty()).then_some((start, part))
    })
}

/// Sends one part until every row is settled or the rounds are over. It keeps its turn until then, through its pauses
/// too: while the gateway wants a pause, nobody else jumps in.
async fn settle<B: Batch>(
    client: Client,
    turns: Arc<Semaphore>,
    first: usize,
    rows: Vec<B::Row>,
    options: BatchOptions,
) -> (Vec<RowReport<B::Row>>, Option<OwnedSemaphorePermit>) {
    let mut report = Vec::with_capacity(rows.len());
    let mut indices: Vec<usize> = (first..first + rows.len()).collect();
    let mut rows = rows;
    let mut outcome = RowOutcome::Skipped;
    let mut turn = None;
    let (mut round, mut waits, mut waited) = (0, 0, Duration::ZERO);
    while round < options.rounds.max(1) && !options.stop.is_stopped() && !rows.is_empty() {
        let params = B::wrap(rows);
        let prepared = client.prepare::<B>(&params);
        if turn.is_none() {
            // Nobody closes it, so this never fails.
            turn = turns.clone().acquire_owned().await.ok();
            if options.stop.is_stopped() {
                rows = B::unwrap(params);
                break;
            }
        }
        let answer = match prepared {
            Ok(prepared) => client.send_prepared::<B>(&params, prepared, None).await,
            Err(error) => Err(error),
        };
        rows = B::unwrap(params);
        let mut pause = options.pause.saturating_mul(1 << round.min(6));
        match answer {
            Ok(data) => {
                outcome = RowOutcome::Failed;
                let failed = B::failed(&rows, &data);
                let mut left = (Vec::new(), Vec::new());
                for ((index, row), failed) in indices.into_iter().zip(rows).zip(failed) {
                    if failed {
                        left.0.push(index);
                        left.1.push(row);
                    } else {
                        report.push(RowReport { index, row: None, outcome: RowOutcome::Done });
                    }
                }
                (indices, rows) = left;
                // Rows that failed among rows that succeeded are tried again at once, the first time.
                if round == 0 {
                    pause = Duration::ZERO;
                }
            }
            Err(error) if is_one_too_many(&error) => {
                let WhatNow::RetryLater(named) = error.what_now() else { break };
                let wait = (options.pause.saturating_mul(1 << waits.min(5))).max(named.unwrap_or_default());
                outcome = RowOutcome::Unsettled(Arc::new(error));
                waits += 1;
                waited += wait;
                if waited > options.patience {
                    break;
                }
                let _waits = options.waiting.one();
                rest(wait, &options.stop).await;
                continue;
            }
            Err(error) => {
                let wait = worth_repeating(&error);
                outcome = RowOutcome::Unsettled(Arc::new(error));
                let Some(named) = wait else { break };
                pause = pause.max(named);
            }
        }
        round += 1;
        if !rows.is_empty() && round < options.rounds && !pause.is_zero() {
            rest(pause, &options.stop).await;
        }
    }
    report.extend(indices.into_iter().zip(rows).map(|(index, row)| RowReport {
        index,
        row: Some(row),
        outcome: outcome.clone(),
    }));
    (report, turn)
}

/// Waits, but not on when the batch is ended meanwhile: a pause may last a minute.
async fn rest(pause: Duration, stop: &Stop) {
    const STEP: Duration = Duration::from_millis(100);
    let mut left = pause;
    while !left.is_zero() && !stop.is_stopped() {
        let step = left.min(STEP);
        tokio::time::sleep(step).await;
        left -= step;
    }
}

/// Whether the gateway or the service wants fewer calls, and has done nothing.
fn is_one_too_many(error: &GatewayError) -> bool {
    match error {
        GatewayError::Rejected(rejected) => matches!(rejected.kind, Rejection::Throttled(_)),
        GatewayError::Refused(refusal) => refusal.code == 429,
        _ => false,
    }
}

/// Whether the same part may succeed later, and after how long at the earliest.
fn worth_repeating(error: &GatewayError) -> Option<Duration> {
    match error.what_now() {
        WhatNow::RetryLater(after) => Some(after.unwrap_or_default()),
        WhatNow::UnknownOutcome => Some(Duration::ZERO),
        WhatNow::Never | WhatNow::FixClock | WhatNow::RenewToken => None,
    }
}
