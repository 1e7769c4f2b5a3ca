//! The camera.

use serde::Serialize;
use specta::Type;
use tauri::State;
use vestibule_camera::{CameraFault, EyeState};
use vestibule_desk::{Failure, FailureCode};

use crate::Shell;

/// A camera of this PC.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CameraView {
    /// Its id, the same after unplugging.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// How the camera is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CameraState {
    /// What it is doing.
    pub state: CameraWord,
    /// Which it is.
    pub name: Option<String>,
    /// Why it failed.
    pub why: Option<FailureCode>,
}

/// What the camera is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CameraWord {
    /// Nothing.
    Off,
    /// No picture yet.
    Starting,
    /// Pictures come.
    Running,
    /// None come; it goes on trying.
    Failed,
}

/// What the person before the camera can do better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ScanHint {
    /// Hold it closer.
    Closer,
    /// Hold it further away.
    Further,
    /// Hold still.
    HoldStill,
    /// There is too little light.
    TooDark,
    /// A lamp is mirrored in it.
    Glare,
    /// More than one code is in view: show one.
    SeveralCodes,
    /// This code was judged a moment ago.
    SameCode,
}

/// The cameras of this PC.
///
/// # Errors
/// None today.
#[tauri::command]
#[specta::specta]
pub async fn cameras() -> Result<Vec<CameraView>, Failure> {
    let cameras = tokio::task::spawn_blocking(vestibule_camera::list).await.unwrap_or_default();
    Ok(cameras.into_iter().map(|camera| CameraView { id: camera.id.0, name: camera.name }).collect())
}

/// Opens the camera and judges the codes it sees, until it is stopped.
///
/// # Errors
/// `notAllowed` at the self-service station.
#[tauri::command]
#[specta::specta]
pub async fn start_scanning(shell: State<'_, Shell>, camera: Option<String>) -> Result<CameraState, Failure> {
    shell.start_scanning(camera)
}

/// Closes the camera.
///
/// # Errors
/// None today.
#[tauri::command]
#[specta::specta]
pub async fn stop_scanning(shell: State<'_, Shell>) -> Result<(), Failure> {
    shell.scanner.stop();
    Ok(())
}

impl From<EyeState> for CameraState {
    fn from(state: EyeState) -> Self {
        let word = |state| Self { state, name: None, why: None };
        match state {
            EyeState::Off => word(CameraWord::Off),
            EyeState::Starting => word(CameraWord::Starting),
            EyeState::Running { name } => Self { name: Some(name), ..word(CameraWord::Running) },
            EyeState::Failed { fault } => Self { why: Some(code_of(fault)), ..word(CameraWord::Failed) },
        }
    }
}

fn code_of(fault: CameraFault) -> FailureCode {
    match fault {
        CameraFault::None => FailureCode::NoCamera,
        CameraFault::Busy => FailureCode::CameraBusy,
        CameraFault::Denied => FailureCode::CameraDenied,
        CameraFault::Lost => FailureCode::CameraLost,
        CameraFault::Dark => FailureCode::CameraDark,
        CameraFault::Silent | CameraFault::Frozen | CameraFault::Broken => FailureCode::CameraSilent,
    }
}
