//! The first row: which column stands where.

use csv::StringRecord;

use vestibule_desk::table::Fault;
use vestibule_desk::table::cell::tidy;

use super::COLUMNS;

/// Where each column stands.
pub(super) struct Header {
    places: [Option<usize>; 4],
    /// How many cells the row has.
    pub(super) width: usize,
    /// The places (from 1) of columns that mean nothing here.
    pub(super) unused: Vec<usize>,
}

impl Header {
    /// Reads the first row; names may be in any order and any case.
    pub(super) fn read(record: &StringRecord, row: u64) -> Result<Self, Fault> {
        let mut header = Self { places: [None; 4], width: record.len(), unused: Vec::new() };
        for (place, name) in record.iter().enumerate() {
            let Some(column) = COLUMNS.iter().position(|column| tidy(name).eq_ignore_ascii_case(column))
            else {
                if !tidy(name).is_empty() {
                    header.unused.push(place + 1);
                }
                continue;
            };
            if header.places[column].replace(place).is_some() {
                let problem = "stands in the header twice".to_owned();
                return Err(Fault { row, column: Some(COLUMNS[column]), problem });
            }
        }
        let missing: Vec<&str> =
            (0..3).filter(|column| header.places[*column].is_none()).map(|column| COLUMNS[column]).collect();
        if missing.is_empty() {
            return Ok(header);
        }
        let problem = format!(
            "the header names no {}; the first row must name identityId,cardId,expiryTime and may name iotId",
            missing.join(", ")
        );
        Err(Fault { row, column: None, problem })
    }

    /// The cell of a column, tidied; empty where the row is too short.
    pub(super) fn cell<'r>(&self, record: &'r StringRecord, column: usize) -> &'r str {
        self.places[column].and_then(|place| record.get(place)).map(tidy).unwrap_or_default()
    }
}
