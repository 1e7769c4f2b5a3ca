//! `journal list`, `journal why`, `journal verify`, `journal export`, `journal anchor`.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use vestibule_desk::{Desk, VerdictEntry};
use vestibule_store::{Anchor, JournalRow};

use crate::{General, Outcome, Trouble, answer, open, print, words};

/// How many entries are read at once.
const AT_ONCE: u32 = 1000;

/// What happened at this desk.
#[derive(Subcommand)]
pub(crate) enum Journal {
    /// The newest entries, newest first.
    List {
        /// How many.
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: u32,
    },
    /// An entry in words: for a verdict why it was given, from what, and whether the same comes out again.
    Why {
        /// Its number.
        sequence: i64,
    },
    /// Goes through all of it: whether anything was changed, removed or moved, and whether every verdict comes out again.
    /// Exit code 1 when something is wrong.
    Verify {
        /// Also against what `journal anchor` printed earlier and was noted elsewhere.
        #[arg(long, value_name = "SEQ:HEX")]
        anchor: Option<Anchor>,
    },
    /// All of it, oldest first.
    Export {
        /// As what.
        #[arg(long, value_enum, default_value = "jsonl")]
        format: Format,
        /// Only what came after this entry.
        #[arg(long, default_value_t = 0, value_name = "SEQ")]
        after: i64,
    },
    /// The newest entry and its hash, to be noted where nobody who can write to this PC can.
    Anchor,
}

/// How it is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A JSON object a line.
    Jsonl,
    /// A table with a header.
    Csv,
}

impl Journal {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let desk = open::desk(general).await?;
        match self {
            Self::List { limit } => {
                for row in desk.journal(limit)? {
                    if !answer(general, &row, |row| line(&desk, row)) {
                        break;
                    }
                }
            }
            Self::Why { sequence } => {
                let row = desk.journal_entry(sequence)?;
                answer(general, &row, |row| why(&desk, row));
            }
            Self::Verify { anchor } => {
                let report = desk.verify_journal(anchor.as_ref())?;
                answer(general, &report, words::journal::of_report);
                return Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
            }
            Self::Export { format, after } => export(&desk, format, after)?,
            Self::Anchor => match desk.journal_anchor()? {
                Some(anchor) => {
                    answer(general, &anchor, ToString::to_string);
                }
                None => return Err(Trouble("no entry is chained yet".to_owned())),
            },
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn line(desk: &Desk, row: &JournalRow) -> String {
    let said = VerdictEntry::of(row)
        .map_or_else(|| row.detail.to_string(), |verdict| words::journal::of_verdict(&verdict));
    let at = desk.settings().zone().wall(row.at);
    print::plain(&format!("{}  {at}  {}  {}  {said}", row.sequence, row.kind, row.subject))
}

fn why(desk: &Desk, row: &JournalRow) -> String {
    match VerdictEntry::of(row) {
        Some(verdict) => words::journal::why(row, &verdict, &desk.settings().zone()),
        None => line(desk, row),
    }
}

fn export(desk: &Desk, format: Format, after: i64) -> Result<(), Trouble> {
    let columns = ["sequence", "epoch", "at", "kind", "subject", "detail", "mac"];
    if format == Format::Csv && !print::line(&columns.join(",")) {
        return Ok(());
    }
    let mut last = after;
    loop {
        let rows = desk.journal_after(last, AT_ONCE)?;
        let Some(newest) = rows.last() else { return Ok(()) };
        last = newest.sequence;
        for row in &rows {
            let text = match format {
                Format::Jsonl => serde_json::to_string(row).map_err(|error| Trouble(error.to_string()))?,
                Format::Csv => csv(row),
            };
            if !print::line(&text) {
                return Ok(());
            }
        }
    }
}

/// Its texts are ids, words of ours and JSON; only the last can hold a comma or a quote, and none begins a formula.
fn csv(row: &JournalRow) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mac = row.mac.as_deref().unwrap_or_default();
    let (kind, subject, detail) = (quoted(&row.kind), quoted(&row.subject), quoted(&row.detail.to_string()));
    format!("{},{},{},{kind},{subject},{detail},{mac}", row.sequence, row.epoch, row.at.0)
}
