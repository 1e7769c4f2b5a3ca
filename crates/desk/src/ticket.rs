//! Who stands at the kiosk, where it found that out: by an invitation, or by a phone number. The page gets a ticket and
//! a masked name, never the name; and there is a limit on how often anybody may ask.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;
use vestibule_domain::staff::Act;
use vestibule_domain::tries::{Supply, WrongCodes};
use vestibule_domain::visitor::{introduce, masked_name};
use vestibule_domain::{InvitationId, Monotonic};

use crate::{Desk, Failure, FailureCode};

/// How long a ticket serves: longer than anybody stands there.
const SERVES: Duration = Duration::from_secs(30 * 60);
/// So many are kept.
const MOST: usize = 32;

/// What a code at the kiosk is shown for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CodePurpose {
    /// An invitation, to come in.
    Arrive,
    /// A pass, to leave.
    Leave,
}

/// Whom a code or a phone number belongs to, masked.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CodeShown {
    /// What it was shown for.
    pub purpose: CodePurpose,
    /// The visitor's name, masked.
    pub name: String,
    /// Whom they visit, masked; empty where nobody knows or asks.
    pub host: String,
    /// Proves who it is when they register; none for whoever has just left.
    pub ticket: Option<Uuid>,
}

impl std::fmt::Debug for CodeShown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CodeShown({:?})", self.purpose)
    }
}

/// Whom a ticket is for.
#[derive(Clone)]
pub(crate) enum Guest {
    /// Somebody who was here before.
    Returning {
        /// Their name.
        name: String,
        /// Their phone number.
        phone: String,
    },
    /// Somebody who is expected.
    Invited(InvitationId),
}

/// What was asked at the kiosk.
pub(crate) struct Asked {
    /// Searches for hosts: typing a name takes a handful.
    pub(crate) hosts: Supply,
    /// Phone numbers: a visitor needs one.
    phones: Supply,
    /// Wrong codes.
    pub(crate) codes: WrongCodes,
    tickets: Vec<(Uuid, Guest, Monotonic)>,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            hosts: Supply::new(30, Duration::from_secs(4)),
            phones: Supply::new(5, Duration::from_secs(30)),
            codes: WrongCodes::default(),
            tickets: Vec::new(),
        }
    }
}

impl Desk {
    /// Whether somebody with this phone number was here before, within the days of the settings: their name, masked. A
    /// number that is not known, and one too many in a short time, both find nobody, so that nothing is learnt by trying.
    ///
    /// # Errors
    /// What the store says.
    pub fn returning(&self, phone: &str) -> Result<Option<CodeShown>, Failure> {
        self.may(Act::Register)?;
        let days = self.inner.settings.visit.returning_days;
        // The name does not matter here; what is no phone number is said when the form is sent.
        let Ok(introduction) = introduce("-", phone, "") else { return Ok(None) };
        if days == 0 || introduction.phone.is_empty() {
            return Ok(None);
        }
        if !self.asked().phones.take(self.inner.clock.monotonic()) {
            return Ok(None);
        }
        let since = self.now().minus(Duration::from_secs(u64::from(days) * 24 * 3600));
        let phone = introduction.phone;
        let Some(name) = self.inner.store.name_by_phone(&phone, since)? else { return Ok(None) };
        let masked = masked_name(&name);
        let ticket = Some(self.new_ticket(Guest::Returning { name, phone }));
        Ok(Some(CodeShown { purpose: CodePurpose::Arrive, name: masked, host: String::new(), ticket }))
    }

    /// A code that a visitor shows or types at the kiosk: an invitation to come in with, or a pass to leave with, which
    /// is done at once. Wrong ones cost a wait that grows.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] for a code that is none of ours, [`FailureCode::SlowDown`] after too many of them, and
    /// what is wrong with an invitation or a pass.
    pub fn show_code(&self, purpose: CodePurpose, text: &str) -> Result<CodeShown, Failure> {
        self.may(Act::Register)?;
        let now = self.inner.clock.monotonic();
        if self.asked().codes.wait(now).is_some() {
            return Err(Failure::of(FailureCode::SlowDown));
        }
        let shown = match purpose {
            CodePurpose::Arrive => self.show_invitation(text),
            CodePurpose::Leave => self.leave_with(text),
        };
        if shown.as_ref().is_err_and(|failure| failure.code == FailureCode::NotFound) {
            self.asked().codes.add(now);
        }
        shown
    }

    pub(crate) fn new_ticket(&self, guest: Guest) -> Uuid {
        let (id, now) = (Uuid::new_v4(), self.inner.clock.monotonic());
        let mut asked = self.asked();
        if asked.tickets.len() >= MOST {
            asked.tickets.remove(0);
        }
        asked.tickets.push((id, guest, now));
        id
    }

    /// Whom a ticket is for. It is not used up by that: the same form sent twice is one visit.
    pub(crate) fn guest(&self, ticket: Uuid) -> Result<Guest, Failure> {
        let now = self.inner.clock.monotonic();
        let asked = self.asked();
        let found = asked.tickets.iter().find(|(id, _, at)| *id == ticket && now.since(*at) < SERVES);
        found.map(|(_, guest, _)| guest.clone()).ok_or_else(|| Failure::of(FailureCode::NotArmed))
    }
}
