//! What a victim tells its parent: one line of JSON a word, so that a kill leaves whole words and at most one half.

use std::io::Write;

use serde::{Deserialize, Serialize};
use vestibule_domain::press::PressState;
use vestibule_domain::{HoldId, PassId, PressId, UtcMillis, VisitId};

/// A word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Word {
    /// The store is about to be opened, at this moment.
    Opening(UtcMillis),
    /// What an earlier victim left in the air is settled.
    Speaking,
    /// This is begun: from now on it may have happened.
    Begun(Deed),
    /// This was told to whoever asked: it has happened.
    Told(Told),
    /// The visitor of a form was told that all is well, and no more.
    ToldOfForm(String),
    /// Whoever asked was told that it did not work, and why.
    Failed(Deed, String),
    /// Nothing waits any more; the last victim ends.
    Mended,
    /// Something still waits, and it is of no use to go on.
    Stuck(String),
}

/// What is asked of a desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// A form is sent.
    Register(String),
    /// One more pass for a visit.
    Issue(VisitId),
    /// A pass is taken back.
    Revoke(PassId),
    /// A visitor leaves.
    SignOut(VisitId),
    /// A door is pressed.
    Press(String),
    /// A door is held.
    Hold(String),
    /// A hold is ended.
    EndHold(HoldId),
    /// A code is shown.
    Verify(PassId),
}

/// What a desk told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// The visit of a form, its pass, and the code that was shown with it.
    Registered(String, VisitId, PassId, Option<String>),
    /// One more pass.
    Issued(VisitId, PassId),
    /// Taken back.
    Revoked(PassId),
    /// Signed out.
    SignedOut(VisitId),
    /// A press, its door, and how it ended.
    Pressed(PressId, String, PressState),
    /// A hold that began, and its door.
    Held(HoldId, String),
    /// A hold that is to close.
    HoldEnded(HoldId),
    /// A code that was shown, and whether its holder is let in.
    Verified(PassId, String, bool),
}

impl Word {
    /// Says it. A parent that is gone ends the victim.
    pub fn say(&self) {
        let mut line = serde_json::to_vec(self).expect("a word is plain JSON");
        line.push(b'\n');
        let mut out = std::io::stdout().lock();
        if out.write_all(&line).and_then(|()| out.flush()).is_err() {
            std::process::abort();
        }
    }
}
