//! The thread that writes down what nobody waits for, in the order in which it was said.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::json;
use vestibule_store::{Entry, Store};

/// How long entries gather, so that a queue of people is one write.
const GATHER: Duration = Duration::from_millis(20);
/// How long it waits after the disk took nothing.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// So many wait while the disk takes nothing. Later ones are counted, and the count is written.
const LIMIT: usize = 10_000;
/// How long somebody who reads the journal waits for what is on its way to it.
const PATIENCE: Duration = Duration::from_secs(1);

/// Who writes.
pub(crate) struct Scribe {
    desk: Arc<Pile>,
    store: Arc<Store>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Pile {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    entries: Vec<Entry>,
    lost: u64,
    writing: bool,
    hurry: bool,
    closed: bool,
}

impl Scribe {
    pub(crate) fn over(store: Arc<Store>) -> Self {
        let desk = Arc::new(Pile::default());
        let (pile, place) = (Arc::clone(&desk), Arc::clone(&store));
        let thread = std::thread::Builder::new().name("scribe".to_owned()).spawn(move || pile.work(&place));
        Self { desk, store, thread: thread.ok() }
    }

    /// Hands over an entry.
    pub(crate) fn write(&self, entry: Entry) {
        if self.thread.is_none() {
            // A system that gives no thread: then it is written now.
            if let Err(error) = self.store.note(&[entry]) {
                tracing::error!(%error, "the journal could not be written");
            }
            return;
        }
        let mut waiting = self.desk.lock();
        if waiting.entries.len() < LIMIT {
            waiting.entries.push(entry);
        } else {
            waiting.lost += 1;
        }
        drop(waiting);
        self.desk.changed.notify_all();
    }

    /// Waits until everything that was handed over is written, or for as long as that is bearable.
    pub(crate) fn catch_up(&self) {
        let mut waiting = self.desk.lock();
        waiting.hurry = true;
        self.desk.changed.notify_all();
        let behind = |waiting: &mut Waiting| waiting.writing || !waiting.entries.is_empty();
        drop(self.desk.changed.wait_timeout_while(waiting, PATIENCE, behind));
    }
}

impl Drop for Scribe {
    fn drop(&mut self) {
        self.desk.lock().closed = true;
        self.desk.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // It ends by itself; a bug in it is no reason for another.
            drop(thread.join());
        }
    }
}

impl Pile {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, store: &Store) {
        while let Some(entries) = self.next() {
            let written = store.note(&entries);
            let mut waiting = self.lock();
            waiting.writing = false;
            if let Err(error) = written {
                tracing::error!(%error, entries = entries.len(), "the journal could not be written");
                waiting.entries.splice(0..0, entries);
                if waiting.closed {
                    return;
                }
                drop(self.changed.wait_timeout_while(waiting, AFTER_FAILURE, |waiting| !waiting.closed));
            }
            self.changed.notify_all();
        }
    }

    /// What is to be written next; none when nothing will come any more.
    fn next(&self) -> Option<Vec<Entry>> {
        let waiting = self.lock();
        let idle = |waiting: &mut Waiting| waiting.entries.is_empty() && !waiting.closed;
        let waiting = self.changed.wait_while(waiting, idle).unwrap_or_else(PoisonError::into_inner);
        let gathering = |waiting: &mut Waiting| !waiting.closed && !waiting.hurry;
        let gathered = self.changed.wait_timeout_while(waiting, GATHER, gathering);
        let mut waiting = gathered.unwrap_or_else(PoisonError::into_inner).0;
        let mut entries = std::mem::take(&mut waiting.entries);
        let at = entries.last()?.at;
        waiting.hurry = false;
        waiting.writing = true;
        let lost = std::mem::take(&mut waiting.lost);
        if lost > 0 {
            let (subject, detail) = ("-".to_owned(), json!({ "count": lost }));
            entries.push(Entry { at, kind: "verdictsLost", subject, detail });
        }
        Some(entries)
    }
}
