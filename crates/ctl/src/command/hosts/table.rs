//! Hosts as a table. Every row is checked before anything is written, and no fault repeats what a cell holds.

use std::collections::BTreeMap;

use vestibule_desk::table::{Fault, Faults, Rows, cell};
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
    let mut rows = Rows::read(bytes, &COLUMNS, &COLUMNS[..2])?;
    let mut hosts = Vec::new();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    while let Some((row, cells)) = rows.next_row()? {
        let fault = |column, problem: &str| Fault { row, column, problem: problem.to_owned() };
        let [id, name, department, phone, email] = cells.as_slice() else { continue };
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
    Ok(hosts)
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
