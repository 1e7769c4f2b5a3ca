//! Passes.

use serde::Serialize;
use specta::Type;
use tauri::State;
use vestibule_desk::{Desk, Failure, FailureCode, Language, PassView, Printed, VerdictView};
use vestibule_domain::PassId;
use vestibule_domain::receipt::PrintFault;

use crate::Shell;

/// A pass and its QR code.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PassScreen {
    /// The pass.
    pub pass: PassView,
    /// The code as an SVG document; none until it may be shown.
    pub picture: Option<String>,
}

impl PassScreen {
    pub(crate) fn of(desk: &Desk, pass: PassView) -> Result<Self, Failure> {
        let code = desk.showable_code(pass.id)?;
        let picture =
            code.map(|code| vestibule_qr::draw::svg(code.reveal())).transpose().map_err(|error| {
                tracing::error!(%error, "a code could not be drawn");
                Failure::of(FailureCode::Bug)
            })?;
        Ok(Self { pass, picture })
    }
}

/// A pass and its QR code.
///
/// # Errors
/// `notFound`.
#[tauri::command]
#[specta::specta]
pub async fn pass_screen(shell: State<'_, Shell>, pass: PassId) -> Result<PassScreen, Failure> {
    PassScreen::of(&shell.desk, shell.desk.pass(pass)?)
}

/// Prints a pass, once; `again` prints one more.
///
/// # Errors
/// `printedBefore`, `notAllowed` to print one more at the self-service station, and what the printer says.
#[tauri::command]
#[specta::specta]
pub async fn print_pass(
    shell: State<'_, Shell>,
    pass: PassId,
    language: Language,
    again: bool,
) -> Result<Printed, Failure> {
    let printer = shell.printer.clone();
    let print = |receipt| async move {
        let printed = tokio::task::spawn_blocking(move || printer.print(&receipt));
        printed.await.unwrap_or(Err(PrintFault::Unsure))
    };
    shell.desk.print_pass(pass, language, again, print).await
}

/// Takes a pass back.
///
/// # Errors
/// `notAllowed` at the self-service station, `notFound`.
#[tauri::command]
#[specta::specta]
pub async fn revoke_pass(shell: State<'_, Shell>, pass: PassId) -> Result<PassView, Failure> {
    shell.desk.revoke_pass(pass)
}

/// Judges a code that was scanned by hand or typed.
///
/// # Errors
/// `notAllowed` at the self-service station: there it would be a way to guess codes.
#[tauri::command]
#[specta::specta]
pub async fn verify_code(shell: State<'_, Shell>, text: String) -> Result<VerdictView, Failure> {
    shell.desk.verify(&text)
}

/// Whose pass a code is that was scanned by hand or typed. It is no verdict.
///
/// # Errors
/// `notAllowed` at the self-service station, `notFound`.
#[tauri::command]
#[specta::specta]
pub async fn find_pass(shell: State<'_, Shell>, text: String) -> Result<PassView, Failure> {
    shell.desk.find_pass(&text)
}

/// Tells the service again what was set aside of a pass.
///
/// # Errors
/// `notAllowed` at the self-service station, `notFound` when nothing of it was set aside.
#[tauri::command]
#[specta::specta]
pub async fn send_again(shell: State<'_, Shell>, pass: PassId) -> Result<PassView, Failure> {
    shell.desk.send_again(pass)
}
