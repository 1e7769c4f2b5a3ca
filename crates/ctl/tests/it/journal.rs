//! The journal from the terminal.

use rusqlite::Connection;

use crate::world::{Desk, lines, said, text, words};

fn used() -> Desk {
    let desk = Desk::new();
    desk.demo(&["visitor", "add", "--name", "Wei Ming", "--phone", "13800005678"]);
    let verdict = desk.run(&["--demo", "verify", "24DD9END8CD3ABCD"]);
    assert_eq!(verdict.status.code(), Some(4), "{}", words(&verdict));
    desk
}

#[test]
fn a_verdict_is_explained_and_the_journal_found_sound() {
    let desk = used();
    let entries = desk.demo(&["journal", "list"]);
    assert_eq!(text(&entries[0]["kind"]), "verdict");
    let number = entries[0]["sequence"].to_string();
    let why = said(&desk.run(&["--demo", "journal", "why", &number]));
    assert!(why.contains("CANNOT TELL: this desk does not know the code"), "{why}");
    assert!(why.contains("judged again: the same comes out") && !why.contains("24DD"), "{why}");
    assert!(!desk.run(&["--demo", "journal", "why", "999"]).status.success());
    let report = &desk.demo(&["journal", "verify"])[0];
    assert_eq!((report["verdicts"].as_u64(), report["judgedAgain"].as_u64()), (Some(1), Some(1)), "{report}");
    assert_eq!((report["keyed"].as_bool(), report["keyless"].as_u64()), (Some(true), Some(0)), "{report}");
    assert!(report["fault"].is_null());
}

#[test]
fn it_is_exported_whole_and_without_names() {
    let desk = used();
    let rows = desk.demo(&["journal", "export"]);
    assert!(rows.iter().zip(1..).all(|(row, number)| row["sequence"].as_i64() == Some(number)), "{rows:?}");
    let table = said(&desk.run(&["--demo", "journal", "export", "--format", "csv"]));
    let mut read = csv::Reader::from_reader(table.as_bytes());
    let read: Vec<csv::StringRecord> = read.records().collect::<Result<_, _>>().unwrap();
    assert!(read.len() >= rows.len(), "{table}");
    for (record, row) in read.iter().zip(&rows) {
        assert_eq!(record[5].parse::<serde_json::Value>().unwrap(), row["detail"], "{table}");
        assert_eq!(&record[6], text(&row["mac"]));
    }
    assert!(!table.contains("Wei") && !table.contains("13800005678"), "{table}");
}

#[test]
fn what_was_done_to_the_file_is_found() {
    let desk = used();
    let anchor = said(&desk.run(&["--demo", "journal", "anchor"]));
    let noted = desk.run(&["--demo", "journal", "verify", "--anchor", anchor.trim()]);
    assert!(noted.status.success(), "{}{}", said(&noted), words(&noted));
    let other = anchor.trim().replace(|letter: char| letter.is_ascii_lowercase(), "0");
    let other = desk.run(&["--demo", "journal", "verify", "--anchor", &other]);
    assert!(said(&other).contains("it is not the one that was noted"), "{}", said(&other));
    assert_eq!(other.status.code(), Some(1));
    assert_eq!(desk.run(&["--demo", "journal", "verify", "--anchor", "x"]).status.code(), Some(2));
    let file = Connection::open(desk.path("data/vestibule.db")).unwrap();
    file.execute("UPDATE journal SET at = at + 1 WHERE sequence = 2", []).unwrap();
    let found = desk.run(&["--demo", "journal", "verify"]);
    assert_eq!(found.status.code(), Some(1));
    assert!(said(&found).contains("ENTRY 2: it was changed, moved or put in"), "{}", said(&found));
    let report = &lines(&desk.run(&["--demo", "--json", "journal", "verify"]))[0];
    assert_eq!(report["fault"], serde_json::json!([2, "altered"]));
}
