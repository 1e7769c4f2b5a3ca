//! One job between whoever waits for it and the thread that does it.
//!
//! The thread may get stuck in a driver. Whoever waits then gives it up, and says either "nothing was printed" or "nobody
//! knows"; so the two agree on one moment from which something may be on paper, and a job that was given up before never
//! begins.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use vestibule_domain::receipt::PrintFault;

/// How long a job may go on without any progress.
const QUIET: Duration = Duration::from_secs(5);

const REACHING: u8 = 0;
const ASKING: u8 = 1;
const PRINTING: u8 = 2;
const GIVEN_UP: u8 = 3;

enum News<T> {
    Progress,
    Over(Result<T, PrintFault>),
}

/// The end of the thread that does it.
pub(crate) struct Job<T> {
    stage: Arc<AtomicU8>,
    news: Sender<News<T>>,
}

/// The end of whoever waits.
pub(crate) struct Waiter<T> {
    stage: Arc<AtomicU8>,
    news: Receiver<News<T>>,
}

/// Both ends of a job.
pub(crate) fn job<T>() -> (Job<T>, Waiter<T>) {
    let (told, news) = channel();
    let stage = Arc::new(AtomicU8::new(REACHING));
    (Job { stage: Arc::clone(&stage), news: told }, Waiter { stage, news })
}

impl<T> Job<T> {
    /// Something went on.
    pub(crate) fn progress(&self) {
        // Nobody who waits any more is no failure.
        drop(self.news.send(News::Progress));
    }

    /// The printer is reached.
    pub(crate) fn reached(&self) -> Result<(), PrintFault> {
        self.go(REACHING, ASKING)
    }

    /// From here on something may be on paper.
    pub(crate) fn begin(&self) -> Result<(), PrintFault> {
        self.go(ASKING, PRINTING)
    }

    fn go(&self, from: u8, to: u8) -> Result<(), PrintFault> {
        self.progress();
        let went = self.stage.compare_exchange(from, to, Ordering::SeqCst, Ordering::SeqCst);
        went.map(drop).map_err(|_| PrintFault::Stuck)
    }

    pub(crate) fn over(self, outcome: Result<T, PrintFault>) {
        drop(self.news.send(News::Over(outcome)));
    }
}

impl<T> Waiter<T> {
    /// Waits as long as there is progress.
    pub(crate) fn wait(&self) -> Result<T, PrintFault> {
        loop {
            match self.news.recv_timeout(QUIET) {
                Ok(News::Progress) => {}
                Ok(News::Over(outcome)) => return outcome,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Err(self.give_up()),
            }
        }
    }

    fn give_up(&self) -> PrintFault {
        match self.stage.swap(GIVEN_UP, Ordering::SeqCst) {
            REACHING => PrintFault::Unreachable,
            PRINTING => PrintFault::Unsure,
            _ => PrintFault::Stuck,
        }
    }
}
