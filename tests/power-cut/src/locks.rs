//! Locks, and the memory that the users of one file share. All of it is gone with the processes.

use std::collections::HashMap;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use sqlite_plugin::flags::{LockLevel, ShmLockMode};
use sqlite_plugin::vars;

/// The locks of one file, by user.
#[derive(Default)]
pub(crate) struct Locks(HashMap<u64, LockLevel>);

impl Locks {
    pub(crate) fn raise(&mut self, user: u64, level: LockLevel) -> Result<(), i32> {
        let highest = self.0.iter().filter(|(other, _)| **other != user).map(|(_, level)| *level).max();
        let others = highest.unwrap_or(LockLevel::Unlocked);
        let free = match level {
            LockLevel::Unlocked => true,
            LockLevel::Shared => others < LockLevel::Pending,
            LockLevel::Reserved | LockLevel::Pending => others < LockLevel::Reserved,
            LockLevel::Exclusive => others == LockLevel::Unlocked,
        };
        if !free {
            return Err(vars::SQLITE_BUSY);
        }
        let mine = self.0.entry(user).or_insert(LockLevel::Unlocked);
        *mine = (*mine).max(level);
        Ok(())
    }

    pub(crate) fn lower(&mut self, user: u64, level: LockLevel) {
        if level == LockLevel::Unlocked {
            self.0.remove(&user);
        } else {
            self.0.insert(user, level);
        }
    }

    pub(crate) fn is_reserved(&self) -> bool {
        self.0.values().any(|level| *level >= LockLevel::Reserved)
    }
}

/// A region that SQLite asks for: 32 KiB.
const REGION: usize = 32 * 1024;

type Region = &'static [AtomicU64];

/// Regions that nobody uses any more. They are never freed, so a pointer to one is always good.
static SPARE: Mutex<Vec<Region>> = Mutex::new(Vec::new());

/// The shared memory of one file.
#[derive(Default)]
pub(crate) struct Shared {
    regions: Vec<Region>,
    users: usize,
    /// For each of the eight locks: its only owner, or those who share it.
    slots: [Slot; 8],
}

#[derive(Default)]
struct Slot {
    owner: Option<u64>,
    sharers: Vec<u64>,
}

impl Shared {
    pub(crate) fn has(&self, number: usize) -> bool {
        number < self.regions.len()
    }

    pub(crate) fn region(&mut self, number: usize, size: usize) -> Result<NonNull<u8>, i32> {
        if size != REGION {
            return Err(vars::SQLITE_IOERR_SHMMAP);
        }
        while self.regions.len() <= number {
            let spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let region = spare.unwrap_or_else(|| {
                Box::leak((0..REGION / 8).map(|_| AtomicU64::new(0)).collect::<Vec<_>>().into_boxed_slice())
            });
            region.iter().for_each(|word| word.store(0, Ordering::Relaxed));
            self.regions.push(region);
        }
        Ok(NonNull::from(self.regions[number]).cast())
    }

    pub(crate) fn lock(
        &mut self,
        user: u64,
        slots: std::ops::Range<usize>,
        mode: ShmLockMode,
    ) -> Result<(), i32> {
        let slots = self.slots.get_mut(slots).ok_or(vars::SQLITE_IOERR_SHMLOCK)?;
        let free = slots.iter().all(|slot| match mode {
            ShmLockMode::LockShared => slot.owner.is_none_or(|owner| owner == user),
            ShmLockMode::LockExclusive => {
                slot.owner.is_none_or(|owner| owner == user)
                    && slot.sharers.iter().all(|other| *other == user)
            }
            ShmLockMode::UnlockShared | ShmLockMode::UnlockExclusive => true,
        });
        if !free {
            return Err(vars::SQLITE_BUSY);
        }
        for slot in slots {
            match mode {
                ShmLockMode::LockShared => slot.sharers.push(user),
                ShmLockMode::LockExclusive => slot.owner = Some(user),
                ShmLockMode::UnlockShared | ShmLockMode::UnlockExclusive => slot.leave(user),
            }
        }
        Ok(())
    }

    pub(crate) fn join(&mut self) {
        self.users += 1;
    }

    /// Takes back what a user still holds, and says whether it was the last one.
    pub(crate) fn leave(&mut self, user: u64) -> bool {
        self.slots.iter_mut().for_each(|slot| slot.leave(user));
        self.users = self.users.saturating_sub(1);
        self.users == 0
    }
}

impl Slot {
    fn leave(&mut self, user: u64) {
        self.sharers.retain(|other| *other != user);
        self.owner = self.owner.filter(|owner| *owner != user);
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        SPARE.lock().unwrap_or_else(PoisonError::into_inner).append(&mut self.regions);
    }
}
