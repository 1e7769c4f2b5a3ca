//! Doors.

use tauri::State;
use uuid::Uuid;
use vestibule_desk::{Armed, DoorView, Failure, PressView};
use vestibule_domain::DoorId;
use vestibule_domain::press::PressReason;

use crate::Shell;

/// The doors, each with its newest press.
///
/// # Errors
/// What the store says.
#[tauri::command]
#[specta::specta]
pub async fn doors(shell: State<'_, Shell>) -> Result<Vec<DoorView>, Failure> {
    shell.desk.doors()
}

/// The first step of a release.
///
/// # Errors
/// `notAllowed` at the self-service station, `notFound`.
#[tauri::command]
#[specta::specta]
pub async fn arm_door(shell: State<'_, Shell>, door: DoorId) -> Result<Armed, Failure> {
    shell.desk.arm_door(shell.station(), &door)
}

/// The second step of a release.
///
/// # Errors
/// Only where nothing was asked for: `notAllowed`, `notArmed`, `lockedOut`.
#[tauri::command]
#[specta::specta]
pub async fn press_door(
    shell: State<'_, Shell>,
    token: Uuid,
    reason: PressReason,
) -> Result<PressView, Failure> {
    let view = shell.desk.press_door(shell.station(), token, reason).await;
    shell.tell_demo();
    view
}

/// The newest presses.
///
/// # Errors
/// `notAllowed` at the self-service station.
#[tauri::command]
#[specta::specta]
pub async fn door_log(shell: State<'_, Shell>) -> Result<Vec<PressView>, Failure> {
    shell.staff_only()?;
    shell.desk.door_log()
}
