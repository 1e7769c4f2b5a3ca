//! The power goes. The morning runs once on a disk that keeps a record; then the disk is looked at as it was after
//! every single change, in several ways of losing what was not synced.

use std::collections::BTreeMap;

use vestibule_power_cut::{Change, Dice, Medium, PATTERNS};

use super::Desk;
use super::oracle::{Fact, dump, faults_of, faults_of_restart};
use super::workload::{Morning, Pragmas, TIDY};

const SEED: u64 = 20_261_124;

/// A morning as it was.
struct Record {
    changes: Vec<Change>,
    confirmed: Vec<(usize, Fact)>,
    /// What was in the file after as many confirmations.
    states: Vec<String>,
}

fn record(guests: usize, pragmas: Pragmas) -> Record {
    let desk = Desk::new();
    desk.disk.record();
    let mut morning = Morning::new(&desk, guests, pragmas);
    morning.run();
    morning.stop();
    assert!(morning.refused.is_empty(), "{:?}", morning.refused);
    let confirmed = std::mem::take(&mut morning.confirmed);
    let changes = desk.disk.take_record();
    let mut states = Vec::new();
    let mut medium = Medium::default();
    let mut done = 0;
    for at in std::iter::once(0).chain(confirmed.iter().map(|(at, _)| *at)) {
        changes[done..at].iter().for_each(|change| medium.apply(change));
        done = at;
        states.push(contents(&medium.seen()));
    }
    Record { changes, confirmed, states }
}

fn contents(files: &BTreeMap<String, Vec<u8>>) -> String {
    let desk = Desk::of(files);
    let _open = desk.open().unwrap();
    dump(&desk.raw().unwrap())
}

/// What a cut left.
#[derive(Debug, Default)]
struct Tally {
    cuts: usize,
    /// Cuts after which the file was damaged, could not be opened, or held halves.
    broken: Vec<String>,
    /// Confirmed changes that were gone, and after how many cuts.
    lost: usize,
    losing: usize,
}

struct Thoroughness {
    /// Every how many changes the power goes.
    stride: usize,
    /// In how many ways.
    ways: u64,
    /// Once in how many cuts the power goes again, at every change of the recovery.
    again: usize,
}

impl Record {
    fn cut(&self, seed: u64, how: &Thoroughness) -> Tally {
        let mut tally = Tally::default();
        let mut medium = Medium::default();
        let mut dice = Dice::new(seed);
        for moment in 0..=self.changes.len() {
            if let Some(change) = moment.checked_sub(1).map(|index| &self.changes[index]) {
                medium.apply(change);
            }
            if !moment.is_multiple_of(how.stride) {
                continue;
            }
            for way in 0..how.ways {
                // Every pattern in turn, each with chances of its own.
                let pattern = (u64::try_from(moment / how.stride).unwrap() * how.ways + way) % PATTERNS;
                let chance = (dice.roll() >> 8) * PATTERNS + pattern;
                let name = format!("seed {chance}, power cut after change {moment}");
                let again = dice.once_in(how.again);
                self.judge(&medium.survivors(chance), moment, again.then_some(chance), &name, &mut tally);
            }
        }
        tally
    }

    /// Opens what is left and compares it with all that was confirmed by then.
    fn judge(
        &self,
        files: &BTreeMap<String, Vec<u8>>,
        moment: usize,
        again: Option<u64>,
        name: &str,
        tally: &mut Tally,
    ) {
        tally.cuts += 1;
        let confirmed = self.confirmed.iter().take_while(|(at, _)| *at <= moment).count();
        let desk = Desk::of(files);
        desk.disk.record();
        let opened = match desk.open() {
            Ok(opened) if opened.set_aside.is_none() => opened,
            Ok(_) => return tally.broken.push(format!("{name}: set aside as damaged")),
            Err(error) => return tally.broken.push(format!("{name}: {error}")),
        };
        let recovery = desk.disk.take_record();
        let mut found = faults_of(&desk, &opened.store, &[]);
        if found.is_empty() {
            let now = dump(&desk.raw().unwrap());
            // The change that was under way may be there as a whole.
            let there = self.states.iter().take(confirmed + 2).rposition(|state| *state == now);
            match there {
                Some(there) if there >= confirmed => {
                    found = faults_of(&desk, &opened.store, &self.confirmed[..confirmed]);
                }
                Some(there) => {
                    tally.lost += confirmed - there;
                    tally.losing += 1;
                }
                None => found.push("a state that never was".to_owned()),
            }
        }
        if found.is_empty() {
            found = faults_of_restart(&opened);
        }
        tally.broken.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
        let Some(chance) = again else { return };
        let mut medium = Medium::of(files);
        for (number, change) in recovery.iter().enumerate() {
            medium.apply(change);
            let chance = chance.wrapping_add(u64::try_from(number).unwrap());
            let name = format!("{name}, then seed {chance}, again after change {number} of the recovery");
            self.judge(&medium.survivors(chance), moment, None, &name, tally);
        }
    }
}

#[track_caller]
fn expect_nothing_lost(name: &str, record: &Record, tally: &Tally) {
    println!(
        "{name}: {} changes, {} confirmed, {} cuts",
        record.changes.len(),
        record.confirmed.len(),
        tally.cuts
    );
    assert!(
        tally.broken.is_empty(),
        "{}: {:#?}",
        tally.broken.len(),
        &tally.broken[..tally.broken.len().min(5)]
    );
    assert_eq!((tally.lost, tally.losing), (0, 0), "confirmed changes are gone");
}

#[test]
fn whenever_the_power_goes_nothing_confirmed_is_lost_and_nothing_is_half() {
    let record = record(2, TIDY);
    let tally = record.cut(SEED, &Thoroughness { stride: 1, ways: 1, again: 40 });
    expect_nothing_lost("short", &record, &tally);
    assert!(tally.cuts > 500, "{}", tally.cuts);
}

#[test]
#[ignore = "takes minutes"]
fn power_cuts_in_full() {
    let rare: Pragmas = &[];
    for (guests, pragmas, ways, seed) in [(8, TIDY, 2 * PATTERNS, SEED + 1), (16, rare, 2, SEED + 2)] {
        let record = record(guests, pragmas);
        let tally = record.cut(seed, &Thoroughness { stride: 1, ways, again: 60 });
        expect_nothing_lost(&format!("{guests} guests, {pragmas:?}"), &record, &tally);
    }
}

/// The harness finds what it is there to find.
#[test]
fn with_a_weaker_promise_the_same_cuts_lose_what_was_confirmed() {
    let record = record(2, &[("synchronous", 1), ("wal_autocheckpoint", 40)]);
    let tally = record.cut(SEED, &Thoroughness { stride: 5, ways: 1, again: 1_000_000 });
    println!("NORMAL: {} cuts, {} confirmed lost in {}", tally.cuts, tally.lost, tally.losing);
    assert!(tally.broken.is_empty(), "NORMAL damages nothing: {:#?}", tally.broken);
    assert!(tally.losing > tally.cuts / 10, "{} of {}", tally.losing, tally.cuts);
}

#[test]
fn without_any_promise_the_same_cuts_damage_the_file() {
    let record = record(2, &[("synchronous", 0), ("wal_autocheckpoint", 40)]);
    let tally = record.cut(SEED, &Thoroughness { stride: 5, ways: 1, again: 1_000_000 });
    println!(
        "OFF: {} cuts, {} lost in {}, {} broken",
        tally.cuts,
        tally.lost,
        tally.losing,
        tally.broken.len()
    );
    assert!(!tally.broken.is_empty() && tally.losing > 0, "{tally:?}");
}
