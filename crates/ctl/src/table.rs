//! Cards as a table: a CSV file with the columns identityId, cardId, expiryTime and, where rows differ in their door,
//! iotId.
//!
//! Such files come out of spreadsheets, so what a spreadsheet does to a file is forgiven (a byte order mark, other
//! line ends, quotes, wide spaces, semicolons, a header in another order or case), and what it destroys is named. No
//! fault repeats what a cell holds: a row and a column are enough to find it.

mod header;
pub(crate) mod read;
mod twice;
pub(crate) mod write;

use vestibule_domain::{DoorId, IdentityId};
use vestibule_gateway::endpoint::answer::CardRight;

/// The columns, in the order in which they are written.
pub(crate) const COLUMNS: [&str; 4] = ["identityId", "cardId", "expiryTime", "iotId"];

/// A row of the file.
#[derive(Debug)]
pub(crate) struct Row {
    /// Where it stands in the file; the header is row 1.
    pub(crate) number: u64,
    /// The person.
    pub(crate) identity: IdentityId,
    /// The card.
    pub(crate) card: String,
    /// Until when; none for a right without an end.
    pub(crate) expiry: Option<String>,
    /// The door, where the row names one.
    pub(crate) door: Option<DoorId>,
}

impl Row {
    /// The right this row gives at a door.
    pub(crate) fn right(&self, door: &DoorId) -> CardRight {
        CardRight {
            iot_id: self.door.as_ref().unwrap_or(door).clone(),
            expiry_time: self.expiry.clone(),
            card_id: self.card.clone(),
            identity_id: self.identity.clone(),
        }
    }
}
