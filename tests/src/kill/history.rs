//! What the gateway did, in its order: every change it carried out, read off the file in which it remembers them. What
//! reached it and was refused or broken off changed nothing and is not in there.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use vestibule_domain::UtcMillis;

/// A change.
#[derive(Debug, Clone)]
pub struct Change {
    /// When.
    pub at: UtcMillis,
    /// What.
    pub what: What,
}

/// What was changed.
#[derive(Debug, Clone)]
pub enum What {
    /// A person is known.
    Person(String),
    /// A person is known no longer.
    NoPerson(String),
    /// A code was made for a person.
    Made {
        /// The code.
        code: String,
        /// The person.
        person: String,
    },
    /// A code is let in at doors.
    Granted {
        /// The code.
        code: String,
        /// The doors that took it.
        doors: Vec<String>,
        /// As what.
        right: Right,
    },
    /// A code is let in no longer at doors.
    Removed {
        /// The code.
        code: String,
        /// The doors that took it.
        doors: Vec<String>,
    },
    /// A door was opened from afar.
    Opened(String),
    /// A door is held open, or no longer.
    Held(String, bool),
}

/// The right of a code at a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    /// Whose.
    pub person: String,
    /// From when, on the clock of the wall.
    pub from: String,
    /// Until when.
    pub until: String,
    /// How many scans.
    pub times: i64,
}

/// Reads the file of an emulator.
///
/// # Errors
/// A file that cannot be read, or a change that nobody here understands.
pub fn read(file: &Path) -> Result<Vec<Change>, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    text.lines().map(|line| change(line).ok_or_else(|| format!("not understood: {line}"))).collect()
}

fn change(line: &str) -> Option<Change> {
    let line: Value = serde_json::from_str(line).ok()?;
    let call = line.get("call")?;
    let (path, params) = (call["path"].as_str()?, &call["params"]);
    let text = |name: &str| params[name].as_str().map(str::to_owned);
    let what = match path.trim_start_matches('/').rsplit('/').take(2).collect::<Vec<_>>()[..] {
        ["modify", "user"] => What::Person(text("identityId")?),
        ["delete", "user"] => What::NoPerson(text("identityId")?),
        ["generate", "qrcode"] => {
            What::Made { code: call["made"].as_str()?.to_owned(), person: text("identityId")? }
        }
        ["config", "qrcode"] => {
            let right = Right {
                person: text("identityId")?,
                from: text("effectiveTime")?,
                until: text("expiryTime")?,
                times: params["maxScanTimes"].as_i64()?,
            };
            What::Granted { code: text("qrCode")?, doors: doors(call)?, right }
        }
        ["remove", "qrcode"] => What::Removed { code: text("qrCode")?, doors: doors(call)? },
        ["invoke", _] => What::Opened(text("iotId")?),
        ["set", _] => What::Held(text("iotId")?, params["keepOpen"].as_bool()?),
        _ => return None,
    };
    Some(Change { at: UtcMillis(call["at"].as_i64()?), what })
}

/// The doors that were asked and did not refuse.
fn doors(call: &Value) -> Option<Vec<String>> {
    let refused = call["refusedDoors"][0].as_array();
    let refuses = |door: &Value| refused.is_some_and(|refused| refused.is_empty() || refused.contains(door));
    let asked = call["params"]["iotIds"].as_array()?;
    asked.iter().filter(|door| !refuses(door)).map(|door| door.as_str().map(str::to_owned)).collect()
}

/// What the doors take at the end: the right of each code at each door.
#[must_use]
pub fn rights(history: &[Change]) -> BTreeMap<(String, String), Right> {
    let mut rights = BTreeMap::new();
    for change in history {
        match &change.what {
            What::Granted { code, doors, right } => {
                rights.extend(doors.iter().map(|door| ((code.clone(), door.clone()), right.clone())));
            }
            What::Removed { code, doors } => {
                for door in doors {
                    rights.remove(&(code.clone(), door.clone()));
                }
            }
            _ => {}
        }
    }
    rights
}
