//! Readers: they decide alone, by the permission file they were last given and by their own clock.

use serde::{Deserialize, Serialize};
use vestibule_domain::{UtcMillis, Zone};
use vestibule_gateway::endpoint::qrcode::config::ScanScope;

use crate::doors::Door;
use crate::state::State;

/// What somebody holds up to a reader.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Credential {
    /// A QR code.
    Code(String),
    /// A card.
    CardId(String),
    /// A PIN.
    Password(String),
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(redacted)")
    }
}

/// What a reader did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReaderAnswer {
    /// Whether the door opened for it.
    pub accepted: bool,
    /// Why.
    pub why: Why,
}

/// Why a reader accepts or refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Why {
    /// In its window, scans left.
    Valid,
    /// The door is held open: anybody passes.
    KeptOpen,
    /// Not in the reader's permission file.
    Unknown,
    /// In the cloud, but not yet in the reader's permission file.
    NotYetAtReader,
    /// The window has not begun.
    NotYet,
    /// The window is over.
    Expired,
    /// No scan is left.
    ScansUsedUp,
    /// There is no such door.
    NoSuchDoor,
}

impl Why {
    fn accepts(self) -> bool {
        match self {
            Self::Valid | Self::KeptOpen => true,
            Self::Unknown
            | Self::NotYetAtReader
            | Self::NotYet
            | Self::Expired
            | Self::ScansUsedUp
            | Self::NoSuchDoor => false,
        }
    }
}

/// Somebody holds something up to the reader of a door.
pub(crate) fn present(state: &mut State, iot_id: &str, what: &Credential, now: UtcMillis) -> ReaderAnswer {
    let zone = state.zone.clone();
    let shared = match what {
        Credential::Code(code) => state.shared_scans.get(code).copied().unwrap_or(0),
        Credential::CardId(_) | Credential::Password(_) => 0,
    };
    let Some(door) = state.door(iot_id, now) else {
        return ReaderAnswer { accepted: false, why: Why::NoSuchDoor };
    };
    let own_time = UtcMillis(now.0.saturating_add(door.settings.clock_offset_ms));
    let mut scope = None;
    let why = match what {
        _ if door.keep_open => Why::KeptOpen,
        Credential::Code(code) => {
            scope = door.at_reader.get(code).map(|right| right.scope);
            judge_code(door, code, shared, own_time)
        }
        Credential::CardId(card) => judge_card(door, card, own_time, &zone),
        Credential::Password(password) => judge_pin(door, password, own_time),
    };
    if why.accepts() {
        door.passed += 1;
    } else {
        door.refused += 1;
    }
    if let (Credential::Code(code), Why::Valid) = (what, why) {
        *door.scans.entry(code.clone()).or_insert(0) += 1;
        if scope == Some(ScanScope::Share) {
            *state.shared_scans.entry(code.clone()).or_insert(0) += 1;
        }
    }
    ReaderAnswer { accepted: why.accepts(), why }
}

fn judge_code(door: &Door, code: &str, shared: i64, now: UtcMillis) -> Why {
    let Some(right) = door.at_reader.get(code) else {
        return if door.codes.contains_key(code) { Why::NotYetAtReader } else { Why::Unknown };
    };
    let used = match right.scope {
        ScanScope::Device => door.scans.get(code).copied().unwrap_or(0),
        ScanScope::Share => shared,
    };
    match () {
        () if now < right.from => Why::NotYet,
        () if right.until.is_some_and(|until| now >= until) => Why::Expired,
        () if right.scans.is_some_and(|scans| used >= scans) => Why::ScansUsedUp,
        () => Why::Valid,
    }
}

fn judge_card(door: &Door, card: &str, now: UtcMillis, zone: &Zone) -> Why {
    // A reader knows few cards compared with what a page shows; a search is quick enough here.
    let found = door.cards.range(..).find(|((_, known), _)| known == card);
    match found {
        None => Why::Unknown,
        Some((_, Some(until))) if zone.moment(until).is_some_and(|until| now >= until) => Why::Expired,
        Some(_) => Why::Valid,
    }
}

fn judge_pin(door: &Door, password: &str, now: UtcMillis) -> Why {
    match door.pins.values().find(|pin| pin.password == password) {
        None => Why::Unknown,
        Some(pin) if pin.until.is_some_and(|until| now >= until) => Why::Expired,
        Some(_) => Why::Valid,
    }
}
