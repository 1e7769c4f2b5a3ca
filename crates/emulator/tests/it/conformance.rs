//! Two official clients, unmodified, and ours drive the same calls; every answer must be the same. They are Node's (npm
//! `aliyun-api-gateway`) and Python's (PyPI `alibabacloud-iot-api-gateway`), which sign different headers under
//! different types of content. Needs Node or Python, and gets the packages that `tests/conformance` names; says so when
//! one has to be left out.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use vestibule_domain::{Clock as _, SystemClock};
use vestibule_emulator::Emulator;
use vestibule_gateway::endpoint::ENDPOINTS;
use vestibule_gateway::{Client, HttpConfig, Options};

use crate::world::{ALICE, KEY, SECRET, any_call, config, credential};

/// A call, with what to do to its answer before the two are compared.
fn calls() -> Vec<(&'static str, Value)> {
    let zone = config().zone;
    let now = vestibule_domain::Clock::now(&SystemClock::new());
    let at = |hours: u64| zone.wall(now.plus(std::time::Duration::from_secs(hours * 3600)));
    let card = |door: &str| json!({"identityId": ALICE, "iotId": door, "cardId": "3d8deae9402d38adfji38", "expiryTime": at(9)});
    vec![
        ("/entrance/paas/user/modify", json!({"identityId": ALICE, "name": "王先生", "extInfo": {}})),
        ("/entrance/paas/user/modify", json!({"identityId": ALICE, "extInfo": "{\"备注\":\"三号楼\"}"})),
        ("/entrance/paas/user/modify", json!({"identityId": "nameless"})),
        ("/entrance/paas/user/get", json!({"identityId": ALICE})),
        ("/entrance/paas/user/query", json!({"pageSize": 10, "pageNo": 1})),
        ("/entrance/paas/user/query", json!({"pageSize": 101, "pageNo": 1})),
        ("/homelink/common/qrcode/generate", json!({"identityId": ALICE})),
        ("/homelink/common/qrcode/generate", json!({"identityId": ALICE, "codeLength": 12})),
        ("/homelink/common/qrcode/generate", json!({"identityId": "nobody"})),
        (
            "/entrance/paas/perm/qrcode/config",
            json!({"qrCode": "24DD9END8CD3", "identityId": ALICE, "iotIds": ["gate", "nowhere"], "effectiveTime": at(0), "expiryTime": at(8), "maxScanTimes": 2, "maxScanScope": "SHARE"}),
        ),
        (
            "/entrance/paas/perm/qrcode/remove",
            json!({"qrCode": "24DD9END8CD3", "identityId": ALICE, "iotIds": ["gate"]}),
        ),
        (
            "/entrance/paas/perm/qrcode/generate",
            json!({"identityId": ALICE, "iotIds": ["gate"], "expiryTime": at(8)}),
        ),
        (
            "/entrance/paas/perm/qrcode/generate",
            json!({"identityId": ALICE, "iotIds": ["gate"], "expiryTime": at(48)}),
        ),
        ("/entrance/paas/perm/card/batchmodify", json!({"cards": [card("gate"), card("nowhere")]})),
        ("/entrance/paas/user/perm/query", json!({"identityId": ALICE, "iotIds": ["gate", "lobby"]})),
        ("/entrance/paas/device/perm/query", json!({"iotId": "gate", "pageSize": 10, "pageNo": 1})),
        ("/entrance/paas/perm/card/batchdelete", json!({"list": [card("gate")]})),
        (
            "/entrance/paas/perm/passwd/modify",
            json!({"identityId": ALICE, "passwords": [{"iotId": "gate", "password": "a2d34f84dfafe", "number": "030", "expiryDate": at(8)}, {"iotId": "nowhere", "password": "1"}]}),
        ),
        ("/entrance/paas/keepopen/set", json!({"iotId": "gate", "keepOpen": true})),
        ("/entrance/paas/keepopen/get", json!({"iotId": "gate"})),
        ("/cloud/thing/service/invoke", json!({"identifier": "remoteOpen", "iotId": "gate", "args": {}})),
        ("/cloud/thing/service/invoke", json!({"identifier": "remoteOpen", "iotId": "nowhere", "args": {}})),
        ("/entrance/paas/user/delete", json!({"identityId": ALICE})),
        ("/entrance/paas/user/get", json!({"identityId": ALICE})),
        ("/entrance/paas/user/query", json!({"pageSize": "many", "pageNo": 1})),
    ]
}

fn version(path: &str) -> &'static str {
    ENDPOINTS.iter().find(|entry| entry.path == path).map_or("1.0.0", |entry| entry.version)
}

/// Where the official clients and the programs that drive them are.
fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance"))
}

fn run(program: impl AsRef<OsStr>, arguments: &[&str]) {
    let done = Command::new(program.as_ref()).args(arguments).current_dir(folder()).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Whether this machine has it.
fn has(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_node_client_and_ours_get_the_same_answers() {
    if !has("node", &["--version"]) {
        eprintln!("LEFT OUT: Node is not installed, so its official client could not drive the emulator");
        return;
    }
    if !folder().join("node_modules/aliyun-api-gateway").is_dir() {
        run("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    }
    agrees("node".into(), "drive.mjs").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_python_client_and_ours_get_the_same_answers() {
    if !has("python3", &["-c", "import venv, ensurepip"]) {
        eprintln!("LEFT OUT: Python is not installed, so its official client could not drive the emulator");
        return;
    }
    // Not beside the driver: a tree of foreign programs is no source of ours.
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("official-python");
    let python = home.join("bin/python");
    // The last thing that is written says that the others are there.
    let ready = home.join("ready");
    if !ready.is_file() {
        run("python3", &["-m", "venv", "--clear", &home.display().to_string()]);
        run(&python, &["-m", "pip", "install", "--quiet", "--requirement", "requirements.txt"]);
        std::fs::write(ready, "").unwrap();
    }
    agrees(python, "drive.py").await;
}

async fn agrees(program: PathBuf, driver: &'static str) {
    let calls = calls();
    for entry in &ENDPOINTS {
        assert!(calls.iter().any(|(path, _)| *path == entry.path), "{} is not driven", entry.path);
    }
    let theirs = official(program, driver, &calls).await;
    let ours = own(&calls).await;
    assert_eq!(theirs.len(), calls.len());
    for (((path, params), theirs), ours) in calls.iter().zip(theirs).zip(ours) {
        assert_eq!(theirs, ours, "{path} {params}");
    }
}

/// Two emulators of one seed answer alike.
async fn emulator() -> (Emulator, vestibule_emulator::Server) {
    let emulator = Emulator::new(config(), Arc::new(SystemClock::new()));
    let server = emulator.serve("127.0.0.1:0".parse().unwrap()).await.unwrap();
    (emulator, server)
}

async fn official(program: PathBuf, driver: &'static str, calls: &[(&'static str, Value)]) -> Vec<Value> {
    let (emulator, server) = emulator().await;
    let types = ["application/json", "application/octet-stream", "application/octet-stream; charset=utf-8"];
    let mut lines = String::new();
    for (number, (path, params)) in calls.iter().enumerate() {
        let call = json!({"path": path, "apiVer": version(path), "params": params, "contentType": types[number % 3]});
        lines.push_str(&format!("{call}\n"));
    }
    let url = server.url();
    let output = tokio::task::spawn_blocking(move || {
        let mut process = Command::new(program)
            .env("NO_PROXY", "127.0.0.1")
            .args([driver, &url, KEY, SECRET])
            .current_dir(folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        process.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        process.wait_with_output().unwrap()
    });
    let output = output.await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(emulator.door("gate").unwrap().opened, 1);
    assert!(emulator.calls().iter().all(|call| call.rejected.is_none()), "{:?}", emulator.calls());
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

async fn own(calls: &[(&'static str, Value)]) -> Vec<Value> {
    let (emulator, server) = emulator().await;
    let http = HttpConfig::at(server.url());
    let clock = Arc::new(SystemClock::new());
    let soon = clock.monotonic().plus(Duration::from_secs(60));
    let client = Client::over_http(&http, credential(), clock, Options::default()).unwrap();
    let mut answers = Vec::new();
    for (path, params) in calls {
        let mut answer = any_call(&client, path, params.clone(), soon).await.unwrap().json().unwrap();
        answer.as_object_mut().unwrap().remove("id").expect("the id comes back");
        answers.push(answer);
    }
    assert_eq!(emulator.door("gate").unwrap().opened, 1);
    answers
}
