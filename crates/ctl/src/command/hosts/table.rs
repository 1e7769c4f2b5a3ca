//! Hosts as a table. Every row is checked before anything is written, and no fault repeats what a cell holds.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord};
use vestibule_desk::table::{Fault, Faults, cell, decoded, delimiter};
use vestibule_domain::host::{Host, HostFault, HostField};
use vestibule_domain::visitor::FieldFault;

const COLUMNS: [&str; 5] = ["id", "name", "department", "phone", "email"];

/// Reads a whole file.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Host>, Faults> {
    let mut faults = Faults::default();
    let hosts = rows(bytes, &mut faults).unwrap_or_else(|fault| {
        faults.add(fault);
        Vec::new()
    });
    if faults.count == 0 { Ok(hosts) } else { Err(faults) }
}

fn rows(bytes: &[u8], faults: &mut Faults) -> Result<Vec<Host>, Fault> {
    let text = decoded(bytes)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut places = None;
    let mut hosts = Vec::new();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    loop {
        let row = reader.position().line();
        let fault = |column, problem: &str| Fault { row, column, problem: problem.to_owned() };
        let there = reader.read_record(&mut record).map_err(|_| fault(None, "cannot be read as CSV"))?;
        if !there {
            break;
        }
        let row = record.position().map_or(row, csv::Position::line);
        let fault = |column, problem: &str| Fault { row, column, problem: problem.to_owned() };
        if record.iter().all(|cell| cell::tidy(cell).is_empty()) {
            continue;
        }
        let Some(places) = &places else {
            places = Some(header(&record, row)?);
            continue;
        };
        let [id, name, department, phone, email] = cells(&record, places);
        if cell::is_shortened(phone) {
            faults.add(fault(Some("phone"), "was shortened by a spreadsheet: make the column a text column"));
            continue;
        }
        match Host::new(id, name, department, phone, email) {
            Err((field, wrong)) => faults.add(fault(Some(column(field)), problem(wrong))),
            Ok(host) => match seen.insert(host.id.0.clone(), row) {
                Some(before) => faults.add(fault(Some("id"), &format!("is that of row {before}"))),
                None => hosts.push(host),
            },
        }
    }
    if places.is_none() {
        return Err(Fault { row: 1, column: None, problem: "the file is empty".to_owned() });
    }
    Ok(hosts)
}

type Places = [Option<usize>; 5];

fn header(record: &StringRecord, row: u64) -> Result<Places, Fault> {
    let place = |column: &str| record.iter().position(|cell| cell::tidy(cell).eq_ignore_ascii_case(column));
    let places = COLUMNS.map(place);
    for (column, place) in COLUMNS.iter().zip(&places).take(2) {
        if place.is_none() {
            let problem = format!(
                "the header names no {column}; it must name id,name and may name department,phone,email"
            );
            return Err(Fault { row, column: None, problem });
        }
    }
    Ok(places)
}

fn cells<'r>(record: &'r StringRecord, places: &Places) -> [&'r str; 5] {
    places.map(|place| place.and_then(|place| record.get(place)).map(cell::tidy).unwrap_or_default())
}

/// What a field is called in a file and on the command line.
pub(super) fn column(field: HostField) -> &'static str {
    match field {
        HostField::Id => COLUMNS[0],
        HostField::Name => COLUMNS[1],
        HostField::Department => COLUMNS[2],
        HostField::Phone => COLUMNS[3],
        HostField::Email => COLUMNS[4],
    }
}

/// What is wrong, in words.
pub(super) fn problem(fault: HostFault) -> &'static str {
    match fault {
        HostFault::NotAnAddress => "is no e-mail address",
        HostFault::Field(FieldFault::Missing) => "is empty",
        HostFault::Field(FieldFault::TooLong) => "is too long",
        HostFault::Field(FieldFault::Unprintable) => {
            "holds a line break or other character that cannot be printed: a quote may be missing"
        }
        HostFault::Field(FieldFault::NotAPhone) => "is no phone number",
    }
}
