//! The emulator under load: 100,000 people and 1,000 doors. Goals: 5,000 signed calls a second on two cores, the 99th
//! percentile under 5 ms, and with 1,000,000 card rights no slower than 1.5 times.
//!
//! Prints a line a figure; `cargo bench -p vestibule-emulator --bench load`.

#![expect(clippy::disallowed_methods, reason = "a bench measures real time")]

use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use vestibule_domain::{DoorId, IdentityId, PassCode, SystemClock};
use vestibule_emulator::{Emulator, EmulatorConfig};
use vestibule_gateway::batch::BatchOptions;
use vestibule_gateway::endpoint::answer::CardRight;
use vestibule_gateway::endpoint::card::batchmodify::BatchModify;
use vestibule_gateway::endpoint::{device, qrcode, user};
use vestibule_gateway::{Client, Credential, HttpConfig, Options};

const PEOPLE: usize = 100_000;
const DOORS: usize = 1_000;
const CALLS: usize = 20_000;
const AT_ONCE: usize = 8;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(run());
}

fn say(words: &str) {
    writeln!(std::io::stdout(), "{words}").expect("somebody listens");
}

fn person(n: usize) -> IdentityId {
    IdentityId(format!("person-{:06}", n % PEOPLE))
}

fn door(n: usize) -> DoorId {
    DoorId(format!("door-{:04}", n % DOORS))
}

async fn run() {
    let config = EmulatorConfig {
        doors: (0..DOORS).map(|n| (door(n).0, format!("Door {n}"))).collect(),
        seed: Some(1),
        ..EmulatorConfig::default()
    };
    let emulator = Emulator::new(config, Arc::new(SystemClock::new()));
    let credential = || Credential::new("60030600", "emulator-secret".into());
    let within =
        Client::new(emulator.transport(), credential(), Arc::new(SystemClock::new()), Options::default());
    for n in 0..PEOPLE {
        let params =
            user::modify::Params {
                identity_id: person(n), name: Some(format!("访客 {n}")), ext_info: None
            };
        within.send::<user::modify::Modify>(&params).await.expect("a person");
    }
    let server = emulator.serve("127.0.0.1:0".parse().expect("an address")).await.expect("a free port");
    let http = HttpConfig::at(server.url());
    let client = Client::over_http(&http, credential(), Arc::new(SystemClock::new()), Options::default());
    let client = client.expect("a client");

    measure(&client).await;
    let empty = measure(&client).await;
    say(&format!("0 rights: {:.0} calls/s, p50 {:.2} ms, p99 {:.2} ms", empty.0, empty.1, empty.2));
    let cards = (0..1_000_000).map(|n| CardRight {
        iot_id: door(n),
        expiry_time: Some("2030-03-04 18:00:00".into()),
        card_id: format!("card-{n}"),
        identity_id: person(n / 7),
    });
    let failed = within
        .batch::<BatchModify, _>(cards, BatchOptions { in_flight: 1, ..BatchOptions::default() })
        .fold(0, |sum, report| {
            std::future::ready(sum + report.iter().filter(|row| row.row.is_some()).count())
        })
        .await;
    assert_eq!(failed, 0);
    let full = measure(&client).await;
    say(&format!("1,000,000 rights: {:.0} calls/s, p50 {:.2} ms, p99 {:.2} ms", full.0, full.1, full.2));
    say(&format!("slower by {:.2} times", empty.0 / full.0));
}

/// A day at a desk in proportion: people, codes, rights, and lists. Client and emulator share the two cores.
async fn measure(client: &Client) -> (f64, f64, f64) {
    let begun = Instant::now();
    let mut took: Vec<Duration> = futures_util::stream::iter(0..CALLS)
        .map(|n| async move {
            let begun = Instant::now();
            match n % 5 {
                0 => {
                    let params = user::modify::Params {
                        identity_id: person(n * 31),
                        name: Some("访客".into()),
                        ext_info: None,
                    };
                    client.send::<user::modify::Modify>(&params).await.expect("modify");
                }
                1 => {
                    let params = user::get::Params { identity_id: person(n * 17) };
                    client.send::<user::get::Get>(&params).await.expect("get");
                }
                2 => {
                    let params = qrcode::config::Params {
                        qr_code: PassCode::from_service(format!("CODE{:012}", n % 500)),
                        identity_id: person(n * 13),
                        iot_ids: (0..3).map(|d| door(n + d)).collect(),
                        effective_time: None,
                        expiry_time: Some("2030-03-04 18:00:00".into()),
                        max_scan_times: Some(4),
                        max_scan_scope: None,
                    };
                    client.send::<qrcode::config::Config>(&params).await.expect("config");
                }
                3 => {
                    let params = user::perm_query::Params {
                        identity_id: person(n),
                        iot_ids: (0..5).map(|d| door(n + d)).collect(),
                    };
                    client.send::<user::perm_query::PermQuery>(&params).await.expect("rights");
                }
                _ => {
                    let params = device::perm_query::Params { iot_id: door(n), page_size: 10, page_no: 1 };
                    client.send::<device::perm_query::PermQuery>(&params).await.expect("page");
                }
            }
            begun.elapsed()
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let rate = CALLS as f64 / begun.elapsed().as_secs_f64();
    took.sort_unstable();
    let millis = |part: usize| took[took.len() * part / 100].as_secs_f64() * 1000.0;
    (rate, millis(50), millis(99))
}
