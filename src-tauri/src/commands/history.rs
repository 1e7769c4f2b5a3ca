//! The visits of the past, and the roll call.

use serde::Serialize;
use specta::Type;
use tauri::State;
use vestibule_desk::{ExportFormat, Failure, HistoryAsk, HistoryPage, RollCallView};
use vestibule_domain::VisitId;

use crate::{Shell, saving};

/// A file that was written.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SavedFile {
    /// Where it is, for a person.
    pub file: String,
    /// How many visits are in it.
    pub rows: u32,
}

/// A page of past visits.
///
/// # Errors
/// `notAllowed`, `badWindow`.
#[tauri::command]
#[specta::specta]
pub async fn history(shell: State<'_, Shell>, ask: HistoryAsk) -> Result<HistoryPage, Failure> {
    shell.desk.history(&ask)
}

/// Writes past visits into a file in the user's own folder.
///
/// # Errors
/// `notAllowed`, `badWindow`, `notSaved`.
#[tauri::command]
#[specta::specta]
pub async fn export_history(
    shell: State<'_, Shell>,
    ask: HistoryAsk,
    format: ExportFormat,
) -> Result<SavedFile, Failure> {
    let export = shell.desk.export_history(&ask, format)?;
    let file = saving::save(&export.name, &export.text)?;
    Ok(SavedFile { file: file.display().to_string(), rows: export.rows })
}

/// Who is inside, and who was ticked off.
///
/// # Errors
/// `notAllowed`.
#[tauri::command]
#[specta::specta]
pub async fn roll_call(shell: State<'_, Shell>) -> Result<RollCallView, Failure> {
    shell.desk.roll_call()
}

/// Begins a roll call.
///
/// # Errors
/// `notAllowed`.
#[tauri::command]
#[specta::specta]
pub async fn begin_roll_call(shell: State<'_, Shell>) -> Result<RollCallView, Failure> {
    shell.desk.begin_roll_call()
}

/// Ticks somebody off.
///
/// # Errors
/// `notAllowed`, `notFound`.
#[tauri::command]
#[specta::specta]
pub async fn tick(shell: State<'_, Shell>, visit: VisitId) -> Result<RollCallView, Failure> {
    shell.desk.tick(visit)
}

/// Takes a tick back: that of a visit, or the newest.
///
/// # Errors
/// `notAllowed`, `notFound`.
#[tauri::command]
#[specta::specta]
pub async fn untick(shell: State<'_, Shell>, visit: Option<VisitId>) -> Result<RollCallView, Failure> {
    shell.desk.untick(visit)
}

/// Ends the roll call.
///
/// # Errors
/// `notAllowed`, `notFound`.
#[tauri::command]
#[specta::specta]
pub async fn end_roll_call(shell: State<'_, Shell>) -> Result<RollCallView, Failure> {
    shell.desk.end_roll_call()
}
