//! Holds: written before they are asked for, and never forgotten before the door is known to be closed.

use rusqlite::{Connection, OptionalExtension, Row, params};
use vestibule_domain::hold::{HoldEvent, HoldState, is_taken};
use vestibule_domain::press::is_orphan;
use vestibule_domain::{DoorId, HoldId, StaffId, UtcMillis};

use crate::column::{from_word, parse, word};
use crate::outbox::{Kind, NewRow, enqueue};
use crate::{Change, Store, StoreError, journal};

/// A hold about to be asked for.
#[derive(Debug, Clone)]
pub struct NewHold {
    /// Its id.
    pub id: HoldId,
    /// The door.
    pub door: DoorId,
    /// The station it is held from.
    pub station: String,
    /// Who holds it; none while nobody has an account.
    pub by: Option<StaffId>,
    /// Who said that they may, where they may not alone.
    pub approved_by: Option<StaffId>,
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
        self.change_even_when_full(|tx| {
            if is_taken(of_door(tx, &hold.door)?.map(|other| other.state)) {
                return Err(StoreError::AlreadyHeld);
            }
            let epoch = crate::desk::epoch(tx)?;
            tx.prepare_cached(
                "INSERT INTO hold (id, door, station, asked_at, ends_at, epoch, state, closed_at, staff, approved_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'asked', NULL, ?7, ?8)",
            )?
            .execute(params![
                hold.id.to_string(),
                hold.door.0,
                hold.station,
                hold.at.0,
                hold.until.0,
                epoch,
                hold.by.map(|by| by.to_string()),
                hold.approved_by.map(|by| by.to_string())
            ])?;
            let detail = serde_json::json!({
                "door": hold.door, "station": hold.station, "until": hold.until, "by": hold.by,
                "approvedBy": hold.approved_by,
            });
            journal::append(tx, hold.at, "holdAsked", &hold.id.to_string(), &detail)
        })
    }

    /// Something happens to a hold. Where that ends it, the orders to close stand in the outbox before everything else,
    /// in the same transaction. What changes nothing is no failure.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or what the store says.
    pub fn move_hold(&self, id: HoldId, event: HoldEvent, now: UtcMillis) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| happens(tx, id, event, now).map(drop))
    }

    /// The hold of a door that is not closed.
    ///
    /// # Errors
    /// What the store says.
    pub fn hold_of(&self, door: &DoorId) -> Result<Option<HoldRow>, StoreError> {
        of_door(&self.read(), door)
    }

    /// A hold.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or what the store says.
    pub fn hold(&self, id: HoldId) -> Result<HoldRow, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE id = ?1"))?;
        Ok(statement.query_row([id.to_string()], read)?)
    }

    /// The holds that are not closed, oldest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn holds(&self) -> Result<Vec<HoldRow>, StoreError> {
        let connection = self.read();
        let mut statement = connection
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE state <> 'closed' ORDER BY asked_at, id"))?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn of_door(connection: &Connection, door: &DoorId) -> Result<Option<HoldRow>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE door = ?1 AND state <> 'closed'"))?;
    Ok(statement.query_row([&door.0], read).optional()?)
}

fn happens(tx: &Change<'_>, id: HoldId, event: HoldEvent, now: UtcMillis) -> Result<bool, StoreError> {
    let key = id.to_string();
    let before: HoldState = tx
        .prepare_cached("SELECT state FROM hold WHERE id = ?1")?
        .query_row([&key], |row| from_word(row, 0))?;
    let Some(after) = before.after(event) else { return Ok(false) };
    let closed = (after == HoldState::Closed).then_some(now.0);
    tx.prepare_cached("UPDATE hold SET state = ?2, closed_at = ?3 WHERE id = ?1")?.execute(params![
        key,
        word(after),
        closed
    ])?;
    journal::append(tx, now, "holdMoved", &key, &serde_json::json!({ "state": after }))?;
    if after == HoldState::Closing {
        for wait in before.close_orders() {
            let order = NewRow::new(Kind::CloseHold, &key, format!("hold:{key}"), now).first();
            enqueue(tx, &order.not_before(now.plus(*wait)))?;
        }
    }
    Ok(true)
}

/// A restart ends every hold of an earlier process: nobody who held it is known to be there any more.
pub(crate) fn recover_holds(tx: &Change<'_>, epoch: i64, now: UtcMillis) -> Result<usize, StoreError> {
    let left: Vec<(HoldId, i64)> = tx
        .prepare_cached("SELECT id, epoch FROM hold WHERE state <> 'closed'")?
        .query_map([], |row| Ok((parse(row, 0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut ended = 0;
    for (id, _) in left.into_iter().filter(|(_, asked_in)| is_orphan(*asked_in, epoch)) {
        ended += usize::from(happens(tx, id, HoldEvent::Over, now)?);
    }
    Ok(ended)
}
