//! The emulator as a program of its own, seen from outside: what really happened at the doors.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::ask;
use super::places::program;
use super::process::Process;

const KEY: &str = "203711893";
const SECRET: &str = "window-tests-only";

/// The doors of the lobby under test: iotId and name.
pub const DOORS: [(&str, &str); 2] = [("door-main", "Main entrance"), ("door-lift", "Lift lobby")];

/// A running `vestibule-emulator`.
pub struct Gateway {
    address: String,
    home: tempfile::TempDir,
    _process: Process,
}

impl Gateway {
    /// Starts it on a free port, with the doors of [`DOORS`].
    ///
    /// # Panics
    /// When it is not built or does not say where it listens.
    #[must_use]
    pub fn start() -> Self {
        let home = tempfile::tempdir().expect("a folder for the gateway under the temporary ones");
        let mut emulator = Command::new(program("vestibule-emulator"));
        emulator.args(["--listen", "127.0.0.1:0", "--app-key", KEY, "--app-secret", SECRET]);
        for (id, name) in DOORS {
            emulator.arg("--door").arg(format!("{id}={name}"));
        }
        let (process, line) = Process::start_and_listen("emulator", &emulator, home.path());
        let address = line.rsplit_once("http://").expect("`listening on http://…` in its first line").1;
        Self { address: address.trim().to_owned(), home, _process: process }
    }

    /// A configuration file with which a shell finds this gateway and its doors.
    ///
    /// # Panics
    /// When it cannot be written.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        let file = self.home.path().join("vestibule.toml");
        std::fs::write(&file, config_text(&self.address)).expect("a file in the test's own folder");
        file
    }

    /// The folder beside the configuration, for a test's own files.
    #[must_use]
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// How often a door has been opened by a press.
    ///
    /// # Panics
    /// When the emulator knows no such door.
    #[must_use]
    pub fn opened(&self, door: &str) -> u64 {
        let doors = ask::get(&self.address, "/_emulator/doors");
        let found = doors.as_array().expect("a list of doors").iter().find(|known| known["iotId"] == door);
        found.and_then(|known| known["opened"].as_u64()).expect("the door is one of the lobby's")
    }

    /// Whether a door is held open.
    ///
    /// # Panics
    /// When the emulator knows no such door.
    #[must_use]
    pub fn is_held(&self, door: &str) -> bool {
        let doors = ask::get(&self.address, "/_emulator/doors");
        let found = doors.as_array().expect("a list of doors").iter().find(|known| known["iotId"] == door);
        found.and_then(|known| known["keepOpen"].as_bool()).expect("the door is one of the lobby's")
    }

    /// The calls that came in, as the emulator tells them.
    ///
    /// # Panics
    /// When the emulator tells something else.
    #[must_use]
    pub fn calls(&self) -> Vec<Value> {
        let told = ask::get(&self.address, "/_emulator/calls");
        told["calls"].as_array().expect("a list of calls").clone()
    }

    /// Holds a code before a door's own reader.
    #[must_use]
    pub fn present(&self, door: &str, code: &str) -> Value {
        ask::post(&self.address, "/_emulator/present", &json!({ "iotId": door, "code": code }))
    }
}

fn config_text(address: &str) -> String {
    let doors: String = DOORS
        .iter()
        .map(|(id, name)| format!("\n[[door]]\nid = \"{id}\"\nname = \"{name}\"\nzone = \"Asia/Shanghai\"\n"))
        .collect();
    format!("[gateway]\nurl = \"http://{address}\"\napp_key = \"{KEY}\"\napp_secret = \"{SECRET}\"\n{doors}")
}
