//! `doors status`.

use vestibule_emulator::{FaultKind, Trouble};

use crate::world::{Desk, Gateway, lines, said, words};

#[test]
fn every_door_says_whether_it_is_held_open() {
    let gateway = Gateway::new();
    gateway.hold_open("lobby");
    let doors = gateway.good(&["doors", "status"]);
    let held: Vec<_> = doors.iter().map(|door| (door["door"].as_str(), door["keepOpen"].as_bool())).collect();
    assert_eq!(held, [(Some("gate"), Some(false)), (Some("lobby"), Some(true)), (Some("lift"), Some(false))]);
    let shown = said(&gateway.run(&["doors", "status"]));
    assert!(shown.contains("lobby  Lobby  HELD OPEN"), "{shown}");
}

#[test]
fn a_door_without_an_answer_says_why_and_the_others_go_on() {
    let gateway = Gateway::new();
    gateway.settings("3c9d7a1e5b2f4860a1c3e5f708192a3b", "[[door]]\nid = \"nowhere\"\nname = \"Typo\"\n");
    let output = gateway.run(&["--json", "doors", "status"]);
    assert_eq!(output.status.code(), Some(1));
    let doors = lines(&output);
    assert_eq!(doors.iter().filter(|door| door["answers"] == true).count(), 3);
    assert!(doors[3]["why"].as_str().unwrap().contains("2063"), "{}", doors[3]);
    gateway.emulator.set_trouble(Trouble { faults: vec![FaultKind::Down.always()] });
    let output = gateway.run(&["doors", "status"]);
    assert_eq!(said(&output).matches("NO ANSWER").count(), 4, "{}", said(&output));
}

#[test]
fn the_demonstration_has_doors_and_settings_without_any_are_named() {
    assert_eq!(Desk::new().demo(&["doors", "status"]).len(), 4);
    let desk = Desk::new();
    let file = desk
        .write("desk.toml", "[gateway]\nurl = \"http://127.0.0.1:1\"\napp_key = \"k\"\napp_secret = \"s\"\n");
    let output = desk.run(&["--config", &file, "doors", "status"]);
    assert!(words(&output).contains("[[door]]"), "{}", words(&output));
}
