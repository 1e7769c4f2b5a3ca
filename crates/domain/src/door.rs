//! A door.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::window::Zone;

/// One reader and its lock: the service's `iotId`, an opaque text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct DoorId(pub String);

impl std::fmt::Display for DoorId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A door as this desk knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// The service's `iotId`.
    pub id: DoorId,
    /// What people call it.
    pub name: String,
    /// The zone in which the service reads the zone-less times of this door.
    pub zone: Zone,
}
