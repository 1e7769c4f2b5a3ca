//! The directory of hosts: kept by staff, searched by visitors.

use serde::Serialize;
use specta::Type;
use vestibule_domain::HostId;
use vestibule_domain::host::{Host, MOST_ANSWERS, query};
use vestibule_domain::staff::Act;
use vestibule_domain::visitor::masked_name;
use vestibule_store::HostsChanged;

use crate::{Desk, Event, Failure, FailureCode};

/// A host that a visitor may mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HostHit {
    /// Its id, for the form.
    pub id: HostId,
    /// The name, masked.
    pub name: String,
    /// The department; may be empty.
    pub department: String,
}

impl Desk {
    /// The hosts a visitor may mean, at most six, with masked names; nobody for fewer than two characters.
    ///
    /// # Errors
    /// [`FailureCode::SlowDown`] after too many searches in a short time, or what the store says.
    pub fn find_hosts(&self, typed: &str) -> Result<Vec<HostHit>, Failure> {
        self.may(Act::Register)?;
        let Some(query) = query(typed) else { return Ok(Vec::new()) };
        if !self.asked().hosts.take(self.inner.clock.monotonic()) {
            return Err(Failure::of(FailureCode::SlowDown));
        }
        let found = self.inner.store.hosts_found(&query, MOST_ANSWERS)?;
        let hits = found.into_iter().map(|host| HostHit {
            id: host.id,
            name: masked_name(&host.name),
            department: host.department,
        });
        Ok(hits.collect())
    }

    /// Whether there is a directory.
    ///
    /// # Errors
    /// What the store says.
    pub fn has_hosts(&self) -> Result<bool, Failure> {
        Ok(self.inner.store.has_hosts()?)
    }

    /// The whole directory, for staff.
    ///
    /// # Errors
    /// What the store says.
    pub fn hosts(&self) -> Result<Vec<Host>, Failure> {
        self.may(Act::ChangeSettings)?;
        Ok(self.inner.store.hosts()?)
    }

    /// Keeps a list of hosts; those that are not in it go only where it `replaces` the directory. With `dry` nothing is
    /// written, and the answer is what would be.
    ///
    /// # Errors
    /// What the store says.
    pub fn keep_hosts(&self, hosts: &[Host], replaces: bool, dry: bool) -> Result<HostsChanged, Failure> {
        self.may(Act::ChangeSettings)?;
        let changed = self.inner.store.keep_hosts(hosts, replaces, dry, self.now())?;
        self.changed(&Event::Visits);
        Ok(changed)
    }

    /// Takes a host out of the directory.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`], or what the store says.
    pub fn remove_host(&self, id: &HostId) -> Result<(), Failure> {
        self.may(Act::ChangeSettings)?;
        Ok(self.inner.store.remove_host(id, self.now())?)
    }
}
