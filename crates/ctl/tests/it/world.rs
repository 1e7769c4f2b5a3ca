//! A folder for a desk, and a gateway on the loopback for what the demonstration cannot do.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use serde_json::Value;
use tokio::runtime::Runtime;
use vestibule_domain::{Clock as _, DoorId, IdentityId, SystemClock};
use vestibule_emulator::{Behaviour, Emulator, EmulatorConfig, Server};
use vestibule_gateway::endpoint::keepopen;
use vestibule_gateway::endpoint::user::modify;
use vestibule_gateway::{Client, Credential, Options};

pub(crate) struct Desk(tempfile::TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestibulectl"));
        command.args(["--data", &self.path("data")]).args(arguments);
        command.env_remove("VESTIBULE_APP_KEY").env_remove("VESTIBULE_APP_SECRET");
        // The keyring of whoever runs the tests is left alone.
        command
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
            .env_remove("VESTIBULE_SEAL_KEY");
        command.env_remove("VESTIBULE_PIN").env_remove("VESTIBULE_NEW_PIN");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Runs on the demonstration and gives the JSON lines it printed.
    pub(crate) fn demo(&self, arguments: &[&str]) -> Vec<Value> {
        let output = self.run(&[&["--demo", "--json"], arguments].concat());
        assert!(output.status.success(), "{arguments:?}: {}", words(&output));
        lines(&output)
    }
}

pub(crate) fn lines(output: &Output) -> Vec<Value> {
    said(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Standard output.
pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Standard error.
pub(crate) fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A gateway with the doors `gate` and `lobby` in Shanghai and `lift` in Tokyo, and a desk whose settings name it.
pub(crate) struct Gateway {
    pub(crate) emulator: Emulator,
    pub(crate) desk: Desk,
    server: Server,
    runtime: Runtime,
}

const KEY: &str = "60030600";
const SECRET: &str = "3c9d7a1e5b2f4860a1c3e5f708192a3b";

impl Gateway {
    pub(crate) fn new() -> Self {
        let doors = ["gate", "lobby", "lift"].map(|door| (door.to_owned(), door.to_uppercase()));
        let config = EmulatorConfig {
            app_key: KEY.into(),
            app_secret: SECRET.into(),
            doors: doors.into(),
            behaviour: Behaviour { people_must_exist: false, ..Behaviour::default() },
            seed: Some(7),
            ..EmulatorConfig::default()
        };
        let emulator = Emulator::new(config, Arc::new(SystemClock::new()));
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(emulator.serve("127.0.0.1:0".parse().unwrap())).unwrap();
        let gateway = Self { emulator, desk: Desk::new(), server, runtime };
        gateway.settings(SECRET, "");
        gateway
    }

    /// Writes the settings anew.
    pub(crate) fn settings(&self, secret: &str, more: &str) {
        let url = self.server.url();
        let toml = format!(
            "[gateway]\nurl = \"{url}\"\napp_key = \"{KEY}\"\napp_secret = \"{secret}\"\n\
             [camera]\nsource = \"none\"\n\
             [[door]]\nid = \"gate\"\nname = \"Gate\"\n\
             [[door]]\nid = \"lobby\"\nname = \"Lobby\"\n\
             [[door]]\nid = \"lift\"\nname = \"Lift\"\nzone = \"Asia/Tokyo\"\n{more}"
        );
        self.desk.write("desk.toml", toml);
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.desk.command(&[&["--config", &self.desk.path("desk.toml")], arguments].concat())
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs, sees it succeed, and gives the JSON lines it printed.
    pub(crate) fn good(&self, arguments: &[&str]) -> Vec<Value> {
        let output = self.run(&[&["--json"], arguments].concat());
        assert!(output.status.success(), "{arguments:?}: {} {}", said(&output), words(&output));
        lines(&output)
    }

    pub(crate) fn cards_at(&self, door: &str) -> usize {
        self.emulator.door(door).unwrap().cards
    }

    fn client(&self) -> Client {
        let credential = Credential::new(KEY, SECRET.into());
        Client::new(self.emulator.transport(), credential, Arc::new(SystemClock::new()), Options::default())
    }

    /// Somebody keeps a door open.
    pub(crate) fn hold_open(&self, door: &str) {
        let params = keepopen::set::Params { iot_id: DoorId(door.to_owned()), keep_open: true };
        let soon = SystemClock::new().monotonic().plus(std::time::Duration::from_secs(5));
        self.runtime.block_on(self.client().send_now::<keepopen::set::Set>(&params, soon)).unwrap();
    }

    /// Adds people `person-0000` and so on.
    pub(crate) fn add_people(&self, count: usize) {
        let client = self.client();
        self.runtime.block_on(async {
            for number in 0..count {
                let params = modify::Params {
                    identity_id: IdentityId(format!("person-{number:04}")),
                    name: Some(format!("王 {number}")),
                    ext_info: None,
                };
                client.send::<modify::Modify>(&params).await.unwrap();
            }
        });
    }
}
