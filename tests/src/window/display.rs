//! A screen where there is none.

use std::path::PathBuf;
use std::process::Command;

use super::picture::Picture;
use super::process::Process;

/// An X server with a window manager, on a number that was free.
pub struct Display {
    name: String,
    pixels: PathBuf,
    width: u32,
    _manager: Process,
    _server: Process,
    _home: tempfile::TempDir,
}

impl Display {
    /// A screen of the size of a kiosk's.
    #[must_use]
    pub fn open() -> Self {
        Self::of_size(1280, 800)
    }

    /// A screen of a given size.
    ///
    /// # Panics
    /// When Xvfb or openbox is not installed or does not start.
    #[must_use]
    pub fn of_size(width: u32, height: u32) -> Self {
        let home = tempfile::tempdir().expect("a folder for the display under the temporary ones");
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", &format!("{width}x{height}x24")]);
        xvfb.args(["-nolisten", "tcp", "-noreset", "-fbdir"]).arg(home.path());
        let (server, number) = Process::start_and_listen("xvfb", &xvfb, home.path());
        let name = format!(":{}", number.trim());
        let mut openbox = Command::new("openbox");
        openbox.args(["--sm-disable"]).env("DISPLAY", &name).env("HOME", home.path());
        openbox
            .env("XDG_CONFIG_HOME", home.path().join("config"))
            .env("XDG_CACHE_HOME", home.path().join("cache"));
        let manager = Process::start("openbox", &openbox, home.path());
        let pixels = home.path().join("Xvfb_screen0");
        Self { name, pixels, width, _manager: manager, _server: server, _home: home }
    }

    /// What `DISPLAY` is to be for a program on it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A picture of all there is on the screen.
    ///
    /// # Panics
    /// When the server's memory cannot be read as a picture.
    #[must_use]
    pub fn photograph(&self) -> Picture {
        let dump = std::fs::read(&self.pixels).expect("the server keeps its screen in a file");
        Picture::from_xwd(&dump).expect("a screen of 24 bits is a picture")
    }

    /// Every fourth point of every fourth line of the screen: enough to see it change, and quick.
    ///
    /// # Panics
    /// When the server's memory cannot be read.
    #[must_use]
    pub fn glance(&self) -> Vec<u8> {
        let dump = std::fs::read(&self.pixels).expect("the server keeps its screen in a file");
        let line = self.width as usize * 4;
        dump.rchunks_exact(line)
            .step_by(4)
            .flat_map(|line| line.iter().skip(1).step_by(16).copied())
            .collect()
    }
}
