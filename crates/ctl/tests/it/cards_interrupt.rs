//! `cards import` and Ctrl+C.

use std::time::Duration;

use vestibule_domain::{Clock, SystemClock};
use vestibule_emulator::{FaultKind, Trouble};

use crate::cards_trouble::table;
use crate::world::{Gateway, lines, words};

#[test]
fn ctrl_c_ends_it_cleanly_and_the_rest_is_kept() {
    let gateway = Gateway::new();
    let file = table(&gateway, 40_000);
    let failed = gateway.desk.path("failed.csv");
    gateway.emulator.set_trouble(Trouble { faults: vec![FaultKind::Slow { ms: 300 }.always()] });
    let mut command =
        gateway.command(&["--json", "cards", "import", &file, "--door", "gate", "--failed", &failed]);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    for _ in 0..600 {
        if gateway.cards_at("gate") > 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", words(&output));
    assert!(words(&output).contains("stopping"), "{}", words(&output));
    let report = &lines(&output)[0];
    let (done, skipped) = (report["done"].as_u64().unwrap(), report["skipped"].as_u64().unwrap());
    assert!(done > 0 && skipped > 0 && done + skipped == 40_000, "{report}");
    assert_eq!(gateway.cards_at("gate") as u64, done, "what it says is done is done");
    assert_eq!(gateway.desk.read("failed.csv").lines().count() as u64, skipped + 1);
    gateway.emulator.set_trouble(Trouble::none());
    assert_eq!(gateway.good(&["cards", "import", &failed])[0]["done"], skipped);
    assert_eq!(gateway.cards_at("gate"), 40_000);
}

#[test]
fn ctrl_c_does_not_sit_out_a_pause_that_the_gateway_asked_for() {
    let gateway = Gateway::new();
    let file = table(&gateway, 10);
    let throttled = FaultKind::Throttled { code: "T429PR".into(), retry_after: Some(60) };
    gateway.emulator.set_trouble(Trouble { faults: vec![throttled.always()] });
    let mut command = gateway.command(&["--json", "cards", "import", &file, "--door", "gate"]);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    for _ in 0..600 {
        if gateway.emulator.call_count() > 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    interrupt(&child);
    let begun = SystemClock::new();
    let output = child.wait_with_output().unwrap();
    assert!(begun.monotonic().0 < Duration::from_secs(20), "not sixty");
    assert_eq!(output.status.code(), Some(130), "{}", words(&output));
    assert!(words(&output).contains("too many requests"), "{}", words(&output));
    assert_eq!(lines(&output)[0]["unknown"], 10);
    assert_eq!(gateway.emulator.call_count(), 1);
}

fn interrupt(child: &std::process::Child) {
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
}
