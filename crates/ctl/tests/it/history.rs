//! Who came on earlier days, and who is inside when everybody has to leave.

use crate::world::{Desk, said, text, words};

fn register(desk: &Desk, name: &str, phone: &str, host: &str) -> String {
    let added = desk.demo(&["visitor", "add", "--name", name, "--phone", phone, "--host", host]);
    text(&added[0]["id"]).to_owned()
}

#[test]
fn the_history_is_found_and_taken_along_harmlessly() {
    let desk = Desk::new();
    register(&desk, "王小明", "13800005678", "李经理");
    register(&desk, "=HYPERLINK(\"http://x\")", "+4420794609", "@host, \"quoted\"");
    let found = desk.demo(&["history", "--search", "小明"]);
    assert_eq!((found.len(), text(&found[0]["phone"])), (1, "138****5678"));
    assert_eq!(desk.demo(&["history", "--search", "0000 5678"]).len(), 1);
    assert_eq!(desk.demo(&["history", "--host", "经理", "--state", "open"]).len(), 1);
    assert!(desk.demo(&["history", "--state", "left"]).is_empty());
    assert!(desk.demo(&["history", "--from", "2020-01-01", "--until", "2020-12-31"]).is_empty());
    for days in [["--from", "yesterday"], ["--from", "1999-01-01"], ["--from", "2999-01-01"]] {
        let refused = desk.run(&[&["--demo", "history"][..], &days[..]].concat());
        assert!(!refused.status.success() && words(&refused).contains("this day"), "{days:?}");
    }
    let table = said(&desk.run(&["--demo", "history", "--csv"]));
    assert!(table.starts_with('\u{feff}') && table.contains("王小明") && table.contains("13800005678"));
    let mut rows = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    for cell in rows.iter().flat_map(csv::StringRecord::iter) {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    assert!(rows.iter().any(|row| &row[3] == "'=HYPERLINK(\"http://x\")" && &row[5] == "'@host, \"quoted\""));
    let file = desk.path("visits.csv");
    assert_eq!(desk.demo(&["history", "--csv", "--out", &file])[0]["rows"], 2);
    assert_eq!(desk.read("visits.csv"), table);
    assert!(
        !desk.run(&["--demo", "history", "--csv", "--out", &file]).status.success(),
        "nothing is overwritten"
    );
    let journal = desk.demo(&["journal", "list"]);
    let exports: Vec<_> = journal.iter().filter(|row| row["kind"] == "historyExported").collect();
    assert_eq!((exports.len(), &exports[0]["detail"]["rows"]), (2, &2.into()));
}

#[test]
fn a_roll_call_is_kept_between_processes() {
    let desk = Desk::new();
    let (wang, ada) = (register(&desk, "王小明", "", "李经理"), register(&desk, "Ada", "", "Grace"));
    let shown = &desk.demo(&["roll-call", "show"])[0];
    assert_eq!((&shown["missing"], shown["begunAt"].is_null()), (&2.into(), true));
    assert!(!desk.run(&["--demo", "roll-call", "tick", &wang]).status.success(), "none is under way");
    desk.demo(&["roll-call", "begin"]);
    desk.demo(&["roll-call", "tick", &wang]);
    desk.demo(&["roll-call", "tick", &ada]);
    let again = &desk.demo(&["roll-call", "tick", &ada])[0];
    assert_eq!((&again["missing"], &again["ticked"]), (&0.into(), &2.into()));
    assert_eq!(desk.demo(&["roll-call", "untick"])[0]["ticked"], 1);
    let back = &desk.demo(&["roll-call", "untick"])[0];
    assert_eq!((&back["ticked"], &back["missing"]), (&0.into(), &2.into()));
    let printed = said(&desk.run(&["--demo", "roll-call", "show"]));
    for part in ["[ ]", "王小明", "2 missing", "not on it: staff", "nobody knows whether they went in"] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    assert!(desk.demo(&["roll-call", "end"])[0]["begunAt"].is_null());
}
