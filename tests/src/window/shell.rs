//! The shell as a person starts it, with no driver at its side.

use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use super::bus::Bus;
use super::display::Display;
use super::driver::surroundings;
use super::launch::Launch;
use super::places::program;
use super::process::Process;

/// A shell that nobody drives.
pub struct Shell {
    started: Instant,
    process: Process,
    _bus: Option<Bus>,
}

impl Shell {
    /// On the bus of another shell.
    pub(crate) fn start(display: &Display, bus: &Bus, home: &Path, launch: &Launch) -> Self {
        let mut shell = Command::new(program("vestibule"));
        shell.args(launch.args());
        surroundings(&mut shell, display, bus, home);
        shell.env_remove("TAURI_WEBVIEW_AUTOMATION");
        let started = Instant::now();
        Self { started, process: Process::start("undriven", &shell, home), _bus: None }
    }

    /// On a bus of its own, in a folder for everything it keeps.
    #[must_use]
    pub fn alone(display: &Display, home: &Path, launch: &Launch) -> Self {
        let bus = Bus::start(home);
        let shell = Self::start(display, &bus, home, launch);
        Self { _bus: Some(bus), ..shell }
    }

    /// How long ago it was started.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn try_wait(&mut self) -> std::io::Result<Option<ExitStatus>> {
        self.process.try_wait()
    }

    /// What it has said.
    #[must_use]
    pub fn log(&self) -> String {
        self.process.log()
    }
}
