//! What waits to be told.

use tauri::State;
use vestibule_desk::{DropReason, Failure, QueueRow, Reserve};

use crate::Shell;

/// What waits, oldest first. Without names for those who may not see them.
///
/// # Errors
/// What the store says.
#[tauri::command]
#[specta::specta]
pub async fn queue(shell: State<'_, Shell>) -> Result<Vec<QueueRow>, Failure> {
    shell.desk.queue()
}

/// Tries a row again now.
///
/// # Errors
/// `notAllowed` at the self-service station, `notFound` when it does not wait.
#[tauri::command]
#[specta::specta]
pub async fn retry_row(shell: State<'_, Shell>, id: i32) -> Result<(), Failure> {
    shell.desk.retry_row(i64::from(id))
}

/// Gives up a row that was set aside, and keeps why.
///
/// # Errors
/// `notAllowed` at the self-service station, `notFound` when it was not set aside.
#[tauri::command]
#[specta::specta]
pub async fn drop_row(shell: State<'_, Shell>, id: i32, reason: DropReason) -> Result<(), Failure> {
    shell.desk.drop_row(i64::from(id), reason)
}

/// The passes kept ready for an outage.
///
/// # Errors
/// `notAllowed` at the self-service station, or what the store says.
#[tauri::command]
#[specta::specta]
pub async fn reserve(shell: State<'_, Shell>) -> Result<Reserve, Failure> {
    shell.desk.reserve()
}
