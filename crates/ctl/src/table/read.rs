//! Reading a table of cards: every row checked before anything is sent.

use csv::{ReaderBuilder, StringRecord};
use vestibule_domain::door::Door;
use vestibule_domain::{DoorId, IdentityId, UtcMillis, Zone};
use vestibule_gateway::Endpoint;
use vestibule_gateway::endpoint::card::batchmodify::{BatchModify, Params};

use vestibule_desk::table::{Fault, Faults, Place, cell, decoded, delimiter};

use super::header::Header;
use super::twice::contradictions;
use super::{COLUMNS, Row};

/// What the rows are checked against.
pub(crate) struct Expected<'a> {
    /// The doors of rows that name none.
    pub(crate) doors: &'a [DoorId],
    /// The doors of the settings, for their zones.
    pub(crate) known: &'a [Door],
    /// The zone of other doors.
    pub(crate) zone: Zone,
    /// Now.
    pub(crate) now: UtcMillis,
}

/// A table without faults.
#[derive(Debug)]
pub(crate) struct Table {
    /// Its rows.
    pub(crate) rows: Vec<Row>,
    /// Rows whose end has passed.
    pub(crate) ended: Vec<u64>,
    /// How many rows have no end.
    pub(crate) endless: usize,
    /// The places (from 1) of columns that are not used.
    pub(crate) unused: Vec<usize>,
}

/// Reads a whole file.
pub(crate) fn read(bytes: &[u8], expected: &Expected<'_>) -> Result<Table, Faults> {
    let mut faults = Faults::default();
    match rows(bytes, expected, &mut faults) {
        Ok(table) => {
            contradictions(&table.rows, expected.doors).into_iter().for_each(|fault| faults.add(fault));
            if faults.count == 0 { Ok(table) } else { Err(faults) }
        }
        Err(fault) => {
            faults.add(fault);
            Err(faults)
        }
    }
}

fn rows(bytes: &[u8], expected: &Expected<'_>, faults: &mut Faults) -> Result<Table, Fault> {
    let text = decoded(bytes)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut place = Place::start(text);
    let mut record = StringRecord::new();
    let mut next = |record: &mut StringRecord| {
        let begins = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let there = reader.read_record(record);
        let row = place.line_of(begins);
        match there {
            Ok(there) => Ok(there.then_some(row)),
            Err(_) => Err(Fault { row, column: None, problem: "cannot be read as CSV".to_owned() }),
        }
    };
    let Some(first) = next(&mut record)? else {
        return Err(Fault { row: 1, column: None, problem: "the file is empty".to_owned() });
    };
    let header = Header::read(&record, first)?;
    let mut table = Table { rows: Vec::new(), ended: Vec::new(), endless: 0, unused: header.unused.clone() };
    while let Some(number) = next(&mut record)? {
        if record.iter().all(|cell| cell::tidy(cell).is_empty()) {
            continue;
        }
        match row(&header, &record, number, expected) {
            Ok(row) => table.take(row, expected),
            Err(fault) => faults.add(fault),
        }
    }
    Ok(table)
}

impl Table {
    fn take(&mut self, row: Row, expected: &Expected<'_>) {
        match &row.expiry {
            None => self.endless += 1,
            Some(expiry) => {
                let ends = zone(expected, row.door.as_ref()).moment(expiry);
                if ends.is_some_and(|ends| ends <= expected.now) {
                    self.ended.push(row.number);
                }
            }
        }
        self.rows.push(row);
    }
}

fn row(header: &Header, record: &StringRecord, number: u64, expected: &Expected<'_>) -> Result<Row, Fault> {
    let fault = |column: Option<&'static str>, problem: &str| Fault {
        row: number,
        column,
        problem: problem.to_owned(),
    };
    if record.iter().skip(header.width).any(|cell| !cell::tidy(cell).is_empty()) {
        return Err(fault(None, "has more cells than the header: a cell with a comma needs quotes"));
    }
    let cells = [0, 1, 2, 3].map(|column| header.cell(record, column));
    for (column, text) in COLUMNS.iter().zip(cells) {
        if text.chars().any(char::is_control) {
            return Err(fault(
                Some(column),
                "holds a line break or control character: a quote may be missing",
            ));
        }
    }
    let [identity, card, expiry, door] = cells;
    if cell::is_shortened(card) {
        let problem =
            "was shortened by a spreadsheet: make the column a text column and enter the number again";
        return Err(fault(Some("cardId"), problem));
    }
    let door = (!door.is_empty()).then(|| DoorId(door.to_owned()));
    let Some(first) = door.as_ref().or(expected.doors.first()) else {
        return Err(fault(Some("iotId"), "is empty, and no --door is named"));
    };
    let expiry = match expiry {
        "" => None,
        text => Some(cell::time(text, zone(expected, door.as_ref())).ok_or_else(|| {
            fault(Some("expiryTime"), "is no time that exists, written yyyy-MM-dd HH:mm:ss")
        })?),
    };
    let row = Row {
        number,
        identity: IdentityId(identity.to_owned()),
        card: card.to_owned(),
        expiry,
        door: door.clone(),
    };
    // The very check that the client makes, so that no row spoils a call of a thousand.
    BatchModify::check(&Params { cards: vec![row.right(first)] })
        .map_err(|limit| fault(Some(limit.field), &limit.rule.to_string()))?;
    Ok(row)
}

/// The zone in which a row's time is meant.
fn zone<'a>(expected: &'a Expected<'_>, door: Option<&DoorId>) -> &'a Zone {
    let door = door.or(expected.doors.first());
    let known = door.and_then(|id| expected.known.iter().find(|door| door.id == *id));
    known.map_or(&expected.zone, |door| &door.zone)
}
