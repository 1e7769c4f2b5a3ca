//! A breadth-first search that remembers how it came to every state, and of a state it has left only 128 bits: two that
//! are taken for one among a few million are less likely than a fault of this PC.

use std::collections::{HashSet, VecDeque};
use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::guard::Guard;
use crate::guard::switch::without;

/// A world, and what can happen in it.
pub(super) trait World: Clone + Hash {
    type Event: Copy + Debug;
    /// What may happen next.
    fn events(&self) -> Vec<Self::Event>;
    /// It happens; or says what went wrong, which never may.
    fn step(&mut self, event: Self::Event) -> Result<(), &'static str>;
    /// What was seen here, so that a search that saw nothing does not pass for one that found nothing.
    fn sights(&self, see: &mut dyn FnMut(&'static str));
}

/// A way to something that never may be.
pub(super) struct Fault<E> {
    pub(super) what: &'static str,
    pub(super) way: Vec<E>,
}

/// What a search found.
pub(super) struct Found<E> {
    pub(super) states: usize,
    pub(super) steps: usize,
    pub(super) sights: Vec<&'static str>,
    pub(super) fault: Option<Fault<E>>,
}

/// Where a state was come to from, and by what.
type Step<E> = Option<(usize, E)>;

pub(super) fn search<W: World>(start: W) -> Found<W::Event> {
    let mut known = HashSet::from([mark(&start)]);
    let mut steps: Vec<Step<W::Event>> = vec![None];
    let mut queue = VecDeque::from([(start, 0)]);
    let mut found = Found { states: 0, steps: 0, sights: Vec::new(), fault: None };
    while let Some((here, at)) = queue.pop_front() {
        here.sights(&mut |sight| {
            if !found.sights.contains(&sight) {
                found.sights.push(sight);
            }
        });
        for event in here.events() {
            found.steps += 1;
            let mut next = here.clone();
            if let Err(what) = next.step(event) {
                found.fault = Some(Fault { what, way: way_to(&steps, at, event) });
                found.states = known.len();
                return found;
            }
            if known.insert(mark(&next)) {
                queue.push_back((next, steps.len()));
                steps.push(Some((at, event)));
            }
        }
    }
    found.states = known.len();
    found
}

fn mark<W: World>(world: &W) -> [u64; 2] {
    [0_u8, 1].map(|seed| {
        let mut hasher = DefaultHasher::new();
        (seed, world).hash(&mut hasher);
        hasher.finish()
    })
}

fn way_to<E: Copy>(steps: &[Step<E>], mut at: usize, last: E) -> Vec<E> {
    let mut way = vec![last];
    while let Some((before, event)) = steps[at] {
        way.push(event);
        at = before;
    }
    way.reverse();
    way
}

/// Explores all of it and finds nothing.
pub(super) fn finds_nothing<W: World>(name: &str, start: W, expected: &[&str]) {
    let found = search(start);
    println!("{name}: {} states by {} steps", found.states, found.steps);
    if let Some(fault) = found.fault {
        panic!("{}: {:?}", fault.what, fault.way);
    }
    for sight in expected {
        assert!(found.sights.contains(sight), "{name} never came to see: {sight} (only {:?})", found.sights);
    }
}

/// A guard, where to explore without it, and the fault that is found then.
pub(super) type Missed<W> = (Guard, fn() -> W, &'static str);

/// Explores with each guard off, and finds a way to that fault every time.
pub(super) fn each_is_missed<W: World>(guards: &[Missed<W>]) {
    for (guard, start, what) in guards {
        let found = without(*guard, || search(start()));
        let Some(fault) = found.fault else {
            panic!("without {guard:?} nothing went wrong in {} states", found.states);
        };
        println!("without {guard:?}: {} after {:?} ({} states)", fault.what, fault.way, found.states);
        assert_eq!(fault.what, *what, "without {guard:?}, by {:?}", fault.way);
    }
}
