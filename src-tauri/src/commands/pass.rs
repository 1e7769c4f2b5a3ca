//! Passes.

use serde::Serialize;
use specta::Type;
use tauri::State;
use vestibule_desk::{Failure, FailureCode, PassView, VerdictView};
use vestibule_domain::PassId;

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
    /// Where visitors stand, without the names in full: whoever has a ticket or a pass's id learns no more than that.
    pub(crate) fn of(shell: &Shell, pass: PassView) -> Result<Self, Failure> {
        let code = shell.desk.showable_code(pass.id)?;
        let picture =
            code.map(|code| vestibule_qr::draw::svg(code.reveal())).transpose().map_err(|error| {
                tracing::error!(%error, "a code could not be drawn");
                Failure::of(FailureCode::Bug)
            })?;
        Ok(Self { pass: shell.masked(pass), picture })
    }
}

/// A pass and its QR code.
///
/// # Errors
/// `notFound`.
#[tauri::command]
#[specta::specta]
pub async fn pass_screen(shell: State<'_, Shell>, pass: PassId) -> Result<PassScreen, Failure> {
    PassScreen::of(&shell, shell.desk.pass(pass)?)
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
