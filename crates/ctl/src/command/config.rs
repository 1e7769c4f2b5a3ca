//! `config init`, `config check`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use vestibule_desk::setting::COMMENTED;

use crate::{General, Outcome, Trouble, open};

/// The settings file.
#[derive(Subcommand)]
pub(crate) enum Config {
    /// Writes a file with every field, its default and what it is for. An existing file is left alone.
    Init {
        /// Where; the settings file of the data folder when not given.
        file: Option<PathBuf>,
    },
    /// Reads the settings and says what is wrong with them.
    Check,
}

impl Config {
    pub(crate) fn run(self, general: &General) -> Outcome {
        match self {
            Self::Init { file } => {
                let file = file.unwrap_or_else(|| open::settings_file(general));
                write(&file)?;
                println!("{}", file.display());
            }
            Self::Check => {
                let settings = open::settings(general)?;
                println!("{}: good, {} doors", open::settings_file(general).display(), settings.doors.len());
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn write(file: &std::path::Path) -> Result<(), Trouble> {
    let fail = |error: std::io::Error| Trouble(format!("{}: {error}", file.display()));
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    crate::file::create_new(file).and_then(|mut open| open.write_all(COMMENTED.as_bytes())).map_err(fail)
}
