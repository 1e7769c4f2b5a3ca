//! The program: what it prints, what it refuses, and what it shows.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::world::{ALICE, World, window};

struct Program {
    child: Child,
    url: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule-emulator"));
    command
        .args(["--app-key", "K", "--app-secret", "S"])
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn start(args: &[&str]) -> Program {
    let mut child = command(args).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("listening on ").expect("the line it prints when ready").to_owned();
    Program { child, url }
}

fn refused(args: &[&str]) -> String {
    let output = command(args).output().unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty(), "nothing else goes to standard output");
    String::from_utf8(output.stderr).unwrap()
}

fn http() -> reqwest::Client {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder().no_proxy().tls_backend_preconfigured(tls).build().unwrap()
}

async fn get(url: &str) -> Value {
    serde_json::from_slice(&http().get(url).send().await.unwrap().bytes().await.unwrap()).unwrap()
}

async fn post(url: &str, body: Value) -> (u16, Value) {
    let request = http().post(url).header("content-type", "application/json").body(body.to_string());
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or(Value::Null))
}

#[tokio::test]
async fn it_says_where_it_listens_and_shows_its_doors() {
    let program = start(&["--listen", "127.0.0.1:0", "--door", "d1=大门", "--door", "d2=Side"]);
    assert!(program.url.starts_with("http://127.0.0.1:") && !program.url.ends_with(":0"));
    let doors = get(&format!("{}/_emulator/doors", program.url)).await;
    assert_eq!(
        (&doors[0]["iotId"], &doors[0]["name"], &doors[0]["opened"]),
        (&json!("d1"), &json!("大门"), &json!(0))
    );
    assert_eq!(doors.as_array().unwrap().len(), 2);

    let presented =
        post(&format!("{}/_emulator/present", program.url), json!({"iotId": "d1", "code": "X"})).await;
    assert_eq!(presented, (200, json!({"accepted": false, "why": "unknown"})));
    let script = json!({"faults": [{"kind": "slow", "ms": 5, "after": 0}]});
    assert_eq!(post(&format!("{}/_emulator/trouble", program.url), script.clone()).await, (200, script));
    let (status, _) =
        post(&format!("{}/_emulator/trouble", program.url), json!({"faults": [{"kind": "rain"}]})).await;
    assert_eq!(status, 422);
    assert_eq!(get(&format!("{}/_emulator/calls", program.url)).await, json!({"count": 0, "calls": []}));
    let door = post(
        &format!("{}/_emulator/door", program.url),
        json!({"iotId": "d2", "settings": {"online": false}}),
    )
    .await;
    assert_eq!(door.1["settings"]["online"], false);
    assert_eq!(post(&format!("{}/_emulator/door", program.url), json!({"iotId": "d9"})).await.0, 404);
    let page = http().get(format!("{}/_emulator", program.url)).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Vestibule emulator"));
}

#[tokio::test]
async fn it_remembers_in_its_file_across_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("emulator.jsonl");
    let args = ["--listen", "127.0.0.1:0", "--door", "d1=Gate", "--data", file.to_str().unwrap()];
    let program = start(&args);
    post(&format!("{}/_emulator/present", program.url), json!({"iotId": "d1", "code": "X"})).await;
    drop(program);
    let program = start(&args);
    assert_eq!(get(&format!("{}/_emulator/doors", program.url)).await[0]["refused"], 1);
}

#[test]
fn a_port_in_use_and_an_open_address_are_refused_in_words() {
    let program = start(&["--listen", "127.0.0.1:0"]);
    let address = program.url.trim_start_matches("http://");
    let words = refused(&["--listen", address]);
    assert_eq!(
        words.trim(),
        format!(
            "vestibule-emulator: {address} is in use by another program; choose another port, or 0 for any free one"
        )
    );
    assert!(refused(&["--listen", "0.0.0.0:0"]).contains("--allow-remote"));
    assert!(refused(&["--zone", "Mars/Olympus"]).contains("no such zone"));
    assert!(refused(&["--door", "=x"]).contains("IOTID=NAME"));
}

#[tokio::test]
async fn the_page_knows_who_holds_codes_cards_and_pins_and_shows_no_pin() {
    let world = World::over_http().await;
    let code = world.code_for_alice().await;
    world.configure(&window(&code, &["gate"])).await;
    let card = json!({"cards": [{"identityId": ALICE, "iotId": "gate", "cardId": "c-1"}]});
    world.client.call("card-set", card).await.unwrap();
    let pin =
        json!({"passwords": [{"identityId": ALICE, "iotId": "gate", "password": "246810", "number": "030"}]});
    world.client.call("passwd-modify", pin).await.unwrap();
    let doors = get(&format!("{}/_emulator/holders", world.server.as_ref().unwrap().url())).await;
    let gate = &doors[0];
    assert_eq!(gate["codes"][0]["code"], code.reveal());
    assert_eq!(gate["cards"][0]["cardId"], "c-1");
    assert_eq!(gate["pins"][0]["number"], "030");
    for kind in ["codes", "cards", "pins"] {
        assert_eq!(gate[kind][0]["name"], "访客-50AC", "{kind}");
    }
    assert!(!doors.to_string().contains("246810"));
}
