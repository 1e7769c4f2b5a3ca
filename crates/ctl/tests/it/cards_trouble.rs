//! `cards import` when the service, the network or a person interferes.

use std::path::Path;

use vestibule_emulator::{FaultKind, Trouble};

use crate::world::{Gateway, lines, said, words};

pub(crate) fn table(gateway: &Gateway, rows: usize) -> String {
    let rows: String =
        (0..rows).map(|n| format!("person-{n:05},card-{n:05},2099-01-01 00:00:00\n")).collect();
    gateway.desk.write("cards.csv", format!("identityId,cardId,expiryTime\n{rows}"))
}

fn fail_rows(permille: u16, once: bool) -> Trouble {
    Trouble { faults: vec![FaultKind::FailRows { rows_permille: permille, once }.always()] }
}

#[test]
fn rows_that_fail_once_are_sent_again_and_no_others() {
    let gateway = Gateway::new();
    let file = table(&gateway, 2500);
    gateway.emulator.set_trouble(fail_rows(10, true));
    let report = &gateway.good(&["cards", "import", &file, "--door", "gate"])[0];
    assert_eq!((&report["done"], &report["failed"]), (&2500.into(), &0.into()));
    assert_eq!(gateway.cards_at("gate"), 2500);
    let sizes: Vec<usize> = gateway
        .emulator
        .calls()
        .iter()
        .filter_map(|call| call.params["cards"].as_array().map(Vec::len))
        .collect();
    assert!(
        sizes.iter().all(|size| *size < 100),
        "long calls are not kept, short ones hold what failed: {sizes:?}"
    );
}

#[test]
fn what_stays_failed_is_written_and_can_be_imported_again() {
    let gateway = Gateway::new();
    let file = table(&gateway, 300);
    let failed = gateway.desk.write("failed.csv", "from an earlier run");
    gateway.emulator.set_trouble(fail_rows(100, false));
    let doors = ["--door", "gate", "--door", "lobby"];
    let output =
        gateway.run(&[&["--json", "cards", "import", &file, "--failed", &failed][..], &doors].concat());
    assert_eq!(output.status.code(), Some(1));
    let report = &lines(&output)[0];
    let left = report["failed"].as_u64().unwrap();
    assert!(left > 20 && report["done"].as_u64().unwrap() + left == 600, "{report}");
    let shown = words(&output);
    assert!(
        shown.contains("row ") && shown.contains("not taken") && shown.contains("more (--failed"),
        "{shown}"
    );
    assert!(!shown.contains("person-") && !shown.contains("card-"), "{shown}");
    assert_eq!(gateway.desk.read("failed.csv").lines().count() as u64, left + 1);

    gateway.emulator.set_trouble(Trouble::none());
    let second = gateway.desk.path("second.csv");
    let report = &gateway.good(&["cards", "import", &failed, "--failed", &second])[0];
    assert_eq!(report["done"], left);
    assert!(!Path::new(&second).exists(), "nothing failed: no file");
    assert_eq!((gateway.cards_at("gate"), gateway.cards_at("lobby")), (300, 300));
    let own = gateway.run(&["cards", "import", &failed, "--failed", &failed]);
    assert!(words(&own).contains("is the file that is imported"), "{}", words(&own));
}

#[test]
fn a_key_that_is_wrong_ends_it_after_a_few_calls() {
    let gateway = Gateway::new();
    gateway.settings("another-secret", "");
    let file = table(&gateway, 20_000);
    let failed = gateway.desk.path("failed.csv");
    let output = gateway.run(&["--json", "cards", "import", &file, "--door", "gate", "--failed", &failed]);
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).contains("gateway.app_secret"), "{}", words(&output));
    let report = &lines(&output)[0];
    assert!(report["skipped"].as_u64().unwrap() >= 10_000, "{report}");
    assert_eq!(gateway.desk.read("failed.csv").lines().count(), 20_001, "all of it is left");
    assert!(gateway.emulator.call_count() <= 8, "{}", gateway.emulator.call_count());
}

#[test]
fn a_gateway_that_wants_fewer_calls_is_waited_for() {
    let gateway = Gateway::new();
    let file = table(&gateway, 300);
    let storm = FaultKind::Throttled { code: "T429PR".into(), retry_after: Some(2) }.times(2);
    gateway.emulator.set_trouble(Trouble { faults: vec![storm] });
    let output = gateway.run(&["--json", "cards", "import", &file, "--door", "gate"]);
    assert!(words(&output).contains("too many requests"), "{}", words(&output));
    assert_eq!((&lines(&output)[0]["done"], gateway.cards_at("gate")), (&300.into(), 300));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let gateway = Gateway::new();
    let file = table(&gateway, 3000);
    gateway.good(&["cards", "import", &file, "--door", "gate"]);
    let mut command = gateway.command(&["cards", "export", "--door", "gate"]);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && said(&output).is_empty(), "{}", words(&output));
}
