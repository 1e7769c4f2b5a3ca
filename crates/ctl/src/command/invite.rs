//! `invite add`, `invite list`, `invite revoke`, `invite import`: who is expected.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use vestibule_desk::{Desk, InvitationView, InviteForm};
use vestibule_domain::{DoorId, InvitationId};

use crate::command::pass::draw;
use crate::{General, Outcome, answer, file, open};

/// Invitations.
#[derive(Subcommand)]
pub(crate) enum Invite {
    /// Invites somebody; the code, or its picture, is what they show at the kiosk.
    Add(Add),
    /// Who is expected today and later.
    List,
    /// Invites everybody in a CSV file. The first row names the columns name and day, and may name phone, host, from,
    /// until, repeat (daily or weekly) and repeatUntil. Safe to run again: the same row is the same invitation.
    Import(Import),
    /// Takes an invitation back.
    Revoke {
        /// The invitation.
        invitation: InvitationId,
    },
}

/// What to import.
#[derive(Args)]
pub(crate) struct Import {
    /// The CSV file.
    file: PathBuf,
    /// Checks the file and says what would change; changes nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Who, to whom and when.
#[derive(Args)]
pub(crate) struct Add {
    /// The visitor's name.
    #[arg(long)]
    name: String,
    /// Their phone number.
    #[arg(long, default_value = "")]
    phone: String,
    /// Whom they visit.
    #[arg(long, default_value = "")]
    host: String,
    /// A door, by id; once for each. The doors of the settings when none is named.
    #[arg(long = "door", value_name = "IOTID")]
    doors: Vec<String>,
    /// The day, `yyyy-MM-dd`; today when not given.
    #[arg(long, default_value = "")]
    day: String,
    /// From when, `HH:MM` on the clock of the first door.
    #[arg(long, default_value = "")]
    from: String,
    /// Until when, `HH:MM`.
    #[arg(long, default_value = "")]
    until: String,
    /// Where to write the QR code: a .svg or .png file.
    #[arg(long, value_name = "FILE")]
    qr: Option<PathBuf>,
}

impl Invite {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let desk = open::desk(general).await?;
        let words = |invitation: &InvitationView| in_words(&desk, invitation);
        match self {
            Self::Add(add) => {
                let kind = add.qr.as_deref().map(draw::Kind::of).transpose()?;
                let doors: Vec<DoorId> = add.doors.into_iter().map(DoorId).collect();
                let invitation = desk.invite(&InviteForm {
                    name: add.name,
                    phone: add.phone,
                    host: add.host,
                    doors: (!doors.is_empty()).then_some(doors),
                    day: add.day,
                    from: add.from,
                    until: add.until,
                })?;
                answer(general, &invitation, words);
                if let (Some(file), Some(kind)) = (&add.qr, kind) {
                    kind.write(file, desk.invitation_code(invitation.id)?.reveal())?;
                }
            }
            Self::List => {
                for invitation in desk.invitations()? {
                    if !answer(general, &invitation, words) {
                        break;
                    }
                }
            }
            Self::Import(import) => {
                let bytes = std::fs::read(&import.file).map_err(file::trouble(&import.file))?;
                let changed = desk
                    .import_invitations(&bytes, import.dry_run)?
                    .map_err(|faults| file::faulty(&import.file, &faults, "changed"))?;
                let mut said = serde_json::json!(changed);
                said["dryRun"] = import.dry_run.into();
                answer(general, &said, |_| {
                    let dry = if import.dry_run { "nothing was changed; it would be: " } else { "" };
                    format!(
                        "{dry}{} invited, {} the same, {} over already, and left out",
                        changed.added, changed.same, changed.over
                    )
                });
            }
            Self::Revoke { invitation } => {
                answer(general, &desk.revoke_invitation(invitation)?, words);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn in_words(desk: &Desk, invitation: &InvitationView) -> String {
    let zone = desk.settings().zone();
    let standing = serde_json::to_string(&invitation.standing).unwrap_or_default();
    format!(
        "{}  {}  {}  {}  {}  {} to {}",
        invitation.id,
        invitation.short_code,
        standing.trim_matches('"'),
        invitation.visitor_name,
        invitation.host,
        zone.wall(invitation.window.from),
        zone.wall(invitation.window.until),
    )
}
