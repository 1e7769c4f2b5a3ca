//! A breadth-first search that remembers how it came to every state.

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::rc::Rc;

use crate::guard::Guard;
use crate::guard::switch::without;

/// A world, and what can happen in it.
pub(super) trait World: Clone + Eq + Hash {
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

pub(super) fn search<W: World>(start: W) -> Found<W::Event> {
    let start = Rc::new(start);
    let mut known: HashMap<Rc<W>, usize> = HashMap::from([(Rc::clone(&start), 0)]);
    let mut queue = vec![(start, None)];
    let mut found = Found { states: 0, steps: 0, sights: Vec::new(), fault: None };
    let mut at = 0;
    while at < queue.len() {
        let here = Rc::clone(&queue[at].0);
        here.sights(&mut |sight| {
            if !found.sights.contains(&sight) {
                found.sights.push(sight);
            }
        });
        for event in here.events() {
            found.steps += 1;
            let mut next = (*here).clone();
            if let Err(what) = next.step(event) {
                found.fault = Some(Fault { what, way: way_to(&queue, at, event) });
                found.states = known.len();
                return found;
            }
            if !known.contains_key(&next) {
                let next = Rc::new(next);
                known.insert(Rc::clone(&next), queue.len());
                queue.push((next, Some((at, event))));
            }
        }
        at += 1;
    }
    found.states = known.len();
    found
}

fn way_to<W, E: Copy>(queue: &[(Rc<W>, Option<(usize, E)>)], mut at: usize, last: E) -> Vec<E> {
    let mut way = vec![last];
    while let Some((before, event)) = queue[at].1 {
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

/// Explores with each guard off, and finds a way to that fault every time.
pub(super) fn each_guard_is_missed<W: World>(guards: &[(Guard, &str)], start: impl Fn() -> W) {
    for (guard, what) in guards {
        let found = without(*guard, || search(start()));
        let Some(fault) = found.fault else {
            panic!("without {guard:?} nothing went wrong in {} states", found.states);
        };
        println!("without {guard:?}: {} after {:?} ({} states)", fault.what, fault.way, found.states);
        assert_eq!(fault.what, *what, "without {guard:?}, by {:?}", fault.way);
    }
}
