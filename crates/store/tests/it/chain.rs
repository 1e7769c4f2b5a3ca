//! The journal as a chain: whatever is done to it past us is found, and where.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;
use vestibule_domain::UtcMillis;
use vestibule_store::{Anchor, ChainFault, ChainKey, ChainReport, Entry, Store};

use crate::TEN;

fn key(letter: u8) -> ChainKey {
    ChainKey::from_secret(&[letter; 32])
}

fn open(folder: &TempDir, keys: &[u8]) -> Store {
    let store = Store::open(folder.path(), TEN).unwrap().store;
    store.chain_with(keys.iter().copied().map(key).collect());
    store
}

fn entry(number: i64) -> Entry {
    let at = UtcMillis(TEN.0 + number);
    Entry { at, kind: "verdict", subject: format!("pass-{number}"), detail: json!({ "number": number }) }
}

/// Twenty entries, chained with these keys.
fn written(keys: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&open(&folder, keys), 1..=20);
    folder
}

fn write(store: &Store, numbers: std::ops::RangeInclusive<i64>) {
    store.note(&numbers.map(entry).collect::<Vec<_>>()).unwrap();
}

fn check(folder: &TempDir, keys: &[u8], anchor: Option<&Anchor>) -> ChainReport {
    open(folder, keys).check_chain(anchor, |_| {}).unwrap()
}

fn meddle(folder: &TempDir, sql: &str) {
    Connection::open(folder.path().join("vestibule.db")).unwrap().execute_batch(sql).unwrap();
}

/// What is found after somebody with a text editor for databases was there.
fn found(sql: &str) -> Option<(i64, ChainFault)> {
    let folder = written(b"k");
    let anchor = open(&folder, b"k").anchor().unwrap().unwrap();
    assert_eq!(check(&folder, b"k", Some(&anchor)).fault, None, "untouched");
    meddle(&folder, sql);
    let report = check(&folder, b"k", None);
    assert!(report.entries <= 20, "{sql}: {report:?}");
    report.fault
}

#[test]
fn a_flipped_byte_in_any_column_is_found_where_it_is() {
    for change in [
        "epoch = epoch + 1",
        "at = at - 1",
        "kind = 'verdicT'",
        "subject = 'pass-8'",
        "detail = replace(detail, '7', '8')",
        "detail = detail || ' '",
        "detail = cast(x'ff' AS TEXT)",
        "mac = zeroblob(36)",
        "mac = x''",
    ] {
        let sql = format!("UPDATE journal SET {change} WHERE sequence = 7");
        assert_eq!(found(&sql), Some((7, ChainFault::Altered)), "{change}");
    }
    let moved = found("UPDATE journal SET sequence = 70 WHERE sequence = 7");
    assert_eq!(moved, Some((7, ChainFault::Missing)));
    let unchained = found("UPDATE journal SET mac = NULL WHERE sequence = 7");
    assert_eq!(unchained, Some((7, ChainFault::Unchained)));
    // Each single byte of a MAC, its name of the key too.
    let folder = written(b"k");
    for byte in 0..36 {
        meddle(
            &folder,
            &format!(
                "CREATE TABLE kept AS SELECT mac FROM journal WHERE sequence = 7;
                 UPDATE journal SET mac = unhex(substr(hex(mac), 1, {}) || CASE substr(hex(mac), {}, 1) WHEN '0' THEN '1'
                 ELSE '0' END || substr(hex(mac), {})) WHERE sequence = 7",
                2 * byte,
                2 * byte + 1,
                2 * byte + 2
            ),
        );
        let fault = check(&folder, b"k", None).fault.unwrap();
        assert!(
            fault.0 == 7 && matches!(fault.1, ChainFault::Altered | ChainFault::OtherKey),
            "{byte}: {fault:?}"
        );
        meddle(
            &folder,
            "UPDATE journal SET mac = (SELECT mac FROM kept) WHERE sequence = 7; DROP TABLE kept",
        );
        assert_eq!(check(&folder, b"k", None).fault, None, "{byte}");
    }
}

#[test]
fn what_is_removed_moved_or_put_in_is_found() {
    assert_eq!(found("DELETE FROM journal WHERE sequence = 9"), Some((9, ChainFault::Missing)));
    assert_eq!(found("DELETE FROM journal WHERE sequence = 1"), Some((1, ChainFault::Missing)));
    let closed_up = "DELETE FROM journal WHERE sequence = 9;
        UPDATE journal SET sequence = sequence - 1 WHERE sequence > 9; UPDATE desk SET sequence = 19";
    assert_eq!(found(closed_up), Some((9, ChainFault::Altered)));
    let swapped = "UPDATE journal SET sequence = -1 WHERE sequence = 4;
        UPDATE journal SET sequence = 4 WHERE sequence = 5; UPDATE journal SET sequence = 5 WHERE sequence = -1";
    assert_eq!(found(swapped), Some((4, ChainFault::Altered)));
    let behind = "INSERT INTO journal SELECT 21, epoch, at, kind, subject, detail, mac FROM journal WHERE sequence = 20";
    assert_eq!(found(behind), Some((21, ChainFault::Beyond)));
    let counted = format!("{behind}; UPDATE desk SET sequence = 21");
    assert_eq!(found(&counted), Some((21, ChainFault::Altered)));
    let before = "INSERT INTO journal SELECT 0, epoch, at, kind, subject, detail, mac FROM journal WHERE sequence = 20";
    assert_eq!(found(before), Some((0, ChainFault::Beyond)));
    let everything = "DELETE FROM journal";
    assert_eq!(found(everything), Some((1, ChainFault::CutOff)));
}

#[test]
fn the_newest_entries_cannot_be_taken_away_unseen() {
    let cut = "DELETE FROM journal WHERE sequence > 15";
    assert_eq!(found(cut), Some((16, ChainFault::CutOff)));
    let counted = format!("{cut}; UPDATE desk SET sequence = 15");
    assert_eq!(found(&counted), Some((15, ChainFault::WrongEnd)));
    // Even with everything that stands in the file, the end of the fifteenth cannot be made, ...
    let forged = "; UPDATE desk SET mac = CAST((SELECT mac FROM journal WHERE sequence = 15) || substr(mac, 37) AS BLOB)";
    assert_eq!(found(&format!("{counted}{forged}")), Some((15, ChainFault::WrongEnd)));
    // ... nor does an entry that is written afterwards make it good.
    let folder = written(b"k");
    meddle(&folder, &format!("{counted}{forged}"));
    write(&open(&folder, b"k"), 16..=17);
    assert_eq!(check(&folder, b"k", None).fault, Some((16, ChainFault::Altered)));
}

#[test]
fn a_file_put_back_as_it_once_was_is_found_by_a_hash_noted_elsewhere() {
    let folder = written(b"k");
    let earlier = open(&folder, b"k").anchor().unwrap().unwrap();
    meddle(&folder, "CREATE TABLE kept AS SELECT sequence, mac FROM desk");
    write(&open(&folder, b"k"), 21..=25);
    let noted: Anchor = open(&folder, b"k").anchor().unwrap().unwrap().to_string().parse().unwrap();
    assert_eq!(check(&folder, b"k", Some(&noted)).fault, None);
    assert_eq!(check(&folder, b"k", Some(&earlier)).fault, None, "an older note still holds");
    meddle(
        &folder,
        "DELETE FROM journal WHERE sequence > 20;
         UPDATE desk SET sequence = (SELECT sequence FROM kept), mac = (SELECT mac FROM kept)",
    );
    assert_eq!(check(&folder, b"k", None).fault, None, "the file alone cannot know");
    assert_eq!(check(&folder, b"k", Some(&noted)).fault, Some((25, ChainFault::NotAnchored)));
    write(&open(&folder, b"k"), 31..=35);
    assert_eq!(check(&folder, b"k", Some(&noted)).fault, Some((25, ChainFault::NotAnchored)));
    for bad in
        ["", "5", "5:", "x:00", "5:00", &format!("5:{}", "g".repeat(72)), &format!("5:{}", "é".repeat(36))]
    {
        assert!(bad.parse::<Anchor>().is_err(), "{bad}");
    }
}

#[test]
fn a_new_key_goes_on_where_the_old_one_ended() {
    let folder = written(b"k");
    write(&open(&folder, b"nk"), 21..=30);
    let both = check(&folder, b"nk", None);
    assert_eq!((both.fault, both.entries, both.keyless), (None, 30, 0));
    assert_eq!(check(&folder, b"n", None).fault, Some((1, ChainFault::OtherKey)), "the old one is needed");
    assert_eq!(check(&folder, b"k", None).fault, Some((21, ChainFault::OtherKey)));
    assert_eq!(check(&folder, b"", None).fault, Some((1, ChainFault::OtherKey)));
}

#[test]
fn without_a_key_accidents_are_found_and_what_has_none_is_counted() {
    let folder = written(b"");
    let report = check(&folder, b"", None);
    assert_eq!((report.fault, report.entries, report.keyless), (None, 20, 20));
    // A key that comes later finds them as they were.
    write(&open(&folder, b"k"), 21..=25);
    let report = check(&folder, b"k", None);
    assert_eq!((report.fault, report.entries, report.keyless), (None, 25, 20));
    meddle(&folder, "UPDATE journal SET subject = 'x' WHERE sequence = 3");
    assert_eq!(check(&folder, b"k", None).fault, Some((3, ChainFault::Altered)));
}

#[test]
fn entries_older_than_the_chain_are_counted_and_only_before_it() {
    let folder = written(b"k");
    // As a file of the version before this one.
    meddle(&folder, "UPDATE journal SET mac = NULL; UPDATE desk SET mac = NULL");
    let old = check(&folder, b"k", None);
    assert_eq!((old.fault, old.entries, old.unchained, old.newest), (None, 20, 20, None));
    write(&open(&folder, b"k"), 21..=25);
    let report = check(&folder, b"k", None);
    assert_eq!((report.fault, report.entries, report.unchained), (None, 25, 20));
    assert_eq!(report.newest.unwrap().sequence, 25);
    // More of them than there were would be a way around it.
    meddle(&folder, "UPDATE journal SET mac = NULL WHERE sequence = 21");
    assert_eq!(check(&folder, b"k", None).fault, Some((22, ChainFault::Altered)));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long it takes is what is shown")]
fn a_hundred_thousand_entries_are_looked_through() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder, b"k");
    for thousand in 0..100 {
        write(&store, thousand * 1000 + 1..=(thousand + 1) * 1000);
    }
    let (begun, mut shown) = (Instant::now(), 0);
    let report = store.check_chain(None, |_| shown += 1).unwrap();
    let took = begun.elapsed();
    println!("100,000 entries looked through in {took:?}");
    assert_eq!((report.fault, report.entries, shown), (None, 100_000, 100_000));
    assert!(took < Duration::from_secs(60), "{took:?}");
    meddle(&folder, "UPDATE journal SET at = at + 1 WHERE sequence = 99999");
    assert_eq!(check(&folder, b"k", None).fault, Some((99_999, ChainFault::Altered)));
}
