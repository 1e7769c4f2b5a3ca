//! `pass print`, `printer test`, and what `doctor` says of a printer.

use crate::world::{Gateway, said, text, words};

#[test]
fn a_pass_is_printed_once_and_once_more_when_that_is_meant() {
    let gateway = Gateway::new();
    let paper = gateway.desk.write("paper", "");
    let nowhere = format!("[printer]\nat = \"file:{}\"\n", gateway.desk.path("nowhere"));
    gateway.settings("3c9d7a1e5b2f4860a1c3e5f708192a3b", &nowhere);
    let visit = gateway.good(&["visitor", "add", "--name", "欧阳娜娜", "--phone", "13800005678"]);
    let pass = gateway.good(&["pass", "issue", "--visit", text(&visit[0]["id"])]);
    let pass = text(&pass[0]["id"]).to_owned();

    // Nothing came onto paper, so it may be tried as if nobody had.
    let off = gateway.run(&["pass", "print", &pass]);
    assert!(!off.status.success() && words(&off).contains("cannot be reached"), "{}", words(&off));
    let doctor = said(&gateway.run(&["doctor"]));
    assert!(doctor.contains("BAD      printer: the printer cannot be reached"), "{doctor}");

    gateway.settings("3c9d7a1e5b2f4860a1c3e5f708192a3b", &format!("[printer]\nat = \"file:{paper}\"\n"));
    assert_eq!(gateway.good(&["pass", "print", &pass])[0]["printed"], "sent");
    let first = std::fs::metadata(&paper).unwrap().len();
    assert!(first > 50_000, "a picture of 576 dots: {first}");
    let again = gateway.run(&["pass", "print", &pass]);
    assert!(!again.status.success() && words(&again).contains("--again"), "{}", words(&again));
    gateway.good(&["pass", "print", &pass, "--again", "--language", "zh-CN"]);
    gateway.good(&["printer", "test"]);
    let doctor = said(&gateway.run(&["doctor"]));
    assert!(doctor.contains("good     printer: there"), "{doctor}");

    let journal = said(&gateway.run(&["--json", "journal", "list"]));
    assert!(journal.contains("receiptAsked") && journal.contains("receiptFailed"), "{journal}");
    assert!(!journal.contains("欧阳"), "no name");
}

#[test]
fn without_a_printer_it_says_so() {
    let gateway = Gateway::new();
    let output = gateway.run(&["printer", "test"]);
    assert!(!output.status.success() && words(&output).contains("no printer in the settings"));
}
