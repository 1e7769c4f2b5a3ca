//! What the service has still to be told.

use std::path::Path;
use std::time::Duration;

use vestibule_domain::{Clock, SystemClock};
use vestibule_store::{Store, Tally};

use super::finding::Finding;

/// Waiting for longer is a reason to look.
const LONG: Duration = Duration::from_secs(3600);

/// How many calls wait or were set aside, and since when. A folder without data is left without any.
pub(super) fn look(folder: &Path) -> Vec<Finding> {
    if !folder.join("vestibule.db").exists() {
        return vec![Finding::good("queue", "no data yet")];
    }
    let now = SystemClock::new().now();
    let opened = match Store::open(folder, now) {
        Ok(opened) => opened,
        Err(error) => {
            return vec![Finding::bad(
                "data file",
                &error.to_string(),
                "see what the line says; the desk does not start",
            )];
        }
    };
    let mut findings = Vec::new();
    if let Some(aside) = &opened.set_aside {
        let found = format!("was damaged; kept as {}, and a new one begun", aside.display());
        let todo = "put a copy of the data folder back if there is one; have the disk looked at";
        findings.push(Finding::bad("data file", &found, todo));
    }
    findings.push(match opened.store.tally(now) {
        Ok(tally) => judged(&tally, tally.oldest.map(|oldest| now.since(oldest))),
        Err(error) => Finding::bad("queue", &error.to_string(), "see what the line says"),
    });
    findings
}

fn judged(tally: &Tally, oldest: Option<Duration>) -> Finding {
    let age = oldest.map(|age| format!(", the oldest for {}", words(age))).unwrap_or_default();
    let found = format!("{} waiting, {} set aside{age}", tally.waiting, tally.wedged);
    if tally.wedged > 0 {
        let todo = "`vestibulectl queue list` says why; `queue retry` or `queue drop` decides";
        return Finding::warning("queue", &found, todo);
    }
    if oldest.is_some_and(|age| age > LONG) {
        let todo = "start the desk: it tells what waits as soon as the service can be reached";
        return Finding::warning("queue", &found, todo);
    }
    Finding::good("queue", &found)
}

fn words(age: Duration) -> String {
    match age.as_secs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds @ 7200..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use vestibule_store::Tally;

    use super::super::finding::Grade;
    use super::judged;

    #[test]
    fn what_was_set_aside_or_waits_long_is_a_warning() {
        let tally = |waiting, wedged| Tally { waiting, wedged, oldest: None };
        let minute = Some(Duration::from_secs(60));
        assert_eq!(judged(&tally(0, 0), None).grade, Grade::Good);
        assert_eq!(judged(&tally(3, 0), minute).grade, Grade::Good);
        assert_eq!(judged(&tally(3, 0), Some(Duration::from_secs(7300))).grade, Grade::Warning);
        let wedged = judged(&tally(1, 2), minute);
        assert_eq!(
            (wedged.grade, wedged.found.as_str()),
            (Grade::Warning, "1 waiting, 2 set aside, the oldest for 60 s")
        );
    }
}
