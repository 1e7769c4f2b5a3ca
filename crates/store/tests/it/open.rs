//! Opening: newer, foreign and damaged files, two processes, two starts.

use rusqlite::Connection;
use vestibule_store::{Store, StoreError};

use crate::{TEN, pass_of, visit};

#[test]
fn what_was_written_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let new = visit("form-1", TEN);
    Store::open(folder.path(), TEN).unwrap().store.register(&new).unwrap();
    let again = Store::open(folder.path(), TEN).unwrap();
    assert!(again.set_aside.is_none());
    assert_eq!(again.store.visit(new.id).unwrap().name, "王小明");
    assert_eq!(again.store.pass(pass_of(&new)).unwrap().pass.doors.len(), 2);
}

#[test]
fn the_file_is_as_durable_as_promised() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(folder.path(), TEN).unwrap());
    let file = Connection::open(folder.path().join("vestibule.db")).unwrap();
    let mode: String = file.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    let loose: i64 = file
        .query_row(
            "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND strict = 0
                    AND name NOT LIKE 'sqlite_%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(loose, 0, "every table is STRICT");
    let commented: String =
        file.query_row("SELECT sql FROM sqlite_schema WHERE name = 'outbox'", [], |row| row.get(0)).unwrap();
    assert!(commented.contains("-- of the meaning of kind"), "the comments are part of the stored schema");
}

#[test]
fn a_newer_file_is_refused_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(folder.path(), TEN).unwrap());
    let path = folder.path().join("vestibule.db");
    let file = Connection::open(&path).unwrap();
    file.pragma_update(None, "user_version", 999).unwrap();
    file.pragma_update(None, "journal_mode", "DELETE").unwrap();
    drop(file);
    let before = std::fs::read(&path).unwrap();
    let refused = Store::open(folder.path(), TEN).err().expect("a newer file is refused");
    assert!(matches!(refused, StoreError::Newer { found: 999, .. }), "{refused}");
    assert!(refused.to_string().contains("newer Vestibule"), "{refused}");
    assert_eq!(std::fs::read(&path).unwrap(), before, "not one byte changed");
}

#[test]
fn another_programs_database_is_refused_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vestibule.db");
    for mark in ["PRAGMA application_id = 7;", ""] {
        drop(std::fs::remove_file(&path));
        Connection::open(&path).unwrap().execute_batch(&format!("CREATE TABLE theirs (x); {mark}")).unwrap();
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(Store::open(folder.path(), TEN), Err(StoreError::Foreign { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}

#[test]
fn a_damaged_file_is_set_aside_and_kept() {
    for damage in [b"not a database at all".to_vec(), Vec::from([0_u8; 5]), damaged_page()] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("vestibule.db"), &damage).unwrap();
        let opened = Store::open(folder.path(), TEN).unwrap();
        let aside = opened.set_aside.expect("it was set aside");
        assert_eq!(std::fs::read(aside).unwrap(), damage, "kept as it was");
        opened.store.register(&visit("form-1", TEN)).unwrap();
    }
}

#[test]
fn what_belongs_to_a_damaged_file_goes_with_it() {
    let folder = tempfile::tempdir().unwrap();
    for part in ["", "-journal", "-wal"] {
        std::fs::write(folder.path().join(format!("vestibule.db{part}")), "not a database").unwrap();
    }
    let aside = Store::open(folder.path(), TEN).unwrap().set_aside.expect("it was set aside");
    for part in ["-journal", "-wal"] {
        let kept = format!("{}{part}", aside.display());
        assert_eq!(std::fs::read_to_string(kept).unwrap(), "not a database", "it is not for the new file");
    }
}

/// A real file with a page overwritten.
fn damaged_page() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let opened = Store::open(folder.path(), TEN).unwrap();
    for number in 0..50 {
        opened.store.register(&visit(&format!("form-{number}"), TEN)).unwrap();
    }
    drop(opened);
    let mut bytes = std::fs::read(folder.path().join("vestibule.db")).unwrap();
    let pages = bytes.len() / 4096;
    for page in 1..pages {
        bytes[page * 4096..page * 4096 + 64].fill(0xA5);
    }
    bytes
}

#[test]
fn one_process_speaks_for_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(folder.path(), TEN).unwrap().store;
    let lease = first.take_lease(TEN).unwrap().expect("nobody else is here");
    let second = Store::open(folder.path(), TEN).unwrap().store;
    assert!(second.take_lease(TEN).unwrap().is_none(), "the first one is still here");
    let epoch = lease.epoch;
    drop(lease);
    assert_eq!(second.take_lease(TEN).unwrap().expect("it is free again").epoch, epoch + 1);
}

#[test]
fn the_journal_has_no_gap_and_no_names() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), TEN).unwrap().store;
    for number in 0..3 {
        let new = visit(&format!("form-{number}"), TEN);
        store.register(&new).unwrap();
        store.revoke_pass(pass_of(&new), TEN).unwrap();
    }
    let rows = store.journal(100).unwrap();
    let numbers: Vec<i64> = rows.iter().rev().map(|row| row.sequence).collect();
    assert_eq!(numbers, (1..=i64::try_from(rows.len()).unwrap()).collect::<Vec<_>>());
    let text = format!("{rows:?}");
    for private in ["王小明", "13800005678", "李经理"] {
        assert!(!text.contains(private), "the journal holds ids, not people");
    }
}

#[test]
fn a_full_disk_is_named_and_nothing_is_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), TEN).unwrap().store;
    store.register(&visit("form-0", TEN)).unwrap();
    let limit = Connection::open(folder.path().join("vestibule.db")).unwrap();
    let pages: i64 = limit.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    store.limit_pages_for_test(pages).unwrap();
    let mut refused = None;
    let mut written = 1;
    for number in 1..200 {
        match store.register(&visit(&format!("form-{number}"), TEN)) {
            Ok(_) => written += 1,
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
    }
    assert!(matches!(refused, Some(StoreError::Full)), "{refused:?}");
    assert_eq!(
        store.visits_since(TEN, TEN, 500).unwrap().len(),
        written,
        "the refused one left nothing behind"
    );
    store.limit_pages_for_test(100_000).unwrap();
    store.register(&visit("form-again", TEN)).expect("with room it goes on without a restart");
}

#[test]
fn a_file_of_the_first_format_keeps_every_row_and_what_they_wait_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vestibule.db");
    let file = Connection::open(&path).unwrap();
    file.execute_batch(include_str!("../../migrations/0001_ledger.sql")).unwrap();
    file.execute_batch(
        "PRAGMA application_id = 1449489268; PRAGMA user_version = 1;
         INSERT INTO outbox (id, lane, after, kind, version, subject, urgent, state, epoch, taken, attempts, held,
                             created_at, next_try_at, not_after, last_answer) VALUES
         (7, 'visitor:v', NULL, 'registerVisitor', 1, 'v', 0, 'wedged', NULL, 3, 3, 0, 1, 2, NULL, 'refused 2063'),
         (9, 'pass:p', 7, 'generateCode', 1, 'p', 0, 'waiting', NULL, 0, 0, 1, 1, 2, 99999999999999, NULL),
         (12, 'hold:h', NULL, 'closeHold', 1, 'h', 2, 'waiting', NULL, 1, 1, 0, 1, 2, NULL, NULL);",
    )
    .unwrap();
    drop(file);
    let store = Store::open(folder.path(), TEN).unwrap().store;
    let rows = store.outbox(TEN, 10).unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.id, row.subject.as_str(), row.attempts)).collect();
    assert_eq!(seen, [(7, "v", 3), (9, "p", 0), (12, "h", 1)]);
    let lease = store.take_lease(TEN).unwrap().unwrap();
    let due: Vec<i64> = store.take_due(&lease, TEN, TEN, 10).unwrap().iter().map(|row| row.id).collect();
    assert_eq!(due, [12], "the code still waits for its person, who waits for somebody to decide");
    store.register(&visit("form-1", TEN)).unwrap();
    let newest = store.outbox(TEN, 10).unwrap().iter().map(|row| row.id).max().unwrap();
    assert!(newest > 12, "a number is never given twice");
}

#[test]
fn a_pass_that_was_seen_before_seeing_was_counted_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = Connection::open(folder.path().join("vestibule.db")).unwrap();
    file.execute_batch(include_str!("../../migrations/0001_ledger.sql")).unwrap();
    file.execute_batch(include_str!("../../migrations/0002_spare.sql")).unwrap();
    let id = |n: u8| format!("01900000-0000-7000-8000-00000000000{n}");
    for (pass, seen) in [(1, "1000"), (2, "NULL")] {
        file.execute_batch(&format!(
            "INSERT INTO visitor VALUES ('{0}', 'identity-{pass}', 'A', '', 1);
             INSERT INTO visit VALUES ('{0}', '{0}', '', 'form-{pass}', 1, NULL);
             INSERT INTO pass (id, visitor, visit, short_code, starts_at, ends_at, scan_times, scan_scope, state,
                               issued_at, first_seen_at)
             VALUES ('{0}', '{0}', '{0}', 'K7MPQ4X{pass}', 1, 2, 3, 'eachDoor', 'active', 1, {seen});",
            id(pass)
        ))
        .unwrap();
    }
    file.execute_batch("PRAGMA application_id = 1449489268; PRAGMA user_version = 2;").unwrap();
    drop(file);
    let store = Store::open(folder.path(), TEN).unwrap().store;
    let (seen, unseen) = (id(1).parse().unwrap(), id(2).parse().unwrap());
    let counted = |pass| {
        let row = store.pass(pass).unwrap();
        (row.seen_times, row.last_seen_at.map(|at| at.0))
    };
    assert_eq!((counted(seen), counted(unseen)), ((1, Some(1000)), (0, None)));
    store.mark_seen(seen, TEN, &crate::verdict(seen, TEN)).unwrap();
    store.mark_seen(seen, TEN, &crate::verdict(seen, TEN)).unwrap();
    assert_eq!((counted(seen), counted(unseen)), ((2, Some(TEN.0)), (0, None)), "one showing, one use");
}
