//! Visitors and visits.

use tauri::State;
use vestibule_desk::{Failure, RegisterForm, VisitView};
use vestibule_domain::VisitId;

use crate::Shell;
use crate::commands::pass::PassScreen;

/// Registers a visitor and issues their pass.
///
/// # Errors
/// `badForm` with its fields; otherwise nothing was written.
#[tauri::command]
#[specta::specta]
pub async fn register_visitor(shell: State<'_, Shell>, form: RegisterForm) -> Result<PassScreen, Failure> {
    PassScreen::of(&shell.desk, shell.desk.register(&form)?)
}

/// The visits of today, newest first.
///
/// # Errors
/// `notAllowed` at the self-service station.
#[tauri::command]
#[specta::specta]
pub async fn todays_visits(shell: State<'_, Shell>) -> Result<Vec<VisitView>, Failure> {
    shell.desk.todays_visits()
}

/// Writes down that a visitor left; their passes are taken back.
///
/// # Errors
/// `notAllowed` at the self-service station, `notFound`.
#[tauri::command]
#[specta::specta]
pub async fn sign_out(shell: State<'_, Shell>, visit: VisitId) -> Result<VisitView, Failure> {
    shell.desk.sign_out(visit)
}
