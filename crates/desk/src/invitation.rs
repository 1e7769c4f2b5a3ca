//! Invitations: made by staff, shown at the kiosk, good for one visit. All of it is this desk's own and needs no network.

mod import;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;
use vestibule_domain::invitation::{InvitationState, Standing, standing};
use vestibule_domain::staff::Act;
use vestibule_domain::visitor::{introduce, masked_name, masked_phone};
use vestibule_domain::{DoorId, InvitationId, ShortCode, Window};
use vestibule_store::InvitationRow;

use crate::setting::clock_time;
use crate::ticket::Guest;
use crate::{CodePurpose, CodeShown, Desk, Event, Failure, FailureCode};

pub use import::InvitationsChanged;

/// Nobody is invited for later than this, and the list goes no further.
const FURTHEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// What an invitation is made of.
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InviteForm {
    /// Of whom it is for, as typed.
    pub name: String,
    /// Their phone number, as typed; may be empty.
    pub phone: String,
    /// Whom they visit, as typed; may be empty.
    pub host: String,
    /// The doors; none for those of the settings.
    pub doors: Option<Vec<DoorId>>,
    /// The day, `yyyy-MM-dd`; today when empty.
    pub day: String,
    /// From when, `HH:MM`; from midnight when empty.
    pub from: String,
    /// Until when, `HH:MM`; the end of a visit when empty.
    pub until: String,
}

impl std::fmt::Debug for InviteForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "InviteForm({})", self.day)
    }
}

/// An invitation, for staff.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InvitationView {
    /// Its id.
    pub id: InvitationId,
    /// Its code, in two groups.
    pub short_code: String,
    /// Of whom it is for.
    pub visitor_name: String,
    /// Their phone number, masked.
    pub phone: String,
    /// Whom they visit.
    pub host: String,
    /// When they may come.
    pub window: Window,
    /// The zone to show the window in.
    pub zone: String,
    /// Where it stands now.
    pub standing: Standing,
}

impl std::fmt::Debug for InvitationView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "InvitationView({})", self.id)
    }
}

impl Desk {
    /// Invites somebody.
    ///
    /// # Errors
    /// [`FailureCode::BadForm`] names each field, [`FailureCode::BadWindow`] says that day or times are none, or that
    /// they are over.
    pub fn invite(&self, form: &InviteForm) -> Result<InvitationView, Failure> {
        self.may(Act::IssuePass)?;
        let told = introduce(&form.name, &form.phone, &form.host).map_err(Failure::bad_form)?;
        if form.doors.iter().flatten().any(|door| self.door(door).is_none()) {
            return Err(Failure::of(FailureCode::NotFound));
        }
        let now = self.now();
        let row = InvitationRow {
            id: InvitationId::new(now),
            short_code: ShortCode::random(),
            name: told.name,
            phone: told.phone,
            host: told.host,
            doors: form.doors.clone().filter(|doors| !doors.is_empty()),
            window: self.window_of(form).ok_or_else(|| Failure::of(FailureCode::BadWindow))?,
            state: InvitationState::Open,
            made_at: now,
            visit: None,
        };
        self.inner.store.invite(&row)?;
        self.changed(&Event::Visits);
        Ok(self.view_invitation(row))
    }

    /// Who is expected today and later, the next first; those of today also when they have come or were told not to.
    ///
    /// # Errors
    /// What the store says.
    pub fn invitations(&self) -> Result<Vec<InvitationView>, Failure> {
        self.may(Act::SeeVisits)?;
        let now = self.now();
        let from = self.inner.settings.zone().start_of_day(now);
        let rows = self.inner.store.invitations(from, now.plus(FURTHEST))?;
        Ok(rows.into_iter().map(|row| self.view_invitation(row)).collect())
    }

    /// An invitation.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`], or what the store says.
    pub fn invitation(&self, id: InvitationId) -> Result<InvitationView, Failure> {
        self.may(Act::SeeVisits)?;
        Ok(self.view_invitation(self.inner.store.invitation(id)?))
    }

    /// The text in the picture of an invitation.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`], or what the store says.
    pub fn invitation_code(&self, id: InvitationId) -> Result<ShortCode, Failure> {
        self.may(Act::SeeVisits)?;
        Ok(self.inner.store.invitation(id)?.short_code)
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// [`FailureCode::Used`] when somebody came with it, [`FailureCode::NotFound`], or what the store says.
    pub fn revoke_invitation(&self, id: InvitationId) -> Result<InvitationView, Failure> {
        self.may(Act::Revoke)?;
        self.inner.store.revoke_invitation(id, self.now())?;
        self.changed(&Event::Visits);
        self.invitation(id)
    }

    /// Whom an invitation is for, masked, and a ticket to register with.
    pub(crate) fn show_invitation(&self, text: &str) -> Result<CodeShown, Failure> {
        let not_found = || Failure::of(FailureCode::NotFound);
        let code = ShortCode::typed(text).ok_or_else(not_found)?;
        let row = self.inner.store.invitation_by_code(&code)?.ok_or_else(not_found)?;
        match self.standing_of(&row) {
            Standing::Good => {}
            Standing::Early => return Err(Failure::of(FailureCode::TooEarly)),
            Standing::Late => return Err(Failure::of(FailureCode::Over)),
            Standing::Used => return Err(Failure::of(FailureCode::Used)),
            Standing::Revoked => return Err(Failure::of(FailureCode::Revoked)),
        }
        let (name, host) = (masked_name(&row.name), masked_name(&row.host));
        let ticket = Some(self.new_ticket(Guest::Invited(row.id)));
        Ok(CodeShown { purpose: CodePurpose::Arrive, name, host, ticket })
    }

    fn window_of(&self, form: &InviteForm) -> Option<Window> {
        let (zone, now) = (self.inner.settings.zone(), self.now());
        let day = match form.day.trim() {
            "" => now,
            day => zone.moment(&format!("{day} 12:00:00"))?,
        };
        let at = |time: &str| {
            let (hour, minute) = clock_time(time.trim())?;
            zone.at(day, hour, minute)
        };
        let from = if form.from.trim().is_empty() { zone.start_of_day(day) } else { at(&form.from)? };
        let until = match form.until.trim() {
            // Of a visit that begins now, or on another day as soon as it may.
            "" if zone.start_of_day(day) == zone.start_of_day(now) => {
                self.inner.settings.visit.end_of_visit(&zone, from.max(now))
            }
            "" => self.inner.settings.visit.end_of_visit(&zone, from),
            time => at(time)?,
        };
        let is_good = from < until && until > now && until.since(now) <= FURTHEST;
        is_good.then_some(Window { from, until })
    }

    fn standing_of(&self, row: &InvitationRow) -> Standing {
        let early = Duration::from_secs(u64::from(self.inner.settings.visit.invited_early_minutes) * 60);
        standing(row.state, row.window, early, self.now())
    }

    fn view_invitation(&self, row: InvitationRow) -> InvitationView {
        InvitationView {
            id: row.id,
            short_code: row.short_code.grouped(),
            phone: masked_phone(&row.phone),
            window: row.window,
            zone: self.inner.settings.zone().name().to_owned(),
            standing: self.standing_of(&row),
            visitor_name: row.name,
            host: row.host,
        }
    }
}
