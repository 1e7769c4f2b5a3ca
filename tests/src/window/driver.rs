//! WebKitWebDriver, and the session in which it opens the shell.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, json};

use super::bus::Bus;
use super::display::Display;
use super::launch::Launch;
use super::places::program;
use super::process::Process;

/// A running driver; the shell it opens is a child of it.
pub(crate) struct Driver {
    port: u16,
    process: Process,
}

impl Driver {
    pub(crate) fn start(display: &Display, bus: &Bus, home: &Path) -> Self {
        let port = free_port();
        let mut driver = Command::new("WebKitWebDriver");
        driver.arg(format!("--port={port}")).arg("--host=127.0.0.1");
        surroundings(&mut driver, display, bus, home);
        let process = Process::start("shell", &driver, home);
        let driver = Self { port, process };
        driver.wait_until_it_answers();
        driver
    }

    /// Opens the shell with its arguments.
    pub(crate) async fn open(&self, launch: &Launch) -> Client {
        let shell: PathBuf = program("vestibule");
        let mut wanted = Map::new();
        wanted
            .insert("webkitgtk:browserOptions".to_owned(), json!({ "binary": shell, "args": launch.args() }));
        let url = format!("http://127.0.0.1:{}", self.port);
        let opened = ClientBuilder::new(HttpConnector::new()).capabilities(wanted).connect(&url).await;
        opened.unwrap_or_else(|error| panic!("the shell did not open: {error}\n{}", self.log()))
    }

    /// What the driver and the shell have said.
    pub(crate) fn log(&self) -> String {
        self.process.log()
    }

    fn wait_until_it_answers(&self) {
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "the driver never answered:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The environment of a shell under test: its own display, bus and folders, and no graphics card.
pub(crate) fn surroundings(command: &mut Command, display: &Display, bus: &Bus, home: &Path) {
    command.env("DISPLAY", display.name()).env("DBUS_SESSION_BUS_ADDRESS", bus.address());
    command.env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1");
    command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1").env("LIBGL_ALWAYS_SOFTWARE", "1");
    // Without it the shell refuses to be driven, and the driver waits for ever.
    command.env("TAURI_WEBVIEW_AUTOMATION", "true");
    for (name, dir) in [
        ("HOME", "home"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_RUNTIME_DIR", "runtime"),
    ] {
        let dir = home.join(dir);
        std::fs::create_dir_all(&dir).expect("folders in the test's own folder");
        command.env(name, dir);
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port on this machine");
    listener.local_addr().expect("a bound socket has an address").port()
}
