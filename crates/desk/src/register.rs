//! Registering a visitor, and issuing passes.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;
use vestibule_domain::pass::ScanLimit;
use vestibule_domain::staff::Act;
use vestibule_domain::visitor::introduce;
use vestibule_domain::{
    DoorId, HostId, IdentityId, PassId, ShortCode, UtcMillis, VisitId, VisitorId, Window,
};
use vestibule_store::{Details, NewPass, NewVisit, Visit};

use crate::agreement::Signed;
use crate::ticket::Guest;
use crate::{Desk, Event, Failure, FailureCode, PassView, VisitView};

/// The longest pass that a form may ask for.
const LONGEST: Duration = Duration::from_secs(31 * 24 * 3600);

/// What a form asks for.
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RegisterForm {
    /// The form instance: the same one sent twice (a double tap, a repeated call) is one visit.
    pub form: String,
    /// The visitor's name, as typed.
    pub name: String,
    /// Their phone number, as typed.
    pub phone: String,
    /// Whom they visit, as typed.
    pub host: String,
    /// The doors; none for those of the settings.
    pub doors: Option<Vec<DoorId>>,
    /// When the pass ends; none for the time of the settings.
    pub until: Option<UtcMillis>,
    /// How many scans; none for the number of the settings.
    pub times: Option<u16>,
    /// Whom they visit, as found in the directory; comes before what was typed.
    pub known_host: Option<HostId>,
    /// Who they are, where the kiosk found that out ([`Desk::show_code`], [`Desk::returning`]); comes before what was
    /// typed, and with an invitation also before doors and end.
    pub ticket: Option<Uuid>,
    /// What they agreed to.
    pub agreement: Option<Signed>,
}

impl std::fmt::Debug for RegisterForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RegisterForm({})", self.form)
    }
}

impl Desk {
    /// Writes down that a visitor came and issues their pass. The pass is there at once; its code comes when the
    /// service gave one, which [`Event::Pass`] tells. While the service cannot be reached it takes over a spare, if
    /// there is one ([`crate::spare`]). At the self-service station it is [`Self::register_self`], whatever is asked.
    ///
    /// # Errors
    /// [`FailureCode::BadForm`] names each field; anything else means that nothing was written.
    pub fn register(&self, form: &RegisterForm) -> Result<PassView, Failure> {
        self.may(Act::Register)?;
        if self.is_self_service() {
            return self.register_self(form);
        }
        self.keep_visit(&self.new_visit(form, true)?)
    }

    fn keep_visit(&self, visit: &NewVisit) -> Result<PassView, Failure> {
        let id = match self.inner.store.register(visit)? {
            Visit::New(id) | Visit::Known(id) => id,
        };
        self.inner.wake.notify_one();
        self.changed(&Event::Visits);
        self.changed(&Event::Status);
        self.changed(&Event::Queue);
        let passes = self.inner.store.passes_of(id)?;
        let newest = passes.last().ok_or_else(|| Failure::of(FailureCode::NotFound))?;
        self.pass_now(newest.pass.id)
    }

    /// As [`Self::register`], for a visitor who does it alone: doors, end and scans are those of the settings or of the
    /// invitation, an agreement has to be signed where there is one, and where the directory does not say whom they
    /// visit, reception has to ask.
    ///
    /// # Errors
    /// [`FailureCode::NotSigned`], [`FailureCode::NotArmed`] for a ticket of long ago, and as [`Self::register`].
    pub fn register_self(&self, form: &RegisterForm) -> Result<PassView, Failure> {
        self.may(Act::Register)?;
        let form = RegisterForm { doors: None, until: None, times: None, ..form.clone() };
        if self.inner.settings.agreement.is_asked() && form.agreement.is_none() {
            return Err(Failure::of(FailureCode::NotSigned));
        }
        let mut visit = self.new_visit(&form, true)?;
        let is_invited = visit.details.invitation.is_some();
        visit.details.asks_host = !is_invited && visit.details.known_host.is_none() && self.has_hosts()?;
        self.keep_visit(&visit)
    }

    /// Writes down that a visitor came, without a pass.
    ///
    /// # Errors
    /// As [`Self::register`].
    pub fn add_visitor(&self, form: &RegisterForm) -> Result<VisitView, Failure> {
        self.may(Act::Register)?;
        let visit = self.new_visit(form, false)?;
        let id = match self.inner.store.register(&visit)? {
            Visit::New(id) | Visit::Known(id) => id,
        };
        self.inner.wake.notify_one();
        self.changed(&Event::Visits);
        self.visit_now(id)
    }

    /// Issues one more pass for a visit that is under way.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] when the visit is not known or over.
    pub fn issue_pass(
        &self,
        visit: VisitId,
        doors: Option<&[DoorId]>,
        until: Option<UtcMillis>,
        times: Option<u16>,
    ) -> Result<PassView, Failure> {
        self.may(Act::IssuePass)?;
        let row = self.inner.store.visit(visit)?;
        let pass = self.new_pass(row.visitor, visit, doors, until, times)?;
        self.inner.store.issue_pass(&pass)?;
        self.inner.wake.notify_one();
        self.changed(&Event::Visits);
        self.changed(&Event::Queue);
        self.pass_now(pass.id)
    }

    fn new_visit(&self, form: &RegisterForm, with_pass: bool) -> Result<NewVisit, Failure> {
        let guest = form.ticket.map(|ticket| self.guest(ticket)).transpose()?;
        let known_host = match &form.known_host {
            Some(id) => Some(self.inner.store.host(id)?),
            None => None,
        };
        let mut form = form.clone();
        let mut details = Details::default();
        if let Some(host) = known_host {
            form.host.clone_from(&host.name);
            details.known_host = Some(host.id);
        }
        match guest {
            Some(Guest::Returning { name, phone }) => (form.name, form.phone) = (name, phone),
            Some(Guest::Invited(id)) => {
                let invitation = self.inner.store.invitation(id)?;
                details.invitation = Some(id);
                (form.name, form.phone, form.host) = (invitation.name, invitation.phone, invitation.host);
                form.doors =
                    invitation.doors.map(|doors| self.known_doors(doors)).filter(|doors| !doors.is_empty());
                form.until = Some(invitation.window.until);
            }
            None => {}
        }
        let introduction = introduce(&form.name, &form.phone, &form.host).map_err(Failure::bad_form)?;
        if form.form.is_empty() || form.form.len() > 64 {
            return Err(Failure::of(FailureCode::Bug));
        }
        if details.known_host.is_none() && !introduction.host.is_empty() {
            let mut named = self.inner.store.hosts_named(&introduction.host)?;
            details.known_host = if named.len() == 1 { named.pop().map(|host| host.id) } else { None };
        }
        let now = self.now();
        details.agreement = form.agreement.as_ref().map(|signed| self.agreed(signed, now)).transpose()?;
        let (id, visitor) = (VisitId::new(now), VisitorId::new(now));
        let pass = with_pass
            .then(|| self.new_pass(visitor, id, form.doors.as_deref(), form.until, form.times))
            .transpose()?;
        let spare = match &pass {
            Some(pass) => self.spare_for(&pass.doors, pass.window.until)?,
            None => None,
        };
        let seal = self.inner.settings.seal.as_ref();
        let identity = seal.map_or_else(IdentityId::random, |seal| seal.person(&introduction.phone));
        Ok(NewVisit { id, visitor, identity, introduction, form: form.form, at: now, pass, spare, details })
    }

    /// Those that are still in the settings.
    fn known_doors(&self, doors: Vec<DoorId>) -> Vec<DoorId> {
        doors.into_iter().filter(|door| self.door(door).is_some()).collect()
    }

    fn new_pass(
        &self,
        visitor: VisitorId,
        visit: VisitId,
        doors: Option<&[DoorId]>,
        until: Option<UtcMillis>,
        times: Option<u16>,
    ) -> Result<NewPass, Failure> {
        let now = self.now();
        let plan = &self.inner.settings.visit;
        let doors = match doors {
            Some(doors) => doors.to_vec(),
            None => self.inner.settings.default_doors(),
        };
        if doors.is_empty() || doors.iter().any(|door| self.door(door).is_none()) {
            return Err(Failure::of(FailureCode::NotFound));
        }
        let zone = &self.door(&doors[0]).ok_or_else(|| Failure::of(FailureCode::NotFound))?.zone;
        let until = until.unwrap_or_else(|| plan.end_of_visit(zone, now));
        if until <= now || until.since(now) > LONGEST {
            return Err(Failure::of(FailureCode::BadWindow));
        }
        let times = times.unwrap_or(plan.scan_times);
        if times == 0 {
            return Err(Failure::of(FailureCode::BadWindow));
        }
        Ok(NewPass {
            id: PassId::new(now),
            visitor,
            visit,
            short_code: ShortCode::random(),
            window: Window { from: now.minus(plan.early()), until },
            limit: ScanLimit { times, scope: plan.scan_scope },
            doors,
            at: now,
        })
    }
}
