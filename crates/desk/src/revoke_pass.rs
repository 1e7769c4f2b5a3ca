//! Taking passes back, and signing visitors out.

use vestibule_domain::staff::Act;
use vestibule_domain::{PassId, VisitId};

use crate::{Desk, Event, Failure, PassView, VisitView};

impl Desk {
    /// Takes a pass back. It counts no longer at this desk from this moment; the doors are told before anything else.
    /// Taking back twice is the same as once.
    ///
    /// # Errors
    /// [`crate::FailureCode::NotFound`] when there is no such pass.
    pub fn revoke_pass(&self, id: PassId) -> Result<PassView, Failure> {
        self.may(Act::Revoke)?;
        self.inner.store.revoke_pass(id, self.now())?;
        self.inner.wake.notify_one();
        self.changed(&Event::Pass(id));
        self.changed(&Event::Visits);
        self.changed(&Event::Queue);
        self.changed(&Event::Status);
        self.pass_now(id)
    }

    /// Writes down that a visitor left. Their passes are taken back with it.
    ///
    /// # Errors
    /// [`crate::FailureCode::NotFound`] when there is no such visit.
    pub fn sign_out(&self, visit: VisitId) -> Result<VisitView, Failure> {
        self.may(Act::SignOut)?;
        self.sign_out_now(visit)
    }

    /// As [`Self::sign_out`], for whoever has proved by the pass that it is their own visit.
    pub(crate) fn sign_out_now(&self, visit: VisitId) -> Result<VisitView, Failure> {
        for pass in self.inner.store.sign_out(visit, self.now())? {
            self.changed(&Event::Pass(pass));
        }
        self.inner.wake.notify_one();
        self.changed(&Event::Visits);
        self.changed(&Event::Queue);
        self.changed(&Event::Status);
        self.visit_now(visit)
    }
}
