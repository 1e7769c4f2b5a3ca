//! The visits of the past: looked through page by page, and taken along as a file.
//!
//! Days bound what is read; everything else is looked at row by row here, since names and phone numbers are no matter of
//! the file's own. Who takes a file along is an entry of the journal, what they looked for is not: it may be a name.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use specta::Type;
use vestibule_domain::history::Sought;
use vestibule_domain::staff::Act;
use vestibule_domain::{ShortCode, UtcMillis, VisitId, Window};
use vestibule_store::{Entry, VisitRow};

use crate::table::cell::safe;
use crate::{Desk, Failure, FailureCode, VisitView};

/// So many days when none are named.
const USUAL: Duration = Duration::from_secs(30 * 24 * 3600);
/// No more than a leap year at once.
const LONGEST: Duration = Duration::from_secs(367 * 24 * 3600);
/// So many visits stand on a page.
const A_PAGE: usize = 50;
/// So many are looked through, the newest first.
const MOST: u32 = 100_000;

/// What somebody looks for.
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HistoryAsk {
    /// The first day, `yyyy-MM-dd`; thirty days before the last one when empty.
    pub from: String,
    /// The last day; today when empty.
    pub until: String,
    /// A part of a name, of a host or of a phone number, or a whole short code.
    pub search: String,
    /// A part of whom they visited.
    pub host: String,
    /// Which of them.
    pub state: HistoryState,
    /// The page, from 0.
    pub page: u32,
}

impl std::fmt::Debug for HistoryAsk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HistoryAsk({}, {}, {:?})", self.from, self.until, self.state)
    }
}

/// Which visits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum HistoryState {
    /// All of them.
    #[default]
    All,
    /// Those that were never signed out.
    Open,
    /// Those that were.
    Left,
}

/// A page of what was found, newest first.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HistoryPage {
    /// The visits.
    pub visits: Vec<VisitView>,
    /// How many were found in all.
    pub found: u32,
    /// The page, from 0.
    pub page: u32,
    /// How many pages there are; at least one.
    pub pages: u32,
    /// The days that were looked through.
    pub window: Window,
    /// Whether there were too many to look through: older ones of these days may be missing.
    pub cut: bool,
}

/// What a file is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ExportFormat {
    /// A table for a spreadsheet.
    Csv,
    /// For a program.
    Json,
}

/// A file to be written.
pub struct Export {
    /// How it may be called.
    pub name: String,
    /// What stands in it.
    pub text: String,
    /// How many visits.
    pub rows: u32,
}

/// A visit in a file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    came: String,
    left: Option<String>,
    zone: &'a str,
    name: &'a str,
    phone: &'a str,
    host: &'a str,
    signed: bool,
    visit: VisitId,
}

struct Found {
    rows: Vec<VisitRow>,
    window: Window,
    cut: bool,
}

impl Desk {
    /// A page of the visits that were looked for.
    ///
    /// # Errors
    /// [`FailureCode::BadWindow`] for days that are none, or too many; or what the store says.
    pub fn history(&self, ask: &HistoryAsk) -> Result<HistoryPage, Failure> {
        self.may(Act::SeeHistory)?;
        let Found { rows, window, cut } = self.find_visits(ask)?;
        let found = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let pages = u32::try_from(rows.len().div_ceil(A_PAGE)).unwrap_or(u32::MAX).max(1);
        let page = ask.page.min(pages - 1);
        let first = usize::try_from(page).unwrap_or(0) * A_PAGE;
        let visits = rows.into_iter().skip(first).take(A_PAGE);
        let visits = visits.map(|row| self.view_visit(row)).collect::<Result<_, _>>()?;
        Ok(HistoryPage { visits, found, page, pages, window, cut })
    }

    /// All the visits that were looked for, as a file with whole phone numbers. The journal has it before anybody has
    /// the file.
    ///
    /// # Errors
    /// As [`Self::history`].
    pub fn export_history(&self, ask: &HistoryAsk, format: ExportFormat) -> Result<Export, Failure> {
        let by = self.may(Act::ExportHistory)?;
        let Found { rows, window, cut } = self.find_visits(ask)?;
        let zone = self.inner.settings.zone();
        let lines = rows.iter().map(|row| Line {
            came: zone.wall(row.came_at),
            left: row.left_at.map(|left| zone.wall(left)),
            zone: zone.name(),
            name: &row.name,
            phone: &row.phone,
            host: &row.host,
            signed: row.agreed,
            visit: row.id,
        });
        let text = match format {
            ExportFormat::Csv => table(lines).ok_or_else(|| Failure::of(FailureCode::Bug))?,
            ExportFormat::Json => json!({
                "from": zone.wall(window.from),
                "until": zone.wall(window.until),
                "zone": zone.name(),
                "cut": cut,
                "visits": lines.collect::<Vec<_>>(),
            })
            .to_string(),
        };
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let detail = json!({ "format": format, "rows": count, "window": window, "by": by });
        self.inner.store.note(&[Entry {
            at: self.now(),
            kind: "historyExported",
            subject: "desk".to_owned(),
            detail,
        }])?;
        let ending = match format {
            ExportFormat::Csv => "csv",
            ExportFormat::Json => "json",
        };
        let at = zone.wall(self.now()).replace(':', "").replace(' ', "-");
        Ok(Export { name: format!("vestibule-visits-{at}.{ending}"), text, rows: count })
    }

    fn find_visits(&self, ask: &HistoryAsk) -> Result<Found, Failure> {
        let window = self.days_of(ask).ok_or_else(|| Failure::of(FailureCode::BadWindow))?;
        let mut rows = self.inner.store.visits_between(window.from, window.until, MOST)?;
        let cut = rows.len() >= usize::try_from(MOST).unwrap_or(usize::MAX);
        let by_code = match ShortCode::typed(&ask.search) {
            Some(code) => self.inner.store.pass_by_short_code(&code)?.map(|row| row.pass.visit),
            None => None,
        };
        let (sought, host) = (Sought::typed(&ask.search), Sought::typed(&ask.host));
        rows.retain(|row| {
            let state = match ask.state {
                HistoryState::All => true,
                HistoryState::Open => row.left_at.is_none(),
                HistoryState::Left => row.left_at.is_some(),
            };
            let found = by_code == Some(row.id) || sought.finds(&row.name, &row.host, &row.phone);
            state && host.is_in(&row.host) && found
        });
        Ok(Found { rows, window, cut })
    }

    fn days_of(&self, ask: &HistoryAsk) -> Option<Window> {
        let zone = self.inner.settings.zone();
        let noon = |day: &str| zone.moment(&format!("{day} 12:00:00"));
        let last = match ask.until.trim() {
            "" => self.now(),
            day => noon(day)?,
        };
        let first = match ask.from.trim() {
            "" => last.minus(USUAL),
            day => noon(day)?,
        };
        let until = UtcMillis(zone.end_of_day(last).0 + 1000);
        let window = Window { from: zone.start_of_day(first), until };
        (window.from < window.until && window.length() <= LONGEST).then_some(window)
    }
}

/// With a byte order mark, by which a spreadsheet knows the letters, and no cell that it would run.
fn table<'a>(lines: impl Iterator<Item = Line<'a>>) -> Option<String> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let header = ["came", "left", "zone", "name", "phone", "host", "signed", "visit"];
    table.write_record(header).ok()?;
    for line in lines {
        let visit = line.visit.to_string();
        let signed = if line.signed { "yes" } else { "no" };
        let left = line.left.unwrap_or_default();
        let cells = [&line.came, &left, line.zone, line.name, line.phone, line.host, signed, &visit];
        table.write_record(cells.map(safe).iter().map(|cell| cell.as_bytes())).ok()?;
    }
    let text = String::from_utf8(table.into_inner().ok()?).ok()?;
    Some(format!("\u{feff}{text}"))
}
