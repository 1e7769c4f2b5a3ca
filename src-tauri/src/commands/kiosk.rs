//! What a visitor does alone, and what staff see of it.

use tauri::State;
use vestibule_desk::{CodePurpose, CodeShown, Failure, HostHit, SignatureView};
use vestibule_domain::{UtcMillis, VisitId};

use crate::Shell;
use crate::commands::camera::CameraState;

/// The hosts a visitor may mean, at most six, with masked names.
///
/// # Errors
/// `slowDown` after too many searches in a short time.
#[tauri::command]
#[specta::specta]
pub async fn find_hosts(shell: State<'_, Shell>, typed: String) -> Result<Vec<HostHit>, Failure> {
    shell.desk.find_hosts(&typed)
}

/// Whether somebody with this phone number was here before: their name, masked.
///
/// # Errors
/// What the store says.
#[tauri::command]
#[specta::specta]
pub async fn returning(shell: State<'_, Shell>, phone: String) -> Result<Option<CodeShown>, Failure> {
    shell.desk.returning(&phone)
}

/// A code that a visitor typed: an invitation to come in with, or a pass to leave with.
///
/// # Errors
/// `notFound`, `slowDown`, and what is wrong with an invitation or a pass.
#[tauri::command]
#[specta::specta]
pub async fn show_code(
    shell: State<'_, Shell>,
    purpose: CodePurpose,
    text: String,
) -> Result<CodeShown, Failure> {
    shell.desk.show_code(purpose, &text)
}

/// Opens the camera for the code of a visitor, until it is stopped. What it sees comes as an event.
///
/// # Errors
/// None today.
#[tauri::command]
#[specta::specta]
pub async fn start_code_scanning(
    shell: State<'_, Shell>,
    purpose: CodePurpose,
) -> Result<CameraState, Failure> {
    Ok(shell.start_code_scanning(purpose))
}

/// A visitor calls for help.
///
/// # Errors
/// What the store says.
#[tauri::command]
#[specta::specta]
pub async fn call_for_help(shell: State<'_, Shell>) -> Result<(), Failure> {
    shell.desk.call_for_help()
}

/// Since when a visitor waits for help; none when nobody does.
///
/// # Errors
/// What the store says.
#[tauri::command]
#[specta::specta]
pub async fn help_waits_since(shell: State<'_, Shell>) -> Result<Option<UtcMillis>, Failure> {
    shell.desk.help_waits_since()
}

/// Somebody is coming to help.
///
/// # Errors
/// `notAllowed` at the self-service station.
#[tauri::command]
#[specta::specta]
pub async fn help_seen(shell: State<'_, Shell>) -> Result<(), Failure> {
    shell.desk.help_seen()
}

/// What the visitor of a visit signed.
///
/// # Errors
/// `notAllowed` at the self-service station.
#[tauri::command]
#[specta::specta]
pub async fn signature(shell: State<'_, Shell>, visit: VisitId) -> Result<Option<SignatureView>, Failure> {
    shell.desk.signature(visit)
}
