//! Holds: written before they are asked for, and never forgotten before the door is known to be closed.

use rusqlite::{Row, Transaction, params};
use vestibule_domain::hold::HoldState;
use vestibule_domain::{DoorId, HoldId, UtcMillis};

use crate::column::{from_word, parse, word};
use crate::outbox::{Kind, NewRow, enqueue};
use crate::{Store, StoreError, journal};

/// A hold about to be asked for.
#[derive(Debug, Clone)]
pub struct NewHold {
    /// Its id.
    pub id: HoldId,
    /// The door.
    pub door: DoorId,
    /// Who holds it.
    pub station: String,
    /// When it was asked for.
    pub at: UtcMillis,
    /// When it ends.
    pub until: UtcMillis,
}

/// A hold as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldRow {
    /// Its id.
    pub id: HoldId,
    /// The door.
    pub door: DoorId,
    /// Who holds it.
    pub station: String,
    /// When it was asked for.
    pub at: UtcMillis,
    /// When it ends.
    pub until: UtcMillis,
    /// Where it stands.
    pub state: HoldState,
}

const COLUMNS: &str = "id, door, station, asked_at, ends_at, state FROM hold";

fn read(row: &Row<'_>) -> rusqlite::Result<HoldRow> {
    Ok(HoldRow {
        id: parse(row, 0)?,
        door: DoorId(row.get(1)?),
        station: row.get(2)?,
        at: UtcMillis(row.get(3)?),
        until: UtcMillis(row.get(4)?),
        state: from_word(row, 5)?,
    })
}

impl Store {
    /// Writes a hold down, before anything is sent. A door that is held, or still closing, is refused.
    ///
    /// # Errors
    /// [`StoreError::AlreadyHeld`], or what the store says; then nothing may be sent.
    pub fn ask_hold(&self, hold: &NewHold) -> Result<(), StoreError> {
        self.change(|tx| {
            let epoch = crate::desk::epoch(tx)?;
            let added = tx
                .prepare_cached(
                    "INSERT INTO hold (id, door, station, asked_at, ends_at, epoch, state, closed_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'asked', NULL) ON CONFLICT (door) WHERE state <> 'closed' DO NOTHING",
                )?
                .execute(params![
                    hold.id.to_string(),
                    hold.door.0,
                    hold.station,
                    hold.at.0,
                    hold.until.0,
                    epoch
                ])?;
            if added == 0 {
                return Err(StoreError::AlreadyHeld);
            }
            let detail = serde_json::json!({ "door": hold.door, "station": hold.station, "until": hold.until });
            journal::append(tx, hold.at, "holdAsked", &hold.id.to_string(), &detail)
        })
    }

    /// The service accepted the hold. One that is to close meanwhile stays so.
    ///
    /// # Errors
    /// What the store says.
    pub fn hold_opened(&self, id: HoldId, now: UtcMillis) -> Result<(), StoreError> {
        self.move_hold(id, HoldState::Open, &[HoldState::Asked], now, |_| Ok(()))
    }

    /// The hold certainly never began.
    ///
    /// # Errors
    /// What the store says.
    pub fn hold_refused(&self, id: HoldId, now: UtcMillis) -> Result<(), StoreError> {
        self.move_hold(id, HoldState::Closed, &[HoldState::Asked], now, |_| Ok(()))
    }

    /// The hold is over: the service is told to close before it is told anything else, until it has.
    ///
    /// # Errors
    /// What the store says. Ending twice is the same as once.
    pub fn end_hold(&self, id: HoldId, now: UtcMillis) -> Result<(), StoreError> {
        let open = [HoldState::Asked, HoldState::Open];
        self.move_hold(id, HoldState::Closing, &open, now, |tx| enqueue_close(tx, id, now))
    }

    /// The service says that the door is not held open.
    ///
    /// # Errors
    /// What the store says.
    pub fn hold_closed(&self, id: HoldId, now: UtcMillis) -> Result<(), StoreError> {
        self.move_hold(id, HoldState::Closed, &[HoldState::Closing], now, |_| Ok(()))
    }

    /// A hold.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or what the store says.
    pub fn hold(&self, id: HoldId) -> Result<HoldRow, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE id = ?1"))?;
        Ok(statement.query_row([id.to_string()], read)?)
    }

    /// The holds that are not closed, oldest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn holds(&self) -> Result<Vec<HoldRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE state <> 'closed' ORDER BY asked_at, id"))?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn move_hold(
        &self,
        id: HoldId,
        to: HoldState,
        from: &[HoldState],
        now: UtcMillis,
        also: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.change(|tx| {
            let state: HoldState = tx
                .prepare_cached("SELECT state FROM hold WHERE id = ?1")?
                .query_row([id.to_string()], |row| from_word(row, 0))?;
            if !from.contains(&state) {
                return Ok(());
            }
            let closed = (to == HoldState::Closed).then_some(now.0);
            tx.prepare_cached("UPDATE hold SET state = ?2, closed_at = ?3 WHERE id = ?1")?
                .execute(params![id.to_string(), word(to), closed])?;
            journal::append(tx, now, "holdMoved", &id.to_string(), &serde_json::json!({ "state": to }))?;
            also(tx)
        })
    }
}

fn enqueue_close(tx: &Transaction<'_>, id: HoldId, now: UtcMillis) -> Result<(), StoreError> {
    let id = id.to_string();
    enqueue(tx, &NewRow::new(Kind::CloseHold, &id, format!("hold:{id}"), now).first())?;
    Ok(())
}

/// A restart ends every hold of an earlier process: nobody who held it is known to be there any more.
pub(crate) fn recover_holds(tx: &Transaction<'_>, epoch: i64, now: UtcMillis) -> Result<usize, StoreError> {
    let left: Vec<HoldId> = tx
        .prepare_cached("SELECT id FROM hold WHERE state IN ('asked', 'open') AND epoch < ?1")?
        .query_map([epoch], |row| parse(row, 0))?
        .collect::<Result<_, _>>()?;
    for id in &left {
        tx.prepare_cached("UPDATE hold SET state = 'closing' WHERE id = ?1")?.execute([id.to_string()])?;
        enqueue_close(tx, *id, now)?;
    }
    Ok(left.len())
}
