//! `spare status`, `spare key`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use vestibule_desk::seal::Seal;

use crate::{General, Outcome, answer, file, open};

/// Passes kept ready for an outage.
#[derive(Subcommand)]
pub(crate) enum Spare {
    /// How many codes live, and until when: whoever has one opens its doors.
    Status,
    /// Makes a key that seals their codes, in a file of its own. An existing file is left alone.
    Key {
        /// Where; the settings name it as `spare.key_file`.
        file: PathBuf,
    },
}

impl Spare {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        match self {
            Self::Status => {
                let desk = open::desk(general).await?;
                let zone = desk.settings().zone();
                answer(general, &desk.reserve()?, |reserve| {
                    let until = reserve.until.map_or("-".to_owned(), |until| zone.wall(until));
                    let off = match (reserve.wanted, reserve.has_key) {
                        (0, _) => "\nnone are wanted: spare.size is 0",
                        (_, false) => {
                            "\nthere are none without a key: `vestibulectl spare key FILE`, and spare.key_file"
                        }
                        _ => "",
                    };
                    format!(
                        "wanted for each half day: {}\nready: {}\nbeing prepared or taken away: {}\nthe last one lives until: {until}{off}",
                        reserve.wanted, reserve.ready, reserve.in_between
                    )
                });
            }
            Self::Key { file: path } => {
                let fail = file::trouble(&path);
                let key = Seal::new_key().map_err(|error| fail(std::io::Error::other(error)))?;
                file::create_new(&path).and_then(|mut open| open.write_all(key.as_bytes())).map_err(fail)?;
                println!("{}", path.display());
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
