//! What the page is told without asking.

use serde::Serialize;
use specta::Type;
use tauri::{AppHandle, Runtime};
use tauri_specta::Event as _;
use vestibule_desk::{CodeShown, Desk, Event, Failure, Status, VerdictView};
use vestibule_domain::PassId;

use crate::commands::camera::{CameraState, ScanHint};
use crate::commands::demo::DemoView;

/// Everything the desk tells the page.
#[derive(Clone, Serialize, Type, tauri_specta::Event)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum DeskEvent {
    /// The status line.
    Status {
        /// As it is now.
        status: Status,
    },
    /// A pass changed.
    Pass {
        /// Which.
        pass: PassId,
    },
    /// The list of visits changed.
    Visits,
    /// A door, or the door log, changed.
    Doors,
    /// A hold began or ended.
    Holds,
    /// Who is signed in, or an account, changed.
    Session,
    /// What waits changed.
    Queue,
    /// A code was shown to the camera.
    Verdict {
        /// The verdict on it.
        verdict: Box<VerdictView>,
    },
    /// A visitor showed a code to the camera of the kiosk.
    CodeShown {
        /// Whom it belongs to.
        shown: Option<CodeShown>,
        /// What is wrong with it.
        failure: Option<Failure>,
    },
    /// Somebody calls for help, or somebody is coming.
    Help,
    /// What the person before the camera can do better; none when nothing.
    Hint {
        /// The hint.
        hint: Option<ScanHint>,
    },
    /// The camera.
    Camera {
        /// As it is now.
        camera: CameraState,
    },
    /// The demonstration's doors and network.
    Demo {
        /// As they are now.
        demo: DemoView,
    },
}

/// Carries the desk's events to the page until the desk is gone. A page that is slow gets the newest state, not a
/// backlog.
pub(crate) async fn carry<R: Runtime>(desk: Desk, app: AppHandle<R>, foreign: impl Fn() + Send) {
    use tokio::sync::broadcast::error::RecvError;
    let mut events = desk.events();
    loop {
        match events.recv().await {
            Ok(event) => tell(&desk, &app, event, &foreign),
            Err(RecvError::Lagged(_)) => tell(&desk, &app, Event::Everything, &foreign),
            Err(RecvError::Closed) => return,
        }
    }
}

fn tell<R: Runtime>(desk: &Desk, app: &AppHandle<R>, event: Event, foreign: &impl Fn()) {
    match event {
        Event::Status => {
            if let Ok(status) = desk.status() {
                emit(app, &DeskEvent::Status { status });
            }
        }
        Event::Pass(pass) => emit(app, &DeskEvent::Pass { pass }),
        Event::Visits => emit(app, &DeskEvent::Visits),
        Event::Doors => emit(app, &DeskEvent::Doors),
        Event::Holds => emit(app, &DeskEvent::Holds),
        Event::Session => emit(app, &DeskEvent::Session),
        Event::Queue => emit(app, &DeskEvent::Queue),
        Event::Help => emit(app, &DeskEvent::Help),
        Event::Everything => {
            foreign();
            for event in [
                Event::Status,
                Event::Session,
                Event::Visits,
                Event::Doors,
                Event::Holds,
                Event::Queue,
                Event::Help,
            ] {
                tell(desk, app, event, foreign);
            }
        }
    }
}

/// Tells the page. A window that is closing hears nothing, which is no failure.
pub(crate) fn emit<R: Runtime>(app: &AppHandle<R>, event: &DeskEvent) {
    if let Err(error) = event.emit(app) {
        tracing::debug!(%error, "the page could not be told");
    }
}
