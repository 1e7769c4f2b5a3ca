//! Invitations out of a table. Every row is checked before anything is written, and the same row again is the same
//! invitation, also when it was used or taken back meanwhile: a list can be sent in once more whenever it grew.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use specta::Type;
use vestibule_domain::invitation::InvitationState;
use vestibule_domain::staff::Act;
use vestibule_domain::visitor::{Field, FieldFault, introduce};
use vestibule_domain::{InvitationId, ShortCode, UtcMillis, Window};
use vestibule_store::InvitationRow;

use super::FURTHEST;
use crate::setting::clock_time;
use crate::table::{Fault, Faults, Rows, cell};
use crate::{Desk, Event, Failure};

const COLUMNS: [&str; 8] = ["name", "phone", "host", "day", "from", "until", "repeat", "repeatUntil"];
/// The columns that must be there.
const NEEDED: [&str; 2] = ["name", "day"];
/// No list of people is larger, in bytes.
const LARGEST: usize = 1 << 20;
/// So many invitations come out of one file.
const MOST: usize = 5_000;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What became of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InvitationsChanged {
    /// New ones.
    pub added: u32,
    /// Ones that were there.
    pub same: u32,
    /// Ones that are over by now, and were left out.
    pub over: u32,
}

impl Desk {
    /// Invites everybody in a CSV file with the columns name and day, and perhaps phone, host, from, until, repeat
    /// (`daily` or `weekly`) and repeatUntil. With `dry` nothing is written, and the answer is what would be. Rows that
    /// are not right are an answer as well, and then nothing is written either.
    ///
    /// # Errors
    /// What the store says.
    pub fn import_invitations(
        &self,
        bytes: &[u8],
        dry: bool,
    ) -> Result<Result<InvitationsChanged, Faults>, Failure> {
        self.may(Act::IssuePass)?;
        let mut faults = Faults::default();
        let mut rows = Vec::new();
        if let Err(fault) = self.read_table(bytes, &mut rows, &mut faults) {
            faults.add(fault);
        }
        if faults.count > 0 {
            return Ok(Err(faults));
        }
        let now = self.now();
        let all = rows.len();
        rows.retain(|row| row.window.until > now);
        let over = u32::try_from(all - rows.len()).unwrap_or(u32::MAX);
        let added = u32::try_from(self.inner.store.import_invitations(&rows, dry)?).unwrap_or(u32::MAX);
        if added > 0 && !dry {
            self.changed(&Event::Visits);
        }
        let same = u32::try_from(rows.len()).unwrap_or(u32::MAX).saturating_sub(added);
        Ok(Ok(InvitationsChanged { added, same, over }))
    }

    fn read_table(
        &self,
        bytes: &[u8],
        invitations: &mut Vec<InvitationRow>,
        faults: &mut Faults,
    ) -> Result<(), Fault> {
        if bytes.len() > LARGEST {
            let problem = "the file is larger than a megabyte: divide it".to_owned();
            return Err(Fault { row: 1, column: None, problem });
        }
        let mut rows = Rows::read(bytes, &COLUMNS, &NEEDED)?;
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        while let Some((row, cells)) = rows.next_row()? {
            if let Some(before) = seen.insert(cells.join("\n"), row) {
                let problem = format!("is the same as row {before}");
                faults.add(Fault { row, column: None, problem });
                continue;
            }
            match self.invitations_of(row, &cells) {
                Ok(more) => invitations.extend(more),
                Err(fault) => faults.add(fault),
            }
            if invitations.len() > MOST {
                let problem =
                    format!("with this row there are more than {MOST} invitations: divide the file");
                return Err(Fault { row, column: None, problem });
            }
        }
        Ok(())
    }

    /// Those of one row: one, or one for each time that it repeats.
    fn invitations_of(&self, row: u64, cells: &[String]) -> Result<Vec<InvitationRow>, Fault> {
        let fault = |column: &'static str, problem: &str| Fault {
            row,
            column: Some(column),
            problem: problem.to_owned(),
        };
        let [name, phone, host, day, from, until, repeat, repeat_until] = cells else {
            return Err(Fault { row, column: None, problem: "cannot be read".to_owned() });
        };
        if cell::is_shortened(phone) {
            return Err(fault("phone", "was shortened by a spreadsheet: make the column a text column"));
        }
        let told = introduce(name, phone, host).map_err(|faults| {
            let (field, wrong) = faults.first().copied().unwrap_or((Field::Name, FieldFault::Missing));
            fault(column(field), problem(wrong))
        })?;
        let zone = self.inner.settings.zone();
        let noon = |day: &str| zone.moment(&format!("{} 12:00:00", day.replace('/', "-")));
        let first = noon(day).ok_or_else(|| fault("day", "is no day, written yyyy-MM-dd"))?;
        let clock = |column: &'static str, text: &str| match text {
            "" => Ok(None),
            text => clock_time(text).map(Some).ok_or_else(|| fault(column, "is no time, written HH:MM")),
        };
        let (from, until) = (clock("from", from)?, clock("until", until)?);
        let step = match repeat.as_str() {
            "" => None,
            "daily" => Some(DAY),
            "weekly" => Some(DAY * 7),
            _ => return Err(fault("repeat", "is neither daily nor weekly")),
        };
        let last = match (step, repeat_until.as_str()) {
            (None, "") => first,
            (None, _) => return Err(fault("repeat", "is empty, and repeatUntil is not")),
            (Some(_), text) => {
                noon(text).ok_or_else(|| fault("repeatUntil", "is no day, written yyyy-MM-dd"))?
            }
        };
        let furthest = self.now().plus(FURTHEST);
        if last < first || last > furthest || last.since(first) > FURTHEST {
            let column = if step.is_some() { "repeatUntil" } else { "day" };
            return Err(fault(column, "is before the first day, or more than a year away"));
        }
        let mut invitations = Vec::new();
        let mut noon = first;
        while noon <= last {
            let start = match from {
                None => Some(zone.start_of_day(noon)),
                Some((hour, minute)) => zone.at(noon, hour, minute),
            };
            let window = start.and_then(|start| {
                let end = match until {
                    None => Some(self.inner.settings.visit.end_of_visit(&zone, start)),
                    Some((hour, minute)) => zone.at(noon, hour, minute),
                };
                end.filter(|end| start < *end).map(|end| Window { from: start, until: end })
            });
            invitations.push(InvitationRow {
                id: InvitationId::new(self.now()),
                short_code: ShortCode::random(),
                name: told.name.clone(),
                phone: told.phone.clone(),
                host: told.host.clone(),
                doors: None,
                window: window.ok_or_else(|| fault("until", "is not after from"))?,
                state: InvitationState::Open,
                made_at: self.now(),
                visit: None,
            });
            let Some(step) = step else { break };
            noon = next_noon(&zone, noon, step);
        }
        Ok(invitations)
    }
}

/// Noon again, also where a day between has 23 or 25 hours.
fn next_noon(zone: &vestibule_domain::Zone, noon: UtcMillis, step: Duration) -> UtcMillis {
    let near = noon.plus(step);
    zone.at(near, 12, 0).unwrap_or(near)
}

/// What a field is called in a file.
fn column(field: Field) -> &'static str {
    match field {
        Field::Name => COLUMNS[0],
        Field::Phone => COLUMNS[1],
        Field::Host => COLUMNS[2],
    }
}

/// What is wrong, in words.
fn problem(fault: FieldFault) -> &'static str {
    match fault {
        FieldFault::Missing => "is empty",
        FieldFault::TooLong => "is too long",
        FieldFault::Unprintable => {
            "holds a line break or other character that cannot be printed: a quote may be missing"
        }
        FieldFault::NotAPhone => "is no phone number",
    }
}
