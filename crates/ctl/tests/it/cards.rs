//! `cards`: tables in, tables out.

use serde_json::Value;

use crate::world::{Gateway, said, text, words};

const GOOD: &str = "identityId,cardId,expiryTime\nalice,c1,2099-03-04 18:00:00\nbob,c2,\n";

#[test]
fn a_table_gives_rights_at_every_door_named_and_may_run_again() {
    let gateway = Gateway::new();
    let file = gateway.desk.write("cards.csv", GOOD);
    for _ in 0..2 {
        let report = &gateway.good(&["cards", "import", &file, "--door", "gate", "--door", "lobby"])[0];
        assert_eq!((&report["rows"], &report["total"], &report["done"]), (&2.into(), &4.into(), &4.into()));
        assert_eq!(
            (gateway.cards_at("gate"), gateway.cards_at("lobby"), gateway.cards_at("lift")),
            (2, 2, 0)
        );
    }
    let output = gateway.run(&["cards", "import", &file, "--door", "gate", "--progress"]);
    assert_eq!(said(&output), "2 of 2 set\n");
    assert!(words(&output).contains("2 of 2 rows"), "{}", words(&output));
}

#[test]
fn a_dry_run_sends_nothing() {
    let gateway = Gateway::new();
    let file =
        gateway.desk.write("cards.csv", "identityId,cardId,expiryTime\na,1,2001-01-01 00:00:00\nb,2,\n");
    let before = gateway.emulator.call_count();
    let output = gateway.run(&["cards", "import", &file, "--door", "gate", "--door", "strange", "--dry-run"]);
    assert!(output.status.success());
    let shown = said(&output);
    assert!(
        shown.contains("2 rows, 4 rights to set in 1 calls; 1 without an end, 1 that have ended"),
        "{shown}"
    );
    assert!(words(&output).contains("row 2: expiryTime: has passed"), "{}", words(&output));
    assert!(words(&output).contains("strange is no door of the settings"), "{}", words(&output));
    assert_eq!(gateway.emulator.call_count(), before);
}

#[test]
fn what_a_spreadsheet_does_to_a_file_is_forgiven() {
    let gateway = Gateway::new();
    let files = [
        "\u{feff}\"IdentityId\";\"CardID\";\"ExpiryTime\";\"IotId\"\r\n\u{3000}alice\u{3000};\"c1\";2099/3/4 18:05;gate\r\n;;;\r\n\r\nbob;c2;２０９９－０３－０４　１８：０５：００;lobby\r\n",
        "iotId\texpiryTime\tcardId\tidentityId\ngate\t2099-03-04 18:05\tc1\talice\nlobby\t2099-03-04 18:05:00\tc2\tbob",
        "name,identityId,cardId,expiryTime,iotId\n\"Wang, Al\",alice,c1,2099-03-04 18:05:00,gate\n\"\",bob,c2,2099-03-04 18:05:00,lobby\n",
    ];
    for file in files {
        let gateway = Gateway::new();
        let path = gateway.desk.write("cards.csv", file);
        let report = &gateway.good(&["cards", "import", &path])[0];
        assert_eq!(report["done"], 2, "{file}");
        let exported = gateway.run(&["cards", "export", "--door", "gate", "--door", "lobby"]);
        assert_eq!(
            said(&exported),
            "identityId,cardId,expiryTime,iotId\nalice,c1,2099-03-04 18:05:00,gate\nbob,c2,2099-03-04 18:05:00,lobby\n"
        );
    }
    let piped = gateway.desk.run_with_input(
        &["--config", &gateway.desk.path("desk.toml"), "cards", "import", "-", "--door", "lift"],
        GOOD,
    );
    assert_eq!(said(&piped), "2 of 2 set\n", "{}", words(&piped));
}

#[test]
fn every_fault_is_named_by_row_and_column_and_nothing_is_sent() {
    let gateway = Gateway::new();
    let long = "x".repeat(256);
    let rows = [
        "alice,c1,2099-03-04 18:00:00,gate".to_owned(),
        ",c1,2099-03-04 18:00:00,gate".to_owned(),
        "alice,,2099-03-04 18:00:00,gate".to_owned(),
        "alice,c1,04.03.2099,gate".to_owned(),
        "alice,c1,2099-02-30 18:00:00,gate".to_owned(),
        format!("alice,{long},2099-03-04 18:00:00,gate"),
        "alice,3.2E+11,2099-03-04 18:00:00,gate".to_owned(),
        "alice,c9,2099-03-04 18:00:00,".to_owned(),
        "alice,c1,2099-03-04 18:00:00,gate,more".to_owned(),
        "alice,c1,2099-03-05 18:00:00,gate".to_owned(),
        "secret-person,\"secret\ncard\",2099-03-04 18:00:00,gate".to_owned(),
        "carol".to_owned(),
    ];
    for end in ["\n", "\r\n"] {
        let file = format!("identityId,cardId,expiryTime,iotId{end}{}{end}", rows.join(end));
        let path = gateway.desk.write("cards.csv", file);
        let output = gateway.run(&["cards", "import", &path]);
        assert_eq!(output.status.code(), Some(1));
        let shown = words(&output);
        for expected in [
            "row 3: identityId: must not be empty",
            "row 4: cardId: must not be empty",
            "row 5: expiryTime: is no time that exists",
            "row 6: expiryTime: is no time that exists",
            "row 7: cardId: at most 255, not 256",
            "row 8: cardId: was shortened by a spreadsheet",
            "row 9: iotId: is empty, and no --door is named",
            "row 10: has more cells than the header",
            "row 11: expiryTime: differs from row 2",
            "row 12: cardId: holds a line break",
            // The line break inside the row before counts, as in an editor.
            "row 14: ",
            "nothing was sent",
        ] {
            assert!(shown.contains(expected), "{expected}: {shown}");
        }
        assert!(!shown.contains("secret"), "no fault repeats a cell: {shown}");
    }
    assert_eq!(gateway.emulator.call_count(), 0);
}

#[test]
fn files_that_are_no_table_are_named() {
    let gateway = Gateway::new();
    let cases: [(&[u8], &str); 7] = [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\r\n", "the file is empty"),
        (b"alice,c1,2099-03-04 18:00:00\n", "names no identityId, cardId, expiryTime"),
        (b"identityId,cardId,cardid,expiryTime\n", "row 1: cardId: stands in the header twice"),
        (b"identityId,cardId\na,b\n", "names no expiryTime"),
        (b"identityId,cardId,expiryTime\na,1,\n\xcd\xf5,2,\n", "row 3: is not UTF-8"),
        (b"\xff\xfei\0d\0", "is not UTF-8"),
    ];
    for (bytes, expected) in cases {
        let path = gateway.desk.write("cards.csv", bytes);
        let output = gateway.run(&["cards", "import", &path, "--door", "gate"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(words(&output).contains(expected), "{expected}: {}", words(&output));
    }
}

#[test]
fn an_export_is_whole_private_safe_for_spreadsheets_and_comes_back_the_same() {
    let gateway = Gateway::new();
    let table = "identityId,cardId,expiryTime,iotId\n'=cmd(),'+1,2099-03-04 18:00:00,gate\n\"a \"\"b\"\", c\",'-2,,gate\n";
    let file = gateway.desk.write("cards.csv", table);
    assert_eq!(gateway.good(&["cards", "import", &file])[0]["done"], 2);
    let raw = gateway.good(&["cards", "export", "--door", "gate"]);
    let cards: Vec<&str> = raw.iter().map(|right| text(&right["cardId"])).collect();
    assert_eq!(cards, ["+1", "-2"], "the mark is not part of the card");

    let out = gateway.desk.path("out.csv");
    let report = &gateway.good(&["cards", "export", "--door", "gate", "--out", &out])[0];
    assert_eq!(report["rows"], 2);
    assert_eq!(gateway.desk.read("out.csv"), table);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let again = gateway.run(&["cards", "export", "--door", "gate", "--out", &out]);
    assert!(words(&again).contains("is there already"), "{}", words(&again));
    gateway.good(&["cards", "export", "--door", "gate", "--out", &out, "--replace"]);

    let none = gateway.desk.path("none.csv");
    let failed = gateway.run(&["cards", "export", "--door", "gate", "--door", "nowhere", "--out", &none]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(!std::path::Path::new(&none).exists() && !std::path::Path::new(&format!("{none}.part")).exists());
}

#[test]
fn an_export_longer_than_a_page_has_every_row_once() {
    let gateway = Gateway::new();
    let rows: String =
        (0..1234).map(|n| format!("person-{n:04},card-{n:04},2099-01-01 00:00:00\n")).collect();
    let file = gateway.desk.write("cards.csv", format!("identityId,cardId,expiryTime\n{rows}"));
    assert_eq!(gateway.good(&["cards", "import", &file, "--door", "gate"])[0]["done"], 1234);
    let output = gateway.run(&["cards", "export", "--door", "gate"]);
    assert_eq!(said(&output).lines().count(), 1235);
}

#[test]
fn a_person_is_taken_off_a_door_with_all_cards_and_only_when_meant() {
    let gateway = Gateway::new();
    let table = "identityId,cardId,expiryTime\nalice,c1,\nalice,c2,\nbob,c3,\n";
    let file = gateway.desk.write("cards.csv", table);
    gateway.good(&["cards", "import", &file, "--door", "gate", "--door", "lobby"]);
    let asked = gateway.run(&["cards", "delete", "--person", "alice", "--door", "gate"]);
    assert_eq!(asked.status.code(), Some(1));
    assert!(said(&asked).contains("gate  2 cards, 2 left") && words(&asked).contains("--yes"));
    assert_eq!(gateway.cards_at("gate"), 3);
    let taken: &Value =
        &gateway.good(&["cards", "delete", "--person", "alice", "--door", "gate", "--yes"])[0];
    assert_eq!((&taken["cards"], &taken["left"]), (&2.into(), &0.into()));
    assert_eq!(
        (gateway.cards_at("gate"), gateway.cards_at("lobby")),
        (1, 3),
        "bob, and the other door, stay"
    );
}
