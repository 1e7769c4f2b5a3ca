//! The store against real files.
#![allow(clippy::unwrap_used, reason = "in a test, a failure to get there is a failure")]
#![allow(clippy::print_stdout, reason = "what was tried and found is shown when a test fails or is asked to")]

mod chain;
mod compact;
#[cfg(target_os = "linux")]
mod disk;
mod hold;
mod host;
mod invitation;
mod model;
mod open;
mod outbox;
mod press;
mod revoke;
mod staff;
mod vault;

use std::time::Duration;

use vestibule_domain::pass::{ScanLimit, ScanScope};
use vestibule_domain::visitor::introduce;
use vestibule_domain::{DoorId, IdentityId, PassId, ShortCode, UtcMillis, VisitId, VisitorId, Window};
use vestibule_store::{Details, Entry, Lease, NewPass, NewVisit, RowEnd, Store, StoreError};

/// Ten o'clock on some morning in Shanghai.
const TEN: UtcMillis = UtcMillis(1_795_485_600_000);

fn store() -> (Store, Lease) {
    let store = Store::in_memory().unwrap();
    let lease = store.take_lease(TEN).unwrap().unwrap();
    (store, lease)
}

fn visit(form: &str, at: UtcMillis) -> NewVisit {
    let (id, visitor) = (VisitId::new(at), VisitorId::new(at));
    NewVisit {
        id,
        visitor,
        identity: IdentityId::random(),
        introduction: introduce("王小明", "13800005678", "李经理").unwrap(),
        form: form.to_owned(),
        at,
        pass: Some(NewPass {
            id: PassId::new(at),
            visitor,
            visit: id,
            short_code: ShortCode::random(),
            window: Window { from: at, until: at.plus(Duration::from_secs(8 * 3600)) },
            limit: ScanLimit { times: 10, scope: ScanScope::EachDoor },
            doors: vec![DoorId("a".to_owned()), DoorId("b".to_owned())],
            at,
        }),
        spare: None,
        details: Details::default(),
    }
}

/// What the journal is told of a verdict.
fn verdict(pass: PassId, at: UtcMillis) -> Entry {
    Entry { at, kind: "verdict", subject: pass.to_string(), detail: serde_json::json!({}) }
}

fn pass_of(visit: &NewVisit) -> PassId {
    visit.pass.as_ref().unwrap().id
}

/// How one row ended, said shortly.
trait Settle {
    fn end(&self, lease: &Lease, row: i64, end: RowEnd) -> Result<(), StoreError>;

    fn settle(&self, lease: &Lease, row: i64) -> Result<(), StoreError> {
        self.end(lease, row, RowEnd::Done)
    }

    fn wedge(&self, lease: &Lease, row: i64, answer: &str) -> Result<(), StoreError> {
        self.end(lease, row, RowEnd::Wedged(answer.to_owned()))
    }

    fn postpone(
        &self,
        lease: &Lease,
        row: i64,
        next_try: UtcMillis,
        answer: &str,
        held: bool,
    ) -> Result<(), StoreError> {
        self.end(lease, row, RowEnd::Later { next_try, answer: answer.to_owned(), held })
    }
}

impl Settle for Store {
    fn end(&self, lease: &Lease, row: i64, end: RowEnd) -> Result<(), StoreError> {
        self.turn(lease, &[(row, end)], None).map(drop)
    }
}
