//! The real window, driven as a person would: it is touched, typed into, read and photographed.
//!
//! A [`Display`] is an X server of its own with a small window manager. On it a [`Window`] opens the
//! shell through WebKitWebDriver, with a session bus and folders of its own, and names what is on the
//! page by its `data-test`. Everything that was started ends with the value that started it, also
//! when a test fails, and also when the test itself is killed.
#![expect(clippy::panic, reason = "support of tests: what cannot go on says so and stops")]
#![expect(clippy::disallowed_methods, reason = "waits for real programs, and finds them by the environment")]

mod ask;
mod bus;
mod camera;
mod display;
mod driver;
mod gateway;
mod launch;
mod page;
mod picture;
mod places;
mod process;
mod shell;
mod visit;

use std::path::Path;
use std::time::{Duration, Instant};

use fantoccini::Client;

pub use bus::Bus;
pub use camera::Camera;
pub use display::Display;
pub use gateway::{DOORS, Gateway};
pub use launch::Launch;
pub use picture::{Picture, qr_text};
pub use places::{made, program};
pub use shell::Shell;
pub use visit::Visitor;

use display::Screen;
use driver::Driver;

/// How long anything may take to appear. Generous: two cores draw without a graphics card.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// One running shell, with its page.
pub struct Window {
    client: Client,
    driver: Driver,
    bus: Bus,
    screen: Screen,
    started: Instant,
    home: tempfile::TempDir,
}

impl Window {
    /// Opens the shell on a display and waits until its first screen can be used.
    pub async fn open(display: &Display, launch: &Launch) -> Self {
        let window = Self::start(display, launch).await;
        window.wait_for_css("html[data-ready=\"true\"]").await;
        // All of the screen, so that a picture of the screen shows nothing else.
        window.client.maximize_window().await.expect("the window manager can make a window larger");
        window
    }

    /// Opens the shell and does not wait for its page.
    pub async fn start(display: &Display, launch: &Launch) -> Self {
        let home = tempfile::tempdir().expect("a folder for the shell under the temporary ones");
        let bus = Bus::start(home.path());
        let driver = Driver::start(display, &bus, home.path());
        let started = Instant::now();
        let client = driver.open(launch).await;
        Self { client, driver, bus, screen: display.screen().clone(), started, home }
    }

    /// How long the window has been there: from the moment the program was asked for.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// The session bus this shell is on; a second instance finds the first by it.
    #[must_use]
    pub fn bus(&self) -> &Bus {
        &self.bus
    }

    /// The folders this shell lives in.
    #[must_use]
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// What the shell has written for its log so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.driver.log()
    }

    /// A picture of what a person sees on the screen.
    ///
    /// It is the screen's own: the driver's pictures wait for ever on a page that does not change when
    /// the renderer for graphics cards is off.
    pub async fn photograph(&self) -> Picture {
        let two_frames =
            "return new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(1))))";
        self.run(two_frames, vec![]).await;
        tokio::time::sleep(Duration::from_millis(80)).await;
        self.screen.photograph()
    }

    /// Puts the window out of sight, as a person does who needs another one.
    ///
    /// # Panics
    /// When the window manager does not do it.
    pub async fn hide(&self) {
        self.client.minimize_window().await.expect("the window manager can hide a window");
    }

    /// Starts the same program once more on the same bus.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start_second(&self, display: &Display, launch: &Launch) -> Shell {
        Shell::start(display, &self.bus, self.home(), launch)
    }

    /// Closes the window as its frame's button does.
    pub async fn close(self) {
        // A shell that ended by itself has nothing left to close.
        self.client.close().await.ok();
    }
}
