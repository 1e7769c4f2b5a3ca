//! What became of an import.

use serde::Serialize;
use vestibule_gateway::GatewayError;
use vestibule_gateway::batch::{RowOutcome, RowReport};
use vestibule_gateway::endpoint::answer::CardRight;

use crate::table::read::Table;
use crate::words;

/// How many rows are named on standard error.
const SHOWN: usize = 20;

/// What became of an import. A row of the file counts once for each door.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    /// Whether nothing was to be sent.
    pub(super) dry_run: bool,
    /// Rows of the file.
    rows: usize,
    /// Rows of the file without an end.
    endless: usize,
    /// Rows of the file whose end has passed.
    ended: usize,
    /// Rights: rows at doors.
    total: usize,
    /// The service took them.
    done: usize,
    /// The service did not take them.
    failed: usize,
    /// Nobody knows; sending them again is safe.
    unknown: usize,
    /// Not sent.
    skipped: usize,
    /// Whether Ctrl+C ended it.
    pub(super) stopped: bool,
    /// What the calls met that never succeeded.
    why: Option<String>,
    /// The file of what was not taken.
    pub(super) failed_file: Option<String>,
    #[serde(skip)]
    lines: Vec<String>,
}

impl Report {
    /// Before anything is sent.
    pub(super) fn of(table: &Table, total: usize) -> Self {
        Self {
            rows: table.rows.len(),
            endless: table.endless,
            ended: table.ended.len(),
            total,
            ..Self::default()
        }
    }

    /// Counts a row. True when going on is no use: whatever the call met would be met again.
    pub(super) fn count(&mut self, row: &RowReport<CardRight>, number: u64) -> bool {
        let hopeless = match &row.outcome {
            RowOutcome::Done => {
                self.done += 1;
                return false;
            }
            RowOutcome::Skipped => {
                self.skipped += 1;
                return false;
            }
            RowOutcome::Failed => {
                self.failed += 1;
                false
            }
            RowOutcome::Unsettled(error) => {
                self.unknown += 1;
                self.why.get_or_insert_with(|| words::gateway::of_error(error));
                // A refusal is about the rows of its call, everything else about all of them.
                !matches!(**error, GatewayError::Refused(_))
            }
        };
        if self.lines.len() < SHOWN {
            let door = row.row.as_ref().map(|right| right.iot_id.0.as_str()).unwrap_or_default();
            let what = if matches!(row.outcome, RowOutcome::Failed) { "not taken" } else { "no good answer" };
            self.lines.push(format!("row {number} at {door}: {what}"));
        }
        hopeless
    }

    /// How many are settled, well or not.
    pub(super) fn settled(&self) -> usize {
        self.done + self.not_taken() + self.skipped
    }

    /// How many were sent and not taken.
    pub(super) fn not_taken(&self) -> usize {
        self.failed + self.unknown
    }

    /// Whether everything was taken.
    pub(super) fn is_whole(&self) -> bool {
        self.done == self.total
    }

    /// The rows that were not taken, on standard error.
    pub(super) fn print_rows(&self) {
        for line in &self.lines {
            eprintln!("{line}");
        }
        let more = self.not_taken().saturating_sub(self.lines.len());
        if more > 0 {
            eprintln!("and {more} more (--failed FILE.csv writes them all)");
        }
        if let Some(why) = &self.why {
            eprintln!("vestibulectl: {why}");
        } else if self.failed > 0 {
            eprintln!(
                "vestibulectl: the service gives no reason for a row; most often it does not know the person or the door"
            );
        }
    }

    /// For people.
    pub(super) fn in_words(&self) -> String {
        if self.dry_run {
            return format!(
                "good: {} rows, {} rights to set in {} calls; {} without an end, {} that have ended; nothing was sent",
                self.rows,
                self.total,
                self.total.div_ceil(1000),
                self.endless,
                self.ended
            );
        }
        let mut words = format!("{} of {} set", self.done, self.total);
        for (count, what) in
            [(self.failed, "not taken"), (self.unknown, "without a good answer"), (self.skipped, "not sent")]
        {
            if count > 0 {
                words.push_str(&format!(", {count} {what}"));
            }
        }
        if self.stopped {
            words.push_str("; stopped by Ctrl+C");
        }
        match &self.failed_file {
            Some(file) => words.push_str(&format!("; what is left: {file}")),
            None if !self.is_whole() => words.push_str("; running the same again is safe"),
            None => {}
        }
        words
    }
}
