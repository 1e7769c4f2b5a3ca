//! `pins set`.

use vestibule_emulator::{Credential, FaultKind, Trouble};

use crate::world::{Gateway, lines, said, text, words};

const END: [&str; 2] = ["--until", "2099-03-04 18:00:00"];

fn set<'a>(doors: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    let mut line = vec!["pins", "set", "--person", "alice", "--number", "030"];
    line.extend(doors.iter().flat_map(|door| ["--door", *door]));
    line.extend_from_slice(more);
    line
}

fn opens(gateway: &Gateway, door: &str, pin: &str) -> bool {
    gateway.emulator.present_any(door, &Credential::Password(pin.to_owned())).accepted
}

#[test]
fn a_pin_of_a_file_opens_the_door_and_is_never_printed() {
    let gateway = Gateway::new();
    let file = gateway.desk.write("pin", "739164\n");
    let output = gateway.run(&set(&["gate", "lobby"], &[&END[..], &["--pin-file", &file]].concat()));
    assert!(output.status.success(), "{}", words(&output));
    assert_eq!(said(&output), "gate  set\nlobby  set\n");
    assert!(!words(&output).contains("739164"));
    #[cfg(unix)]
    assert!(words(&output).contains("others on this PC can read it"), "{}", words(&output));
    assert!(opens(&gateway, "gate", "739164") && !opens(&gateway, "lift", "739164"));
}

#[test]
fn a_random_pin_is_shown_once_and_opens() {
    let gateway = Gateway::new();
    let report = &gateway.good(&set(&["gate"], &[&END[..], &["--random", "8"]].concat()))[0];
    assert_eq!(text(&report["pin"]).len(), 8);
    assert!(opens(&gateway, "gate", text(&report["pin"])));
    let second = &gateway.good(&set(&["gate"], &[&END[..], &["--random"]].concat()))[0];
    assert_eq!(text(&second["pin"]).len(), 6);
    assert!(!opens(&gateway, "gate", text(&report["pin"])), "the same number: the new one takes its place");
    assert!(opens(&gateway, "gate", text(&second["pin"])));
}

#[test]
fn a_door_that_does_not_take_it_is_named() {
    let gateway = Gateway::new();
    let output = gateway
        .run(&[&["--json"], &set(&["gate", "nowhere"], &[&END[..], &["--random"]].concat())[..]].concat());
    assert_eq!(output.status.code(), Some(1));
    let report = &lines(&output)[0];
    assert_eq!((&report["set"][0], &report["failed"][0]), (&"gate".into(), &"nowhere".into()));
    gateway.emulator.set_trouble(Trouble {
        faults: vec![FaultKind::Envelope { code: 460, message: "no".into() }.always()],
    });
    let refused = gateway.run(&set(&["gate"], &[&END[..], &["--random"]].concat()));
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(said(&refused), "gate  NOT SET\n", "a PIN that no door took is not shown");
}

#[test]
fn nothing_is_sent_for_a_wrong_line() {
    let gateway = Gateway::new();
    let pin = |content: &str| gateway.desk.write("pin", content);
    let both = [&END[..], &["--random", "--pin-file", "x"]].concat();
    let cases: Vec<(Vec<&str>, i32, &str)> = vec![
        (set(&["gate"], &END), 2, "--random"),
        (set(&["gate"], &both), 2, "cannot be used with"),
        (set(&[], &["--until", "2099-03-04 18:00:00", "--random"]), 2, "--door"),
        (
            set(&["gate"], &["--until", "2001-03-04 18:00:00", "--random"]),
            1,
            "has passed at gate (Asia/Shanghai)",
        ),
        (set(&["gate"], &["--until", "tomorrow", "--random"]), 1, "--until: no time such as"),
        (set(&["gate"], &["--until", "2099-02-30 00:00:00", "--random"]), 1, "--until: no time such as"),
        (set(&["gate"], &[&END[..], &["--random", "3"]].concat()), 2, "3"),
    ];
    for (line, code, expected) in cases {
        let output = gateway.run(&line);
        assert_eq!(output.status.code(), Some(code), "{line:?}: {}", words(&output));
        assert!(words(&output).contains(expected), "{line:?}: {}", words(&output));
    }
    for (content, expected) in
        [("", "is empty"), ("12 34", "one PIN and nothing else"), (&"9".repeat(256), "255")]
    {
        let file = pin(content);
        let output = gateway.run(&set(&["gate"], &[&END[..], &["--pin-file", &file]].concat()));
        assert!(words(&output).contains(expected), "{expected}: {}", words(&output));
    }
    assert_eq!(gateway.emulator.call_count(), 0);
    let weak = pin("1234");
    let output = gateway.run(&set(&["gate"], &[&END[..], &["--pin-file", &weak]].concat()));
    assert!(output.status.success() && words(&output).contains("easily guessed"), "{}", words(&output));
}

#[test]
fn the_spelling_of_the_services_sample_can_be_chosen() {
    let gateway = Gateway::new();
    let sent = |settings: &str| {
        let file = gateway.desk.read("desk.toml");
        gateway.desk.write("spelt.toml", file.replace("[gateway]\n", &format!("[gateway]\n{settings}")));
        let spelt = gateway.desk.path("spelt.toml");
        let line = [&["--config", &spelt][..], &set(&["gate"], &[&END[..], &["--random"]].concat())].concat();
        let output = gateway.desk.run(&line);
        assert!(output.status.success(), "{}", words(&output));
        gateway.emulator.calls().last().unwrap().params.clone()
    };
    let table = sent("");
    assert_eq!(table["passwords"][0]["expiredDate"], END[1]);
    assert_eq!(table["passwords"][0]["identityId"], "alice");
    let sample = sent("pin_end = \"expiryDate\"\npin_person = \"atTheTop\"\n");
    assert_eq!(sample["passwords"][0]["expiryDate"], END[1]);
    assert!(
        sample["passwords"][0]["expiredDate"].is_null() && sample["passwords"][0]["identityId"].is_null()
    );
    assert_eq!(sample["identityId"], "alice");
    assert!(sent("pin_end = \"both\"\n")["passwords"][0]["expiryDate"].is_string());
}
