//! Whether doors are kept open, as the service last said, and when that was. It is remembered by this process only: an
//! old reading is worth less than none.

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use specta::Type;
use vestibule_domain::{DoorId, UtcMillis};
use vestibule_gateway::GatewayError;
use vestibule_gateway::endpoint::keepopen::get::{Get, Params};

use crate::{Desk, Event};

/// A door that was read this lately is not read again.
const FRESH: Duration = Duration::from_secs(10);

/// What the service said of a door. It says nothing of the leaf: only whether the lock is told to stay open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DoorReading {
    /// It is kept open.
    pub kept_open: bool,
    /// When the service said so.
    pub at: UtcMillis,
}

pub(crate) type Readings = BTreeMap<DoorId, DoorReading>;

impl Desk {
    /// Asks the service of every door whose reading is not fresh, one after the other, for as long as the connection is
    /// good and the gateway does not rest.
    pub async fn read_doors(&self) {
        let mut read = false;
        for door in &self.inner.settings.doors {
            let fresh = self.reading(&door.id).is_some_and(|known| self.now().since(known.at) < FRESH);
            if fresh {
                continue;
            }
            if !self.may_read() || self.read_door(&door.id).await.is_err() {
                break;
            }
            read = true;
        }
        if read {
            self.changed(&Event::Doors);
        }
    }

    /// Asks the service of one door, and remembers what it says.
    pub(crate) async fn read_door(&self, door: &DoorId) -> Result<bool, GatewayError> {
        let kept_open = self.send::<Get>(&Params { iot_id: door.clone() }).await?;
        self.readings().insert(door.clone(), DoorReading { kept_open, at: self.now() });
        Ok(kept_open)
    }

    /// What the service last said of a door.
    pub(crate) fn reading(&self, door: &DoorId) -> Option<DoorReading> {
        self.readings().get(door).copied()
    }

    /// Something else was asked of the door: what was read before is not so any more.
    pub(crate) fn forget_reading(&self, door: &DoorId) {
        self.readings().remove(door);
    }

    fn may_read(&self) -> bool {
        let line = self.line();
        !line.is_offline() && line.breaker.room(self.inner.clock.monotonic()) == crate::breaker::Room::All
    }

    fn readings(&self) -> MutexGuard<'_, Readings> {
        self.inner.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
