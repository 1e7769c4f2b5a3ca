//! What the journal has of a day, and that every verdict comes out again.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use vestibule_desk::seal::Seal;
use vestibule_desk::{Station, VerdictEntry};
use vestibule_domain::verdict::{Decision, Reason};
use vestibule_journeys::world::World;
use vestibule_store::{ChainFault, Entry, Store};

const HOUR: Duration = Duration::from_secs(3600);
const MINUTE: Duration = Duration::from_secs(60);

/// A lobby with a key for its journal.
fn keyed() -> World {
    World::with(|settings| {
        settings.spare.size = 0;
        settings.seal = Seal::from_hex(&"7a".repeat(32));
    })
}

/// A day on which most of what can be said of a code is said. Gives the codes, and how many verdicts there were.
async fn day(world: &World) -> (Vec<String>, usize) {
    let mut shown = Vec::new();
    let mut show = |code: &str| {
        drop(world.show(code));
        shown.push(code.to_owned());
    };
    let (one, two) = (world.visitor_comes("Wei Ming"), world.visitor_comes("Li Na"));
    show(&one.short_code);
    world.desk.drain().await;
    let (first, second) = (world.code(one.id), world.code(two.id));
    for pause in [Duration::from_secs(3), MINUTE, HOUR] {
        show(&first);
        world.turn(pause);
    }
    show(&second);
    show(&two.short_code);
    world.desk.revoke_pass(two.id).unwrap();
    show(&second);
    for code in ["24DD9END8CD3ABCD", "https://example.com/x", "ABCD-EFGH", "no pass", "二维码", ""] {
        show(code);
    }
    world.network_down();
    let three = world.visitor_comes("Zhang San");
    world.desk.drain().await;
    show(&three.short_code);
    world.network_back().await;
    world.desk.sign_out(one.visit).unwrap();
    show(&first);
    world.turn(12 * HOUR);
    show(&three.short_code);
    let count = shown.len();
    (shown, count)
}

#[tokio::test]
async fn every_verdict_of_a_day_comes_out_again() {
    let world = keyed();
    let (codes, shown) = day(&world).await;
    let report = world.desk.verify_journal(None).unwrap();
    assert_eq!(report.chain.fault, None);
    assert!(report.keyed && report.is_good() && report.chain.keyless == 0, "{report:?}");
    assert_eq!((report.verdicts, report.judged_again), (shown as u64, shown as u64));
    let rows = world.desk.journal(1000).unwrap();
    let verdicts: Vec<VerdictEntry> = rows.iter().filter_map(VerdictEntry::of).collect();
    let reasons: BTreeSet<String> = verdicts.iter().map(|verdict| format!("{:?}", verdict.reason)).collect();
    for reason in ["Valid", "Again", "Revoked", "SignedOut", "NotTold", "NotIssuedHere", "Address", "Expired"]
    {
        assert!(reasons.contains(reason), "{reason} is not among {reasons:?}");
    }
    assert!(verdicts.iter().any(|verdict| verdict.reason == Reason::NotReady && verdict.asked.is_some()));
    assert!(
        rows.iter().any(|row| row.kind == "settings") && rows.iter().any(|row| row.kind == "passRevoked")
    );
    let said = serde_json::to_string(&rows).unwrap();
    for code in codes.iter().filter(|code| code.len() > 6) {
        assert!(!said.contains(code.as_str()), "a code is in the journal");
    }
    assert!(!said.contains(&"7a".repeat(32)), "the key is");
    // The process that ends leaves none unwritten.
    drop(world.show("24DD9END8CD3ABCD"));
    let world = world.restart();
    assert_eq!(world.desk.verify_journal(None).unwrap().judged_again, shown as u64 + 1);
}

#[tokio::test]
async fn a_verdict_whose_inputs_were_changed_is_found() {
    let world = keyed();
    let (_, shown) = day(&world).await;
    let rows = world.desk.journal(1000).unwrap();
    let valid =
        rows.iter().find(|row| VerdictEntry::of(row).is_some_and(|it| it.reason == Reason::Valid)).unwrap();
    let anchor = world.desk.journal_anchor().unwrap().unwrap();
    // By somebody who has the file alone: the chain.
    let file = rusqlite::Connection::open(world.folder().join("vestibule.db")).unwrap();
    let flip = "UPDATE journal SET detail = replace(detail, ?2, ?3) WHERE sequence = ?1";
    let (was, is) = ("\"revokedAt\":null", "\"revokedAt\":1000");
    assert_eq!(file.execute(flip, (valid.sequence, was, is)).unwrap(), 1);
    let report = world.desk.verify_journal(Some(&anchor)).unwrap();
    assert_eq!(report.chain.fault, Some((valid.sequence, ChainFault::Altered)));
    assert_eq!(file.execute(flip, (valid.sequence, is, was)).unwrap(), 1);
    assert!(world.desk.verify_journal(Some(&anchor)).unwrap().is_good(), "put back");
    // By a program that says what its table does not: the table.
    let mut lie = VerdictEntry::of(valid).unwrap();
    (lie.decision, lie.reason) = (Decision::Stop, Reason::Expired);
    let store = Store::open(world.folder(), valid.at).unwrap().store;
    store.chain_with(Seal::from_hex(&"7a".repeat(32)).unwrap().chain_keys());
    let (kind, subject) = ("verdict", valid.subject.clone());
    let entries = [json!(lie), json!({ "decision": "letIn" })].map(|detail| Entry {
        at: valid.at,
        kind,
        subject: subject.clone(),
        detail,
    });
    store.note(&entries).unwrap();
    let report = world.desk.verify_journal(None).unwrap();
    assert_eq!((report.chain.fault, report.judged_again), (None, shown as u64));
    assert_eq!(report.differing, [anchor.sequence + 1, anchor.sequence + 2]);
    assert!(!report.is_good());
    assert_eq!(lie.comes_out_again(), Some(false));
    lie.rules += 1;
    assert_eq!(lie.comes_out_again(), None, "another table's");
}

#[tokio::test]
async fn a_verdict_on_a_full_disk_is_given_and_written_when_there_is_room() {
    let world = keyed();
    let pass = world.visitor_comes("Wei Ming");
    world.desk.drain().await;
    let code = world.code(pass.id);
    let file = rusqlite::Connection::open(world.folder().join("vestibule.db")).unwrap();
    file.execute_batch("CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT raise(ABORT, 'full'); END")
        .unwrap();
    assert_eq!(world.show(&code).decision, Decision::LetIn);
    assert_eq!(world.show("24DD9END8CD3ABCD").reason, Reason::NotIssuedHere);
    assert_eq!(world.desk.verify_journal(None).unwrap().verdicts, 0);
    file.execute_batch("DROP TRIGGER full").unwrap();
    for _ in 0..30 {
        if world.desk.verify_journal(None).unwrap().verdicts == 2 {
            break;
        }
    }
    let report = world.desk.verify_journal(None).unwrap();
    assert_eq!((report.verdicts, report.judged_again, report.is_good()), (2, 2, true));
}

#[tokio::test]
async fn without_a_key_it_says_so_and_the_kiosk_reads_nothing() {
    let world = World::with(|settings| settings.seal = None);
    drop(world.show("24DD9END8CD3ABCD"));
    let report = world.desk.verify_journal(None).unwrap();
    assert!(!report.keyed && report.is_good() && report.chain.keyless == report.chain.entries, "{report:?}");
    let world = world.restart_with(|settings| settings.station = Station::Kiosk);
    assert!(world.desk.verify_journal(None).is_err() && world.desk.journal(1).is_err());
}
