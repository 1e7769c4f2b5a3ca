//! From the camera to what is said of a code, and to the preview. Pictures are looked at and forgotten; nothing is kept.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use vestibule_camera::{CameraId, Choice, Eye, EyeState, Frame, Frames, Next};
use vestibule_desk::{Failure, Settings};
use vestibule_domain::{Clock, Monotonic};
use vestibule_qr::steady::{Showing, Steady};
use vestibule_qr::{Hint, LumaFrame, Reader};

use crate::commands::camera::{CameraState, ScanHint};
use crate::events::DeskEvent;

/// How long a thread waits for a frame before it looks whether it is still needed.
const PATIENCE: Duration = Duration::from_millis(250);

/// How long a word about a code stays, so that it can be read.
const READABLE: Duration = Duration::from_secs(2);

/// Tells the page.
pub(crate) type Tell = Arc<dyn Fn(&DeskEvent) + Send + Sync>;

/// The camera while it is open. Closing never waits for a stuck driver.
#[derive(Default)]
pub(crate) struct Scanner {
    open: Mutex<Option<Open>>,
}

struct Open {
    _eye: Eye,
    preview: Arc<Mutex<Frames>>,
}

impl Scanner {
    /// Opens the camera of the settings, or another one, and lets `judge` say what it sees. An open camera is closed first.
    pub(crate) fn start(
        &self,
        settings: &Settings,
        camera: Option<String>,
        judge: impl Fn(&str) -> Result<DeskEvent, Failure> + Send + 'static,
        clock: Arc<dyn Clock>,
        tell: Tell,
    ) -> CameraState {
        self.stop();
        let Some(choice) = choice(settings, camera) else { return EyeState::Off.into() };
        let eye = Eye::open(choice, Arc::clone(&clock));
        let state = eye.state();
        let (frames, changes) = (eye.frames(), eye.changes());
        let reading = Arc::clone(&tell);
        spawn("reading", move || read(frames, judge, &*clock, &*reading));
        spawn("camera state", move || watch(changes, &*tell));
        let preview = Arc::new(Mutex::new(eye.frames()));
        *self.lock() = Some(Open { _eye: eye, preview });
        state.into()
    }

    /// Closes the camera.
    pub(crate) fn stop(&self) {
        drop(self.lock().take());
    }

    /// The next picture for the preview; none when the camera is closed or silent. Blocks for a moment.
    pub(crate) fn picture(&self) -> Option<Arc<Frame>> {
        let preview = self.lock().as_ref().map(|open| Arc::clone(&open.preview))?;
        let next = preview.lock().unwrap_or_else(PoisonError::into_inner).next(PATIENCE);
        match next {
            Next::Came(frame) => Some(frame),
            Next::Nothing | Next::Closed => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn choice(settings: &Settings, camera: Option<String>) -> Option<Choice> {
    let source = settings.camera.source.as_str();
    if let Some(path) = source.strip_prefix("folder:") {
        return Some(Choice::Folder { path: path.into() });
    }
    if source == "none" {
        return None;
    }
    let chosen = camera.or_else(|| Some(settings.camera.device.clone())).filter(|id| !id.is_empty());
    Some(Choice::Device { id: chosen.map(CameraId) })
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    if let Err(error) = thread::Builder::new().name(name.to_owned()).spawn(work) {
        tracing::error!(%error, "a thread could not be started");
    }
}

fn read(
    mut frames: Frames,
    judge: impl Fn(&str) -> Result<DeskEvent, Failure>,
    clock: &dyn Clock,
    tell: &dyn Fn(&DeskEvent),
) {
    let mut reader = Reader::live();
    let mut steady = Steady::new();
    let mut last_hint = None;
    let mut said_same: Option<Monotonic> = None;
    loop {
        let frame = match frames.next(PATIENCE) {
            Next::Came(frame) => frame,
            Next::Nothing => continue,
            Next::Closed => return,
        };
        let Ok(luma) = LumaFrame::new(frame.width(), frame.height(), frame.stride(), frame.luma()) else {
            continue;
        };
        let now = clock.monotonic();
        let look = reader.look(&luma, now);
        let mut hint = look.hint.map(ScanHint::from);
        match look.readings.as_slice() {
            [] => {}
            [reading] => match steady.see(&reading.text, now) {
                // Whatever is not text is no code of ours; the empty text says just that.
                Some(Showing::New(text)) => match judge(text.words().unwrap_or_default()) {
                    Ok(event) => tell(&event),
                    Err(error) => {
                        steady.forget(&text);
                        tracing::error!(%error, "a code could not be judged");
                    }
                },
                Some(Showing::Same(_)) => said_same = Some(now),
                None => {}
            },
            _ => hint = Some(ScanHint::SeveralCodes),
        }
        if said_same.is_some_and(|at| now.since(at) < READABLE) {
            hint = Some(ScanHint::SameCode);
        }
        if hint != last_hint {
            tell(&DeskEvent::Hint { hint });
            last_hint = hint;
        }
    }
}

fn watch(mut changes: vestibule_camera::Changes, tell: &dyn Fn(&DeskEvent)) {
    loop {
        match changes.next(PATIENCE) {
            Next::Came(state) => tell(&DeskEvent::Camera { camera: state.into() }),
            Next::Nothing => {}
            Next::Closed => return,
        }
    }
}

impl From<Hint> for ScanHint {
    fn from(hint: Hint) -> Self {
        match hint {
            Hint::Closer => Self::Closer,
            Hint::Further => Self::Further,
            Hint::HoldStill => Self::HoldStill,
            Hint::TooDark => Self::TooDark,
            Hint::Glare => Self::Glare,
        }
    }
}
