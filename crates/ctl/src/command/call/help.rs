//! What the calls are called and what they want.

use serde_json::json;
use vestibule_gateway::endpoint::Entry;
use vestibule_gateway::{ENDPOINTS, Replay};

use crate::{General, Trouble, print};

/// Names every call.
pub(super) fn list(general: &General) {
    for entry in &ENDPOINTS {
        let line = if general.json {
            described(entry).to_string()
        } else {
            format!("{:<24} {}  {}", entry.name, entry.path, entry.help)
        };
        if !print::line(&line) {
            return;
        }
    }
}

/// One call: what it does, what a second time does, and parameters to begin with.
pub(super) fn show(general: &General, entry: &Entry) {
    if general.json {
        print::line(&described(entry).to_string());
        return;
    }
    let sample = serde_json::from_str::<serde_json::Value>(entry.sample)
        .and_then(|sample| serde_json::to_string_pretty(&sample));
    let discouraged = if entry.discouraged { "\ndiscouraged by the service's own document" } else { "" };
    print::line(&format!(
        "{}  {}  (apiVer {})\n{}{discouraged}\nsent twice: {}\n\nvestibulectl call {} '{}'{}\n\n{}",
        entry.name,
        entry.path,
        entry.version,
        entry.help,
        twice(entry.replay),
        entry.name,
        entry.sample,
        if acts_on_a_door(entry) { " --yes" } else { "" },
        sample.unwrap_or_default(),
    ));
}

/// There is no such call; perhaps one of these was meant.
pub(super) fn unknown(path: &str) -> Trouble {
    let wanted = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let parts: Vec<&str> = wanted.split(['-', '_', '.']).filter(|part| part.len() > 2).collect();
    let near: Vec<&str> = ENDPOINTS
        .iter()
        .map(|entry| entry.name)
        .filter(|name| parts.iter().any(|part| name.contains(part)))
        .collect();
    let near = if near.is_empty() { String::new() } else { format!(" (perhaps {})", near.join(", ")) };
    Trouble(format!("{path}: no such call{near}; `call list` names them"))
}

/// Whether the sample opens a door or keeps it open.
fn acts_on_a_door(entry: &Entry) -> bool {
    let sample: serde_json::Value = serde_json::from_str(entry.sample).unwrap_or_default();
    entry.check(&sample) == Ok(Replay::NowOrNever)
}

fn twice(replay: Replay) -> &'static str {
    match replay {
        Replay::Read => "changes nothing, free to repeat",
        Replay::Same => "sets the same again, safe to repeat",
        Replay::NewEachTime => "makes a new one each time",
        Replay::NowOrNever => "acts on the door again: never repeat it without looking",
    }
}

fn described(entry: &Entry) -> serde_json::Value {
    json!({
        "name": entry.name,
        "path": entry.path,
        "apiVer": entry.version,
        "help": entry.help,
        "twice": twice(entry.replay),
        "discouraged": entry.discouraged,
        "sample": serde_json::from_str::<serde_json::Value>(entry.sample).unwrap_or_default(),
    })
}
