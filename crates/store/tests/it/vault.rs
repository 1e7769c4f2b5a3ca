//! A file of before the vault keeps everything, and is sealed when there is a key.

use rusqlite::Connection;
use vestibule_domain::agreement::Consent;
use vestibule_domain::{PassCode, ShortCode, UtcMillis};
use vestibule_store::{Store, StoreError, VaultKey};

use crate::{TEN, visit};

const BEFORE: [&str; 9] = [
    include_str!("../../migrations/0001_ledger.sql"),
    include_str!("../../migrations/0002_spare.sql"),
    include_str!("../../migrations/0003_tally.sql"),
    include_str!("../../migrations/0004_guard.sql"),
    include_str!("../../migrations/0005_kiosk.sql"),
    include_str!("../../migrations/0006_staff.sql"),
    include_str!("../../migrations/0007_chain.sql"),
    include_str!("../../migrations/0008_receipt.sql"),
    include_str!("../../migrations/0009_roll_call.sql"),
];
const ID: &str = "01900000-0000-7000-8000-000000000001";

fn of_before(folder: &std::path::Path) {
    let file = Connection::open(folder.join("vestibule.db")).unwrap();
    for step in BEFORE {
        file.execute_batch(step).unwrap();
    }
    file.execute_batch(&format!(
        "INSERT INTO visitor VALUES ('{ID}', 'identity', '王小\"明', '13800005678', 1);
         INSERT INTO visit (id, visitor, host, form, came_at) VALUES ('{ID}', '{ID}', '李经理', 'form', 1);
         INSERT INTO pass (id, visitor, visit, code, short_code, starts_at, ends_at, scan_times, scan_scope, state,
                           issued_at, seen_times)
         VALUES ('{ID}', '{ID}', '{ID}', 'OLDCODE77', 'K7MPQ4X2', 1, 2, 3, 'eachDoor', 'active', 1, 5);
         INSERT INTO pass_door VALUES ('{ID}', 'a', 0, 'ready', NULL);
         INSERT INTO receipt VALUES ('{ID}', 1, 1);
         INSERT INTO agreement VALUES ('{ID}', '1', 'en', 'hash', 'typed', 'Marked Hand', 1);
         INSERT INTO invitation (id, short_code, name, phone, host, doors, starts_at, ends_at, state, made_at)
         VALUES ('{ID}', 'GUEST234', 'Gast', '', 'Wang', '[\"a\"]', 1, 2, 'open', 1);
         INSERT INTO press VALUES ('{ID}', 'a', 1, 0, 'guard', 'other', 'accepted', NULL, 2, 'for Marked', NULL);
         INSERT INTO spare VALUES ('{ID}', 'other', '[]', 1, 2, 3, 'eachDoor', x'01', 'ready', 1, NULL);
         PRAGMA application_id = 1449489268; PRAGMA user_version = 9;"
    ))
    .unwrap();
}

fn everything_is_there(store: &Store) {
    let id = ID.parse().unwrap();
    let row = store.visit(ID.parse().unwrap()).unwrap();
    assert_eq!(
        (row.name.as_str(), row.phone.as_str(), row.host.as_str()),
        ("王小\"明", "13800005678", "李经理")
    );
    assert_eq!(store.name_by_phone("+8613800005678", UtcMillis(0)).unwrap().as_deref(), Some("王小\"明"));
    let pass = store.pass_by_code(&PassCode::from_service("OLDCODE77".to_owned())).unwrap().unwrap();
    assert_eq!((pass.pass.id, pass.seen_times, pass.pass.doors.len()), (id, 5, 1));
    assert_eq!(pass.pass.short_code.reveal(), "K7MPQ4X2");
    assert!(store.pass_by_short_code(&ShortCode::from_store("K7MPQ4X2".to_owned())).unwrap().is_some());
    let signed = store.agreement(ID.parse().unwrap()).unwrap().unwrap();
    assert_eq!(signed.consent, Consent::Typed { name: "Marked Hand".to_owned() });
    let guest = store.invitation_by_code(&ShortCode::from_store("GUEST234".to_owned())).unwrap().unwrap();
    assert_eq!((guest.name.as_str(), guest.host.as_str(), guest.doors.unwrap().len()), ("Gast", "Wang", 1));
    assert_eq!(store.presses(1).unwrap()[0].note.as_deref(), Some("for Marked"));
    assert_eq!(store.spares().unwrap()[0].code.as_deref(), Some(&[1_u8][..]));
}

#[test]
fn a_file_of_before_is_read_with_and_without_a_key_and_sealed_with_one() {
    let folder = tempfile::tempdir().unwrap();
    of_before(folder.path());
    let open = || Store::open(folder.path(), TEN).unwrap().store;
    everything_is_there(&open());
    assert!(!Store::is_sealed(folder.path()));
    let key = |byte| VaultKey::from_secret(&[byte; 32]);
    let store = open();
    store.seal_with(vec![key(1)]);
    everything_is_there(&store);
    while store.seal_some(1).unwrap() {
        everything_is_there(&store);
    }
    everything_is_there(&store);
    drop(store);
    assert!(Store::is_sealed(folder.path()));
    let bytes = std::fs::read(folder.path().join("vestibule.db")).unwrap();
    for mark in ["王小", "13800005678", "李经理", "OLDCODE77", "K7MPQ4X2", "Marked", "GUEST234", "Gast"]
    {
        assert!(!bytes.windows(mark.len()).any(|part| part == mark.as_bytes()), "{mark}");
    }
    for keys in [Vec::new(), vec![key(2)]] {
        let before = std::fs::read(folder.path().join("vestibule.db")).unwrap();
        let store = open();
        store.seal_with(keys);
        assert!(matches!(store.register(&visit("form-2", TEN)), Err(StoreError::Sealed)));
        assert!(matches!(store.seal_some(1), Err(StoreError::Sealed)));
        drop(store);
        assert_eq!(
            std::fs::read(folder.path().join("vestibule.db")).unwrap(),
            before,
            "not one byte changed"
        );
    }
}
