//! A small lobby: a desk, its store on disk, a gateway with three doors, and a clock that stands still until it is
//! turned. It speaks in the verbs of the field, so that a journey reads like one.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::Notify;
use vestibule_desk::seal::Seal;
use vestibule_desk::{Desk, Failure, Language, PassView, RegisterForm, Settings, Station, VerdictView};
use vestibule_domain::door::Door;
use vestibule_domain::pass::Readiness;
use vestibule_domain::{Clock, DoorId, PassId, TurnedClock, UtcMillis, Zone};
use vestibule_emulator::{Emulator, EmulatorConfig, ReaderAnswer, Trouble};
use vestibule_gateway::transport::http::transport;
use vestibule_gateway::transport::{Request, Sending, Transport};
use vestibule_gateway::{Client, Credential, HttpConfig, Options};
use vestibule_store::Store;

/// Ten o'clock in the morning of 2026-11-24 in Shanghai.
pub const TEN: UtcMillis = UtcMillis(1_795_485_600_000);

/// The doors.
pub const DOORS: [(&str, &str); 3] =
    [("turnstile", "Turnstile"), ("lift", "Lift hall"), ("floor-8", "8th floor")];

/// The lobby.
pub struct World {
    /// The desk.
    pub desk: Desk,
    /// The gateway and the doors.
    pub emulator: Emulator,
    /// The time.
    pub clock: Arc<TurnedClock>,
    /// What happens to a request before the gateway sees it.
    pub road: Arc<Road>,
    settings: Settings,
    folder: TempDir,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A lobby in the morning, connection up.
    #[must_use]
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// A lobby whose desk keeps so many spares for each half day.
    #[must_use]
    pub fn with_reserve(size: u16) -> Self {
        Self::with(|settings| {
            settings.spare.size = size;
        })
    }

    /// A lobby with settings of its own.
    #[must_use]
    pub fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let clock = Arc::new(TurnedClock::at(TEN));
        let mut settings = Settings::demo(Station::Reception, Language::English);
        let zone = Zone::named("Asia/Shanghai").expect("the zone database is built in");
        settings.doors = DOORS
            .iter()
            .map(|(id, name)| Door {
                id: DoorId((*id).to_owned()),
                name: (*name).to_owned(),
                zone: zone.clone(),
            })
            .collect();
        settings.visit.doors = Vec::new();
        settings.spare.size = 0;
        settings.seal = Seal::from_hex(&"7a".repeat(32));
        change(&mut settings);
        let config = EmulatorConfig {
            app_key: settings.gateway.app_key.clone(),
            app_secret: settings.gateway.app_secret.clone(),
            doors: DOORS.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).collect(),
            zone,
            ..EmulatorConfig::default()
        };
        let emulator = Emulator::new(config, Arc::clone(&clock) as Arc<dyn Clock>);
        let road = Road::by(emulator.transport(), &clock);
        let folder = tempfile::tempdir().expect("a folder for the store");
        let desk = start(&folder, &settings, &clock, &road);
        desk.speak().expect("nobody else is here");
        Self { desk, emulator, clock, road, settings, folder }
    }

    /// The process ends, whatever it was doing, and another one starts on the same data.
    #[must_use]
    pub fn restart(self) -> Self {
        let Self { desk, emulator, clock, road, settings, folder } = self;
        drop(desk);
        let desk = start(&folder, &settings, &clock, &road);
        assert!(desk.speak().expect("the store is good"), "the earlier process is gone");
        Self { desk, emulator, clock, road, settings, folder }
    }

    /// As [`Self::restart`], with other settings.
    #[must_use]
    pub fn restart_with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self.restart()
    }

    /// As [`Self::restart`], and from then on the gateway is reached over a socket, at this address.
    #[must_use]
    pub fn by_socket(mut self, url: &str) -> Self {
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let http = transport(&HttpConfig::at(url), clock).expect("an address on the loopback");
        self.road = Road::by(http, &self.clock);
        self.restart()
    }

    /// The folder of its store.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// What requests are signed with.
    #[must_use]
    pub fn secret(&self) -> String {
        self.settings.gateway.app_secret.clone()
    }

    /// Everything the desk keeps on the disk: what a thief of the PC has.
    #[must_use]
    pub fn disk(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).expect("the folder is there");
        files
            .flat_map(|file| std::fs::read(file.expect("it can be listed").path()).expect("it can be read"))
            .collect()
    }

    /// A second process on the same data, such as the terminal beside the window.
    #[must_use]
    pub fn beside(&self) -> Desk {
        start(&self.folder, &self.settings, &self.clock, &self.road)
    }

    /// A second process on the same data that reaches the gateway over HTTP at this address.
    #[must_use]
    pub fn beside_at(&self, url: &str) -> Desk {
        let clock: Arc<dyn Clock> = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let client = Client::over_http(
            &HttpConfig::at(url),
            credential(&self.settings),
            Arc::clone(&clock),
            Options::default(),
        );
        let store = Store::open(self.folder.path(), clock.now()).expect("the store opens").store;
        Desk::start(store, client.expect("an address on the loopback"), clock, self.settings.clone())
    }

    /// A visitor fills in the form.
    pub fn visitor_comes(&self, name: &str) -> PassView {
        self.form(name, "13800005678", "Wang Fang").expect("a proper form is taken")
    }

    /// A form as typed.
    ///
    /// # Errors
    /// What the desk says.
    pub fn form(&self, name: &str, phone: &str, host: &str) -> Result<PassView, Failure> {
        let form = RegisterForm { phone: phone.to_owned(), host: host.to_owned(), ..self.new_form(name) };
        self.desk.register(&form)
    }

    /// A form that nobody has sent yet.
    #[must_use]
    pub fn new_form(&self, name: &str) -> RegisterForm {
        RegisterForm {
            form: uuid::Uuid::new_v4().to_string(),
            name: name.to_owned(),
            phone: String::new(),
            host: String::new(),
            ..RegisterForm::default()
        }
    }

    /// Time passes.
    pub fn turn(&self, span: Duration) {
        self.clock.turn(span);
    }

    /// Pulls the network.
    pub fn network_down(&self) {
        self.emulator.set_trouble(Trouble::down());
    }

    /// Plugs it in again; the desk notices at its next look.
    pub async fn network_back(&self) {
        self.emulator.set_trouble(Trouble::none());
        self.desk.probe().await;
    }

    /// The pass as it is now.
    #[must_use]
    pub fn pass(&self, id: PassId) -> PassView {
        self.desk.pass(id).expect("the pass is there")
    }

    /// Where a pass stands at its doors, in their order.
    #[must_use]
    pub fn readiness(&self, id: PassId) -> Vec<Readiness> {
        self.pass(id).doors.iter().map(|door| door.readiness).collect()
    }

    /// The text in the QR code of a pass that may be shown.
    #[must_use]
    pub fn code(&self, id: PassId) -> String {
        let code = self.desk.showable_code(id).expect("the pass is there").expect("it may be shown");
        code.reveal().to_owned()
    }

    /// Somebody shows a code at the desk.
    #[must_use]
    pub fn show(&self, code: &str) -> VerdictView {
        self.desk.verify(code).expect("a verdict is given")
    }

    /// Somebody holds a code before a door's reader.
    #[must_use]
    pub fn present(&self, door: &str, code: &str) -> ReaderAnswer {
        self.emulator.present(door, code)
    }

    /// How often a door was opened from the desk.
    #[must_use]
    pub fn opened(&self, door: &str) -> u64 {
        self.emulator.door(door).expect("there is such a door").opened
    }

    /// The calls the gateway saw, oldest first: the end of each path, without looks at the connection.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        let ends = self.emulator.calls().into_iter().filter(|call| !call.path.ends_with("keepopen/get"));
        ends.map(|call| {
            call.path.rsplit('/').take(2).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("/")
        })
        .collect()
    }
}

fn start(folder: &TempDir, settings: &Settings, clock: &Arc<TurnedClock>, road: &Arc<Road>) -> Desk {
    let clock: Arc<dyn Clock> = Arc::clone(clock) as Arc<dyn Clock>;
    let store = Store::open(folder.path(), clock.now()).expect("the store opens").store;
    let transport = Arc::clone(road) as Arc<dyn Transport>;
    let client = Client::new(transport, credential(settings), Arc::clone(&clock), Options::default());
    Desk::start(store, client, clock, settings.clone())
}

fn credential(settings: &Settings) -> Credential {
    Credential::new(settings.gateway.app_key.clone(), settings.gateway.app_secret.clone())
}

/// The way to the gateway: remembers every byte that leaves, and can be slow.
pub struct Road {
    to: Arc<dyn Transport>,
    clock: Arc<TurnedClock>,
    delay: Mutex<Duration>,
    bodies: Mutex<Vec<u8>>,
    stopped: Mutex<Option<Arc<Notify>>>,
}

impl Road {
    fn by(to: Arc<dyn Transport>, clock: &Arc<TurnedClock>) -> Arc<Self> {
        Arc::new(Self {
            to,
            clock: Arc::clone(clock),
            delay: Mutex::new(Duration::ZERO),
            bodies: Mutex::new(Vec::new()),
            stopped: Mutex::new(None),
        })
    }

    /// From now on each request is this long under way before it is sent.
    pub fn set_delay(&self, delay: Duration) {
        *self.delay.lock().expect("no test panics with the lock") = delay;
    }

    /// From now on each call for a door stops halfway, until it is let go.
    pub fn stop_doors(&self) {
        *self.stopped.lock().expect("no test panics with the lock") = Some(Arc::default());
    }

    /// Lets the call for a door go that stopped halfway.
    pub fn let_door_go(&self) {
        if let Some(stopped) = self.stopped.lock().expect("no test panics with the lock").take() {
            stopped.notify_one();
        }
    }

    /// Everything that left so far: paths, headers and bodies.
    #[must_use]
    pub fn everything_sent(&self) -> Vec<u8> {
        self.bodies.lock().expect("no test panics with the lock").clone()
    }
}

impl Transport for Road {
    fn send(&self, request: Request) -> Sending<'_> {
        self.clock.turn(*self.delay.lock().expect("no test panics with the lock"));
        let mut sent = self.bodies.lock().expect("no test panics with the lock");
        sent.extend(request.path.as_bytes());
        for (name, value) in &request.headers {
            sent.extend(name.as_str().as_bytes());
            sent.extend(value.as_bytes());
        }
        sent.extend(&request.body);
        let stopped = self.stopped.lock().expect("no test panics with the lock").clone();
        match stopped.filter(|_| request.last_look.is_some()) {
            None => self.to.send(request),
            Some(stopped) => Box::pin(async move {
                stopped.notified().await;
                self.to.send(request).await
            }),
        }
    }
}
