//! Bugs that are planted from outside, so that the product has none of them in its code: by triggers and orders on the
//! victim's file, on its road to the gateway, or in the script that stands for its callers.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::finding::Wrong;

/// What is wrong with the victim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bug {
    /// The visitor is told before anything is on disk.
    ToldBeforeCommit,
    /// A pass and the order to tell its doors are two transactions.
    TwoTransactions,
    /// Presses of a process that died are sent by the next one.
    PressesSentAgain,
    /// A row is done when it is taken, not when it is told.
    DoneBeforeSent,
    /// A press without an answer is sent once more.
    PressTriedAgain,
    /// A call without an answer counts as done.
    SilenceIsDone,
    /// What was on its way when a process died is dropped by the next one.
    InFlightDropped,
    /// The code of a pass does not wait for its person.
    PersonNotAwaited,
    /// Calls are said to be done and leave a little later, in any order.
    SentLater,
    /// An old grant is sent behind the removal of its pass.
    GrantAfterRemoval,
    /// The end of a row is written without its key, over all rows that are on their way.
    EveryRowSettled,
    /// The order to close a held door is not written.
    HoldForgotten,
    /// A spare that is taken away is forgotten, and its doors are not told.
    SpareForgotten,
    /// A spare that was given stays in the reserve.
    SpareKept,
    /// A press whose answer was lost is said to be refused.
    DoubtIsRefusal,
    /// The deadline of a press is not looked at.
    NoDeadline,
}

impl Bug {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::ToldBeforeCommit,
        Self::TwoTransactions,
        Self::PressesSentAgain,
        Self::DoneBeforeSent,
        Self::PressTriedAgain,
        Self::SilenceIsDone,
        Self::InFlightDropped,
        Self::PersonNotAwaited,
        Self::SentLater,
        Self::GrantAfterRemoval,
        Self::EveryRowSettled,
        Self::HoldForgotten,
        Self::SpareForgotten,
        Self::SpareKept,
        Self::DoubtIsRefusal,
        Self::NoDeadline,
    ];

    /// What it looks like when it is found, one of these.
    #[must_use]
    pub const fn looks_like(self) -> &'static [Wrong] {
        match self {
            Self::ToldBeforeCommit => &[Wrong::Lost],
            Self::TwoTransactions => &[Wrong::Lost, Wrong::Stuck],
            // Where the gateway never heard of the hold, the ledger alone waits for ever.
            Self::HoldForgotten => &[Wrong::Lost, Wrong::Stuck],
            // A call that never arrived gave no right, or took none away, or the next one of its lane came first.
            Self::DoneBeforeSent
            | Self::InFlightDropped
            | Self::EveryRowSettled
            | Self::SilenceIsDone
            | Self::SentLater => &[Wrong::Lost, Wrong::Reordered, Wrong::Orphan, Wrong::Resurrected],
            Self::PersonNotAwaited => &[Wrong::Reordered],
            Self::GrantAfterRemoval => &[Wrong::Resurrected],
            Self::SpareForgotten => &[Wrong::Orphan],
            // The second visitor cannot have the code: the ledger forbids it, and the form fails.
            Self::SpareKept => &[Wrong::Untrue, Wrong::Doubled, Wrong::Lost],
            // The first opened the door, and the second was refused.
            Self::PressTriedAgain => &[Wrong::Doubled, Wrong::Untrue],
            // Beside another press it looks like that one's.
            Self::PressesSentAgain => &[Wrong::Doubled, Wrong::Late, Wrong::Untrue],
            Self::DoubtIsRefusal => &[Wrong::Untrue],
            Self::NoDeadline => &[Wrong::Late, Wrong::Untrue],
        }
    }

    /// What is done to the file of the store before a process speaks for it.
    const fn on_file(self) -> Option<&'static str> {
        Some(match self {
            Self::TwoTransactions => {
                "CREATE TABLE IF NOT EXISTS planted AS SELECT * FROM outbox WHERE 0;
                 CREATE TRIGGER IF NOT EXISTS planted_bug AFTER INSERT ON outbox
                 WHEN NEW.kind = 'grantPass' AND NOT EXISTS (SELECT 1 FROM planted WHERE id = NEW.id) BEGIN
                     INSERT INTO planted SELECT * FROM outbox WHERE id = NEW.id;
                     DELETE FROM outbox WHERE id = NEW.id;
                 END;
                 DELETE FROM planted;"
            }
            Self::DoneBeforeSent => {
                "CREATE TRIGGER IF NOT EXISTS planted_bug AFTER UPDATE OF state ON outbox
                 WHEN NEW.state = 'sending' BEGIN
                     UPDATE outbox SET state = 'done', epoch = NULL WHERE id = NEW.id;
                 END;"
            }
            Self::InFlightDropped => "DELETE FROM outbox WHERE state = 'sending';",
            Self::PersonNotAwaited => {
                "CREATE TRIGGER IF NOT EXISTS planted_bug AFTER INSERT ON outbox
                 WHEN NEW.kind = 'generateCode' BEGIN
                     UPDATE outbox SET after = NULL WHERE id = NEW.id;
                 END;"
            }
            Self::EveryRowSettled => {
                "CREATE TRIGGER IF NOT EXISTS planted_bug AFTER UPDATE OF state ON outbox
                 WHEN OLD.state = 'sending' AND NEW.state = 'done' BEGIN
                     UPDATE outbox SET state = 'done', epoch = NULL WHERE state = 'sending';
                 END;"
            }
            Self::HoldForgotten => {
                "CREATE TRIGGER IF NOT EXISTS planted_bug AFTER INSERT ON outbox
                 WHEN NEW.kind = 'closeHold' BEGIN
                     DELETE FROM outbox WHERE id = NEW.id;
                 END;"
            }
            Self::SpareForgotten => {
                "CREATE TRIGGER IF NOT EXISTS planted_bug AFTER INSERT ON outbox
                 WHEN NEW.kind = 'removeSpare' BEGIN
                     DELETE FROM outbox WHERE id = NEW.id;
                     DELETE FROM spare WHERE id = NEW.subject;
                 END;"
            }
            Self::SpareKept => {
                "CREATE TRIGGER IF NOT EXISTS planted_bug BEFORE DELETE ON spare
                 WHEN OLD.state = 'ready' BEGIN
                     SELECT RAISE(IGNORE);
                 END;"
            }
            Self::ToldBeforeCommit
            | Self::PressesSentAgain
            | Self::PressTriedAgain
            | Self::SilenceIsDone
            | Self::SentLater
            | Self::GrantAfterRemoval
            | Self::DoubtIsRefusal
            | Self::NoDeadline => return None,
        })
    }

    /// Plants it in the file. The store has made its tables, and nobody speaks for it yet.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn plant(self, folder: &Path) -> rusqlite::Result<()> {
        if let Some(orders) = self.on_file() {
            open(folder)?.execute_batch(orders)?;
        }
        if self == Self::TwoTransactions {
            let folder = folder.to_owned();
            std::thread::spawn(move || second_transactions(&folder));
        }
        Ok(())
    }
}

/// The doors of presses that a process that died left without an end.
///
/// # Errors
/// What SQLite says.
pub fn presses_of_the_dead(folder: &Path) -> rusqlite::Result<Vec<String>> {
    let connection = open(folder)?;
    let mut statement = connection.prepare("SELECT door FROM press WHERE state = 'asked'")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

fn second_transactions(folder: &Path) {
    let Ok(mut connection) = open(folder) else { return };
    loop {
        std::thread::sleep(Duration::from_millis(5));
        let moved = connection.transaction().and_then(|tx| {
            tx.execute_batch("INSERT INTO outbox SELECT * FROM planted; DELETE FROM planted;")?;
            tx.commit()
        });
        if let Err(error) = moved {
            eprintln!("the planted bug failed: {error}");
        }
    }
}

fn open(folder: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(folder.join("vestibule.db"))?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}
