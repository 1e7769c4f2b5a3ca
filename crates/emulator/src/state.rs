//! What the service knows: people, codes, doors and rights.

pub(crate) mod chance;
pub(crate) mod ordered;

use std::collections::HashMap;

use vestibule_domain::{UtcMillis, Zone};
use vestibule_gateway::endpoint::person::ExtInfo;

use self::chance::Chance;
use self::ordered::Ordered;
use crate::config::Behaviour;
use crate::doors::Door;

/// A person.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) ext_info: Option<ExtInfo>,
}

/// Everything the service remembers.
pub(crate) struct State {
    pub(crate) behaviour: Behaviour,
    pub(crate) zone: Zone,
    pub(crate) people: Ordered<String, Person>,
    /// Codes the service made, and for whom.
    pub(crate) codes: HashMap<String, String>,
    pub(crate) doors: Vec<Door>,
    by_iot_id: HashMap<String, usize>,
    /// Scans of codes whose doors count together.
    pub(crate) shared_scans: HashMap<String, i64>,
    pub(crate) chance: Chance,
    /// The cloud token in force, and until when.
    pub(crate) token: Option<(String, UtcMillis)>,
    /// Whether calls must carry it.
    pub(crate) token_required: bool,
    /// The code to hand out next, when changes are done again from a file.
    pub(crate) next_code: Option<String>,
}

impl State {
    pub(crate) fn new(behaviour: Behaviour, zone: Zone, seed: u64) -> Self {
        Self {
            behaviour,
            zone,
            people: Ordered::default(),
            codes: HashMap::new(),
            doors: Vec::new(),
            by_iot_id: HashMap::new(),
            shared_scans: HashMap::new(),
            chance: Chance::seeded(seed),
            token: None,
            token_required: false,
            next_code: None,
        }
    }

    pub(crate) fn add_door(&mut self, door: Door) {
        if let Some(&at) = self.by_iot_id.get(&door.iot_id) {
            self.doors[at].name = door.name;
            return;
        }
        self.by_iot_id.insert(door.iot_id.clone(), self.doors.len());
        self.doors.push(door);
    }

    /// A door with everything that has reached it until now.
    pub(crate) fn door(&mut self, iot_id: &str, now: UtcMillis) -> Option<&mut Door> {
        let door = &mut self.doors[*self.by_iot_id.get(iot_id)?];
        door.catch_up(now);
        Some(door)
    }

    pub(crate) fn has_door(&self, iot_id: &str) -> bool {
        self.by_iot_id.contains_key(iot_id)
    }

    /// Whether calls about this person are answered.
    pub(crate) fn knows(&self, identity_id: &str) -> bool {
        !self.behaviour.people_must_exist || self.people.get(identity_id).is_some()
    }

    /// A new code: capital letters and digits, as in the document's samples.
    pub(crate) fn new_code(&mut self, length: usize) -> String {
        const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        if let Some(code) = self.next_code.take() {
            return code;
        }
        loop {
            let code: String = (0..length).map(|_| char::from(ALPHABET[self.chance.below(36)])).collect();
            if !self.codes.contains_key(&code) {
                return code;
            }
        }
    }
}
