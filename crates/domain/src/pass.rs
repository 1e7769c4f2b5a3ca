//! A pass: the right to go through doors in a window, carried by a QR code.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::UtcMillis;
use crate::door::DoorId;
use crate::visitor::{VisitId, VisitorId, id};
use crate::window::Window;

id!(
    /// One pass.
    PassId
);

/// The text in the QR code, exactly as the service gave it. A key: never printed by `Debug`, never logged.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PassCode(String);

impl PassCode {
    /// A code as the service gave it or as it is stored.
    #[must_use]
    pub fn from_service(code: String) -> Self {
        Self(code)
    }

    /// A text that was read from a picture or typed, if it can be a pass code at all: 6 to 64 letters, digits,
    /// `-` or `_`, all ASCII. The service's samples are 12 and 16 capital letters and digits, its alphabet is not
    /// published. Everything else (addresses, sentences, binary, look-alike letters) is none.
    #[must_use]
    pub fn plausible(text: &str) -> Option<Self> {
        let good = (6..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        good.then(|| Self(text.to_owned()))
    }

    /// The text itself, for the picture, the store and the wire.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PassCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PassCode(redacted)")
    }
}

/// Letters and digits that are not mistaken for one another: no 0 O 1 I L.
const SHORT_ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// How many characters a short code has.
pub const SHORT_CODE_LENGTH: usize = 8;

/// A short form of a pass for the human voice, shown under the QR code: eight characters in two groups. It is drawn
/// at random on this desk, opens no door, and finds the pass only in this desk's ledger.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct ShortCode(String);

impl ShortCode {
    /// A new one (31^8, about 40 bits of chance).
    #[must_use]
    pub fn random() -> Self {
        let mut bits = uuid::Uuid::new_v4().as_u128();
        // Bits 48 to 79 hold the version and the variant of a UUID; fold the two random ends together.
        bits = (bits >> 80) | ((bits & 0xFFFF_FFFF_FFFF) << 48);
        let text = (0..SHORT_CODE_LENGTH)
            .map(|_| {
                let letter = SHORT_ALPHABET[(bits % 31) as usize];
                bits /= 31;
                char::from(letter)
            })
            .collect();
        Self(text)
    }

    /// A short code as stored.
    #[must_use]
    pub fn from_store(text: String) -> Self {
        Self(text)
    }

    /// What somebody typed, with or without the gap, in either case.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let code: String =
            text.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_ascii_uppercase()).collect();
        let good = code.len() == SHORT_CODE_LENGTH && code.bytes().all(|b| SHORT_ALPHABET.contains(&b));
        good.then_some(Self(code))
    }

    /// As stored.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// As shown: two groups of four.
    #[must_use]
    pub fn grouped(&self) -> String {
        format!("{} {}", &self.0[..4], &self.0[4..])
    }
}

impl std::fmt::Debug for ShortCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShortCode(redacted)")
    }
}

/// How many times a code is accepted, and who counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ScanLimit {
    /// How often; at least 1. The service's default is no limit at all, so a limit is always sent.
    pub times: u16,
    /// Who counts.
    pub scope: ScanScope,
}

/// Who counts the scans (the service's `maxScanScope`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ScanScope {
    /// Every door counts for itself (`DEVICE`, the service's default).
    EachDoor,
    /// The doors count together (`SHARE`).
    Together,
}

/// Where a pass stands at one door, as far as the service has said so. It never says more than "the service has
/// it": the reader itself cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Readiness {
    /// The service has not been told yet, or has not answered.
    Waiting,
    /// The service accepted the pass for this door.
    Ready,
    /// The service refused this door; it is asked again, or set aside for a person to decide.
    Failed,
    /// To be taken away; the service has not confirmed that yet.
    Removing,
    /// Taken away, or never given.
    Removed,
}

/// Where a pass stands as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PassState {
    /// Given; counts within its window.
    Active,
    /// Taken back on this desk, whatever the service has heard of it by now.
    Revoked,
}

/// A pass as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// Its id on this desk.
    pub id: PassId,
    /// Whose it is.
    pub visitor: VisitorId,
    /// The visit it is for.
    pub visit: VisitId,
    /// The text in the QR code; none until the service gave one.
    pub code: Option<PassCode>,
    /// The short form under it.
    pub short_code: ShortCode,
    /// From when until when.
    pub window: Window,
    /// How many times.
    pub limit: ScanLimit,
    /// Given or taken back.
    pub state: PassState,
    /// When it was issued on this desk.
    pub issued_at: UtcMillis,
    /// When it was taken back.
    pub revoked_at: Option<UtcMillis>,
    /// Its doors and where it stands at each, in the order of the visit.
    pub doors: Vec<(DoorId, Readiness)>,
}

impl Pass {
    /// Whether its QR code may be shown: the service gave a code, accepted it for at least one door, and the pass
    /// was not taken back. A code that no reader knows is never shown.
    #[must_use]
    pub fn is_showable(&self) -> bool {
        self.state == PassState::Active
            && self.code.is_some()
            && self.doors.iter().any(|(_, readiness)| *readiness == Readiness::Ready)
    }
}
