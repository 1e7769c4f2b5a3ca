//! What must be true of a file after trouble.

use rusqlite::Connection;
use rusqlite::types::Value;
use vestibule_domain::hold::HoldState;
use vestibule_domain::pass::{PassState, Readiness};
use vestibule_domain::press::PressState;
use vestibule_domain::spare::SpareState;
use vestibule_domain::{HoldId, PassId, PressId, SpareId, VisitId};
use vestibule_store::{Opened, Store};

use super::Desk;
use crate::{TEN, visit};

/// Something that was confirmed to somebody. It stays true whatever is done later.
#[derive(Debug, Clone)]
pub(super) enum Fact {
    Nothing,
    Epoch(i64),
    Came(VisitId, PassId),
    Left(VisitId),
    Issued(PassId),
    Code(PassId, String),
    Ready(PassId),
    Seen(PassId),
    Revoked(PassId),
    Told(i64),
    Pressed(PressId, PressState),
    Held(HoldId),
    Closing(HoldId),
    Set(usize),
    Spare(SpareId),
}

impl Fact {
    fn holds(&self, store: &Store, raw: &Connection) -> bool {
        let number = |sql: &str| raw.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap_or(-1);
        let pass = |id: &PassId| store.pass(*id).ok();
        match self {
            Self::Nothing => true,
            Self::Epoch(epoch) => number("SELECT epoch FROM desk") >= *epoch,
            Self::Came(visit, id) => store.visit(*visit).is_ok() && pass(id).is_some(),
            Self::Left(visit) => store.visit(*visit).is_ok_and(|visit| visit.left_at.is_some()),
            Self::Issued(id) => pass(id).is_some(),
            Self::Code(id, code) => {
                pass(id).is_some_and(|row| row.pass.code.is_some_and(|kept| kept.reveal() == code))
            }
            Self::Ready(id) => pass(id).is_some_and(|row| row.pass.doors[0].1 != Readiness::Waiting),
            Self::Seen(id) => pass(id).is_some_and(|row| row.first_seen_at.is_some()),
            Self::Revoked(id) => pass(id).is_some_and(|row| row.pass.state == PassState::Revoked),
            Self::Told(row) => number(&format!("SELECT state = 'done' FROM outbox WHERE id = {row}")) == 1,
            Self::Pressed(id, state) => {
                let press =
                    store.presses(1_000).unwrap_or_default().into_iter().find(|press| press.id == *id);
                press.is_some_and(|press| press.state == *state || *state == PressState::Asked)
            }
            Self::Held(id) => store.hold(*id).is_ok(),
            Self::Spare(id) => store
                .spare(*id)
                .is_ok_and(|row| row.code.as_deref() == Some(b"sealed") && row.state == SpareState::Ready),
            Self::Closing(id) => {
                let gone = |state| matches!(state, HoldState::Closing | HoldState::Closed);
                store.hold(*id).is_ok_and(|hold| gone(hold.state))
            }
            Self::Set(guest) => store.setting("guest").is_ok_and(|value| {
                value.is_some_and(|value| value.parse::<usize>().is_ok_and(|at| at >= *guest))
            }),
        }
    }
}

/// Counts of things that must not be there.
const HALF: [(&str, &str); 16] = [
    (
        "a spare nobody prepares",
        "SELECT count(*) FROM spare WHERE NOT EXISTS
             (SELECT 1 FROM outbox WHERE subject = spare.id AND kind = 'prepareSpare')",
    ),
    (
        "a visitor nobody will be told of",
        "SELECT count(*) FROM visitor WHERE NOT EXISTS
             (SELECT 1 FROM outbox WHERE subject = visitor.id AND kind = 'registerVisitor')",
    ),
    (
        "a visit the journal does not know",
        "SELECT count(*) FROM visit WHERE NOT EXISTS
             (SELECT 1 FROM journal WHERE subject = visit.id AND kind = 'visitorCame')",
    ),
    (
        "a visit that ended unnoticed",
        "SELECT count(*) FROM visit WHERE (left_at IS NOT NULL) <> EXISTS
             (SELECT 1 FROM journal WHERE subject = visit.id AND kind = 'visitorLeft')",
    ),
    (
        "a pass without its calls",
        "SELECT count(*) FROM pass WHERE 2 <> (SELECT count(*) FROM outbox
             WHERE subject = pass.id AND kind IN ('generateCode', 'grantPass'))",
    ),
    ("a pass without doors", "SELECT count(*) FROM pass WHERE id NOT IN (SELECT pass FROM pass_door)"),
    (
        "a pass the journal does not know",
        "SELECT count(*) FROM pass WHERE NOT EXISTS
             (SELECT 1 FROM journal WHERE subject = pass.id AND kind = 'passIssued')",
    ),
    (
        "a pass revoked in one place only",
        "SELECT count(*) FROM pass WHERE (state = 'revoked') <> EXISTS
             (SELECT 1 FROM journal WHERE subject = pass.id AND kind = 'passRevoked')",
    ),
    (
        "a revoked pass that still counts at a door, with nobody told",
        "SELECT count(*) FROM pass JOIN pass_door ON pass = pass.id
         WHERE state = 'revoked' AND readiness NOT IN ('removing', 'removed')",
    ),
    (
        "a press the journal does not know",
        "SELECT count(*) FROM press WHERE NOT EXISTS
             (SELECT 1 FROM journal WHERE subject = press.id AND kind = 'pressAsked')",
    ),
    (
        "a press that ended unnoticed",
        "SELECT count(*) FROM press WHERE state <> 'asked' AND why IS NOT 'restarted' AND NOT EXISTS
             (SELECT 1 FROM journal WHERE subject = press.id AND kind = 'pressSettled')",
    ),
    (
        "a hold that closes with nobody told",
        "SELECT count(*) FROM hold WHERE state = 'closing' AND NOT EXISTS
             (SELECT 1 FROM outbox WHERE subject = hold.id AND kind = 'closeHold')",
    ),
    (
        "a call about nothing",
        "SELECT count(*) FROM outbox WHERE subject NOT IN
             (SELECT id FROM visitor UNION SELECT id FROM pass UNION SELECT id FROM hold UNION SELECT id FROM spare)
           AND state NOT IN ('done', 'superseded')",
    ),
    (
        "an entry about nothing",
        "SELECT count(*) FROM journal WHERE kind <> 'started' AND kind NOT LIKE 'spare%' AND subject NOT IN
             (SELECT id FROM visit UNION SELECT id FROM pass UNION SELECT id FROM hold UNION SELECT id FROM press)",
    ),
    (
        "a gap in the journal",
        "SELECT ((SELECT count(*) FROM journal) <> coalesce((SELECT max(sequence) FROM journal), 0))
              + ((SELECT count(*) FROM journal) <> coalesce((SELECT sequence FROM desk), 0))",
    ),
    (
        "a tally that is not what the rows say",
        "SELECT count(*) FROM desk WHERE waiting <> (SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending'))
                                      OR wedged <> (SELECT count(*) FROM outbox WHERE state = 'wedged')",
    ),
];

/// Everything in the file, as text.
pub(super) fn dump(raw: &Connection) -> String {
    let tables = [
        "desk",
        "visitor",
        "visit",
        "pass",
        "pass_door",
        "press",
        "hold",
        "outbox",
        "journal",
        "setting",
        "spare",
    ];
    let mut text = String::new();
    for table in tables {
        let mut statement = raw.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).unwrap();
        let width = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<Value> = (0..width).map(|column| row.get(column).unwrap()).collect();
            text += &format!("{table} {values:?}\n");
        }
    }
    text
}

/// What is wrong with an open store: damage, halves, and what was confirmed and is gone.
pub(super) fn faults_of(desk: &Desk, store: &Store, facts: &[(usize, Fact)]) -> Vec<String> {
    let raw = desk.raw().unwrap();
    let mut found = damage(&raw);
    if found.is_empty() {
        found.extend(halves(&raw));
        let lost = facts.iter().filter(|(_, fact)| !fact.holds(store, &raw));
        found.extend(lost.map(|(_, fact)| format!("lost: {fact:?}")));
    }
    found
}

fn damage(raw: &Connection) -> Vec<String> {
    let mut found = Vec::new();
    for check in
        ["PRAGMA integrity_check(5)", "SELECT 'orphan' FROM pragma_foreign_key_check UNION SELECT 'ok'"]
    {
        match raw.prepare(check).and_then(|mut rows| rows.query_map([], |row| row.get(0))?.collect()) {
            Ok(lines) => {
                let lines: Vec<String> = lines;
                found.extend(
                    lines.into_iter().filter(|line| line != "ok").map(|line| format!("damaged: {line}")),
                );
            }
            Err(error) => found.push(format!("damaged: {error}")),
        }
    }
    found
}

fn halves(raw: &Connection) -> Vec<String> {
    let mut found = Vec::new();
    for (name, sql) in HALF {
        let count: i64 = raw.query_row(sql, [], |row| row.get(0)).unwrap();
        if count != 0 {
            found.push(format!("half: {count} times {name}"));
        }
    }
    found
}

/// What is wrong with the start of the next process: nothing may be in the air, and work goes on.
pub(super) fn faults_of_restart(opened: &Opened) -> Vec<String> {
    let store = &opened.store;
    let open: Vec<PressId> = asked(store);
    let mut found = Vec::new();
    let lease = match store.take_lease(TEN) {
        Ok(Some(lease)) => lease,
        Ok(None) => return vec!["the lease is taken".to_owned()],
        Err(error) => return vec![format!("no lease: {error}")],
    };
    let presses = store.presses(1_000).unwrap();
    for id in open {
        let press = presses.iter().find(|press| press.id == id).unwrap();
        if press.state != PressState::Unknown || press.why.as_deref() != Some("restarted") {
            found.push(format!("an open press is {:?} after a restart", press.state));
        }
    }
    for hold in store.holds().unwrap() {
        if hold.state != HoldState::Closing {
            found.push(format!("a hold is {:?} after a restart", hold.state));
        }
    }
    let sending = store.outbox(TEN, 10_000).unwrap();
    if sending.iter().any(|row| row.state == vestibule_store::RowState::Sending) {
        found.push("a call is still on its way".to_owned());
    }
    let new = visit("after", TEN);
    if let Err(error) = store.register(&new).and_then(|_| store.visit(new.id)) {
        found.push(format!("nothing can be registered: {error}"));
    }
    drop(lease);
    found
}

fn asked(store: &Store) -> Vec<PressId> {
    let presses = store.presses(1_000).unwrap();
    presses.into_iter().filter(|press| press.state == PressState::Asked).map(|press| press.id).collect()
}
