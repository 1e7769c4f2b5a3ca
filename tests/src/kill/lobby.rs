//! A gateway on a socket, a folder, and one victim after the other.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use tempfile::TempDir;
use tokio::runtime::Runtime;
use vestibule_domain::{Clock, Monotonic, SystemClock, Zone};
use vestibule_emulator::{Behaviour, Emulator, EmulatorConfig, Server, Trouble};
use vestibule_store::Store;

use super::audit::audit;
use super::bug::Bug;
use super::clock::SharedClock;
use super::finding::{Findings, Wrong};
use super::history;
use super::life::KEY;
use super::model::Model;
use super::orders::Orders;
use super::plan::{End, Plan};
use super::word::Word;
use crate::world::{DOORS, TEN};

/// A victim that does not reach its point is killed after so long.
const LONGEST_LIFE: Duration = Duration::from_millis(350);
/// The last life, which tells everything that waits, takes no longer than this.
const LONGEST_MEND: Duration = Duration::from_secs(60);
/// What a dead victim had handed to the system has mostly reached the gateway by then.
const LAST_BYTES: Duration = Duration::from_millis(20);

/// What keeps a lobby from being one: a fault of this machine or of the harness, not of the victim.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The lobby.
pub struct Lobby {
    victim: PathBuf,
    seed: u64,
    bug: Option<Bug>,
    folder: TempDir,
    clock: Arc<SharedClock>,
    emulator: Emulator,
    server: Server,
    // Last, so that what runs on it is dropped before it.
    _runtime: Runtime,
    model: Model,
    findings: Findings,
    lives: u32,
}

/// A lobby that was looked at.
pub struct Closed {
    /// What was wrong.
    pub findings: Findings,
    /// How many things people were told.
    pub told: usize,
    /// How many changes the gateway carried out.
    pub changes: usize,
    /// What happened in the ledger, and how often.
    pub seen: BTreeMap<String, usize>,
    /// Everything that is left of it.
    pub folder: TempDir,
}

impl Lobby {
    /// An empty lobby, at ten in the morning.
    ///
    /// # Errors
    /// What keeps it from being one.
    pub fn open(victim: &Path, seed: u64, bug: Option<Bug>) -> Result<Self, Fault> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let folder = tempfile::Builder::new().prefix("vestibule-kill-").tempdir()?;
        let clock = Arc::new(SharedClock::set(&folder.path().join("clock"), TEN)?);
        let config = EmulatorConfig {
            app_key: KEY.0.to_owned(),
            app_secret: KEY.1.to_owned(),
            doors: DOORS.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).collect(),
            zone: Zone::named("Asia/Shanghai").ok_or("the zone database is built in")?,
            // It takes what the real one might refuse, so that it is seen.
            behaviour: Behaviour { nonce_once: false, people_must_exist: false, ..Behaviour::default() },
            seed: Some(seed),
            ..EmulatorConfig::default()
        };
        let file = folder.path().join("gateway");
        let emulator = Emulator::with_data(config, Arc::clone(&clock) as Arc<dyn Clock>, &file)?;
        let server = runtime.block_on(emulator.serve(([127, 0, 0, 1], 0).into()))?;
        let (model, findings) = (Model::default(), Findings::default());
        let victim = victim.to_owned();
        let _runtime = runtime;
        Ok(Self { victim, seed, bug, folder, clock, emulator, server, _runtime, model, findings, lives: 0 })
    }

    /// One life and its end. Says whether it ended by itself, at its point.
    ///
    /// # Errors
    /// What keeps a victim from being started.
    pub fn live(&mut self, plan: &Plan) -> Result<bool, Fault> {
        self.emulator.set_trouble(plan.trouble.clone());
        self.clock.turn(plan.off)?;
        let mut orders = self.orders();
        orders.spares = plan.spares;
        if let End::At(crash) = plan.end {
            orders.crash = Some(crash);
        }
        let (mut child, words) = self.start(&orders)?;
        let watch = SystemClock::new();
        let mut deadline = watch.monotonic().plus(LONGEST_MEND);
        let end = loop {
            let word = match next(&words, deadline, &watch) {
                Ok(word) => word,
                Err(end) => break end,
            };
            match (&word, plan.end) {
                (Word::Opening(_), End::Starting(after)) | (Word::Speaking, End::Working(after)) => {
                    deadline = watch.monotonic().plus(after);
                }
                (Word::Speaking, End::At(_)) => deadline = watch.monotonic().plus(LONGEST_LIFE),
                _ => {}
            }
            self.model.hear(word, &mut self.findings);
        };
        // One that ended itself is gone already.
        child.kill()?;
        let status = child.wait()?;
        // What it had said before.
        while let Ok(word) = words.recv() {
            self.model.hear(word, &mut self.findings);
        }
        if status.code().is_some() {
            self.findings.add(Wrong::Fell, format!("life {} ended with {status}", self.lives));
        }
        self.let_last_bytes_arrive()?;
        self.heard_errors()?;
        Ok(end == RecvTimeoutError::Disconnected)
    }

    /// The last life: without trouble, until nothing waits. Then everything is looked at.
    ///
    /// # Errors
    /// What keeps a victim from being started, or the harness from reading what there is.
    pub fn close(mut self) -> Result<Closed, Fault> {
        self.emulator.set_trouble(Trouble::none());
        self.clock.turn(Duration::from_secs(301))?;
        let mut orders = self.orders();
        (orders.mend, orders.spares) = (true, 2);
        let (mut child, words) = self.start(&orders)?;
        let watch = SystemClock::new();
        let deadline = watch.monotonic().plus(LONGEST_MEND);
        let mut ended = false;
        while let Ok(word) = next(&words, deadline, &watch) {
            ended |= matches!(word, Word::Mended | Word::Stuck(_));
            self.model.hear(word, &mut self.findings);
        }
        child.kill()?;
        child.wait()?;
        self.findings.expect(ended, Wrong::Stuck, || "the last life does not come to an end".to_owned());
        self.heard_errors()?;
        let history = history::read(&self.folder.path().join("gateway"))?;
        let store = Store::open(&self.folder.path().join("desk"), self.clock.now())?.store;
        store.seal_with(super::life::seal().vault_keys());
        let now = self.clock.now();
        audit(&self.model, &history, &store, now, &mut self.findings)?;
        let seen = seen(&store)?;
        drop(self.server);
        Ok(Closed {
            findings: self.findings,
            told: self.model.told,
            changes: history.len(),
            seen,
            folder: self.folder,
        })
    }

    /// Whether something is wrong already.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        !self.findings.0.is_empty()
    }

    fn orders(&self) -> Orders {
        Orders {
            folder: self.folder.path().join("desk"),
            clock: self.folder.path().join("clock"),
            gateway: self.server.url(),
            seed: self.seed.wrapping_add(u64::from(self.lives)),
            life: self.lives,
            crash: None,
            bug: self.bug,
            mend: false,
            again: self.model.untold_form.clone(),
            spares: 0,
        }
    }

    fn start(&mut self, orders: &Orders) -> Result<(Child, Receiver<Word>), Fault> {
        self.lives += 1;
        let errors = File::options().create(true).append(true).open(self.folder.path().join("errors"))?;
        let mut child = Command::new(&self.victim)
            .arg(serde_json::to_string(orders)?)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()?;
        let out = child.stdout.take().ok_or("the victim has no voice")?;
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                // The last word may be half.
                let Ok(word) = serde_json::from_str(&line) else { continue };
                if sender.send(word).is_err() {
                    return;
                }
            }
        });
        Ok((child, receiver))
    }

    /// What a dead victim had handed to the system reaches the gateway, which has answered somebody else since, however
    /// busy this machine is.
    fn let_last_bytes_arrive(&self) -> Result<(), Fault> {
        std::thread::sleep(LAST_BYTES);
        for _ in 0..2 {
            let mut stream = TcpStream::connect(self.server.address())?;
            let look = b"GET /_emulator/doors HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\n\r\n";
            stream.write_all(look)?;
            stream.read_to_end(&mut Vec::new())?;
        }
        Ok(())
    }

    /// A victim has nothing to complain of.
    fn heard_errors(&mut self) -> Result<(), Fault> {
        let errors = std::fs::read_to_string(self.folder.path().join("errors"))?;
        let first = errors.lines().next().unwrap_or_default();
        let known = self.findings.0.iter().any(|finding| finding.wrong == Wrong::Fell);
        self.findings.expect(first.is_empty() || known, Wrong::Fell, || format!("a victim wrote: {first}"));
        Ok(())
    }
}

/// What happened in a ledger, and how often.
fn seen(store: &Store) -> Result<BTreeMap<String, usize>, Fault> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for row in store.journal(u32::MAX)? {
        let number = |name: &str| row.detail[name].as_u64().and_then(|count| usize::try_from(count).ok());
        match row.kind.as_str() {
            "started" => {
                for left in ["calls", "presses", "holds"] {
                    *seen.entry(format!("{left} in the air")).or_default() +=
                        number(left).unwrap_or_default();
                }
            }
            "pressSettled" => {
                let state = row.detail["state"].as_str().unwrap_or_default();
                *seen.entry(format!("presses {state}")).or_default() += 1;
            }
            kind => *seen.entry(kind.to_owned()).or_default() += 1,
        }
    }
    Ok(seen)
}

/// The next word, unless the victim has ended or its time is over.
fn next(words: &Receiver<Word>, deadline: Monotonic, watch: &SystemClock) -> Result<Word, RecvTimeoutError> {
    words.recv_timeout(deadline.since(watch.monotonic()))
}
