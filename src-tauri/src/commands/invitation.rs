//! Invitations, for staff.

use serde::Serialize;
use specta::Type;
use tauri::State;
use vestibule_desk::{Desk, Failure, FailureCode, InvitationView, InviteForm};
use vestibule_domain::InvitationId;

use crate::Shell;

/// An invitation and its QR code.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InvitationScreen {
    /// The invitation.
    pub invitation: InvitationView,
    /// The code as an SVG document.
    pub picture: String,
}

impl InvitationScreen {
    fn of(desk: &Desk, invitation: InvitationView) -> Result<Self, Failure> {
        let code = desk.invitation_code(invitation.id)?;
        let picture = vestibule_qr::draw::svg(code.reveal()).map_err(|error| {
            tracing::error!(%error, "an invitation could not be drawn");
            Failure::of(FailureCode::Bug)
        })?;
        Ok(Self { invitation, picture })
    }
}

/// Who is expected today and later.
///
/// # Errors
/// `notAllowed` at the self-service station.
#[tauri::command]
#[specta::specta]
pub async fn invitations(shell: State<'_, Shell>) -> Result<Vec<InvitationView>, Failure> {
    shell.desk.invitations()
}

/// An invitation and its QR code.
///
/// # Errors
/// `notAllowed` at the self-service station, `notFound`.
#[tauri::command]
#[specta::specta]
pub async fn invitation_screen(
    shell: State<'_, Shell>,
    invitation: InvitationId,
) -> Result<InvitationScreen, Failure> {
    InvitationScreen::of(&shell.desk, shell.desk.invitation(invitation)?)
}

/// Invites somebody.
///
/// # Errors
/// `notAllowed` at the self-service station, `badForm` with its fields, `badWindow`.
#[tauri::command]
#[specta::specta]
pub async fn invite(shell: State<'_, Shell>, form: InviteForm) -> Result<InvitationScreen, Failure> {
    InvitationScreen::of(&shell.desk, shell.desk.invite(&form)?)
}

/// Takes an invitation back.
///
/// # Errors
/// `notAllowed` at the self-service station, `notFound`, `used`.
#[tauri::command]
#[specta::specta]
pub async fn revoke_invitation(
    shell: State<'_, Shell>,
    invitation: InvitationId,
) -> Result<InvitationView, Failure> {
    shell.desk.revoke_invitation(invitation)
}
