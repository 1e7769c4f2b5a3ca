//! `call`.

use vestibule_emulator::{FaultKind, Trouble};

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
