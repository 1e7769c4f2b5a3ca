//! `doctor`.

use std::process::Output;

use serde_json::Value;
use vestibule_emulator::{FaultKind, Trouble};

use crate::world::{Desk, Gateway, lines, said, text};

fn grade(output: &Output, check: &str) -> (String, String) {
    let found = lines(output);
    let line = found.iter().find(|line| line["check"] == check);
    let line: &Value = line.unwrap_or_else(|| panic!("no line {check}: {}", said(output)));
    assert_eq!(line["grade"] == "good", line["todo"].is_null(), "what is not good says what to do: {line}");
    (text(&line["grade"]).to_owned(), text(&line["found"]).to_owned())
}

#[test]
fn a_desk_that_works_is_good_throughout_but_for_its_open_door_to_everybody() {
    let gateway = Gateway::new();
    let found = gateway.good(&["doctor"]);
    let checks: Vec<&str> = found.iter().map(|line| text(&line["check"])).collect();
    assert_eq!(
        checks,
        [
            "settings",
            "data folder",
            "disk",
            "queue",
            "staff",
            "AppSecret",
            "seal key",
            "signature",
            "clock",
            "door Gate",
            "door Lobby",
            "door Lift",
            "clock of Gate",
            "clock of Lobby",
            "clock of Lift",
            "printer",
            "camera"
        ]
    );
    for line in &found {
        // The disk of the machine that runs this test may be nearly full, and nobody has an account yet.
        let check = text(&line["check"]);
        assert!(
            line["grade"] == "good" || ["disk", "AppSecret", "seal key", "staff"].contains(&check),
            "{line}"
        );
    }
    let in_clear = found.iter().find(|line| line["check"] == "AppSecret").unwrap();
    assert_eq!((text(&in_clear["grade"]), text(&in_clear["found"])), ("warning", "a file in clear"));
    assert!(text(&in_clear["todo"]).contains("secret set app-secret"), "{in_clear}");
    let staff = found.iter().find(|line| line["check"] == "staff").unwrap();
    assert!(text(&staff["found"]).contains("no staff account exists"), "{staff}");
    let zone = found.iter().find(|line| line["check"] == "clock of Lift").unwrap();
    assert!(text(&zone["found"]).contains("Asia/Tokyo"), "{zone}");
    let shown = said(&gateway.run(&["doctor"]));
    assert!(shown.contains("good     signature: accepted"), "{shown}");
}

#[test]
fn a_wrong_secret_a_clock_that_is_off_and_a_missing_door_are_bad() {
    let gateway = Gateway::new();
    gateway.settings("another-secret", "");
    let output = gateway.run(&["--json", "doctor"]);
    assert_eq!(output.status.code(), Some(1));
    let (bad, found) = grade(&output, "signature");
    assert!(bad == "bad" && found.contains("the AppSecret is wrong"), "{found}");

    let gateway = Gateway::new();
    let off = FaultKind::WrongDate { offset_ms: 300_000 }.always();
    gateway.emulator.set_trouble(Trouble { faults: vec![off] });
    let output = gateway.run(&["--json", "doctor"]);
    assert!(output.status.success(), "a warning is no reason to fail");
    let (warning, found) = grade(&output, "clock");
    assert!(warning == "warning" && found.contains("behind"), "{found}");
    let off = FaultKind::WrongDate { offset_ms: -700_000 }.always();
    gateway.emulator.set_trouble(Trouble { faults: vec![off] });
    let output = gateway.run(&["--json", "doctor"]);
    assert_eq!((output.status.code(), grade(&output, "clock").0.as_str()), (Some(1), "bad"));

    let gateway = Gateway::new();
    gateway.settings("3c9d7a1e5b2f4860a1c3e5f708192a3b", "[[door]]\nid = \"nowhere\"\nname = \"Typo\"\n");
    gateway.hold_open("gate");
    let output = gateway.run(&["--json", "doctor"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(grade(&output, "door Typo").0, "bad");
    assert_eq!(grade(&output, "door Gate").0, "warning", "held open");
    assert_eq!(grade(&output, "door Lobby").0, "good");
}

#[test]
fn a_network_that_is_gone_is_said_once_and_the_rest_is_looked_at() {
    let desk = Desk::new();
    desk.demo(&["visitor", "add", "--name", "A", "--phone", "13800005678"]);
    desk.demo(&["trouble", "down"]);
    desk.demo(&["visitor", "add", "--name", "B", "--phone", "13800005679"]);
    let output = desk.run(&["--demo", "--json", "doctor"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(grade(&output, "signature").0, "bad");
    assert_eq!(grade(&output, "doors").0, "bad");
    assert!(
        grade(&output, "queue").1.starts_with("1 waiting, 0 set aside, the oldest for"),
        "{}",
        said(&output)
    );
    assert_eq!(grade(&output, "data folder").0, "good");
    desk.demo(&["trouble", "up"]);
    assert!(desk.run(&["--demo", "--json", "doctor"]).status.success());
}

#[test]
fn without_settings_the_rest_is_still_looked_at() {
    let desk = Desk::new();
    let output = desk.run(&["--json", "doctor"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(grade(&output, "settings").0, "bad");
    assert_eq!(grade(&output, "data folder").0, "good");
    assert_eq!(grade(&output, "queue").1, "no data yet");
    let file = desk.write("blocked", "a file where the folder should be");
    let blocked = desk.run(&["--data", &file, "--json", "doctor"]);
    assert_eq!(blocked.status.code(), Some(2), "--data twice");
}

#[test]
fn a_data_file_that_is_damaged_or_foreign_is_said() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("data")).unwrap();
    desk.write("data/vestibule.db", "this is no database at all, only a text of some length");
    let output = desk.run(&["--json", "doctor"]);
    let (bad, found) = grade(&output, "data file");
    assert!(bad == "bad" && found.contains("damaged"), "{found}");
}
