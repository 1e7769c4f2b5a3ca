//! Calls for help from the kiosk, and that somebody is coming.

use vestibule_domain::UtcMillis;
use vestibule_domain::staff::Act;

use crate::{Desk, Event, Failure};

impl Desk {
    /// A visitor calls for help.
    ///
    /// # Errors
    /// What the store says.
    pub fn call_for_help(&self) -> Result<(), Failure> {
        self.inner.store.call_for_help(self.now())?;
        self.changed(&Event::Help);
        Ok(())
    }

    /// Since when a visitor waits for help; none when nobody does.
    ///
    /// # Errors
    /// What the store says.
    pub fn help_waits_since(&self) -> Result<Option<UtcMillis>, Failure> {
        Ok(self.inner.store.help_waits_since()?)
    }

    /// Somebody is coming.
    ///
    /// # Errors
    /// What the store says.
    pub fn help_seen(&self) -> Result<(), Failure> {
        self.may(Act::SeeVisits)?;
        self.inner.store.help_seen(self.now())?;
        self.changed(&Event::Help);
        Ok(())
    }
}
