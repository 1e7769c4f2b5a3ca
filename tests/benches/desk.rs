//! The desk against the disk and the gateway, as ratios to a baseline of the same run: a virtual machine's disk and
//! neighbours make any absolute figure a matter of luck. Slices of both are taken in turn.
//!
//! `cargo bench -p vestibule-journeys --bench desk [-- registration drain start lookup verdict ready]`; the large ones
//! take a ledger of a million passes, and `lookup` one of ten.

#![expect(clippy::disallowed_methods, reason = "a bench measures real time")]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program of the terminal, for us")]

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use tempfile::TempDir;
use vestibule_desk::{Desk, Language, RegisterForm, Settings, Station};
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

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|word| word == name);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    if wanted("registration") {
        registration();
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
fn registration() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), now()).unwrap().store;
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
            "durable registration, {name}: {rate:.0}/s, p50 {:.2} ms, p99 {:.2} ms; raw 4 KiB overwrite {base:.0}/s; ratio {:.2}",
            at(times, 500),
            at(times, 990),
            rate / base
        );
    }
}

fn settings() -> Settings {
    Settings::demo(Station::Reception, Language::English)
}

struct Lobby {
    desk: Desk,
    client: Client,
    _server: vestibule_emulator::Server,
}

/// A desk over a socket to an emulator in this process.
async fn lobby(folder: &Path) -> Lobby {
    let settings = settings();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let config = EmulatorConfig {
        app_key: settings.gateway.app_key.clone(),
        app_secret: settings.gateway.app_secret.clone(),
        doors: settings.doors.iter().map(|door| (door.id.0.clone(), door.name.clone())).collect(),
        ..EmulatorConfig::default()
    };
    let emulator = Emulator::new(config, Arc::clone(&clock));
    let server = emulator.serve(([127, 0, 0, 1], 0).into()).await.unwrap();
    let address = server.address();
    let credential =
        || Credential::new(settings.gateway.app_key.clone(), settings.gateway.app_secret.clone());
    let http = HttpConfig::at(format!("http://{address}"));
    let client = || Client::over_http(&http, credential(), Arc::clone(&clock), Options::default()).unwrap();
    let store = Store::open(folder, clock.now()).unwrap().store;
    let desk = Desk::start(store, client(), Arc::clone(&clock), settings.clone());
    Lobby { desk, client: client(), _server: server }
}

fn form(n: usize) -> RegisterForm {
    RegisterForm {
        form: uuid::Uuid::new_v4().to_string(),
        name: format!("Visitor {n}"),
        phone: "13800005678".to_owned(),
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

/// Fills a ledger quickly, past the store: what counts is what is there afterwards.
fn fill(folder: &Path, passes: usize, queued: usize) {
    drop(Store::open(folder, now()).unwrap());
    let file = rusqlite::Connection::open(folder.join("vestibule.db")).unwrap();
    file.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; BEGIN").unwrap();
    let at = now().0;
    {
        let mut visitor =
            file.prepare("INSERT INTO visitor VALUES (?1, ?2, 'Visitor', '13800005678', ?3)").unwrap();
        let mut visit = file.prepare("INSERT INTO visit VALUES (?1, ?2, '', ?3, ?4, NULL)").unwrap();
        let mut pass = file
            .prepare(
                "INSERT INTO pass VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 10, 'eachDoor', 'active', ?6, NULL, ?6, NULL, 0)",
            )
            .unwrap();
        let mut door =
            file.prepare("INSERT INTO pass_door VALUES (?1, 'demo-lift', 0, 'ready', NULL)").unwrap();
        for n in 0..passes {
            let id = |kind: u32| uuid::Uuid::from_u128((u128::from(kind) << 64) | n as u128).to_string();
            // A year of visits, of which the newest are today's.
            let came = at - 1000 * (passes - n) as i64;
            visitor.execute((id(1), id(2), came)).unwrap();
            visit.execute((id(3), id(1), id(4), came)).unwrap();
            pass.execute((id(5), id(1), id(3), code(n), short(n), came, at + 3_600_000)).unwrap();
            door.execute([id(5)]).unwrap();
        }
        let mut row = file
            .prepare(
                "INSERT INTO outbox (lane, after, kind, version, subject, urgent, state, epoch, taken, attempts, held,
                                     created_at, next_try_at, not_after, last_answer)
                 VALUES (?1, NULL, 'registerVisitor', 1, ?1, 0, 'waiting', NULL, 0, 0, 0, ?2, ?3, NULL, NULL)",
            )
            .unwrap();
        for n in 0..queued {
            row.execute((format!("visitor:{n}"), at, at + 86_400_000)).unwrap();
        }
    }
    file.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
}

fn code(n: usize) -> String {
    // Spread over the index, as real codes are.
    format!("{:016X}", (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

fn short(n: usize) -> String {
    format!("{n:08}")
}

async fn ledgers(wanted: &impl Fn(&str) -> bool) {
    let small = tempfile::tempdir().unwrap();
    fill(small.path(), 0, 0);
    if wanted("start") || wanted("ready") || wanted("verdict") {
        let large = tempfile::tempdir().unwrap();
        fill(large.path(), 1_000_000, 100_000);
        if wanted("start") || wanted("ready") {
            starts(&small, &large);
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
        let code = PassCode::from_service(code(n));
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

async fn verdicts(folder: &Path) {
    let lobby = lobby(folder).await;
    let mut times = Vec::new();
    for round in 0..20_000_usize {
        let n = (round.wrapping_mul(7_919) * 104_729) % 1_000_000;
        let begun = Instant::now();
        lobby.desk.verify(&code(n)).unwrap();
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    println!(
        "verdict from a ledger of 1,000,000 passes: p50 {:.3} ms, p99 {:.3} ms",
        at(&mut times, 500),
        at(&mut times, 990)
    );
}
