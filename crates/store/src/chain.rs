//! What binds each entry of the journal to all before it, and the look through all of it.
//!
//! The MAC of an entry is over the *end* before it and its own columns. The end is the MAC of the newest entry and one
//! more over that, which stands in the row of the desk alone: whoever takes the newest entries away would have to make
//! it for an earlier one. Without a key all of this can be made by anybody who can write to the file: it then shows
//! accidents, not forgers. And with one, a whole file put back as it once was shows only against a hash noted elsewhere.

use hmac::{Hmac, KeyInit, Mac};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use serde::Serialize;
use sha2::Sha256;
use vestibule_domain::UtcMillis;

use crate::{Store, StoreError};

/// How many bytes name a key.
const NAME: usize = 4;
/// The length of a MAC with the name of its key.
const MAC: usize = NAME + 32;
/// How many entries are read at once; nobody who looks something up waits for more.
const AT_ONCE: i64 = 2000;

/// A key of the chain.
#[derive(Clone)]
pub struct ChainKey {
    name: [u8; NAME],
    ready: Hmac<Sha256>,
}

impl std::fmt::Debug for ChainKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChainKey(redacted)")
    }
}

impl ChainKey {
    /// The key that follows from a secret, which cannot be found from it.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        let key = sum(&prepare(secret), &[b"vestibule journal"]);
        let ready = prepare(&key);
        let mut name = [0; NAME];
        name.copy_from_slice(&sum(&ready, &[b"name"])[..NAME]);
        name[0] |= 1; // zeros say that there is none
        Self { name, ready }
    }

    /// What stands in for a key where there is none.
    pub(crate) fn none() -> Self {
        Self { name: [0; NAME], ready: prepare(&[0; 32]) }
    }

    /// The MAC of an entry.
    fn mac(&self, end: &[u8], entry: &Fields<'_>) -> [u8; MAC] {
        let numbers = [entry.sequence, entry.epoch, entry.at].map(i64::to_be_bytes).concat();
        self.named(&[end, &numbers, entry.kind, entry.subject, entry.detail])
    }

    /// The end of a chain whose newest entry has this MAC.
    fn end(&self, mac: &[u8]) -> Vec<u8> {
        [mac, &sum(&self.ready, &[b"end", mac])].concat()
    }

    fn named(&self, parts: &[&[u8]]) -> [u8; MAC] {
        let mut mac = [0; MAC];
        mac[..NAME].copy_from_slice(&self.name);
        mac[NAME..].copy_from_slice(&sum(&self.ready, parts));
        mac
    }
}

pub(crate) fn prepare(key: &[u8; 32]) -> Hmac<Sha256> {
    // A key that is shorter than a block counts as if zeros followed.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    <Hmac<Sha256> as KeyInit>::new(&block.into())
}

/// Each part with its length before it, so that no two rows give the same bytes.
pub(crate) fn sum(ready: &Hmac<Sha256>, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = ready.clone();
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// An entry as it stands in the file.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    pub(crate) sequence: i64,
    pub(crate) epoch: i64,
    pub(crate) at: i64,
    pub(crate) kind: &'a [u8],
    pub(crate) subject: &'a [u8],
    pub(crate) detail: &'a [u8],
}

impl ChainKey {
    /// The MAC of one more entry, and the end with it.
    pub(crate) fn link(&self, end: Option<&[u8]>, entry: &Fields<'_>) -> ([u8; MAC], Vec<u8>) {
        let mac = self.mac(end.unwrap_or_default(), entry);
        (mac, self.end(&mac))
    }
}

/// What is wrong with the journal at some entry. Whatever stands behind it was not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ChainFault {
    /// It is not there, and a later one is.
    Missing,
    /// It is not what was written here after the one before it: changed, moved, or put in.
    Altered,
    /// It has no MAC, and one before it has.
    Unchained,
    /// Its MAC names a key that is not here, so it cannot be looked at.
    OtherKey,
    /// It and all later ones are not there.
    CutOff,
    /// It is the newest, and the row of the desk does not say so: later ones are not there, or it was put in.
    WrongEnd,
    /// The row of the desk does not know it.
    Beyond,
    /// It is not the one that was noted elsewhere.
    NotAnchored,
}

/// What was found in the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChainReport {
    /// The entries that are as they were written.
    pub entries: i64,
    /// Those of them that are older than the chain: only their numbers were looked at.
    pub unchained: i64,
    /// Those of them that were chained without a key, which anybody can who can write to the file.
    pub keyless: i64,
    /// The newest entry and its MAC, to be noted elsewhere.
    pub newest: Option<Anchor>,
    /// The first entry with which something is wrong, and what.
    pub fault: Option<(i64, ChainFault)>,
}

/// An entry and its MAC, as noted elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Anchor {
    /// Its number.
    pub sequence: i64,
    /// Its MAC in hexadecimal digits.
    pub mac: String,
}

impl std::fmt::Display for Anchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.sequence, self.mac)
    }
}

impl std::str::FromStr for Anchor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (sequence, mac) = text.split_once(':').ok_or("a number, a colon and hexadecimal digits")?;
        let sequence = sequence.parse().map_err(|_| "it begins with the number of an entry")?;
        let digits = mac.len() == 2 * MAC && mac.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits.then(|| Self { sequence, mac: mac.to_lowercase() }).ok_or("72 hexadecimal digits follow")
    }
}

/// An entry that is as it was written.
pub struct Sound<'a> {
    /// Its number.
    pub sequence: i64,
    /// When.
    pub at: UtcMillis,
    /// What happened.
    pub kind: &'a str,
    /// The JSON of its detail.
    pub detail: &'a str,
}

impl Store {
    /// Chains the journal with the first of these keys from now on; the others are older ones of entries that are there.
    /// Without any it is chained with none.
    pub fn chain_with(&self, keys: Vec<ChainKey>) {
        // Whoever set them first is the process itself, and it has no others.
        drop(self.keys.set(keys));
    }

    pub(crate) fn chain_key(&self) -> ChainKey {
        self.keys.get().and_then(|keys| keys.first().cloned()).unwrap_or_else(ChainKey::none)
    }

    /// The newest entry and its MAC; none while no entry is chained.
    ///
    /// # Errors
    /// What the store says.
    pub fn anchor(&self) -> Result<Option<Anchor>, StoreError> {
        let end = End::read(&self.read())?;
        Ok(end.mac.map(|mac| Anchor { sequence: end.sequence, mac: hex(&mac[..MAC.min(mac.len())]) }))
    }

    /// Goes through the whole journal, oldest first, until something is wrong. `each` is shown every entry that is as it
    /// was written. What is added meanwhile is left out.
    ///
    /// # Errors
    /// What the store says.
    pub fn check_chain(
        &self,
        anchor: Option<&Anchor>,
        mut each: impl FnMut(&Sound<'_>),
    ) -> Result<ChainReport, StoreError> {
        let none = ChainKey::none();
        let keys = self.keys.get().map_or(&[] as &[ChainKey], Vec::as_slice);
        let last = End::read(&self.read())?;
        let mut walk = Walk { keys, none: &none, anchor, end: None, report: ChainReport::default() };
        while walk.report.fault.is_none() && walk.report.entries < last.sequence {
            let begun = walk.report.entries;
            walk.some(&self.read(), last.sequence, &mut each)?;
            if walk.report.entries == begun {
                break;
            }
        }
        let beyond = beyond(&self.read())?;
        Ok(walk.finish(&last, beyond))
    }
}

/// What the row of the desk says of the journal.
struct End {
    sequence: i64,
    mac: Option<Vec<u8>>,
}

impl End {
    fn read(connection: &Connection) -> Result<Self, StoreError> {
        let mut statement = connection.prepare_cached("SELECT sequence, mac FROM desk WHERE only = 1")?;
        Ok(statement.query_row([], |row| Ok(Self { sequence: row.get(0)?, mac: row.get(1)? }))?)
    }
}

/// An entry of which the row of the desk does not know.
fn beyond(connection: &Connection) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT min(journal.sequence) FROM desk JOIN journal ON journal.sequence > desk.sequence OR journal.sequence < 1",
    )?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// On the way through the journal.
struct Walk<'a> {
    keys: &'a [ChainKey],
    none: &'a ChainKey,
    anchor: Option<&'a Anchor>,
    end: Option<Vec<u8>>,
    report: ChainReport,
}

impl Walk<'_> {
    /// Some more entries.
    fn some(
        &mut self,
        connection: &Connection,
        last: i64,
        each: &mut impl FnMut(&Sound<'_>),
    ) -> Result<(), StoreError> {
        let mut statement = connection.prepare_cached(
            "SELECT sequence, epoch, at, kind, subject, detail, mac FROM journal
             WHERE sequence > ?1 AND sequence <= ?2 ORDER BY sequence LIMIT ?3",
        )?;
        let mut rows = statement.query([self.report.entries, last, AT_ONCE])?;
        while let Some(row) = rows.next()? {
            let next = self.report.entries + 1;
            let Some((entry, mac)) = fields(row) else {
                self.report.fault = Some((next, ChainFault::Altered));
                break;
            };
            if let Err(fault) = self.one(next, &entry, mac) {
                self.report.fault = Some((next, fault));
                break;
            }
            self.report.entries = next;
            let (Ok(kind), Ok(detail)) = (std::str::from_utf8(entry.kind), std::str::from_utf8(entry.detail))
            else {
                continue;
            };
            each(&Sound { sequence: next, at: UtcMillis(entry.at), kind, detail });
        }
        Ok(())
    }

    fn one(&mut self, next: i64, entry: &Fields<'_>, mac: Option<&[u8]>) -> Result<(), ChainFault> {
        if entry.sequence != next {
            return Err(ChainFault::Missing);
        }
        let Some(mac) = mac else {
            if self.end.is_some() {
                return Err(ChainFault::Unchained);
            }
            self.report.unchained += 1;
            return self.anchored(next, &[]);
        };
        let name = mac.get(..NAME).ok_or(ChainFault::Altered)?;
        let key = self.keys.iter().chain([self.none]).find(|key| key.name == name);
        let key = key.ok_or(ChainFault::OtherKey)?;
        let (wanted, end) = key.link(self.end.as_deref(), entry);
        if wanted != mac {
            return Err(ChainFault::Altered);
        }
        self.anchored(next, mac)?;
        self.report.keyless += i64::from(key.name == self.none.name);
        self.report.newest = Some(Anchor { sequence: next, mac: String::new() });
        self.end = Some(end);
        Ok(())
    }

    fn anchored(&self, next: i64, mac: &[u8]) -> Result<(), ChainFault> {
        match self.anchor {
            Some(anchor) if anchor.sequence == next && anchor.mac != hex(mac) => Err(ChainFault::NotAnchored),
            _ => Ok(()),
        }
    }

    fn finish(mut self, last: &End, beyond: Option<i64>) -> ChainReport {
        let seen = self.report.entries;
        let fault = if self.report.fault.is_some() {
            None
        } else if seen < last.sequence {
            Some((seen + 1, ChainFault::CutOff))
        } else if self.end != last.mac {
            Some((seen, ChainFault::WrongEnd))
        } else if let Some(beyond) = beyond {
            Some((beyond, ChainFault::Beyond))
        } else {
            self.anchor
                .filter(|anchor| !(1..=seen).contains(&anchor.sequence))
                .map(|anchor| (anchor.sequence, ChainFault::NotAnchored))
        };
        self.report.fault = self.report.fault.or(fault);
        let mac = self.end.as_deref().map(|end| hex(&end[..MAC]));
        self.report.newest = self.report.newest.zip(mac).map(|(newest, mac)| Anchor { mac, ..newest });
        self.report
    }
}

/// The columns of an entry, whatever stands in them; none where something does that no program of ours writes.
fn fields<'a>(row: &'a Row<'_>) -> Option<(Fields<'a>, Option<&'a [u8]>)> {
    let bytes = |column| row.get_ref(column).ok()?.as_bytes().ok();
    let entry = Fields {
        sequence: row.get(0).ok()?,
        epoch: row.get(1).ok()?,
        at: row.get(2).ok()?,
        kind: bytes(3)?,
        subject: bytes(4)?,
        detail: bytes(5)?,
    };
    match row.get_ref(6).ok()? {
        ValueRef::Null => Some((entry, None)),
        mac => Some((entry, Some(mac.as_bytes().ok()?))),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
