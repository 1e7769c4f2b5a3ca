//! A session bus of one's own.

use std::path::Path;
use std::process::Command;

use super::process::Process;

/// A running `dbus-daemon`.
pub struct Bus {
    address: String,
    _daemon: Process,
}

impl Bus {
    pub(crate) fn start(home: &Path) -> Self {
        let mut daemon = Command::new("dbus-daemon");
        daemon.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        let (daemon, address) = Process::start_and_listen("dbus", &daemon, home);
        Self { address: address.trim().to_owned(), _daemon: daemon }
    }

    /// What `DBUS_SESSION_BUS_ADDRESS` is to be for a program on it.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}
