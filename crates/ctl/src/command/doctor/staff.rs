//! Whether people sign in.

use std::path::Path;

use vestibule_domain::{Clock, SystemClock};
use vestibule_store::Store;

use super::finding::Finding;

/// Says plainly when nobody has an account. What is wrong with the file is said elsewhere.
pub(super) fn look(folder: &Path) -> Vec<Finding> {
    let open = || {
        Finding::warning(
            "staff",
            "no staff account exists, so everyone at this PC may do what its station may, doors included",
            "`vestibulectl staff add NAME` makes the first one, an administrator's; from then on people sign in",
        )
    };
    if !folder.join("vestibule.db").exists() {
        return vec![open()];
    }
    let staff = Store::open(folder, SystemClock::new().now()).and_then(|opened| opened.store.staff());
    let Ok(staff) = staff else { return Vec::new() };
    if staff.is_empty() {
        return vec![open()];
    }
    let closed = staff.iter().filter(|row| row.disabled).count();
    vec![Finding::good("staff", &format!("{} accounts, {closed} of them closed", staff.len()))]
}
