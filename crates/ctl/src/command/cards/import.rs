//! `cards import`.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use futures_util::StreamExt as _;
use vestibule_desk::Settings;
use vestibule_domain::staff::Act;
use vestibule_domain::{Clock, DoorId, SystemClock};
use vestibule_gateway::batch::{BatchOptions, Stop};
use vestibule_gateway::endpoint::answer::CardRight;
use vestibule_gateway::endpoint::card::batchmodify::BatchModify;

use super::left::Left;
use super::report::Report;
use crate::open::Service;
use crate::print::progress::Progress;
use crate::table::Row;
use crate::table::read::{Expected, Table, read};
use crate::{General, Outcome, Trouble, answer, file, open, stop};

/// How many faults are printed.
const SHOWN: usize = 50;
/// How often to look whether the gateway wants a pause.
const LOOK: Duration = Duration::from_secs(1);

/// What to import, and where to.
#[derive(Args)]
pub(crate) struct Import {
    /// The CSV file; `-` for standard input.
    file: PathBuf,
    /// A door by its iotId, for every row that names none; once for each.
    #[arg(long = "door", value_name = "IOTID")]
    doors: Vec<String>,
    /// Checks the file and says what would be sent; sends nothing.
    #[arg(long)]
    dry_run: bool,
    /// Where to write the rows that were not taken, as a file that can be imported again. Replaced when it exists;
    /// absent afterwards when every row was taken.
    #[arg(long, value_name = "FILE.csv")]
    failed: Option<PathBuf>,
    /// Shows the progress also where standard error is no terminal.
    #[arg(long)]
    progress: bool,
}

impl Import {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let settings = open::settings(general)?;
        let doors = doors(&self.doors);
        let table = self.table(&doors, &settings)?;
        let owners = owners(&table.rows, doors.len());
        if self.dry_run {
            let mut report = Report::of(&table, owners.len());
            report.dry_run = true;
            answer(general, &report, Report::in_words);
            return Ok(ExitCode::SUCCESS);
        }
        open::allow(general, Act::ChangeService).await?;
        let service = open::service(general)?;
        let left = self.failed.as_deref().map(|to| Left::begin(to, &self.file)).transpose()?;
        let report = self.send(&service, &table, &doors, &owners, left).await?;
        answer(general, &report, Report::in_words);
        Ok(stop::code(report.stopped, report.is_whole()))
    }

    fn table(&self, doors: &[DoorId], settings: &Settings) -> Result<Table, Trouble> {
        let bytes = bytes(&self.file)?;
        let now = SystemClock::new().now();
        let expected = Expected { doors, known: &settings.doors, zone: settings.zone(), now };
        let table = read(&bytes, &expected).map_err(|faults| file::faulty(&self.file, &faults, "sent"))?;
        for place in &table.unused {
            eprintln!("vestibulectl: column {place} is not used");
        }
        for row in table.ended.iter().take(SHOWN) {
            eprintln!("vestibulectl: row {row}: expiryTime: has passed; the card will open nothing");
        }
        let rows_doors = table.rows.iter().filter_map(|row| row.door.as_ref());
        let mut foreign: Vec<&DoorId> = doors
            .iter()
            .chain(rows_doors)
            .filter(|id| settings.doors.iter().all(|door| door.id != **id))
            .collect();
        foreign.sort_unstable();
        foreign.dedup();
        for door in foreign.iter().take(SHOWN) {
            eprintln!("vestibulectl: {door} is no door of the settings");
        }
        Ok(table)
    }

    async fn send(
        &self,
        service: &Service,
        table: &Table,
        doors: &[DoorId],
        owners: &[u32],
        mut left: Option<Left>,
    ) -> Result<Report, Trouble> {
        let stop = Stop::default();
        let (ended_by_hand, hopeless) = (Stop::default(), &stop);
        stop::at_interrupt([stop.clone(), ended_by_hand.clone()]);
        let options = BatchOptions { stop: stop.clone(), ..BatchOptions::default() };
        let waiting = options.waiting.clone();
        let mut parts = pin!(service.client.batch::<BatchModify, _>(rights(&table.rows, doors), options));
        let mut report = Report::of(table, owners.len());
        let mut progress =
            Progress::new(std::sync::Arc::clone(&service.clock), self.progress, Some(owners.len()));
        let mut said = false;
        loop {
            let part = tokio::select! {
                part = parts.next() => part,
                () = tokio::time::sleep(LOOK) => {
                    if waiting.parts() > 0 && !said {
                        eprintln!("vestibulectl: the gateway says \"too many requests\"; waiting for it (Ctrl+C ends this)");
                        said = true;
                    }
                    continue;
                }
            };
            let Some(part) = part else { break };
            for row in part {
                let number = owners.get(row.index).and_then(|owner| table.rows.get(*owner as usize));
                let number = number.map_or(0, |row| row.number);
                if report.count(&row, number) {
                    hopeless.stop();
                }
                if let (Some(left), Some(right)) = (&mut left, &row.row) {
                    left.write(right)?;
                }
            }
            progress.show(report.settled(), report.not_taken());
        }
        progress.end();
        report.stopped = ended_by_hand.is_stopped();
        report.print_rows();
        report.failed_file = left.map(Left::end).transpose()?.flatten();
        Ok(report)
    }
}

/// The doors of the command line, each once.
fn doors(named: &[String]) -> Vec<DoorId> {
    let mut doors: Vec<DoorId> = Vec::new();
    for door in named.iter().map(|door| DoorId(door.clone())) {
        if !doors.contains(&door) {
            doors.push(door);
        }
    }
    doors
}

/// What is sent: each row at its own door, or at every door of the command line.
fn rights<'a>(rows: &'a [Row], doors: &'a [DoorId]) -> impl Iterator<Item = CardRight> + Send + use<'a> {
    rows.iter().flat_map(move |row| {
        let doors = row.door.as_ref().map_or(doors, std::slice::from_ref);
        doors.iter().map(move |door| row.right(door))
    })
}

/// For each that is sent, the place of its row.
fn owners(rows: &[Row], doors: usize) -> Vec<u32> {
    let mut owners = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        let times = if row.door.is_some() { 1 } else { doors };
        owners.extend(std::iter::repeat_n(u32::try_from(place).unwrap_or(u32::MAX), times));
    }
    owners
}

fn bytes(path: &Path) -> Result<Vec<u8>, Trouble> {
    if path.as_os_str() != "-" {
        return std::fs::read(path).map_err(file::trouble(path));
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(file::trouble(path))?;
    Ok(bytes)
}
