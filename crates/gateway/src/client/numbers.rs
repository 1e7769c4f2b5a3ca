//! Numbers used once, and which of them named the last calls. The operating system is asked for many at a time: each
//! asking is a system call.

use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// How many are fetched at once.
const AT_ONCE: usize = 32;
/// How many calls are remembered: more than are ever under way at once.
const REMEMBERED: usize = 64;

#[derive(Default)]
pub(super) struct Numbers(Mutex<State>);

struct State {
    left: Vec<[u8; 16]>,
    calls: [Uuid; REMEMBERED],
    next: usize,
}

impl Default for State {
    fn default() -> Self {
        Self { left: Vec::new(), calls: [Uuid::nil(); REMEMBERED], next: 0 }
    }
}

impl Numbers {
    /// A random UUID that nobody was given before.
    pub(super) fn next(&self) -> Uuid {
        self.lock().next()
    }

    /// One for a call, which is remembered for a while.
    pub(super) fn next_call(&self) -> Uuid {
        let mut state = self.lock();
        let (id, at) = (state.next(), state.next % REMEMBERED);
        state.calls[at] = id;
        state.next = at + 1;
        id
    }

    /// Whether an answer with this `id` was meant for another of the last calls. An id that nobody here gave says
    /// nothing: the service may have its own.
    pub(super) fn is_of_another(&self, answer: &str, call: Uuid) -> bool {
        Uuid::try_parse(answer).is_ok_and(|id| id != call && !id.is_nil() && self.lock().calls.contains(&id))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next(&mut self) -> Uuid {
        if self.left.is_empty() {
            let mut fresh = [0; 16 * AT_ONCE];
            if getrandom::fill(&mut fresh).is_err() {
                return Uuid::new_v4();
            }
            self.left.extend_from_slice(fresh.as_chunks().0);
        }
        self.left.pop().map_or_else(Uuid::new_v4, |bytes| uuid::Builder::from_random_bytes(bytes).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{AT_ONCE, Numbers, REMEMBERED};

    #[test]
    fn no_number_comes_twice() {
        let numbers = Numbers::default();
        let many: HashSet<_> = (0..AT_ONCE * 40).map(|_| numbers.next()).collect();
        assert_eq!(many.len(), AT_ONCE * 40);
        assert!(many.iter().all(|number| number.get_version_num() == 4));
    }

    #[test]
    fn an_answer_to_another_call_is_known_by_its_id() {
        let numbers = Numbers::default();
        let calls: Vec<_> = (0..REMEMBERED).map(|_| numbers.next_call()).collect();
        let last = calls[REMEMBERED - 1];
        for (at, call) in calls.iter().enumerate() {
            assert_eq!(numbers.is_of_another(&call.to_string(), last), at != REMEMBERED - 1, "{at}");
        }
        for foreign in
            ["", "7", "00000000-0000-0000-0000-000000000000", "cb9b1d2c-8f3e-4a4b-9d3a-0f1e2d3c4b5a"]
        {
            assert!(!numbers.is_of_another(foreign, last), "{foreign}");
        }
        numbers.next_call();
        assert!(!numbers.is_of_another(&calls[0].to_string(), last), "forgotten");
    }
}
