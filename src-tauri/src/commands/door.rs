//! Doors.

use std::time::Duration;

use tauri::State;
use uuid::Uuid;
use vestibule_desk::{Armed, DoorView, Failure, HoldView, PressView};
use vestibule_domain::press::PressReason;
use vestibule_domain::{DoorId, HoldId, PressId};

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

/// Keeps what somebody writes to a press.
///
/// # Errors
/// `notAllowed` at the self-service station, `notFound`, `badForm`.
#[tauri::command]
#[specta::specta]
pub async fn note_press(shell: State<'_, Shell>, press: PressId, note: String) -> Result<PressView, Failure> {
    shell.desk.note_press(press, &note)
}

/// Asks the service which doors are kept open, where that was not asked a moment ago.
///
/// # Errors
/// `notAllowed` at the self-service station.
#[tauri::command]
#[specta::specta]
pub async fn read_doors(shell: State<'_, Shell>) -> Result<(), Failure> {
    shell.desk.read_doors().await;
    Ok(())
}

/// Keeps the armed door open for so many minutes.
///
/// # Errors
/// Where it did not begin; `noAnswer` when it may have begun and is being closed.
#[tauri::command]
#[specta::specta]
pub async fn hold_open(shell: State<'_, Shell>, token: Uuid, minutes: u16) -> Result<HoldView, Failure> {
    let length = Duration::from_secs(u64::from(minutes) * 60);
    let view = shell.desk.hold_open(shell.station(), token, length).await;
    shell.tell_demo();
    view
}

/// Ends a hold before its time.
///
/// # Errors
/// `notAllowed` at the self-service station, `notFound`.
#[tauri::command]
#[specta::specta]
pub async fn end_hold(shell: State<'_, Shell>, hold: HoldId) -> Result<HoldView, Failure> {
    shell.desk.end_hold(hold)
}

/// The doors that are kept open, or still closing. Everybody may see that a door is open.
///
/// # Errors
/// What the store says.
#[tauri::command]
#[specta::specta]
pub async fn holds(shell: State<'_, Shell>) -> Result<Vec<HoldView>, Failure> {
    shell.desk.holds()
}

/// The newest presses.
///
/// # Errors
/// `notAllowed` at the self-service station.
#[tauri::command]
#[specta::specta]
pub async fn door_log(shell: State<'_, Shell>) -> Result<Vec<PressView>, Failure> {
    shell.desk.door_log()
}
