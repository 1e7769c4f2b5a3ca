//! What is between the outbox and the gateway: taken ahead, on its way, ended.

use std::collections::VecDeque;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use vestibule_store::DueRow;

use super::End;

/// How many calls are on their way at once.
pub(super) const ABREAST: usize = 8;

/// A row and how its call ended; none where it was not sent after all.
pub(super) type Told = (DueRow, Option<End>);
/// What is on its way: calls of rows, and looks at the connection, which tell nothing.
type Flying<'a> = FuturesUnordered<BoxFuture<'a, Option<Told>>>;

/// What is between the outbox and the gateway.
pub(super) struct Work<'a> {
    pub(super) flying: Flying<'a>,
    /// Written down as on their way, and not sent yet.
    pub(super) ahead: VecDeque<DueRow>,
    /// Ended, and not written down yet.
    pub(super) ended: Vec<Told>,
    /// The turn of the disk that is under way: gives the rows it took.
    pub(super) turn: Option<BoxFuture<'a, Vec<DueRow>>>,
    /// How many calls end during one, lately.
    pub(super) pace: usize,
    /// Whether the outbox may hold rows that are due and were not taken.
    pub(super) more: bool,
}

impl Work<'_> {
    pub(super) fn new() -> Self {
        let (flying, ahead, ended) = (Flying::new(), VecDeque::new(), Vec::new());
        Self { flying, ahead, ended, turn: None, pace: 0, more: true }
    }

    pub(super) fn is_over(&self) -> bool {
        self.flying.is_empty() && self.ahead.is_empty() && self.ended.is_empty() && self.turn.is_none()
    }

    /// Nothing that was taken ahead is sent before the outbox was asked again.
    pub(super) fn give_back(&mut self) {
        self.ended.extend(self.ahead.drain(..).map(|row| (row, None)));
    }

    /// Something may have come that goes before what was taken ahead.
    pub(super) fn news(&mut self) {
        self.give_back();
        self.more = true;
    }

    pub(super) fn free(&self) -> usize {
        ABREAST.saturating_sub(self.flying.len())
    }

    /// Waits until a call ended or the disk had its turn.
    pub(super) async fn next(&mut self) {
        let turn = async {
            match &mut self.turn {
                Some(turn) => turn.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some(told) = self.flying.next() => {
                self.ended.extend(told);
                while let Some(Some(more)) = self.flying.next().now_or_never() {
                    self.ended.extend(more);
                }
            }
            rows = turn => {
                self.turn = None;
                self.ahead.extend(rows);
            }
        }
    }
}
