//! A door: what the cloud holds for it, what its reader was last given, and what it has done.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use vestibule_domain::UtcMillis;
use vestibule_gateway::endpoint::qrcode::config::ScanScope;

use crate::state::ordered::Ordered;

/// What can be set for each door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DoorSettings {
    /// Whether the cloud reaches it.
    pub online: bool,
    /// How long a change takes to reach the reader.
    pub sync_delay_ms: u64,
    /// How far the reader's own clock is ahead.
    pub clock_offset_ms: i64,
    /// How `remoteOpen` goes.
    pub remote_open: RemoteOpen,
    /// How long the door takes to open after `remoteOpen`.
    pub opens_after_ms: u64,
}

impl Default for DoorSettings {
    fn default() -> Self {
        Self {
            online: true,
            sync_delay_ms: 0,
            clock_offset_ms: 0,
            remote_open: RemoteOpen::Synchronous,
            opens_after_ms: 0,
        }
    }
}

/// How `remoteOpen` goes: fixed by the model of the device, not by the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RemoteOpen {
    /// The answer comes when the door has answered; a door that is away refuses.
    Synchronous,
    /// The answer comes at once and says only that the command was taken; a door that is away refuses.
    Asynchronous,
    /// As asynchronous, and a door that is away gets the command when it comes back: a late opening.
    Queued,
}

/// A door as `/_emulator/doors` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DoorState {
    /// The service's id.
    pub iot_id: String,
    /// What people call it.
    pub name: String,
    /// How often `remoteOpen` opened it.
    pub opened: u64,
    /// How many presented codes, cards and PINs its reader let through.
    pub passed: u64,
    /// How many its reader refused.
    pub refused: u64,
    /// Whether it is held open.
    pub keep_open: bool,
    /// QR codes the cloud holds for it.
    pub codes: usize,
    /// QR codes its reader knows.
    pub codes_at_reader: usize,
    /// Card rights.
    pub cards: usize,
    /// PINs.
    pub pins: usize,
    /// Changes that have not reached the reader.
    pub changes_under_way: usize,
    /// What was set.
    pub settings: DoorSettings,
}

/// The right of a QR code at a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CodeRight {
    pub(crate) identity_id: String,
    pub(crate) from: UtcMillis,
    pub(crate) until: Option<UtcMillis>,
    /// Scans allowed; `None` for no limit.
    pub(crate) scans: Option<i64>,
    pub(crate) scope: ScanScope,
    /// Start the counts anew when it reaches the reader.
    pub(crate) fresh: bool,
}

/// A PIN at a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pin {
    pub(crate) password: String,
    pub(crate) until: Option<UtcMillis>,
}

pub(crate) struct Door {
    pub(crate) iot_id: String,
    pub(crate) name: String,
    pub(crate) settings: DoorSettings,
    pub(crate) keep_open: bool,
    pub(crate) opened: u64,
    pub(crate) passed: u64,
    pub(crate) refused: u64,
    /// (person, card) → until when.
    pub(crate) cards: Ordered<(String, String), Option<String>>,
    /// (person, number) → PIN.
    pub(crate) pins: BTreeMap<(String, String), Pin>,
    /// What the cloud holds.
    pub(crate) codes: HashMap<String, CodeRight>,
    /// What the reader was last given.
    pub(crate) at_reader: HashMap<String, CodeRight>,
    pub(crate) scans: HashMap<String, i64>,
    under_way: VecDeque<(UtcMillis, String, Option<CodeRight>)>,
    opening: VecDeque<UtcMillis>,
}

impl Door {
    pub(crate) fn new(iot_id: String, name: String, sync_delay: Duration) -> Self {
        let sync_delay_ms = u64::try_from(sync_delay.as_millis()).unwrap_or(u64::MAX);
        Self {
            iot_id,
            name,
            settings: DoorSettings { sync_delay_ms, ..DoorSettings::default() },
            keep_open: false,
            opened: 0,
            passed: 0,
            refused: 0,
            cards: Ordered::default(),
            pins: BTreeMap::new(),
            codes: HashMap::new(),
            at_reader: HashMap::new(),
            scans: HashMap::new(),
            under_way: VecDeque::new(),
            opening: VecDeque::new(),
        }
    }

    /// The cloud changes a code; the reader hears of it later.
    pub(crate) fn set_code(&mut self, code: &str, right: Option<CodeRight>, now: UtcMillis) {
        match &right {
            Some(right) => self.codes.insert(code.to_owned(), right.clone()),
            None => self.codes.remove(code),
        };
        let due = now.plus(Duration::from_millis(self.settings.sync_delay_ms));
        self.under_way.push_back((due, code.to_owned(), right));
        self.catch_up(now);
    }

    /// Takes a person's cards, and PINs and codes as well when wanted.
    pub(crate) fn forget_person(&mut self, identity_id: &str, everything: bool, now: UtcMillis) {
        let from = (identity_id.to_owned(), String::new());
        let cards: Vec<_> = self
            .cards
            .range(from..)
            .take_while(|((person, _), _)| person == identity_id)
            .map(|(key, _)| key.clone())
            .collect();
        for card in cards {
            self.cards.remove(&card);
        }
        if !everything {
            return;
        }
        self.pins.retain(|(person, _), _| person != identity_id);
        let of_person =
            |(code, right): (&String, &CodeRight)| (right.identity_id == identity_id).then(|| code.clone());
        let codes: Vec<String> = self.codes.iter().filter_map(of_person).collect();
        for code in codes {
            self.set_code(&code, None, now);
        }
    }

    /// The cloud sends an opening to the door.
    pub(crate) fn send_opening(&mut self, now: UtcMillis) {
        self.opening.push_back(now.plus(Duration::from_millis(self.settings.opens_after_ms)));
        self.catch_up(now);
    }

    /// Whatever has reached the door until now takes effect. Nothing reaches a door that is away.
    pub(crate) fn catch_up(&mut self, now: UtcMillis) {
        if !self.settings.online {
            return;
        }
        while self.opening.front().is_some_and(|due| *due <= now) {
            self.opening.pop_front();
            self.opened += 1;
        }
        while self.under_way.front().is_some_and(|(due, ..)| *due <= now) {
            let Some((_, code, right)) = self.under_way.pop_front() else { return };
            match right {
                Some(right) => {
                    if right.fresh {
                        self.scans.remove(&code);
                    }
                    self.at_reader.insert(code, right);
                }
                None => {
                    self.at_reader.remove(&code);
                }
            }
        }
    }

    pub(crate) fn shown(&self) -> DoorState {
        DoorState {
            iot_id: self.iot_id.clone(),
            name: self.name.clone(),
            opened: self.opened,
            passed: self.passed,
            refused: self.refused,
            keep_open: self.keep_open,
            codes: self.codes.len(),
            codes_at_reader: self.at_reader.len(),
            cards: self.cards.len(),
            pins: self.pins.len(),
            changes_under_way: self.under_way.len(),
            settings: self.settings,
        }
    }
}
