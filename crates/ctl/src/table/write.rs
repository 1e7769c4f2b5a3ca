//! Writing a table of cards: the same columns, quotes where they are needed, no cell a spreadsheet would run.

use std::io::Write;

use vestibule_desk::table::cell::safe;
use vestibule_gateway::endpoint::answer::CardRight;

use super::COLUMNS;

/// A table as it is written.
pub(crate) struct Writer<W: Write> {
    inner: csv::Writer<W>,
}

impl<W: Write> Writer<W> {
    /// Begins with the header.
    pub(crate) fn begin(to: W) -> std::io::Result<Self> {
        let mut inner = csv::Writer::from_writer(to);
        inner.write_record(COLUMNS).map_err(plain)?;
        Ok(Self { inner })
    }

    /// A row.
    pub(crate) fn write(&mut self, right: &CardRight) -> std::io::Result<()> {
        let expiry = right.expiry_time.as_deref().unwrap_or_default();
        let cells = [right.identity_id.0.as_str(), &right.card_id, expiry, &right.iot_id.0].map(safe);
        self.inner.write_record(cells.iter().map(|cell| cell.as_bytes())).map_err(plain)
    }

    /// Everything so far is where it belongs.
    pub(crate) fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

/// The system's own error, which says whether anybody still reads.
fn plain(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => std::io::Error::other("the table cannot be written"),
    }
}
