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
