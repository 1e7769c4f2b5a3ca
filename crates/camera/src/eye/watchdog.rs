//! The thread that is never stuck.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::shared::{Now, Shared, Stage};
use super::worker;
use crate::state::{CameraFault, EyeState};

/// How often it looks.
const EVERY: Duration = Duration::from_millis(50);
/// Opening usually takes less than a second; after this it is said that nothing comes.
const OPENING_SHOULD_TAKE: Duration = Duration::from_millis(1800);
/// After this, opening is given up.
const OPENING_MAY_TAKE: Duration = Duration::from_secs(10);
/// No picture for this long is said.
const SILENT_AFTER: Duration = Duration::from_millis(1500);
/// No picture for this long, and the worker is given up: the device is opened anew.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(5);
/// Workers that are stuck at the same time, the current one included: each may hold a thread and a device.
const MOST_WORKERS: usize = 3;

/// Starts the watchdog of an eye; it ends when the eye closes.
pub(super) fn start(shared: &Arc<Shared>) {
    let theirs = Arc::clone(shared);
    let started = thread::Builder::new().name("eye-watchdog".to_owned()).spawn(move || {
        loop {
            look(&theirs);
            if !theirs.pause(EVERY) {
                return;
            }
        }
    });
    if started.is_err() {
        let now = shared.lock();
        shared.say(&now, EyeState::Failed { fault: CameraFault::Broken });
    }
}

fn look(shared: &Arc<Shared>) {
    let at = shared.clock.monotonic();
    let mut now = shared.lock();
    match now.stage.clone() {
        Stage::Resting { until } if at >= until => begin(shared, &mut now),
        Stage::Resting { .. } => {}
        Stage::Opening { since } => {
            let waited = at.since(since);
            if waited >= OPENING_MAY_TAKE {
                shared.fail(&mut now, CameraFault::Silent);
            } else if waited >= OPENING_SHOULD_TAKE {
                shared.say(&now, EyeState::Failed { fault: CameraFault::Silent });
            }
        }
        Stage::Streaming { last, .. } => {
            let waited = at.since(last);
            if waited >= GIVEN_UP_AFTER {
                shared.fail(&mut now, CameraFault::Silent);
            } else if waited >= SILENT_AFTER {
                shared.say(&now, EyeState::Failed { fault: CameraFault::Silent });
            }
        }
    }
}

fn begin(shared: &Arc<Shared>, now: &mut Now) {
    if now.workers >= MOST_WORKERS {
        return;
    }
    now.attempt += 1;
    now.workers += 1;
    now.stage = Stage::Opening { since: shared.clock.monotonic() };
    if !worker::start(shared, now.attempt) {
        now.workers -= 1;
        shared.fail(now, CameraFault::Broken);
    }
}
