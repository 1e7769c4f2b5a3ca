//! The outbox against a model of it that is a plain list, through anything a desk, its people, its clock and its ends do
//! to it in any order. Every step must leave the same rows open, and every turn must take the same ones.

use std::time::Duration;

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use vestibule_domain::{PassId, UtcMillis};
use vestibule_store::{DropReason, Kind, RowEnd, RowState, Store, Tally, Wanted};

use crate::{TEN, pass_of, store, visit};

/// No row waits longer than this on purpose.
const LONGEST_PAUSE_MS: i64 = 20 * 60 * 1000;
/// How long after its end a pass may still be taken away.
const REMOVAL_GRACE_MS: i64 = 16 * 60 * 1000;

#[derive(Debug, Clone)]
enum Step {
    Register,
    /// One turn of the disk: so many calls ended like this, and so many rows are asked for.
    Turn {
        ends: Vec<(usize, End)>,
        limit: u32,
    },
    Retry(usize),
    Drop(usize),
    Revoke(usize),
    Hurry,
    Restart,
    Compact,
    /// The wall clock goes on, or is put back.
    Clock(i64),
}

#[derive(Debug, Clone, Copy)]
enum End {
    Done,
    Superseded,
    Wedged,
    Later(i64, bool),
    NotSent,
}

fn step() -> impl Strategy<Value = Step> {
    let end = prop_oneof![
        4 => Just(End::Done),
        1 => Just(End::Superseded),
        1 => Just(End::Wedged),
        2 => (0..90_000_i64, any::<bool>()).prop_map(|(wait, held)| End::Later(wait, held)),
        1 => Just(End::NotSent),
    ];
    let which = 0..64_usize;
    prop_oneof![
        4 => Just(Step::Register),
        10 => (proptest::collection::vec((which.clone(), end), 0..4), 0..6_u32)
            .prop_map(|(ends, limit)| Step::Turn { ends, limit }),
        1 => which.clone().prop_map(Step::Retry),
        1 => which.clone().prop_map(Step::Drop),
        2 => which.prop_map(Step::Revoke),
        1 => Just(Step::Hurry),
        1 => Just(Step::Restart),
        1 => Just(Step::Compact),
        3 => prop_oneof![0..5_000_i64, Just(600_000), Just(9 * 3_600_000), -7_200_000..0_i64].prop_map(Step::Clock),
    ]
}

#[derive(Debug, Clone)]
struct Row {
    id: i64,
    lane: String,
    after: Option<i64>,
    kind: Kind,
    subject: String,
    urgent: u8,
    state: RowState,
    taken: u32,
    attempts: u32,
    held: bool,
    created_at: i64,
    next_try_at: i64,
    not_after: Option<i64>,
}

impl Row {
    fn is_open(&self) -> bool {
        matches!(self.state, RowState::Waiting | RowState::Sending | RowState::Wedged)
    }

    fn is_over(&self, now: i64) -> bool {
        self.not_after.is_some_and(|end| end <= now)
    }
}

struct Pass {
    id: PassId,
    ends_at: i64,
    revoked: bool,
}

#[derive(Default)]
struct Model {
    rows: Vec<Row>,
    passes: Vec<Pass>,
    newest: i64,
}

impl Model {
    fn add(&mut self, kind: Kind, subject: &str, lane: String, now: i64) -> &mut Row {
        self.newest += 1;
        self.rows.push(Row {
            id: self.newest,
            lane,
            after: None,
            kind,
            subject: subject.to_owned(),
            urgent: 0,
            state: RowState::Waiting,
            taken: 0,
            attempts: 0,
            held: false,
            created_at: now,
            next_try_at: now,
            not_after: None,
        });
        self.rows.last_mut().unwrap()
    }

    fn register(&mut self, visitor: &str, pass: PassId, now: i64) {
        let ends_at = now + 8 * 3_600_000;
        let registered = self.add(Kind::RegisterVisitor, visitor, format!("visitor:{visitor}"), now).id;
        let (subject, lane) = (pass.to_string(), format!("pass:{pass}"));
        let code = self.add(Kind::GenerateCode, &subject, lane.clone(), now);
        (code.after, code.not_after) = (Some(registered), Some(ends_at));
        self.add(Kind::GrantPass, &subject, lane, now).not_after = Some(ends_at);
        self.passes.push(Pass { id: pass, ends_at, revoked: false });
    }

    fn may_go(&self, row: &Row, now: i64) -> bool {
        let ahead = |other: &Row| {
            other.lane == row.lane
                && other.id != row.id
                && other.is_open()
                && (other.state == RowState::Sending
                    || !other.is_over(now)
                        && (other.urgent > row.urgent || other.urgent == row.urgent && other.id < row.id))
        };
        let is_done = |id: i64| self.rows.iter().any(|row| row.id == id && row.state == RowState::Done);
        row.state == RowState::Waiting
            && (row.next_try_at <= now || row.next_try_at > now + LONGEST_PAUSE_MS)
            && !row.is_over(now)
            && !self.rows.iter().any(ahead)
            && row.after.is_none_or(is_done)
    }

    fn take(&mut self, now: i64, limit: usize) -> Vec<i64> {
        let mut due: Vec<&Row> = self.rows.iter().filter(|row| self.may_go(row, now)).collect();
        due.sort_by_key(|row| (std::cmp::Reverse(row.urgent), row.id));
        let mut ids: Vec<i64> = due.iter().take(limit).map(|row| row.id).collect();
        for row in self.rows.iter_mut().filter(|row| ids.contains(&row.id)) {
            row.state = RowState::Sending;
            row.taken += 1;
            row.attempts += 1;
            row.held = false;
        }
        ids.sort_unstable();
        ids
    }

    fn end(&mut self, id: i64, end: End, now: i64) {
        let row = self.rows.iter_mut().find(|row| row.id == id).unwrap();
        row.state = match end {
            End::Done => RowState::Done,
            End::Superseded => RowState::Superseded,
            End::Wedged => RowState::Wedged,
            End::Later(..) | End::NotSent => RowState::Waiting,
        };
        match end {
            End::Later(wait, held) => {
                (row.next_try_at, row.held) = (now + wait, held);
                row.attempts -= u32::from(held);
            }
            End::NotSent => {
                row.taken -= 1;
                row.attempts -= 1;
            }
            End::Done | End::Superseded | End::Wedged => {}
        }
    }

    fn revoke(&mut self, which: usize, now: i64) {
        let pass = &mut self.passes[which];
        if std::mem::replace(&mut pass.revoked, true) {
            return;
        }
        let (subject, ends_at) = (pass.id.to_string(), pass.ends_at);
        for row in self.rows.iter_mut().filter(|row| row.subject == subject) {
            if matches!(row.state, RowState::Waiting | RowState::Wedged) {
                row.state = RowState::Superseded;
            }
        }
        let told = self.rows.iter().any(|row| {
            row.subject == subject && (row.is_open() || row.kind == Kind::GrantPass && row.taken > 0)
        });
        if told {
            let removal = self.add(Kind::RemovePass, &subject, format!("pass:{subject}"), now);
            removal.urgent = 1;
            removal.not_after = Some(ends_at.max(now) + REMOVAL_GRACE_MS);
        }
    }

    fn give_up(&mut self, id: i64) {
        let lanes: Vec<String> =
            self.rows.iter().filter(|row| row.after == Some(id)).map(|row| row.lane.clone()).collect();
        for row in &mut self.rows {
            let waits = matches!(row.state, RowState::Waiting | RowState::Wedged);
            if row.id == id || waits && lanes.contains(&row.lane) {
                row.state = RowState::Superseded;
            }
        }
    }

    fn compact(&mut self, before: i64) {
        let living: Vec<String> = self
            .passes
            .iter()
            .filter(|pass| pass.ends_at >= before)
            .map(|pass| pass.id.to_string())
            .collect();
        let needed: Vec<i64> =
            self.rows.iter().filter(|row| row.is_open()).filter_map(|row| row.after).collect();
        self.rows.retain(|row| {
            row.is_open()
                || row.created_at >= before
                || living.contains(&row.subject)
                || needed.contains(&row.id)
        });
    }

    fn open(&self, now: i64) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.is_open() && !row.is_over(now))
    }

    fn tally(&self, now: i64) -> Tally {
        let count = |wedged: bool| {
            self.open(now).filter(|row| (row.state == RowState::Wedged) == wedged).count().try_into().unwrap()
        };
        let first = |urgent: u8| self.open(now).find(|row| row.urgent == urgent).map(|row| row.created_at);
        let oldest = (0..=2).filter_map(first).min().map(UtcMillis);
        Tally { waiting: count(false), wedged: count(true), oldest }
    }
}

fn compare(store: &Store, model: &Model, now: i64) {
    let mut kept: Vec<_> = store
        .outbox(UtcMillis(now), 10_000)
        .unwrap()
        .into_iter()
        .map(|row| (row.id, row.kind, row.subject, row.state, row.attempts, row.next_try_at.0))
        .collect();
    kept.sort_by_key(|row| row.0);
    let expected: Vec<_> = model
        .open(now)
        .map(|row| (row.id, row.kind, row.subject.clone(), row.state, row.attempts, row.next_try_at))
        .collect();
    assert_eq!(kept, expected);
    assert_eq!(store.tally(UtcMillis(now)).unwrap(), model.tally(now));
}

fn run(steps: &[Step]) {
    let (store, mut lease) = store();
    let mut model = Model::default();
    let mut now = TEN.0;
    for (number, step) in steps.iter().enumerate() {
        let at = UtcMillis(now);
        match step {
            Step::Register => {
                let new = visit(&format!("form-{number}"), at);
                store.register(&new).unwrap();
                model.register(&new.visitor.to_string(), pass_of(&new), now);
            }
            Step::Turn { ends, limit } => {
                let mut sending: Vec<i64> = model
                    .rows
                    .iter()
                    .filter(|row| row.state == RowState::Sending)
                    .map(|row| row.id)
                    .collect();
                let mut ended = Vec::new();
                for (which, end) in ends {
                    if sending.is_empty() {
                        break;
                    }
                    let id = sending.remove(which % sending.len());
                    model.end(id, *end, now);
                    ended.push((id, row_end(*end, now)));
                }
                let wanted = Wanted { now: at, due_at: at, limit: *limit, closings_only: false };
                let taken = store.turn(&lease, &ended, Some(wanted)).unwrap();
                let taken: Vec<i64> = taken.iter().map(|row| row.id).collect();
                assert_eq!(taken, model.take(now, *limit as usize));
            }
            Step::Retry(which) => {
                let may = |row: &&mut Row| matches!(row.state, RowState::Waiting | RowState::Wedged);
                let mut rows: Vec<&mut Row> = model.rows.iter_mut().filter(may).collect();
                let place = which % rows.len().max(1);
                if let Some(row) = rows.get_mut(place) {
                    store.retry_row(row.id, at).unwrap();
                    (row.state, row.next_try_at) = (RowState::Waiting, now);
                }
            }
            Step::Drop(which) => {
                let wedged: Vec<i64> =
                    model.rows.iter().filter(|row| row.state == RowState::Wedged).map(|row| row.id).collect();
                if let Some(id) = wedged.get(which % wedged.len().max(1)) {
                    store.drop_row(*id, DropReason::NotNeeded, at).unwrap();
                    model.give_up(*id);
                }
            }
            Step::Revoke(which) if !model.passes.is_empty() => {
                let which = which % model.passes.len();
                store.revoke_pass(model.passes[which].id, at).unwrap();
                model.revoke(which, now);
            }
            Step::Revoke(_) => {}
            Step::Hurry => {
                store.hurry(at).unwrap();
                for row in model.rows.iter_mut().filter(|row| row.state == RowState::Waiting && row.held) {
                    row.next_try_at = now;
                }
            }
            Step::Restart => {
                lease = store.take_lease(at).unwrap().unwrap();
                for row in model.rows.iter_mut().filter(|row| row.state == RowState::Sending) {
                    row.state = RowState::Waiting;
                }
            }
            Step::Compact => {
                store.compact(at.minus(Duration::from_secs(3600)), 10_000).unwrap();
                model.compact(now - 3_600_000);
            }
            Step::Clock(by) => now += by,
        }
        compare(&store, &model, now);
    }
}

fn row_end(end: End, now: i64) -> RowEnd {
    match end {
        End::Done => RowEnd::Done,
        End::Superseded => RowEnd::Superseded,
        End::Wedged => RowEnd::Wedged("refusedByService 2000".to_owned()),
        End::Later(wait, held) => {
            RowEnd::Later { next_try: UtcMillis(now + wait), answer: "noConnection".to_owned(), held }
        }
        End::NotSent => RowEnd::NotSent,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_outbox_is_what_its_model_is(steps in proptest::collection::vec(step(), 1..80)) {
        run(&steps);
    }
}
