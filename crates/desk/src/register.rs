//! Registering a visitor, and issuing passes.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;
use vestibule_domain::pass::ScanLimit;
use vestibule_domain::staff::Act;
use vestibule_domain::visitor::introduce;
use vestibule_domain::{DoorId, IdentityId, PassId, ShortCode, UtcMillis, VisitId, VisitorId, Window};
use vestibule_store::{NewPass, NewVisit, Visit};

use crate::{Desk, Event, Failure, FailureCode, PassView, VisitView};

/// The longest pass that a form may ask for.
const LONGEST: Duration = Duration::from_secs(31 * 24 * 3600);

/// What a form asks for.
#[derive(Clone, Serialize, Deserialize, Type)]
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
}

impl std::fmt::Debug for RegisterForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RegisterForm({})", self.form)
    }
}

impl Desk {
    /// Writes down that a visitor came and issues their pass. The pass is there at once; its code comes when the
    /// service gave one, which [`Event::Pass`] tells. While the service cannot be reached it takes over a spare, if
    /// there is one ([`crate::spare`]).
    ///
    /// # Errors
    /// [`FailureCode::BadForm`] names each field; anything else means that nothing was written.
    pub fn register(&self, form: &RegisterForm) -> Result<PassView, Failure> {
        self.may(Act::Register)?;
        let visit = self.new_visit(form, true)?;
        let id = match self.inner.store.register(&visit)? {
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
        let introduction = introduce(&form.name, &form.phone, &form.host).map_err(Failure::bad_form)?;
        if form.form.is_empty() || form.form.len() > 64 {
            return Err(Failure::of(FailureCode::Bug));
        }
        let now = self.now();
        let (id, visitor) = (VisitId::new(now), VisitorId::new(now));
        let pass = with_pass
            .then(|| self.new_pass(visitor, id, form.doors.as_deref(), form.until, form.times))
            .transpose()?;
        let spare = match &pass {
            Some(pass) => self.spare_for(&pass.doors, pass.window.until)?,
            None => None,
        };
        let identity = IdentityId::random();
        Ok(NewVisit { id, visitor, identity, introduction, form: form.form.clone(), at: now, pass, spare })
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
