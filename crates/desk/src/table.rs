//! Tables as spreadsheets write them: what they do to a file is undone, what they destroy is named, and what they would
//! run is disarmed. No fault repeats what a cell holds: a row and a column are enough to find it.

pub mod cell;
mod place;

pub use place::Place;

/// Something wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The row; the header is row 1.
    pub row: u64,
    /// The column, where it is about one.
    pub column: Option<&'static str>,
    /// What is wrong, without what stands there.
    pub problem: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "row {}: ", self.row)?;
        if let Some(column) = self.column {
            write!(f, "{column}: ")?;
        }
        f.write_str(&self.problem)
    }
}

/// The faults of a file. A file that is none of ours has one in every row: not all of them are kept.
#[derive(Debug, Default)]
pub struct Faults {
    /// The first ones.
    pub kept: Vec<Fault>,
    /// How many there are.
    pub count: usize,
}

impl Faults {
    /// How many are kept.
    const MOST: usize = 1000;

    /// One more.
    pub fn add(&mut self, fault: Fault) {
        self.count += 1;
        if self.kept.len() < Self::MOST {
            self.kept.push(fault);
        }
    }
}

/// The rows of a table whose first row names its columns, in any order and case.
pub struct Rows<'t> {
    reader: csv::Reader<&'t [u8]>,
    lines: Place<'t>,
    places: Vec<Option<usize>>,
    width: usize,
}

impl<'t> Rows<'t> {
    /// Begins with the header, in which the needed columns must stand.
    ///
    /// # Errors
    /// What is wrong with the file or its header.
    pub fn read(bytes: &'t [u8], columns: &[&'static str], needed: &[&'static str]) -> Result<Self, Fault> {
        let text = decoded(bytes)?;
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter(text))
            .from_reader(text.as_bytes());
        let mut rows = Self { reader, lines: Place::start(text), places: Vec::new(), width: 0 };
        let whole = |row, problem: String| Fault { row, column: None, problem };
        let Some((row, header)) = rows.next_record()? else {
            return Err(whole(1, "the file is empty".to_owned()));
        };
        for column in columns {
            let is = |cell: &&str| cell::tidy(cell).eq_ignore_ascii_case(column);
            if header.iter().filter(is).count() > 1 {
                let problem = "stands in the header twice".to_owned();
                return Err(Fault { row, column: Some(column), problem });
            }
            let place = header.iter().position(|cell| is(&cell));
            if place.is_none() && needed.contains(column) {
                let all = columns.join(",");
                return Err(whole(row, format!("the header names no {column}; its columns may be {all}")));
            }
            rows.places.push(place);
        }
        rows.width = header.len();
        Ok(rows)
    }

    /// The next row that is not blank, and its tidied cells in the order of the columns.
    ///
    /// # Errors
    /// Where it is no CSV, or has more cells than the header.
    pub fn next_row(&mut self) -> Result<Option<(u64, Vec<String>)>, Fault> {
        let Some((row, record)) = self.next_record()? else { return Ok(None) };
        if record.iter().skip(self.width).any(|cell| !cell::tidy(cell).is_empty()) {
            let problem = "has more cells than the header: a cell with a comma needs quotes".to_owned();
            return Err(Fault { row, column: None, problem });
        }
        let cell = |place: &Option<usize>| place.and_then(|place| record.get(place)).map(cell::tidy);
        let cells = self.places.iter().map(|place| cell(place).unwrap_or_default().to_owned());
        Ok(Some((row, cells.collect())))
    }

    fn next_record(&mut self) -> Result<Option<(u64, csv::StringRecord)>, Fault> {
        let mut record = csv::StringRecord::new();
        loop {
            let begins = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
            let there = self.reader.read_record(&mut record);
            let row = self.lines.line_of(begins);
            match there {
                Ok(false) => return Ok(None),
                Ok(true) if record.iter().all(|cell| cell::tidy(cell).is_empty()) => {}
                Ok(true) => return Ok(Some((row, record))),
                Err(_) => {
                    return Err(Fault { row, column: None, problem: "cannot be read as CSV".to_owned() });
                }
            }
        }
    }
}

/// The text without its byte order mark.
///
/// # Errors
/// Where it is not UTF-8.
pub fn decoded(bytes: &[u8]) -> Result<&str, Fault> {
    let fault = |row: u64| Fault {
        row,
        column: None,
        problem: "is not UTF-8: save the file as \"CSV UTF-8\"".to_owned(),
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(fault(1));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            Err(fault(Place::start(&before).line_of(before.len())))
        }
    }
}

/// Spreadsheets of many countries write semicolons, and some export tabs: the header tells.
#[must_use]
pub fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    [b',', b';', b'\t'].into_iter().find(|sign| header.contains(char::from(*sign))).unwrap_or(b',')
}
