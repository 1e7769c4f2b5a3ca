//! `history`: who came and went on earlier days.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use vestibule_desk::{Desk, ExportFormat, HistoryAsk, HistoryState, VisitView};

use crate::{General, Outcome, answer, file, open, print};

/// Which days and whom.
#[derive(Args)]
pub(crate) struct History {
    /// The first day, `yyyy-MM-dd`; thirty days before the last one when not given.
    #[arg(long, default_value = "", value_name = "DAY")]
    from: String,
    /// The last day; today when not given.
    #[arg(long, default_value = "", value_name = "DAY")]
    until: String,
    /// A part of a name, of a host or of a phone number, or a whole short code.
    #[arg(long, default_value = "", value_name = "TEXT")]
    search: String,
    /// A part of whom they visited.
    #[arg(long, default_value = "", value_name = "TEXT")]
    host: String,
    /// Which of them.
    #[arg(long, value_enum, default_value = "all")]
    state: State,
    /// A table for a spreadsheet, with whole phone numbers; the journal says who had it.
    #[arg(long)]
    csv: bool,
    /// Where to write the table; standard output when not given. Only its owner can read it.
    #[arg(long, requires = "csv", value_name = "FILE.csv")]
    out: Option<PathBuf>,
}

/// Which visits.
#[derive(Clone, Copy, ValueEnum)]
enum State {
    /// All of them.
    All,
    /// Those that were never signed out.
    Open,
    /// Those that were.
    Left,
}

impl History {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let desk = open::desk(general).await?;
        let mut ask = HistoryAsk {
            from: self.from,
            until: self.until,
            search: self.search,
            host: self.host,
            state: match self.state {
                State::All => HistoryState::All,
                State::Open => HistoryState::Open,
                State::Left => HistoryState::Left,
            },
            page: 0,
        };
        if self.csv {
            return export(general, &desk, &ask, self.out);
        }
        loop {
            let page = desk.history(&ask)?;
            for visit in &page.visits {
                if !answer(general, visit, |visit| in_words(&desk, visit)) {
                    return Ok(ExitCode::SUCCESS);
                }
            }
            ask.page += 1;
            if ask.page >= page.pages {
                if page.cut {
                    eprintln!(
                        "vestibulectl: there are too many visits in these days; older ones are missing"
                    );
                }
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
}

fn export(general: &General, desk: &Desk, ask: &HistoryAsk, out: Option<PathBuf>) -> Outcome {
    let Some(out) = out else {
        let export = desk.export_history(ask, ExportFormat::Csv)?;
        // Nobody reading any more is no failure.
        drop(std::io::stdout().lock().write_all(export.text.as_bytes()));
        return Ok(ExitCode::SUCCESS);
    };
    // Before the journal says that somebody has it.
    let mut to = file::create_new(&out).map_err(file::trouble(&out))?;
    let export =
        desk.export_history(ask, ExportFormat::Csv).inspect_err(|_| drop(std::fs::remove_file(&out)))?;
    to.write_all(export.text.as_bytes()).and_then(|()| to.sync_all()).map_err(file::trouble(&out))?;
    let said = serde_json::json!({ "rows": export.rows, "file": out.display().to_string() });
    answer(general, &said, |_| format!("{} visits: {}", export.rows, out.display()));
    Ok(ExitCode::SUCCESS)
}

fn in_words(desk: &Desk, visit: &VisitView) -> String {
    let zone = desk.settings().zone();
    let left = visit.left_at.map_or_else(|| "not signed out".to_owned(), |left| zone.wall(left));
    let parts = [&zone.wall(visit.came_at), &left, &visit.visitor_name, &visit.phone, &visit.host];
    print::plain(&parts.map(String::as_str).join("  ")).trim_end().to_owned()
}
