//! The journal in words.

use vestibule_desk::{JournalReport, VerdictEntry};
use vestibule_domain::verdict::{Decision, Reason, Side};
use vestibule_domain::{UtcMillis, Zone};
use vestibule_store::{ChainFault, JournalRow};

use super::word;

/// A verdict in one line.
pub(crate) fn of_verdict(verdict: &VerdictEntry) -> String {
    let decision = match verdict.decision {
        Decision::LetIn => "LET IN",
        Decision::Stop => "STOP",
        Decision::CannotTell => "CANNOT TELL",
    };
    format!("{decision}: {}", of_reason(verdict.reason))
}

/// Why a verdict was given, and from what.
pub(crate) fn why(row: &JournalRow, verdict: &VerdictEntry, zone: &Zone) -> String {
    let at = |moment: UtcMillis| format!("{} ({})", zone.wall(moment), zone.name());
    let mut lines = vec![
        of_verdict(verdict),
        format!("given {} at the {} station; journal entry {}", at(row.at), verdict.station, row.sequence),
    ];
    if let Some(staff) = verdict.staff {
        lines.push(format!("signed in: account {staff}"));
    }
    match &verdict.asked {
        None => lines.push(
            "no pass of this desk has this code; it was judged by its form, and is not written down"
                .to_owned(),
        ),
        Some(asked) => {
            let known = &asked.known;
            let source = if known.issued_here { "this desk" } else { "elsewhere" };
            lines.push(format!("pass {}, issued {} by {source}", row.subject, at(known.issued_at)));
            lines.push(format!("counts from {} until {}", at(known.window.from), at(known.window.until)));
            let last = known.last_seen_at.map(|last| format!(", last {}", at(last))).unwrap_or_default();
            lines.push(format!("let in here {} of {} times{last}", known.seen_times, known.limit));
            if let Some(revoked) = known.revoked_at {
                lines.push(format!("taken back {}", at(revoked)));
            }
            if let Some(left) = known.left_at {
                lines.push(format!("the visitor signed out {}", at(left)));
            }
            for (readiness, side) in &known.doors {
                let place = match side {
                    Side::Here => "a door of this post",
                    Side::Elsewhere => "a door of another post",
                    Side::Gone => "a door that is no longer in the settings",
                };
                lines.push(format!("{place}: {}", word(*readiness)));
            }
            let skew = asked.around.skew.map_or_else(
                || "not measured".to_owned(),
                |skew| format!("{} s from the service's", skew.as_secs()),
            );
            lines.push(format!("clock of the PC: {skew}"));
            let line = if asked.around.lost { "lost" } else { "not known to be lost" };
            let wedged = if known.wedged { "; a call about the pass was set aside" } else { "" };
            lines.push(format!("connection: {line}{wedged}"));
        }
    }
    let age =
        verdict.age_ms.map_or_else(|| "nothing known".to_owned(), |age| format!("{} s old", age / 1000));
    lines.push(format!("knowledge: {age}"));
    lines.push(match verdict.comes_out_again() {
        Some(true) => "judged again: the same comes out".to_owned(),
        Some(false) => "JUDGED AGAIN: SOMETHING ELSE COMES OUT".to_owned(),
        None => format!("judged by version {} of the rules, which this program does not have", verdict.rules),
    });
    lines.join("\n")
}

/// What was found in the journal.
pub(crate) fn of_report(report: &JournalReport) -> String {
    let chain = &report.chain;
    let mut lines = vec![format!("{} entries are as they were written", chain.entries)];
    if let Some((sequence, fault)) = chain.fault {
        lines.push(format!("ENTRY {sequence}: {}; nothing behind it was looked at", of_fault(fault)));
    }
    if chain.unchained > 0 {
        lines.push(format!(
            "{} of them are older than the chain: only their numbers were looked at",
            chain.unchained
        ));
    }
    if !report.keyed {
        lines.push("there is no seal key: this shows accidents, not forgers".to_owned());
    }
    if chain.keyless > 0 {
        lines.push(format!(
            "{} of them were chained without a key: whoever can write to the file can write such",
            chain.keyless
        ));
    }
    lines.push(format!(
        "{} verdicts, {} of them judged again with the same end",
        report.verdicts, report.judged_again
    ));
    if report.other_rules > 0 {
        lines
            .push(format!("{} of them were judged by other rules than this program has", report.other_rules));
    }
    for sequence in &report.differing {
        lines.push(format!("ENTRY {sequence}: SOMETHING ELSE COMES OUT"));
    }
    if let Some(newest) = &chain.newest {
        lines.push(format!("newest: {newest}"));
    }
    lines.join("\n")
}

fn of_fault(fault: ChainFault) -> &'static str {
    match fault {
        ChainFault::Missing => "it is not there, and a later one is",
        ChainFault::Altered => "it was changed, moved or put in",
        ChainFault::Unchained => "it is not chained, and one before it is",
        ChainFault::OtherKey => "it was chained with a key that is not here",
        ChainFault::CutOff => "it and all later ones were removed",
        ChainFault::WrongEnd => "later ones were removed, or it was put in",
        ChainFault::Beyond => "it was put in: the desk does not know it",
        ChainFault::NotAnchored => "it is not the one that was noted",
    }
}

/// The words for a reason.
fn of_reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Valid => "a valid pass in its time, shown for the first time",
        Reason::Again => "a valid pass in its time, let in here before",
        Reason::Spare => "a valid spare pass in its time",
        Reason::Revoked => "the pass was taken back",
        Reason::SignedOut => "the visitor had signed out",
        Reason::NotYet => "its time had not begun",
        Reason::Expired => "its time was over",
        Reason::LimitUsed => "it had been let in here as often as a door takes it",
        Reason::WrongDoor => "it is for doors of other posts",
        Reason::NotAPass => "what was shown cannot be a pass",
        Reason::Address => "what was shown is an address",
        Reason::NotIssuedHere => "this desk does not know the code",
        Reason::NoSuchShortCode => "no pass here has this short form",
        Reason::Garbled => "what was read has letters that no code has",
        Reason::DoorGone => "none of its doors is in the settings any more",
        Reason::NotReady => "no door had taken it yet",
        Reason::NotTold => "no door had taken it yet, and the connection was lost",
        Reason::NotTaken => "the service does not take it for any door of this post",
        Reason::Stale => "what was known of it was too old",
        Reason::ClockOff => "the clock of the PC was too far off",
        Reason::ClockBack => "the clock of the PC was behind what is written down",
    }
}
