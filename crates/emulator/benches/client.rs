//! The client against bare loops that post bytes which were signed beforehand: the same requests, one keep-alive
//! connection, the same emulator, turn and turn about in one run. Goal: at least 0.9 of reqwest's rate (a connection of
//! hyper's with nothing around it is printed beside it), and for 100,000 cards at least 0.9 with less than 64 MiB more
//! memory at the peak. There, what the client does more than the loop is mostly the hash of 118 kB: it hides behind the
//! emulator's work only where a core is free, so the processor time is printed too.
//!
//! Prints a line a figure; `cargo bench -p vestibule-emulator --bench client`.

#![expect(clippy::disallowed_methods, reason = "a bench measures real time")]

use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::HeaderMap;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use vestibule_domain::{Clock as _, DoorId, IdentityId, SystemClock};
use vestibule_emulator::{Behaviour, Emulator, EmulatorConfig, FaultKind, Server, Trouble};
use vestibule_gateway::batch::{BatchOptions, RowOutcome, RowReport};
use vestibule_gateway::endpoint::answer::CardRight;
use vestibule_gateway::endpoint::card::batchmodify::BatchModify;
use vestibule_gateway::endpoint::user;
use vestibule_gateway::signature::{self, Profile};
use vestibule_gateway::{Client, Credential, HttpConfig, Options};

const ROUNDS: usize = 45;
const CALLS: usize = 500;
const CARDS: usize = 100_000;
const SLICES: usize = 25;
const SLICE: usize = 20_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    // In a task, where the product makes its calls. The thread in `block_on` is none of the runtime's workers: each
    // answer would have to wake another thread, and 5 µs of work between two calls cost 17 µs (measured with a busy wait in the bare loop).
    let task = runtime.spawn(async {
        single_calls().await;
        cards().await;
    });
    runtime.block_on(task).expect("no panic");
}

fn say(words: &str) {
    writeln!(std::io::stdout(), "{words}").expect("somebody listens");
}

fn credential() -> Credential {
    Credential::new("60030600", "emulator-secret".into())
}

async fn emulator() -> (Emulator, Server, Client) {
    let config =
        EmulatorConfig { behaviour: Behaviour::default(), seed: Some(1), ..EmulatorConfig::default() };
    let emulator = Emulator::new(config, Arc::new(SystemClock::new()));
    let server = emulator.serve("127.0.0.1:0".parse().expect("an address")).await.expect("a free port");
    let http = HttpConfig::at(server.url());
    let client = Client::over_http(&http, credential(), Arc::new(SystemClock::new()), Options::default())
        .expect("a client");
    let params =
        user::modify::Params { identity_id: IdentityId("p".into()), name: Some("n".into()), ext_info: None };
    client.send::<user::modify::Modify>(&params).await.expect("a person");
    (emulator, server, client)
}

fn bare(timeout: Option<Duration>) -> reqwest::Client {
    let builder = match timeout {
        Some(timeout) => reqwest::Client::builder().timeout(timeout),
        None => reqwest::Client::builder(),
    };
    builder
        .no_proxy()
        .http1_only()
        .tcp_nodelay(true)
        .tls_backend_preconfigured(nobody_trusted())
        .build()
        .expect("a bare client")
}

fn nobody_trusted() -> rustls::ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has them")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

/// Requests signed beforehand, as many as asked.
fn presigned(path: &str, version: &str, params: &[String]) -> Vec<(HeaderMap, Bytes)> {
    let now = SystemClock::new().now();
    let one = |params: &String| {
        let id = uuid::Uuid::new_v4();
        let body = format!(
            r#"{{"id":"{id}","version":"1.0","request":{{"apiVer":"{version}"}},"params":{params}}}"#
        );
        let nonce = uuid::Uuid::new_v4().to_string();
        let profile = Profile { stage: "RELEASE", time: now, nonce: &nonce };
        let headers =
            signature::sign_request(&credential(), path, body.as_bytes(), &profile).expect("headers");
        (headers, Bytes::from(body))
    };
    params.iter().map(one).collect()
}

async fn post(bare: &reqwest::Client, url: &str, (headers, body): (HeaderMap, Bytes)) -> Bytes {
    let answer = bare.post(url).headers(headers).body(body).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.bytes().await.expect("a body")
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// One connection of hyper's, with nothing around it.
async fn connection(server: &Server) -> http1::SendRequest<axum::body::Body> {
    let stream = tokio::net::TcpStream::connect(server.address()).await.expect("a connection");
    stream.set_nodelay(true).expect("a socket");
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.expect("HTTP/1.1");
    tokio::spawn(connection);
    sender
}

async fn post_on(
    connection: &mut http1::SendRequest<axum::body::Body>,
    path: &str,
    (headers, body): (HeaderMap, Bytes),
) -> Bytes {
    let mut request = http::Request::post(path).header("host", "x").body(body.into()).expect("a request");
    request.headers_mut().extend(headers);
    let answer = connection.send_request(request).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    axum::body::to_bytes(axum::body::Body::new(answer.into_body()), 1 << 20).await.expect("a body")
}

/// Four at once, a part each, turn and turn about: a loop of reqwest without any time-out, one with the client's
/// time-outs (each time-out wakes the runtime's timer), a loop on a bare connection of hyper, and the client.
async fn single_calls() {
    let (_emulator, server, client) = emulator().await;
    let path = "/entrance/paas/user/modify";
    let padding = "x".repeat(150);
    let params = user::modify::Params {
        identity_id: IdentityId("p".into()),
        name: Some(padding.clone()),
        ext_info: None,
    };
    let json = vec![format!(r#"{{"identityId":"p","name":"{padding}"}}"#); CALLS];
    let (plain, timed, url) =
        (bare(None), bare(Some(Duration::from_secs(12))), format!("{}{path}", server.url()));
    let rate = |begun: Instant| CALLS as f64 / begun.elapsed().as_secs_f64();
    let mut hyper = connection(&server).await;
    let mut rates = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        let mut of_round = [0.0; 4];
        for (bare, rate_of) in [&plain, &timed].into_iter().zip(&mut of_round) {
            let requests = presigned(path, "1.0.0", &json);
            let begun = Instant::now();
            for request in requests {
                post(bare, &url, request).await;
            }
            *rate_of = rate(begun);
        }
        let requests = presigned(path, "1.0.0", &json);
        let begun = Instant::now();
        for request in requests {
            post_on(&mut hyper, path, request).await;
        }
        of_round[2] = rate(begun);
        let begun = Instant::now();
        for _ in 0..CALLS {
            client.send::<user::modify::Modify>(&params).await.expect("an answer");
        }
        of_round[3] = rate(begun);
        if round > 0 {
            rates.iter_mut().zip(of_round).for_each(|(all, one)| all.push(one));
        }
    }
    let ratio =
        |to: usize| median(rates[3].iter().zip(&rates[to]).map(|(client, other)| client / other).collect());
    let (to_plain, to_timed, to_hyper) = (ratio(0), ratio(1), ratio(2));
    let [plain, timed, hyper, client] = rates.map(median);
    say(&format!(
        "one connection: reqwest loop {plain:.0}/s, with time-outs {timed:.0}/s, bare hyper {hyper:.0}/s, client {client:.0}/s"
    ));
    say(&format!(
        "one connection: client to reqwest loop {to_plain:.3}, to one with time-outs {to_timed:.3}, to bare hyper {to_hyper:.3}"
    ));
}

fn card(n: usize) -> CardRight {
    CardRight {
        iot_id: DoorId("emulator-turnstile".into()),
        expiry_time: Some("2030-03-04 18:00:00".into()),
        card_id: format!("{n:020}"),
        identity_id: IdentityId("p".into()),
    }
}

/// The peak of this process so far, in KiB (Linux).
fn peak_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The processor time of this process so far, all threads, in seconds (Linux).
fn processor_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or("");
    let ticks = fields.split(' ').skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

async fn cards() {
    let options =
        || BatchOptions { in_flight: 2, pause: Duration::from_millis(1), ..BatchOptions::default() };
    let (emulator, server, client) = emulator().await;
    let url = format!("{}/entrance/paas/perm/card/batchmodify", server.url());
    let script = || Trouble::none().and(FaultKind::FailRows { rows_permille: 10, once: true }.always());
    // The memory first. The emulator's own rows are in this process, so it is filled once before.
    drop(client.batch::<BatchModify, _>((0..CARDS).map(card), options()).map(drop).collect::<Vec<_>>().await);
    let before = peak_kib();
    emulator.set_trouble(script());
    let done = settled(&client, (0..CARDS).map(card), options()).await;
    assert_eq!(done, CARDS);
    say(&format!("100,000 cards: peak {} KiB above the start", peak_kib() - before));

    // In many short slices, turn and turn about, so that a machine that has other things to do disturbs both alike.
    let bare = bare(Some(Duration::from_secs(12)));
    let (mut loops, mut clients, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let (mut cpu_of_loop, mut cpu_of_client) = (0.0, 0.0);
    for round in 0..=SLICES {
        // Rows and bodies are made beforehand on both sides; the loop posts what the client posts, the second
        // sending of failed rows included.
        let rows: Vec<CardRight> = (0..SLICE).map(card).collect();
        emulator.set_trouble(script());
        let (begun, cpu) = (Instant::now(), processor_time());
        assert_eq!(settled(&client, rows, options()).await, SLICE);
        let of_client = SLICE as f64 / begun.elapsed().as_secs_f64();
        cpu_of_client += processor_time() - cpu;

        emulator.set_trouble(script());
        let requests = presigned("/entrance/paas/perm/card/batchmodify", "1.0.2", &bodies());
        let (begun, cpu) = (Instant::now(), processor_time());
        futures_util::stream::iter(requests)
            .map(|request| post(&bare, &url, request))
            .buffer_unordered(2)
            .for_each(|_| std::future::ready(()))
            .await;
        let of_loop = SLICE as f64 / begun.elapsed().as_secs_f64();
        cpu_of_loop += processor_time() - cpu;
        if round > 0 {
            ratios.push(of_client / of_loop);
            loops.push(of_loop);
            clients.push(of_client);
        }
    }
    let (loops, clients, ratio) = (median(loops), median(clients), median(ratios));
    say(&format!(
        "{SLICES} times {SLICE} cards, 1 % failing once: bare loop {loops:.0}/s, client {clients:.0}/s, ratio {ratio:.3}"
    ));
    say(&format!(
        "the same in processor time, emulator included: bare loop {cpu_of_loop:.2} s, client {cpu_of_client:.2} s, ratio {:.3}",
        cpu_of_loop / cpu_of_client
    ));
}

/// A thousand rows each, and after each the ten or so that fail.
fn bodies() -> Vec<String> {
    let body =
        |rows: Vec<CardRight>| format!(r#"{{"cards":{}}}"#, serde_json::to_string(&rows).expect("JSON"));
    let part = |part: usize| {
        let from = part * 1000;
        [body((from..from + 1000).map(card).collect()), body((from..from + 10).map(card).collect())]
    };
    (0..SLICE / 1000).flat_map(part).collect()
}

async fn settled<I>(client: &Client, rows: I, options: BatchOptions) -> usize
where
    I: IntoIterator<Item = CardRight>,
    I::IntoIter: Send,
{
    let reports = client.batch::<BatchModify, _>(rows, options);
    let count = |report: Vec<_>| {
        report.iter().filter(|row: &&RowReport<CardRight>| row.outcome == RowOutcome::Done).count()
    };
    reports.fold(0, |sum, report| std::future::ready(sum + count(report))).await
}
