//! A screen where there is none.

use std::path::PathBuf;
use std::process::Command;

use super::picture::Picture;
use super::process::Process;

/// Where a server keeps what is on its screen.
#[derive(Debug, Clone)]
pub(crate) struct Screen {
    pixels: PathBuf,
    width: u32,
}

/// An X server with a window manager, on a number that was free.
pub struct Display {
    name: String,
    screen: Screen,
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
        let screen = Screen { pixels: home.path().join("Xvfb_screen0"), width };
        Self { name, screen, _manager: manager, _server: server, _home: home }
    }

    /// What `DISPLAY` is to be for a program on it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A picture of all there is on the screen.
    #[must_use]
    pub fn photograph(&self) -> Picture {
        self.screen.photograph()
    }

    /// Every fourth point of every fourth line of the screen: enough to see it change, and quick.
    #[must_use]
    pub fn glance(&self) -> Vec<u8> {
        let line = self.screen.width as usize * 4;
        let dump = self.screen.dump();
        dump.rchunks_exact(line)
            .step_by(4)
            .flat_map(|line| line.iter().skip(1).step_by(16).copied())
            .collect()
    }

    pub(crate) fn screen(&self) -> &Screen {
        &self.screen
    }
}

impl Screen {
    pub(crate) fn photograph(&self) -> Picture {
        Picture::from_xwd(&self.dump()).expect("a screen of 24 bits is a picture")
    }

    fn dump(&self) -> Vec<u8> {
        std::fs::read(&self.pixels).expect("the server keeps its screen in a file")
    }
}
