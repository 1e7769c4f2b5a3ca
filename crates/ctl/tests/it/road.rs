//! The desk from a terminal: visitors, passes, doors, pictures, settings, the demonstration.

use std::path::Path;

use serde_json::Value;

use crate::world::{Desk, lines, text, words};

#[test]
fn the_road_from_a_terminal() {
    let desk = Desk::new();
    let visit =
        &desk.demo(&["visitor", "add", "--name", "王小明", "--phone", "13800005678", "--host", "Wang"])[0];
    let other = &desk.demo(&["visitor", "add", "--name", "李雷", "--phone", "13900001234"])[0];
    let (png, svg) = (desk.path("pass.png"), desk.path("pass.svg"));
    let pass = &desk.demo(&["pass", "issue", "--visit", text(&visit["id"]), "--qr", &png])[0];
    assert_eq!(pass["showable"], true);
    assert!(pass["doors"].as_array().unwrap().iter().all(|door| door["readiness"] == "ready"));
    desk.demo(&["pass", "show", text(&pass["id"]), "--qr", &svg]);
    assert!(std::fs::read_to_string(&svg).unwrap().contains("<svg"));
    desk.demo(&["pass", "issue", "--visit", text(&other["id"])]);

    let found = &desk.demo(&["scan", &png])[0];
    assert!(found["ms"].as_f64().unwrap() > 0.0);
    let code = text(&found["text"]);
    assert_eq!(desk.demo(&["verify", code])[0]["decision"], "letIn");
    assert_eq!(desk.demo(&["verify", text(&pass["shortCode"])])[0]["pass"]["visitorName"], "王小明");

    let press = &desk.demo(&["door", "open", "demo-lift", "--yes", "--reason", "visitor"])[0];
    assert_eq!(press["state"], "accepted");
    assert_eq!(desk.demo(&["door", "log"]).len(), 1);

    let revoked = &desk.demo(&["pass", "revoke", text(&pass["id"])])[0];
    assert!(revoked["doors"].as_array().unwrap().iter().all(|door| door["readiness"] == "removed"));
    let judged = desk.run(&["--demo", "--json", "verify", code]);
    assert_eq!(judged.status.code(), Some(3), "stop");
    assert_eq!(lines(&judged)[0]["reason"], "revoked");
    let unknown = desk.run(&["--demo", "--json", "verify", "24DD9END8CD3ABCD"]);
    assert_eq!(unknown.status.code(), Some(4), "cannot tell");
    assert!(desk.demo(&["queue", "list"]).is_empty());
    assert_eq!(desk.demo(&["visitor", "list"]).len(), 2);
}

#[test]
fn settings_that_are_wrong_are_named_with_file_and_key() {
    let desk = Desk::new();
    let missing = desk.run(&["visitor", "list"]);
    assert!(words(&missing).contains("config init"), "{}", words(&missing));
    let file = desk.path("desk.toml");
    let init = desk.run(&["config", "init", &file]);
    assert!(init.status.success(), "{}", words(&init));
    let again = desk.run(&["config", "init", &file]);
    assert_eq!(again.status.code(), Some(1), "an existing file is left alone");
    let unset = desk.run(&["--config", &file, "config", "check"]);
    assert!(words(&unset).contains("gateway.app_key"), "{}", words(&unset));
    let cases = [
        ("[gateway]\nurl = 7", "gateway.url"),
        ("[visit]\nscan_times = \"ten\"", "visit.scan_times"),
        ("[visit]\nuntil = \"25:99\"", "visit.until"),
        ("[[door]]\nid = \"a\"\nname = \"A\"\nzone = \"Mars/Olympus\"", "door[0].zone"),
        ("colour = \"red\"", "colour"),
        ("station = \"roof\"", "station"),
        ("[gateway\n", "line 1"),
    ];
    for (toml, key) in cases {
        std::fs::write(&file, toml).unwrap();
        let output = desk.run(&["--config", &file, "config", "check"]);
        assert_eq!(output.status.code(), Some(1), "{toml}");
        assert!(words(&output).contains(&file) && words(&output).contains(key), "{toml}: {}", words(&output));
    }
}

#[test]
fn pictures_that_are_none_do_not_stop_the_others() {
    let desk = Desk::new();
    let visit = &desk.demo(&["visitor", "add", "--name", "A", "--phone", "13800005678"])[0];
    let png = desk.path("pass.png");
    desk.demo(&["pass", "issue", "--visit", text(&visit["id"]), "--qr", &png]);
    let (none, empty) = (desk.path("none.png"), desk.path("empty.png"));
    std::fs::write(&none, "this is no picture").unwrap();
    std::fs::write(&empty, "").unwrap();
    let absent = desk.path("absent.png");
    let output = desk.run(&["--json", "scan", &none, &empty, &absent, &png]);
    assert_eq!(output.status.code(), Some(1));
    let found = lines(&output);
    assert_eq!(found.len(), 4, "a line a file");
    assert!(found[..3].iter().all(|line| line["text"].is_null() && line["note"].is_string()));
    assert!(found[3]["text"].is_string());
}

#[test]
fn the_demonstration_is_kept_between_two_commands() {
    let desk = Desk::new();
    desk.demo(&["trouble", "down"]);
    assert!(Path::new(&desk.path("data/vestibule.db")).exists());
    let offline = desk.run(&["--demo", "--json", "door", "open", "demo-lift", "--yes"]);
    assert_eq!((offline.status.code(), &lines(&offline)[0]["why"]), (Some(1), &Value::from("noConnection")));
    desk.demo(&["trouble", "up"]);
    assert_eq!(desk.demo(&["door", "open", "demo-lift", "--yes"])[0]["state"], "accepted");
    let refused = desk.run(&["--demo", "door", "open", "demo-lift"]);
    assert!(words(&refused).contains("--yes"));
    let bad = desk.run(&["--demo", "visitor", "add", "--name", "", "--phone", "call me"]);
    assert!(words(&bad).contains("name is missing") && words(&bad).contains("phone is not a phone number"));
}
