//! The same card, person and door in two rows. With the same end that is harmless; with two ends nobody knows which
//! would hold, because calls go out side by side.

use std::collections::HashSet;

use vestibule_desk::table::Fault;
use vestibule_domain::DoorId;

use super::Row;

/// The rows that contradict an earlier one.
pub(super) fn contradictions(rows: &[Row], doors: &[DoorId]) -> Vec<Fault> {
    let named: HashSet<&DoorId> = doors.iter().collect();
    let mut order: Vec<&Row> = rows.iter().collect();
    order.sort_by_key(|row| (&row.identity.0, &row.card, &row.door, row.number));
    let mut faults = Vec::new();
    for same in order.chunk_by(|a, b| (&a.identity, &a.card) == (&b.identity, &b.card)) {
        // Rows without a door come first; they mean every door of the command line.
        let everywhere = same.first().filter(|row| row.door.is_none());
        for pair in same.windows(2) {
            let [before, row] = pair else { continue };
            let earlier = match (&before.door, &row.door) {
                (a, b) if a == b => Some(*before),
                (_, Some(door)) if named.contains(door) => everywhere.copied(),
                _ => None,
            };
            if let Some(earlier) = earlier.filter(|earlier| earlier.expiry != row.expiry) {
                let (first, second) = (earlier.number.min(row.number), earlier.number.max(row.number));
                let problem =
                    format!("differs from row {first}, which is about the same card, person and door");
                faults.push(Fault { row: second, column: Some("expiryTime"), problem });
            }
        }
    }
    faults.sort_by_key(|fault| fault.row);
    faults
}
