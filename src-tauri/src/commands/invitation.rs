//! Invitations, for staff.

use serde::Serialize;
use specta::Type;
use tauri::State;
use vestibule_desk::table::{Fault, Faults};
use vestibule_desk::{Desk, Failure, FailureCode, InvitationView, InvitationsChanged, InviteForm};
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

/// A row of a list that is not right.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RowFault {
    /// The row; the header is row 1.
    pub row: u32,
    /// The column, where it is about one.
    pub column: Option<String>,
}

/// What became of a list: either it changed something, or rows of it are not right.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportScreen {
    /// What it changed, or would change; none where rows are not right.
    pub changed: Option<InvitationsChanged>,
    /// The first of those rows.
    pub faults: Vec<RowFault>,
    /// How many there are.
    pub fault_count: u32,
}

/// So many of them are shown.
const SHOWN: usize = 100;

impl From<Result<InvitationsChanged, Faults>> for ImportScreen {
    fn from(read: Result<InvitationsChanged, Faults>) -> Self {
        let (changed, faults) = match read {
            Ok(changed) => (Some(changed), Faults::default()),
            Err(faults) => (None, faults),
        };
        let of = |fault: &Fault| RowFault {
            row: u32::try_from(fault.row).unwrap_or(u32::MAX),
            column: fault.column.map(str::to_owned),
        };
        let fault_count = u32::try_from(faults.count).unwrap_or(u32::MAX);
        Self { changed, faults: faults.kept.iter().take(SHOWN).map(of).collect(), fault_count }
    }
}

/// Invites everybody in a list, the text of a CSV file. With `dry` nothing is written.
///
/// # Errors
/// `notAllowed`. Rows that are not right are an answer, and then nothing was written.
#[tauri::command]
#[specta::specta]
pub async fn import_invitations(
    shell: State<'_, Shell>,
    text: String,
    dry: bool,
) -> Result<ImportScreen, Failure> {
    Ok(shell.desk.import_invitations(text.as_bytes(), dry)?.into())
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
