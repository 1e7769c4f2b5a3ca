//! Accounts from the terminal, and what it takes to do something once there are some.

use std::process::Output;

use crate::world::{Desk, Gateway, lines, said, words};

const ADMIN: &str = "481516";
const GUARD: &str = "730194";

fn as_who(desk: &Desk, who: &str, pin: &str, arguments: &[&str]) -> Output {
    let mut command = desk.command(&[&["--demo", "--json", "--as", who], arguments].concat());
    command.env("VESTIBULE_PIN", pin).env("VESTIBULE_NEW_PIN", GUARD).output().unwrap()
}

fn staffed() -> Desk {
    let desk = Desk::new();
    let added = desk.run_with_input(&["--demo", "--json", "staff", "add", "Wang"], &format!("{ADMIN}\n"));
    assert_eq!(lines(&added)[0]["role"], "admin", "the first one: {}", words(&added));
    let guard = as_who(&desk, "Wang", ADMIN, &["staff", "add", "Li", "--role", "guard"]);
    assert!(guard.status.success(), "{}", words(&guard));
    desk
}

#[test]
fn with_accounts_every_change_needs_a_name_and_its_pin() {
    let desk = staffed();
    for arguments in [
        &["door", "open", "demo-lift", "--yes"] as &[&str],
        &["visitor", "list"],
        &["visitor", "add", "--name", "Wei", "--phone", ""],
        &["queue", "retry", "1"],
        &["spare", "status"],
        &["staff", "list"],
        &["trouble", "down"],
        &[
            "pins",
            "set",
            "--person",
            "p",
            "--door",
            "demo-lift",
            "--number",
            "1",
            "--until",
            "2099-01-01 00:00:00",
            "--random",
            "8",
        ],
        &["call", "user-modify", "{\"identityId\":\"x\"}"],
    ] {
        let refused = desk.run(&[&["--demo"], arguments].concat());
        assert!(!refused.status.success(), "{arguments:?}");
        assert!(words(&refused).contains("--as NAME"), "{arguments:?}: {}", words(&refused));
    }
    let opened = as_who(&desk, "Li", GUARD, &["door", "open", "demo-lift", "--yes"]);
    assert_eq!(lines(&opened)[0]["state"], "accepted", "{}", words(&opened));
    let refused = as_who(&desk, "Li", GUARD, &["staff", "list"]);
    assert!(words(&refused).contains("may not do that"), "{}", words(&refused));
    let listed = as_who(&desk, "Wang", ADMIN, &["staff", "list"]);
    assert_eq!(lines(&listed).len(), 2);
    assert!(!said(&listed).contains("argon2"), "no hash is shown");
}

#[test]
fn a_wrong_pin_says_no_more_than_that_and_waits() {
    let desk = staffed();
    for who in ["Wang", "Nobody"] {
        for _ in 0..3 {
            let refused = as_who(&desk, who, "902417", &["staff", "list"]);
            assert!(words(&refused).contains("do not belong together"), "{who}: {}", words(&refused));
        }
        let refused = as_who(&desk, who, "902417", &["staff", "list"]);
        assert!(words(&refused).contains("wait"), "{who}: {}", words(&refused));
    }
}

#[test]
fn accounts_change() {
    let desk = staffed();
    let admin = |arguments: &[&str]| as_who(&desk, "Wang", ADMIN, arguments);
    assert_eq!(lines(&admin(&["staff", "role", "Li", "supervisor"]))[0]["role"], "supervisor");
    assert_eq!(lines(&admin(&["staff", "disable", "Li"]))[0]["disabled"], true);
    assert!(words(&as_who(&desk, "Li", GUARD, &["visitor", "list"])).contains("do not belong together"));
    assert_eq!(lines(&admin(&["staff", "enable", "Li"]))[0]["disabled"], false);
    assert!(admin(&["staff", "set-pin", "Li"]).status.success());
    assert!(words(&admin(&["staff", "disable", "Wang"])).contains("last administrator"));
    assert!(words(&admin(&["staff", "disable", "Zhao"])).contains("no account is called"));
    let weak = desk.command(&["--demo", "--as", "Wang", "staff", "set-pin", "Li"]);
    let weak = { weak }.env("VESTIBULE_PIN", ADMIN).env("VESTIBULE_NEW_PIN", "123456").output().unwrap();
    assert!(words(&weak).contains("too easy to guess"), "{}", words(&weak));
}

#[test]
fn commands_past_the_desk_ask_it_too() {
    let gateway = Gateway::new();
    let config = gateway.desk.path("desk.toml");
    let added =
        gateway.desk.run_with_input(&["--config", &config, "staff", "add", "Wang"], &format!("{ADMIN}\n"));
    assert!(added.status.success(), "{}", words(&added));
    gateway.add_people(1);
    let refused = gateway.run(&["people", "delete", "person-0000", "--yes"]);
    assert!(words(&refused).contains("--as NAME"), "{}", words(&refused));
    let done = gateway.command(&["--as", "Wang", "people", "delete", "person-0000", "--yes"]);
    let done = { done }.env("VESTIBULE_PIN", ADMIN).output().unwrap();
    assert!(done.status.success(), "{}", words(&done));
    assert!(gateway.run(&["doctor"]).status.success());
    assert!(said(&gateway.run(&["doctor"])).contains("good     staff: 1 accounts, 0 of them closed"));
}
