//! `call`.

use vestibule_domain::{Clock as _, SystemClock};
use vestibule_emulator::{FaultKind, Trouble};
use vestibule_store::Store;

use crate::world::{Desk, Gateway, lines, said, text, words};

#[test]
fn a_raw_call_is_checked_before_it_is_sent() {
    let desk = Desk::new();
    let answer = &desk.demo(&["call", "/entrance/paas/user/query", r#"{"pageSize":10,"pageNo":1}"#])[0];
    assert_eq!(answer["code"], 200);
    for (path, params, expected) in [
        ("/entrance/paas/user/query", "{", "no JSON"),
        ("/entrance/paas/user/query", r#"{"pageSize":1000,"pageNo":1}"#, "pageSize"),
        ("nonsense", "{}", "no such call"),
    ] {
        let output = desk.run(&["--demo", "call", path, params]);
        assert_eq!(output.status.code(), Some(1));
        assert!(words(&output).contains(expected), "{}", words(&output));
    }
}

#[test]
fn every_call_is_named_with_help_and_a_sample_that_passes_its_own_check() {
    let desk = Desk::new();
    let calls = desk.demo(&["call", "list"]);
    assert_eq!(calls.len(), 16);
    for call in &calls {
        let help = desk.run(&["call", text(&call["name"])]);
        assert!(help.status.success() && said(&help).contains(text(&call["path"])), "{}", said(&help));
        assert!(said(&help).contains("sent twice: "), "{}", said(&help));
    }
    let near = desk.run(&["call", "user-read", "{}"]);
    assert!(words(&near).contains("perhaps user-modify, user-delete, user-get"), "{}", words(&near));
}

#[test]
fn an_answer_is_readable_and_a_refusal_names_code_message_and_ids() {
    let gateway = Gateway::new();
    gateway.add_people(2);
    let people = gateway.run(&["call", "user-query", r#"{"pageSize":10,"pageNo":1}"#]);
    let shown = said(&people);
    assert!(people.status.success() && shown.starts_with("user-query: done in "), "{shown}");
    assert!(shown.contains("- identityId  person-0000") || shown.contains("person-0000"), "{shown}");
    assert!(!shown.contains('{') && !shown.contains('"'), "{shown}");

    let refused = gateway.run(&["call", "keepopen-get", r#"{"iotId":"no-such-door"}"#]);
    assert_eq!(refused.status.code(), Some(1));
    let shown = said(&refused);
    for expected in ["refused", "code         2063", "iotId unknown", "answer id", "request id", "what now"] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    let raw = gateway.run(&["--json", "call", "keepopen-get", r#"{"iotId":"no-such-door"}"#]);
    assert_eq!((raw.status.code(), &lines(&raw)[0]["code"]), (Some(1), &2063.into()));
}

#[test]
fn a_200_that_took_only_some_rows_says_so() {
    let gateway = Gateway::new();
    let params = r#"{"cards":[{"identityId":"a","iotId":"gate","cardId":"1"},{"identityId":"a","iotId":"nowhere","cardId":"1"}]}"#;
    let output = gateway.run(&["call", "card-set", params]);
    assert!(said(&output).contains("not all of it: the service did not take 1 rows"), "{}", said(&output));
}

#[test]
fn private_parameters_come_from_a_file_or_standard_input() {
    let desk = Desk::new();
    let file = desk.write("params.json", "\u{feff}{\"pageSize\":10,\"pageNo\":1}");
    assert_eq!(desk.demo(&["call", "user-query", &format!("@{file}")])[0]["code"], 200);
    let piped =
        desk.run_with_input(&["--demo", "--json", "call", "user-query", "-"], r#"{"pageSize":1,"pageNo":1}"#);
    assert_eq!(lines(&piped)[0]["code"], 200, "{}", words(&piped));
    let broken = desk.write("broken.json", "{\"password\": \"83051\"");
    let output = desk.run(&["--demo", "call", "passwd-modify", &format!("@{broken}")]);
    assert!(
        words(&output).contains("no JSON: line 1") && !words(&output).contains("83051"),
        "{}",
        words(&output)
    );
    let absent = desk.run(&["--demo", "call", "passwd-modify", "@absent.json"]);
    assert!(words(&absent).contains("absent.json"), "{}", words(&absent));
}

#[test]
fn what_the_gateway_itself_refuses_is_explained() {
    let gateway = Gateway::new();
    gateway.settings("another-secret", "");
    let output = gateway.run(&["call", "user-query", r#"{"pageSize":10,"pageNo":1}"#]);
    assert_eq!(output.status.code(), Some(1));
    let shown = words(&output);
    for expected in ["the signature does not match", "the AppSecret is wrong", "gateway.app_secret"] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    assert!(!shown.contains("another-secret"));
    gateway.emulator.set_trouble(Trouble { faults: vec![FaultKind::LoginPage.always()] });
    let foreign = gateway.run(&["call", "user-query", r#"{"pageSize":10,"pageNo":1}"#]);
    assert!(words(&foreign).contains("may want a log-in"), "{}", words(&foreign));
}

const OPEN: &str = r#"{"identifier":"remoteOpen","iotId":"lift","args":{}}"#;

#[test]
fn a_raw_call_that_opens_a_door_needs_a_word_and_is_a_press_like_any_other() {
    let gateway = Gateway::new();
    for path in ["door-open", "/cloud/thing/service/invoke", "/cloud/thing/service/INVOKE/"] {
        let refused = gateway.run(&["call", path, OPEN]);
        assert_eq!(refused.status.code(), Some(1));
        for expected in ["nothing was sent", "opens a real door", "door open DOOR --yes"] {
            assert!(words(&refused).contains(expected), "{expected}: {}", words(&refused));
        }
    }
    assert_eq!(gateway.emulator.call_count(), 0);

    let opened = gateway.run(&["call", "door-open", OPEN, "--yes"]);
    assert!(opened.status.success(), "{}", words(&opened));
    assert!(
        said(&opened).contains("door-open: done in ") && said(&opened).contains("Lift: accepted"),
        "{}",
        said(&opened)
    );
    assert_eq!(gateway.emulator.door("lift").unwrap().opened, 1);
    // It is in the same log, and under the same lock-out: no second one within three seconds, by neither command.
    assert_eq!(gateway.good(&["door", "log"])[0]["state"], "accepted");
    let again = gateway.run(&["call", "door-open", OPEN, "--yes"]);
    assert!(words(&again).contains("less than three seconds ago"), "{}", words(&again));
    assert_eq!((again.status.code(), gateway.emulator.door("lift").unwrap().opened), (Some(1), 1));
}

#[test]
fn a_raw_press_that_nobody_knows_the_end_of_is_unknown_and_goes_out_once() {
    let gateway = Gateway::new();
    gateway.emulator.set_trouble(Trouble { faults: vec![FaultKind::LoseAnswer.always()] });
    let lost = gateway.run(&["call", "door-open", OPEN, "--yes"]);
    assert_eq!(lost.status.code(), Some(1));
    assert!(words(&lost).contains("Lift: unknown: look at the door"), "{}", words(&lost));
    gateway.emulator.set_trouble(Trouble::none());
    assert_eq!(gateway.good(&["door", "log"])[0]["state"], "unknown");
    assert_eq!((gateway.emulator.door("lift").unwrap().opened, gateway.emulator.call_count()), (1, 1));

    // What the service answers is shown as it came.
    let refusal = FaultKind::Envelope { code: 6205, message: "device offline".to_owned() };
    gateway.emulator.set_trouble(Trouble { faults: vec![refusal.always()] });
    let gate = OPEN.replace("lift", "gate");
    let refused = gateway.run(&["--json", "call", "door-open", &gate, "--yes"]);
    assert_eq!((refused.status.code(), &lines(&refused)[0]["code"]), (Some(1), &6205.into()));
    assert_eq!(gateway.good(&["door", "log"])[0]["state"], "refused");
}

#[test]
fn what_could_not_be_written_down_is_not_sent() {
    let gateway = Gateway::new();
    gateway.emulator.add_door("side", "Side door");
    for (call, params) in [
        ("door-open", OPEN.replace("lift", "side")),
        ("door-open", OPEN.replace("{}", r#"{"seconds":60}"#)),
        ("/cloud/thing/service/invoke?", OPEN.to_owned()),
        ("/cloud//thing/service/invoke", OPEN.to_owned()),
        ("/cloud/thing/x/../service/invoke", OPEN.to_owned()),
        ("/cloud/thing/service/invok%65", OPEN.to_owned()),
    ] {
        let output = gateway.run(&["call", call, &params, "--yes"]);
        assert_eq!(output.status.code(), Some(1), "{call} {params}: {}", said(&output));
    }
    assert_eq!(gateway.emulator.call_count(), 0);
    // A path that nobody here knows may do anything.
    let foreign = gateway.run(&["call", "/cloud/thing/properties/set", "{}"]);
    assert!(words(&foreign).contains("nobody here knows what it does"), "{}", words(&foreign));
    assert_eq!(gateway.emulator.call_count(), 0);
    gateway.run(&["call", "/cloud/thing/properties/set", "{}", "--yes"]);
    assert_eq!(gateway.emulator.call_count(), 1);
}

#[test]
fn a_raw_call_keeps_a_door_open_only_beside_a_window_that_closes_it() {
    let gateway = Gateway::new();
    let keep = |open: bool| format!(r#"{{"iotId":"lift","keepOpen":{open}}}"#);
    let refused = gateway.run(&["call", "keepopen-set", &keep(true)]);
    assert!(words(&refused).contains("keeps a real door open for everybody"), "{}", words(&refused));
    let alone = gateway.run(&["call", "keepopen-set", &keep(true), "--yes"]);
    assert!(words(&alone).contains("nobody would close the door again"), "{}", words(&alone));
    assert_eq!((refused.status.code(), alone.status.code()), (Some(1), Some(1)));
    assert_eq!(gateway.emulator.call_count(), 0);

    let clock = SystemClock::new();
    let window = Store::open(gateway.desk.path("data").as_ref(), clock.now()).unwrap().store;
    let lease = window.take_lease(clock.now()).unwrap().expect("nobody else is here");
    let held = &gateway.good(&["call", "keepopen-set", &keep(true), "--yes"])[0];
    assert!(gateway.emulator.door("lift").unwrap().keep_open);
    let row = &window.holds().unwrap()[0];
    assert_eq!((held["door"].as_str(), row.door.0.as_str()), (Some("lift"), "lift"));
    assert_eq!(row.until.0 - row.at.0, 3_600_000, "the longest that the settings allow");
    drop(lease);
    // Closing is free to repeat and needs no word.
    assert!(gateway.run(&["call", "keepopen-set", &keep(false)]).status.success());
    assert!(!gateway.emulator.door("lift").unwrap().keep_open);
}
