//! `hosts list`, `hosts add`, `hosts remove`, `hosts import`: whom people visit.

mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use vestibule_domain::HostId;
use vestibule_domain::host::Host;

use crate::{General, Outcome, Trouble, answer, file, open, print};

/// The directory of hosts.
#[derive(Subcommand)]
pub(crate) enum Hosts {
    /// All of them, by id.
    List,
    /// Adds one, or changes the one with that id.
    Add(Add),
    /// Takes one out. Visits to them stay.
    Remove {
        /// The id.
        id: String,
    },
    /// Adds the rows of a CSV file, and changes those that are there. The first row names the columns id and name, and
    /// may name department, phone and email. Safe to run again.
    Import(Import),
}

/// A host.
#[derive(Args)]
pub(crate) struct Add {
    /// What stays the same, such as a staff number.
    #[arg(long)]
    id: String,
    /// The name.
    #[arg(long)]
    name: String,
    /// The department.
    #[arg(long, default_value = "")]
    department: String,
    /// The phone number.
    #[arg(long, default_value = "")]
    phone: String,
    /// The e-mail address.
    #[arg(long, default_value = "")]
    email: String,
}

/// What to import.
#[derive(Args)]
pub(crate) struct Import {
    /// The CSV file.
    file: PathBuf,
    /// Checks the file and says what would change; changes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Takes out everybody who is not in the file.
    #[arg(long)]
    replace: bool,
}

impl Hosts {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let desk = open::desk(general).await?;
        match self {
            Self::List => {
                for host in desk.hosts()? {
                    if !answer(general, &host, in_words) {
                        break;
                    }
                }
            }
            Self::Add(add) => {
                let host = Host::new(&add.id, &add.name, &add.department, &add.phone, &add.email);
                let host = host.map_err(|(field, fault)| {
                    Trouble(format!("--{}: {}", table::column(field), table::problem(fault)))
                })?;
                desk.keep_hosts(std::slice::from_ref(&host), false, false)?;
                answer(general, &host, in_words);
            }
            Self::Remove { id } => {
                desk.remove_host(&HostId(id.clone()))?;
                let removed = serde_json::json!({ "id": id, "removed": true });
                answer(general, &removed, |_| format!("{}  removed", print::plain(&id)));
            }
            Self::Import(import) => {
                let hosts = import.read()?;
                let changed = desk.keep_hosts(&hosts, import.replace, import.dry_run)?;
                let mut said = serde_json::json!(changed);
                said["dryRun"] = import.dry_run.into();
                said["replaced"] = import.replace.into();
                answer(general, &said, |_| {
                    let gone = if import.replace { "taken out" } else { "not in the file, and left" };
                    let dry = if import.dry_run { "nothing was changed; it would be: " } else { "" };
                    format!(
                        "{dry}{} added, {} changed, {} the same, {} {gone}",
                        changed.added, changed.changed, changed.same, changed.missing
                    )
                });
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Import {
    fn read(&self) -> Result<Vec<Host>, Trouble> {
        let bytes = std::fs::read(&self.file).map_err(file::trouble(&self.file))?;
        table::read(&bytes).map_err(|faults| file::faulty(&self.file, &faults, "changed"))
    }
}

fn in_words(host: &Host) -> String {
    format!("{}  {}  {}", print::plain(&host.id.0), host.name, host.department).trim_end().to_owned()
}
