//! Numbers used once. The operating system is asked for many at a time: each asking is a system call.

use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

/// How many are fetched at once.
const AT_ONCE: usize = 32;

#[derive(Default)]
pub(super) struct Numbers {
    left: Mutex<Vec<[u8; 16]>>,
}

impl Numbers {
    /// A random UUID that nobody was given before.
    pub(super) fn next(&self) -> Uuid {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if left.is_empty() {
            let mut fresh = [0; 16 * AT_ONCE];
            if getrandom::fill(&mut fresh).is_err() {
                return Uuid::new_v4();
            }
            left.extend_from_slice(fresh.as_chunks().0);
        }
        left.pop().map_or_else(Uuid::new_v4, |bytes| uuid::Builder::from_random_bytes(bytes).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{AT_ONCE, Numbers};

    #[test]
    fn no_number_comes_twice() {
        let numbers = Numbers::default();
        let many: HashSet<_> = (0..AT_ONCE * 40).map(|_| numbers.next()).collect();
        assert_eq!(many.len(), AT_ONCE * 40);
        assert!(many.iter().all(|number| number.get_version_num() == 4));
    }
}
