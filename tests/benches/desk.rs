//! The desk against the disk and the gateway, as ratios to a baseline of the same run: a virtual machine's disk and
//! neighbours make any absolute figure a matter of luck. Slices of both are taken in turn.
//!
//! `cargo bench -p vestibule-journeys --bench desk [-- registration drain start lookup verdict ready soak purge]`; the large
//! ones take a ledger of a million passes, and `lookup` one of ten: some five gigabytes for some minutes.

#![expect(clippy::disallowed_methods, reason = "a bench measures real time")]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program of the terminal, for us")]

use std::fs::File;
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use tempfile::TempDir;
use vestibule_desk::seal::Seal;
use vestibule_desk::{Desk, Language, PurgeScope, RegisterForm, Settings, Station};
use vestibule_domain::pass::{ScanLimit, ScanScope};
use vestibule_domain::visitor::introduce;
use vestibule_domain::{
    Clock, DoorId, IdentityId, PassCode, PassId, ShortCode, SystemClock, UtcMillis, VisitId, VisitorId,
    Window,
};
use vestibule_emulator::{Emulator, EmulatorConfig};
use vestibule_gateway::endpoint::user;
use vestibule_gateway::{Client, Credential, HttpConfig, Options};
use vestibule_store::{Details, NewPass, NewVisit, Store, Visit};

const SLICE: Duration = Duration::from_millis(250);
const SLICES: usize = 12;
/// Passes in the large ledger.
const LEDGER: usize = 1_000_000;

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|word| word == name);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if let [role, folder] = &asked[..]
        && let Some(role) = role.strip_prefix("as:")
    {
        runtime.block_on(play(role, Path::new(folder)));
        return;
    }
    if wanted("registration") {
        registration(false);
        registration(true);
    }
    if wanted("purge") {
        runtime.block_on(purge());
    }
    if wanted("soak") {
        runtime.block_on(soak());
    }
    if wanted("drain") {
        runtime.block_on(drain());
    }
    if wanted("start") || wanted("lookup") || wanted("verdict") || wanted("ready") {
        runtime.block_on(ledgers(&wanted));
    }
}

fn now() -> UtcMillis {
    SystemClock::new().now()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn at(values: &mut [f64], permille: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() * permille / 1000).min(values.len() - 1)]
}

/// A visit, with or without a pass.
fn visit(with_pass: bool) -> NewVisit {
    let at = now();
    let (id, visitor) = (VisitId::new(at), VisitorId::new(at));
    let pass = NewPass {
        id: PassId::new(at),
        visitor,
        visit: id,
        short_code: ShortCode::random(),
        window: Window { from: at, until: at.plus(Duration::from_secs(8 * 3600)) },
        limit: ScanLimit { times: 10, scope: ScanScope::EachDoor },
        doors: ["a", "b", "c"].map(|door| DoorId(door.to_owned())).to_vec(),
        at,
    };
    NewVisit {
        id,
        visitor,
        identity: IdentityId::random(),
        introduction: introduce("王小明", "13800005678", "李经理").unwrap(),
        form: uuid::Uuid::new_v4().to_string(),
        at,
        pass: with_pass.then_some(pass),
        spare: None,
        details: Details::default(),
    }
}

/// How often a second, and how long each takes in milliseconds.
fn slice(times: &mut Vec<f64>, mut what: impl FnMut()) -> f64 {
    let begun = Instant::now();
    let mut done = 0_u32;
    while begun.elapsed() < SLICE {
        let one = Instant::now();
        what();
        times.push(one.elapsed().as_secs_f64() * 1000.0);
        done += 1;
    }
    f64::from(done) / begun.elapsed().as_secs_f64()
}

/// A durable registration against an overwrite of 4 KiB that is on the disk when it returns.
fn registration(sealed: bool) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), now()).unwrap().store;
    if sealed {
        store.seal_with(seal().vault_keys());
    }
    let mut raw = File::options()
        .create(true)
        .truncate(true)
        .read(true)
        .write(true)
        .open(folder.path().join("raw"))
        .unwrap();
    let page = vec![7_u8; 4096];
    raw.set_len(16 << 20).unwrap();
    for place in 0..4096 {
        raw.seek(SeekFrom::Start(place * 4096)).unwrap();
        raw.write_all(&page).unwrap();
    }
    raw.sync_all().unwrap();
    // Until the log is as long as it will be: from then on it is written over, as the baseline's file is.
    for _ in 0..2000 {
        store.register(&visit(true)).unwrap();
    }
    let (mut plain, mut whole, mut raws) = (Vec::new(), Vec::new(), Vec::new());
    let (mut plain_ms, mut whole_ms, mut raw_ms) = (Vec::new(), Vec::new(), Vec::new());
    let mut place = 0;
    for _ in 0..SLICES {
        raws.push(slice(&mut raw_ms, || {
            place = (place + 1) % 4096;
            raw.seek(SeekFrom::Start(place * 4096)).unwrap();
            raw.write_all(&page).unwrap();
            raw.sync_data().unwrap();
        }));
        plain.push(slice(&mut plain_ms, || {
            assert!(matches!(store.register(&visit(false)), Ok(Visit::New(_))))
        }));
        whole.push(slice(&mut whole_ms, || {
            assert!(matches!(store.register(&visit(true)), Ok(Visit::New(_))))
        }));
    }
    let base = median(&mut raws);
    for (name, rates, times) in [
        ("visitor", &mut plain, &mut plain_ms),
        ("visitor with a pass for three doors", &mut whole, &mut whole_ms),
    ] {
        let rate = median(rates);
        println!(
            "durable registration, {}, {name}: {rate:.0}/s, p50 {:.2} ms, p99 {:.2} ms; raw 4 KiB overwrite {base:.0}/s; ratio {:.2}",
            if sealed { "sealed" } else { "open" },
            at(times, 500),
            at(times, 990),
            rate / base
        );
    }
}

fn settings() -> Settings {
    let mut settings = Settings::demo(Station::Reception, Language::English);
    // The demo's are random, and two processes have to agree here.
    settings.gateway.app_key = "bench".to_owned();
    settings.gateway.app_secret = "bench".to_owned();
    settings.seal = Some(seal());
    settings.spare.size = 0;
    settings
}

fn seal() -> Seal {
    Seal::from_hex(&"7a".repeat(32)).unwrap()
}

struct Lobby {
    desk: Desk,
    client: Client,
    _server: vestibule_emulator::Server,
}

/// A gateway on a socket of this process.
async fn gateway() -> vestibule_emulator::Server {
    let settings = settings();
    let config = EmulatorConfig {
        app_key: settings.gateway.app_key.clone(),
        app_secret: settings.gateway.app_secret.clone(),
        doors: settings.doors.iter().map(|door| (door.id.0.clone(), door.name.clone())).collect(),
        ..EmulatorConfig::default()
    };
    Emulator::new(config, Arc::new(SystemClock::new())).serve(([127, 0, 0, 1], 0).into()).await.unwrap()
}

/// A desk over a socket to an emulator in this process.
async fn lobby(folder: &Path) -> Lobby {
    let server = gateway().await;
    let store = Store::open(folder, now()).unwrap().store;
    let (desk, client) = desk_with(store, &server.address().to_string());
    Lobby { desk, client, _server: server }
}

/// A desk of this process, and a client beside it.
fn desk_with(store: Store, address: &str) -> (Desk, Client) {
    let settings = settings();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let credential =
        || Credential::new(settings.gateway.app_key.clone(), settings.gateway.app_secret.clone());
    let http = HttpConfig::at(format!("http://{address}"));
    let client = || Client::over_http(&http, credential(), Arc::clone(&clock), Options::default()).unwrap();
    (Desk::start(store, client(), Arc::clone(&clock), settings.clone()), client())
}

/// What this program does as a process of its own: says one line when it is ready, and goes on until it is killed.
async fn play(role: &str, folder: &Path) {
    if role == "gateway" {
        let server = gateway().await;
        println!("{}", server.address());
        std::future::pending::<()>().await;
    }
    let lobby = lobby(folder).await;
    assert!(lobby.desk.speak().unwrap());
    lobby.desk.verify(&code(0, LEDGER)).unwrap();
    println!("ready");
    let desk = lobby.desk.clone();
    let work = tokio::spawn(async move { desk.run().await });
    for n in 0_usize.. {
        lobby.desk.add_visitor(&form(n)).unwrap();
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    work.await.unwrap();
}

struct Player {
    process: Child,
    line: String,
}

/// Another process of this program, when it has said its line.
fn player(role: &str, folder: &Path) -> Player {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args([&format!("as:{role}"), folder.to_str().unwrap()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(!line.is_empty(), "it ended before it was ready");
    Player { process, line: line.trim().to_owned() }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// A desk is killed at work, and another process is started that gives its first verdict: from the kill to the verdict.
fn ready(small: &Path, large: &Path) {
    let after_a_kill = |folder: &Path| {
        let desk = player("desk", folder);
        std::thread::sleep(Duration::from_millis(300));
        let begun = Instant::now();
        drop(desk);
        let next = player("desk", folder);
        let took = begun.elapsed().as_secs_f64() * 1000.0;
        drop(next);
        took
    };
    let (mut empty, mut full) = (Vec::new(), Vec::new());
    for _ in 0..7 {
        empty.push(after_a_kill(small));
        full.push(after_a_kill(large));
    }
    let (one, other, longest) = (median(&mut empty), median(&mut full), at(&mut full, 999));
    println!(
        "verifies again after a kill, 100,000 queued rows and 1,000,000 passes: {other:.0} ms; with none {one:.0} ms; ratio {:.2}; longest {longest:.0} ms",
        other / one
    );
    assert!(longest < 1500.0, "ready to serve within a second and a half");
}

/// How much memory this process has, in megabytes.
fn resident() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<f64>().unwrap() * 4096.0 / 1e6
}

/// A hundred thousand operations: visitors get a pass, are verified and signed out, and all of it is told. The gateway is another process,
/// since it remembers all of it.
async fn soak() {
    const OPERATIONS: usize = 100_000;
    const MOST_MB: f64 = 8.0;
    let folder = tempfile::tempdir().unwrap();
    let gateway = player("gateway", folder.path());
    let store = Store::open(folder.path(), now()).unwrap().store;
    // The pages it keeps in memory are bounded by a setting of ours, far above what a run like this fills.
    store.pragma_for_test("cache_size", -1024).unwrap();
    let (desk, _) = desk_with(store, &gateway.line);
    assert!(desk.speak().unwrap());
    let (mut done, mut first) = (0, None);
    while done < OPERATIONS {
        let passes: Vec<_> = (0..50).map(|n| desk.register(&form(n)).unwrap()).collect();
        desk.drain().await;
        for pass in &passes {
            let short = desk.pass(pass.id).unwrap().short_code;
            desk.verify(&short).unwrap();
            desk.sign_out(pass.visit).unwrap();
        }
        desk.drain().await;
        let status = desk.status().unwrap();
        assert_eq!((status.waiting, status.wedged), (0, 0), "everything was told");
        // A visitor, verified and signed out; and the person, the code, the grant and the removal told.
        done += passes.len() * 7;
        if first.is_none() && done * 4 > OPERATIONS {
            first = Some(resident());
        }
    }
    let (before, after) = (first.unwrap(), resident());
    println!(
        "soak of {OPERATIONS} operations: {before:.1} MB after a quarter, {after:.1} MB at the end; ratio {:.2}",
        after / before
    );
    assert!(after - before < MOST_MB, "memory grows");
}

fn form(n: usize) -> RegisterForm {
    RegisterForm {
        form: uuid::Uuid::new_v4().to_string(),
        name: format!("Visitor {n}"),
        phone: format!("138{n:08}"),
        host: String::new(),
        ..RegisterForm::default()
    }
}

/// What was queued during an outage, against the same calls sent by the bare client with as many at once.
async fn drain() {
    const ROWS: usize = 10_000;
    const AT_ONCE: usize = 8;
    let folder = tempfile::tempdir().unwrap();
    let lobby = lobby(folder.path()).await;
    assert!(lobby.desk.speak().unwrap());
    let mut ratios = Vec::new();
    for round in 0..3 {
        for n in 0..ROWS {
            lobby.desk.add_visitor(&form(n)).unwrap();
        }
        let begun = Instant::now();
        lobby.desk.drain().await;
        let desk = begun.elapsed().as_secs_f64();
        assert_eq!(lobby.desk.status().unwrap().waiting, 0);
        let begun = Instant::now();
        let calls = (0..ROWS).map(|n| {
            let client = &lobby.client;
            async move {
                let person = user::modify::Params {
                    identity_id: IdentityId(format!("{round}-{n}")),
                    name: Some("访客 7F3K2".to_owned()),
                    ext_info: Some(vestibule_gateway::endpoint::person::ExtInfo("{}".to_owned())),
                };
                client.send::<user::modify::Modify>(&person).await.unwrap();
            }
        });
        futures_util::stream::iter(calls).buffer_unordered(AT_ONCE).for_each(|()| async {}).await;
        let bare = begun.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "ten thousand")]
        let rows = ROWS as f64;
        println!(
            "drain of {ROWS}: {:.0}/s; bare client {:.0}/s; ratio {:.2}",
            rows / desk,
            rows / bare,
            bare / desk
        );
        ratios.push(bare / desk);
    }
    println!("drain: median ratio {:.2}", median(&mut ratios));
}

/// Fills a ledger quickly, past the store: what counts is what is there afterwards. Every hundred passes are of one
/// visit, which keeps ten million of them below six gigabytes.
fn fill(folder: &Path, passes: usize, queued: usize) {
    drop(Store::open(folder, now()).unwrap());
    let file = rusqlite::Connection::open(folder.join("vestibule.db")).unwrap();
    file.execute_batch(
        "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -262144; BEGIN",
    )
    .unwrap();
    let at = now().0;
    {
        let mut visitor = file
            .prepare(
                "INSERT INTO visitor (id, identity, about, phone, created_at)
                 VALUES (?1, ?2, CAST('{\"name\":\"Visitor\",\"phone\":\"13800005678\"}' AS BLOB),
                         CAST('13800005678' AS BLOB), ?3)",
            )
            .unwrap();
        let mut visit = file
            .prepare("INSERT INTO visit (id, visitor, host, form, came_at) VALUES (?1, ?2, x'', ?3, ?4)")
            .unwrap();
        let mut pass = file
            .prepare(
                "INSERT INTO pass (id, visitor, visit, code, code_index, short_code, short_index, starts_at, ends_at,
                                   scan_times, scan_scope, state, issued_at, first_seen_at)
                 VALUES (?1, ?2, ?3, CAST(?4 AS BLOB), CAST(?4 AS BLOB), CAST(?5 AS BLOB), CAST(?5 AS BLOB), ?6, ?7,
                         10, 'eachDoor', 'active', ?6, ?6)",
            )
            .unwrap();
        let mut door =
            file.prepare("INSERT INTO pass_door VALUES (?1, 'demo-lift', 0, 'ready', NULL)").unwrap();
        for n in 0..passes {
            let id =
                |kind: u32, n: usize| uuid::Uuid::from_u128((n as u128) << 64 | u128::from(kind)).to_string();
            // The newest are today's.
            let came = at - 1000 * (passes - n) as i64;
            let group = n / 100;
            if n % 100 == 0 {
                visitor.execute((id(1, group), id(2, group), came)).unwrap();
                visit.execute((id(3, group), id(1, group), id(4, group), came)).unwrap();
            }
            let (id, visitor, visit) = (id(5, n), id(1, group), id(3, group));
            pass.execute((&id, visitor, visit, code(n, passes), short(n), came, at + 3_600_000)).unwrap();
            door.execute([id]).unwrap();
        }
        let mut row = file
            .prepare(
                "INSERT INTO outbox (lane, after, kind, version, subject, urgent, state, epoch, taken, attempts, held,
                                     created_at, next_try_at, not_after, last_answer)
                 VALUES (?1, NULL, 'registerVisitor', 1, ?1, 0, 'waiting', NULL, 0, 0, 0, ?2, ?3, NULL, NULL)",
            )
            .unwrap();
        for n in 0..queued {
            row.execute((format!("visitor:{n}"), at, at)).unwrap();
        }
    }
    file.execute_batch("COMMIT; PRAGMA journal_mode = WAL").unwrap();
}

/// Spread over all codes, and added in their order, which is quick; looked up they are in none.
fn code(n: usize, passes: usize) -> String {
    format!("{:016X}", (u64::MAX / passes as u64) * n as u64)
}

fn short(n: usize) -> String {
    format!("{n:08}")
}

async fn ledgers(wanted: &impl Fn(&str) -> bool) {
    let small = tempfile::tempdir().unwrap();
    fill(small.path(), 0, 0);
    if wanted("start") || wanted("ready") || wanted("verdict") {
        let large = tempfile::tempdir().unwrap();
        fill(large.path(), LEDGER, 100_000);
        if wanted("verdict") {
            seal_all(large.path());
        }
        if wanted("start") {
            starts(&small, &large);
        }
        if wanted("ready") {
            ready(small.path(), large.path());
        }
        if wanted("verdict") {
            verdicts(large.path()).await;
        }
    }
    if wanted("lookup") {
        let (hundred, ten) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fill(hundred.path(), 100_000, 0);
        fill(ten.path(), 10_000_000, 0);
        lookups(hundred.path(), 100_000, ten.path(), 10_000_000);
    }
}

/// From nothing to a store that is open, spoken for and has answered.
fn start(folder: &Path) -> f64 {
    let begun = Instant::now();
    let store = Store::open(folder, now()).unwrap().store;
    let lease = store.take_lease(now()).unwrap().unwrap();
    store.tally(now()).unwrap();
    let _ = store.take_due(&lease, now(), now(), 8).unwrap();
    begun.elapsed().as_secs_f64() * 1000.0
}

fn starts(small: &TempDir, large: &TempDir) {
    let (mut empty, mut full) = (Vec::new(), Vec::new());
    for _ in 0..15 {
        empty.push(start(small.path()));
        full.push(start(large.path()));
    }
    let (one, other) = (median(&mut empty), median(&mut full));
    println!(
        "start with 100,000 queued rows and 1,000,000 passes: {other:.1} ms; with none {one:.1} ms; ratio {:.2}; longest {:.1} ms",
        other / one,
        at(&mut full, 999)
    );
}

fn lookup(folder: &Path, passes: usize) -> (f64, f64) {
    let store = Store::open(folder, now()).unwrap().store;
    let mut times = Vec::new();
    for round in 0..60_000_usize {
        let n = (round.wrapping_mul(7_919) * 104_729) % passes;
        let code = PassCode::from_service(code(n, passes));
        let begun = Instant::now();
        let found = store.pass_by_code(&code).unwrap();
        let took = begun.elapsed().as_secs_f64() * 1e6;
        assert!(found.is_some());
        if round >= 30_000 {
            times.push(took);
        }
    }
    (at(&mut times, 500), at(&mut times, 990))
}

fn lookups(hundred: &Path, few: usize, ten: &Path, many: usize) {
    let (small, _) = lookup(hundred, few);
    let (large, p99) = lookup(ten, many);
    println!(
        "a pass looked up among {many}: p50 {large:.1} µs, p99 {p99:.1} µs; among {few}: p50 {small:.1} µs; ratio {:.2}",
        large / small
    );
}

/// What was there before the key, sealed as at a start.
fn seal_all(folder: &Path) {
    let store = Store::open(folder, now()).unwrap().store;
    store.seal_with(seal().vault_keys());
    let begun = Instant::now();
    let mut longest = 0.0_f64;
    loop {
        let step = Instant::now();
        if !store.seal_some(100).unwrap() {
            break;
        }
        longest = longest.max(step.elapsed().as_secs_f64() * 1000.0);
    }
    println!(
        "1,000,000 passes of before the key sealed: {:.1} s, longest step {longest:.1} ms",
        begun.elapsed().as_secs_f64()
    );
}

/// Ten thousand visitors are purged while passes of others are judged, and let in.
async fn purge() {
    const VISITORS: usize = 10_000;
    const OTHERS: usize = 1_000;
    let folder = tempfile::tempdir().unwrap();
    let lobby = lobby(folder.path()).await;
    assert!(lobby.desk.speak().unwrap());
    let old = now().minus(Duration::from_secs(60 * 24 * 3600));
    let mut shorts = Vec::new();
    {
        let store = Store::open(folder.path(), now()).unwrap().store;
        store.seal_with(seal().vault_keys());
        store.pragma_for_test("synchronous", 0).unwrap();
        for n in 0..VISITORS + OTHERS {
            let mut new = visit(true);
            if n < VISITORS {
                new.at = old;
                let pass = new.pass.as_mut().unwrap();
                pass.window = Window { from: old, until: old.plus(Duration::from_secs(8 * 3600)) };
            } else {
                shorts.push(new.pass.as_ref().unwrap().short_code.clone());
            }
            store.register(&new).unwrap();
            store
                .keep_code(new.pass.as_ref().unwrap().id, &PassCode::from_service(code(n, VISITORS + OTHERS)))
                .unwrap();
        }
    }
    let desk = lobby.desk.clone();
    let before = now().minus(Duration::from_secs(30 * 24 * 3600));
    let mut quiet = Vec::new();
    for short in shorts.iter().take(OTHERS / 2) {
        let begun = Instant::now();
        desk.verify(short.reveal()).unwrap();
        quiet.push(begun.elapsed().as_secs_f64() * 1000.0);
        std::thread::sleep(Duration::from_millis(4));
    }
    let purging = std::thread::spawn(move || {
        let begun = Instant::now();
        let report = desk.purge(PurgeScope::Before(before), false).unwrap();
        assert_eq!(report.visitors, VISITORS);
        begun.elapsed().as_secs_f64()
    });
    let (mut times, mut asked) = (Vec::new(), 0);
    while !purging.is_finished() {
        let begun = Instant::now();
        lobby.desk.verify(shorts[asked % OTHERS].reveal()).unwrap();
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        asked += 1;
        std::thread::sleep(Duration::from_millis(4));
    }
    println!(
        "purge of {VISITORS} visitors: {:.2} s; verdicts meanwhile: p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms of {asked}; before: p50 {:.2} ms, longest {:.2} ms",
        purging.join().unwrap(),
        at(&mut times, 500),
        at(&mut times, 990),
        at(&mut times, 999),
        at(&mut quiet, 500),
        at(&mut quiet, 999)
    );
}

async fn verdicts(folder: &Path) {
    let lobby = lobby(folder).await;
    let mut times = Vec::new();
    for round in 0..20_000_usize {
        let n = (round.wrapping_mul(7_919) * 104_729) % LEDGER;
        let begun = Instant::now();
        lobby.desk.verify(&code(n, LEDGER)).unwrap();
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    println!(
        "verdict from a ledger of 1,000,000 passes: p50 {:.3} ms, p99 {:.3} ms",
        at(&mut times, 500),
        at(&mut times, 990)
    );
}
