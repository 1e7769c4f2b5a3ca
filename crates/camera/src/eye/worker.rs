//! One attempt: open the source, hand on its pictures, end with a reason.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use super::health::Health;
use super::shared::Shared;
use crate::source;
use crate::state::CameraFault;

/// Starts a worker for an attempt; false when the system has no thread for it. Nobody ever joins it.
pub(super) fn start(shared: &Arc<Shared>, attempt: u64) -> bool {
    let theirs = Arc::clone(shared);
    let started = thread::Builder::new().name("eye-worker".to_owned()).spawn(move || {
        // The source is dropped inside, so that `gone` means that the device is free again.
        let fault =
            catch_unwind(AssertUnwindSafe(|| run(&theirs, attempt))).unwrap_or(Some(CameraFault::Broken));
        if let Some(fault) = fault {
            theirs.ended(attempt, fault);
        }
        theirs.gone();
    });
    started.is_ok()
}

/// Runs until the source ends (with its fault) or nobody waits any more (without one).
fn run(shared: &Shared, attempt: u64) -> Option<CameraFault> {
    let mut source = match source::open(&shared.choice, &shared.settings) {
        Ok(source) => source,
        Err(fault) => return Some(fault),
    };
    if !shared.opened(attempt, source.name()) {
        return None;
    }
    let mut health = Health::new(source.can_freeze());
    loop {
        let shot = match source.next() {
            Ok(shot) => shot,
            Err(fault) => return Some(fault),
        };
        let fault = health.of(&shot.luma.pixels, shared.clock.monotonic());
        if !shared.came(attempt, shot, fault) {
            return None;
        }
    }
}
