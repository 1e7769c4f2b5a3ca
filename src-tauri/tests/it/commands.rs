//! Commands as the page calls them, through Tauri's own machinery, without a window.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::Parser;
use serde_json::{Value, json};
use tauri::WebviewWindow;
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, mock_builder, mock_context, noop_assets};
use tauri::webview::InvokeRequest;
use vestibule_shell::config::Arguments;
use vestibule_shell::{Shell, bindings};

/// Where a page of our own comes from.
const HOME: &str = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };

struct Page {
    window: WebviewWindow<MockRuntime>,
    _data: tempfile::TempDir,
}

fn page(station: &str) -> Page {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let line = ["vestibule", "--demo", "--station", station, "--camera", "none", "--data", folder];
    let arguments = Arguments::parse_from(line);
    let told = Arc::new(Mutex::new(0_usize));
    let shell = Shell::start(
        &arguments,
        arguments.settings().unwrap(),
        Arc::new(move |_| *told.lock().unwrap() += 1),
    )
    .unwrap();
    let app = mock_builder()
        .invoke_handler(bindings::builder::<MockRuntime>().invoke_handler())
        .manage(shell)
        .build(mock_context(noop_assets()))
        .unwrap();
    let window =
        tauri::WebviewWindowBuilder::new(&app, "desk", tauri::WebviewUrl::default()).build().unwrap();
    Page { window, _data: data }
}

impl Page {
    fn ask(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let request = InvokeRequest {
            cmd: command.to_owned(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: HOME.parse().unwrap(),
            body: InvokeBody::Json(arguments),
            headers: tauri::http::HeaderMap::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        tauri::test::get_ipc_response(&self.window, request).map(|body| body.deserialize::<Value>().unwrap())
    }
}

fn form(name: &str) -> Value {
    json!({ "form": { "form": name, "name": name, "phone": "13800005678", "host": "", "doors": null, "until": null, "times": null } })
}

#[test]
fn the_road_through_the_commands() {
    let page = page("guard");
    let info = page.ask("station_info", json!({})).unwrap();
    assert_eq!(info["demo"], true);
    assert_eq!(info["doors"].as_array().unwrap().len(), 4);
    let screen = page.ask("register_visitor", form("王小明")).unwrap();
    assert!(screen["picture"].is_null(), "no code yet");
    assert!(screen["pass"].get("code").is_none(), "the code itself never crosses into the page");
    let visits = page.ask("todays_visits", json!({})).unwrap();
    assert_eq!(visits.as_array().unwrap().len(), 5, "the lobby had four people in it");
    let verdict = page.ask("verify_code", json!({ "text": screen["pass"]["shortCode"] })).unwrap();
    assert_eq!(verdict["reason"], "notReady");
    let armed = page.ask("arm_door", json!({ "door": "demo-lift" })).unwrap();
    let press = page.ask("press_door", json!({ "token": armed["token"], "reason": "visitor" })).unwrap();
    assert_eq!(press["state"], "accepted");
    let demo = page.ask("demo", json!({})).unwrap();
    let lift = demo["doors"].as_array().unwrap().iter().find(|door| door["id"] == "demo-lift").unwrap();
    assert_eq!(lift["opened"], 1);
}

#[test]
fn the_self_service_station_may_not_look_judge_or_open() {
    let page = page("kiosk");
    page.ask("register_visitor", form("王小明")).unwrap();
    for (command, arguments) in [
        ("todays_visits", json!({})),
        ("verify_code", json!({ "text": "24DD9END8CD3ABCD" })),
        ("arm_door", json!({ "door": "demo-lift" })),
        ("door_log", json!({})),
        ("drop_row", json!({ "id": 1, "reason": "other" })),
        ("reserve", json!({})),
        ("start_scanning", json!({ "camera": null })),
        ("invitations", json!({})),
        (
            "invite",
            json!({ "form": { "name": "Eve", "phone": "", "host": "", "doors": null, "day": "", "from": "", "until": "" } }),
        ),
        ("revoke_invitation", json!({ "invitation": "01a20bf1-6860-74db-b360-63f67ee57c50" })),
        ("help_seen", json!({})),
        ("signature", json!({ "visit": "01a20bf1-6860-74db-b360-63f67ee57c50" })),
        ("sign_out", json!({ "visit": "01a20bf1-6860-74db-b360-63f67ee57c50" })),
    ] {
        let refused = page.ask(command, arguments).expect_err(command);
        assert_eq!(refused["code"], "notAllowed", "{command}");
    }
    let queue = page.ask("queue", json!({})).unwrap();
    assert!(
        queue.as_array().unwrap().iter().all(|row| row["visitorName"] == ""),
        "no names where visitors stand"
    );
}

#[test]
fn what_the_self_service_station_is_told_of_people_is_masked() {
    let page = page("kiosk");
    let screen = page.ask("register_visitor", form("王小明")).unwrap();
    assert_eq!(screen["pass"]["visitorName"], "王*明");
    let again = page.ask("pass_screen", json!({ "pass": screen["pass"]["id"] })).unwrap();
    assert_eq!(again["pass"]["visitorName"], "王*明");
    let hits = page.ask("find_hosts", json!({ "typed": "mari" })).unwrap();
    assert_eq!(hits[0]["name"], "Ma*** Sc***", "the demonstration has a directory");
    assert_eq!(page.ask("find_hosts", json!({ "typed": "m" })).unwrap(), json!([]));
    let known = page.ask("returning", json!({ "phone": "13800005678" })).unwrap();
    assert_eq!(known["name"], "王*明");
    let code = &screen["pass"]["shortCode"];
    let left = page.ask("show_code", json!({ "purpose": "leave", "text": code })).unwrap();
    assert_eq!(left["name"], "王*明");
    let twice = page.ask("show_code", json!({ "purpose": "leave", "text": code })).unwrap_err();
    assert_eq!(twice["code"], "alreadyLeft");
    page.ask("call_for_help", json!({})).unwrap();
    assert!(page.ask("help_waits_since", json!({})).unwrap().is_number());
}

#[test]
fn malformed_calls_are_refused_and_nothing_breaks() {
    let page = page("reception");
    for (command, arguments) in [
        ("register_visitor", json!({})),
        ("register_visitor", json!({ "form": 7 })),
        ("revoke_pass", json!({ "pass": "../../etc/passwd" })),
        ("press_door", json!({ "token": "nonsense", "reason": "visitor" })),
        ("sign_out", json!({ "visit": null })),
        ("no_such_command", json!({})),
    ] {
        page.ask(command, arguments).expect_err(command);
    }
    let failure = page.ask("register_visitor", form("")).unwrap_err();
    assert_eq!(failure["code"], "badForm");
    assert_eq!(failure["fields"][0]["fault"], "missing");
    page.ask("register_visitor", form("还能登记")).unwrap();
    std::thread::sleep(Duration::from_millis(10));
    assert_eq!(page.ask("todays_visits", json!({})).unwrap().as_array().unwrap().len(), 5);
}
