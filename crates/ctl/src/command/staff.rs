//! `staff add`, `staff list`, `staff set-pin`, `staff disable`, `staff enable`, `staff role`.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use vestibule_desk::{Desk, StaffView};
use vestibule_domain::StaffId;
use vestibule_domain::staff::Role;

use crate::{General, Outcome, Trouble, answer, open, pin, words};

/// The accounts of the people who work here.
#[derive(Subcommand)]
pub(crate) enum Staff {
    /// Adds an account. The first one is an administrator's, and from then on people sign in. The PIN is asked for, or
    /// taken from VESTIBULE_NEW_PIN or the next line of standard input.
    Add {
        /// The name by which it is chosen.
        name: String,
        /// What it is for.
        #[arg(long, default_value = "guard")]
        role: RoleName,
    },
    /// The accounts.
    List,
    /// Gives an account a new PIN or passphrase, as with `add`. Its wrong tries are forgotten.
    SetPin {
        /// The account.
        name: String,
    },
    /// Closes an account. It is not removed: the records name it.
    Disable {
        /// The account.
        name: String,
    },
    /// Opens a closed account again.
    Enable {
        /// The account.
        name: String,
    },
    /// Gives an account another role.
    Role {
        /// The account.
        name: String,
        /// What it is for from now on.
        role: RoleName,
    },
}

/// A role on the command line.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RoleName {
    /// Receives visitors.
    Reception,
    /// Watches the doors.
    Guard,
    /// Answers for guards and receptionists.
    Supervisor,
    /// Answers for this PC.
    Admin,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Reception => Self::Reception,
            RoleName::Guard => Self::Guard,
            RoleName::Supervisor => Self::Supervisor,
            RoleName::Admin => Self::Admin,
        }
    }
}

impl Staff {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let desk = open::desk(general).await?;
        let changed = match self {
            Self::List => {
                for staff in desk.staff()? {
                    answer(general, &staff, in_words);
                }
                return Ok(ExitCode::SUCCESS);
            }
            Self::Add { name, role } => {
                // Whoever may not is told before a PIN is asked for.
                desk.staff()?;
                desk.add_staff(&name, role.into(), pin::new()?).await?
            }
            Self::SetPin { name } => {
                let id = named(&desk, &name)?;
                desk.set_staff_secret(id, pin::new()?).await?
            }
            Self::Disable { name } => desk.set_staff_disabled(named(&desk, &name)?, true)?,
            Self::Enable { name } => desk.set_staff_disabled(named(&desk, &name)?, false)?,
            Self::Role { name, role } => desk.set_staff_role(named(&desk, &name)?, role.into())?,
        };
        answer(general, &changed, in_words);
        Ok(ExitCode::SUCCESS)
    }
}

fn named(desk: &Desk, name: &str) -> Result<StaffId, Trouble> {
    let found = desk.staff()?.into_iter().find(|staff| staff.name == name);
    found.map(|staff| staff.id).ok_or_else(|| Trouble(format!("no account is called \"{name}\"")))
}

fn in_words(staff: &StaffView) -> String {
    let closed = if staff.disabled { "  closed" } else { "" };
    format!("{}  {}{closed}", words::word(staff.role), staff.name)
}
