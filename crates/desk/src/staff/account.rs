//! Accounts: who they belong to, what they are for, and how they are changed.

use serde::Serialize;
use specta::Type;
use vestibule_domain::staff::{Act, Role, account_name};
use vestibule_domain::visitor::Field;
use vestibule_domain::{StaffId, UtcMillis};
use vestibule_store::{StaffChange, StaffRow};

use crate::{Desk, Event, Failure, FailureCode, Pin};

/// An account, as an administrator sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StaffView {
    /// Its id.
    pub id: StaffId,
    /// The name by which it is chosen.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// Whether nobody can sign in with it.
    pub disabled: bool,
    /// When it was made.
    pub made_at: UtcMillis,
}

impl From<StaffRow> for StaffView {
    fn from(row: StaffRow) -> Self {
        let StaffRow { id, name, role, disabled, made_at, .. } = row;
        Self { id, name, role, disabled, made_at }
    }
}

impl Desk {
    /// The accounts.
    ///
    /// # Errors
    /// [`FailureCode::NotSignedIn`], [`FailureCode::NotAllowed`], or what the store says.
    pub fn staff(&self) -> Result<Vec<StaffView>, Failure> {
        self.may(Act::ManageStaff)?;
        Ok(self.inner.store.staff()?.into_iter().map(StaffView::from).collect())
    }

    /// Adds an account. The first one is an administrator's, whatever is asked for, and from then on people sign in.
    ///
    /// # Errors
    /// [`FailureCode::BadForm`] for the name, [`FailureCode::WeakSecret`], [`FailureCode::NameTaken`].
    pub async fn add_staff(&self, name: &str, role: Role, secret: Pin) -> Result<StaffView, Failure> {
        let by = self.may(Act::ManageStaff)?;
        let name = account_name(name).map_err(|fault| Failure::bad_form(vec![(Field::Name, fault)]))?;
        let hash = strong(secret)?.hash().await?;
        let role = if by.is_none() { Role::Admin } else { role };
        let (id, made_at) = (StaffId::new(self.now()), self.now());
        let row = StaffRow { id, name, role, secret: hash, disabled: false, version: 1, made_at };
        self.inner.store.add_staff(&row, by)?;
        self.changed(&Event::Session);
        Ok(row.into())
    }

    /// Gives an account another role.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`], [`FailureCode::LastAdmin`].
    pub fn set_staff_role(&self, id: StaffId, role: Role) -> Result<StaffView, Failure> {
        let by = self.may(Act::ManageStaff)?;
        self.change_staff(id, StaffChange::Role(role), by)
    }

    /// Gives an account a new PIN or passphrase. Its tries are forgotten.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`], [`FailureCode::WeakSecret`].
    pub async fn set_staff_secret(&self, id: StaffId, secret: Pin) -> Result<StaffView, Failure> {
        let by = self.may(Act::ManageStaff)?;
        let hash = strong(secret)?.hash().await?;
        self.change_staff(id, StaffChange::Secret(&hash), by)
    }

    /// Closes an account, or opens it again.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`], [`FailureCode::LastAdmin`].
    pub fn set_staff_disabled(&self, id: StaffId, disabled: bool) -> Result<StaffView, Failure> {
        let by = self.may(Act::ManageStaff)?;
        self.change_staff(id, StaffChange::Disabled(disabled), by)
    }

    fn change_staff(
        &self,
        id: StaffId,
        change: StaffChange<'_>,
        by: Option<StaffId>,
    ) -> Result<StaffView, Failure> {
        self.inner.store.change_staff(id, change, by, self.now())?;
        self.changed(&Event::Session);
        Ok(self.inner.store.staff_of(id)?.into())
    }
}

fn strong(secret: Pin) -> Result<Pin, Failure> {
    if secret.is_weak() { Err(Failure::of(FailureCode::WeakSecret)) } else { Ok(secret) }
}
