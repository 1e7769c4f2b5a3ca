//! Presses: written before they are sent, settled once.

use rusqlite::{Transaction, params};
use vestibule_domain::press::{LOCK_OUT, PressReason, PressState};
use vestibule_domain::{DoorId, PressId, UtcMillis};

use crate::column::{from_word, parse, word};
use crate::{Store, StoreError, journal};

/// The lock-out of the domain, in milliseconds.
const LOCK_OUT_MS: i64 = LOCK_OUT.as_millis() as i64;
/// No answer takes longer than this; an older press without an end belongs to a process that died.
const ANSWER_MS: i64 = 30_000;

/// A press about to be sent.
#[derive(Debug, Clone)]
pub struct NewPress {
    /// Its id.
    pub id: PressId,
    /// The door.
    pub door: DoorId,
    /// When the finger came down.
    pub at: UtcMillis,
    /// The station it was pressed at.
    pub station: String,
    /// Why.
    pub reason: PressReason,
}

/// A press as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PressRow {
    /// Its id.
    pub id: PressId,
    /// The door.
    pub door: DoorId,
    /// When the finger came down.
    pub at: UtcMillis,
    /// The station it was pressed at.
    pub station: String,
    /// Why.
    pub reason: PressReason,
    /// Where it stands.
    pub state: PressState,
    /// The failure code, where it was refused or is unknown.
    pub why: Option<String>,
}

impl Store {
    /// Writes a press down, before anything is sent. A door that was pressed within the lock-out, or whose press has no
    /// answer yet, takes no other, whichever process asks.
    ///
    /// # Errors
    /// [`StoreError::LockedOut`], or what the store says; then nothing may be sent.
    pub fn ask_press(&self, press: &NewPress) -> Result<(), StoreError> {
        self.change(|tx| {
            let busy: bool = tx
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM press WHERE door = ?1 AND asked_at <= ?2 AND (
                         (state = 'asked' AND asked_at > ?2 - ?4) OR (state <> 'refused' AND asked_at > ?2 - ?3)))",
                )?
                .query_row(params![press.door.0, press.at.0, LOCK_OUT_MS, ANSWER_MS], |row| row.get(0))?;
            if busy {
                return Err(StoreError::LockedOut);
            }
            let epoch = crate::desk::epoch(tx)?;
            tx.prepare_cached(
                "INSERT INTO press (id, door, asked_at, epoch, station, reason, state, why, settled_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'asked', NULL, NULL)",
            )?
            .execute(params![
                press.id.to_string(),
                press.door.0,
                press.at.0,
                epoch,
                press.station,
                word(press.reason)
            ])?;
            let detail =
                serde_json::json!({ "door": press.door, "reason": press.reason, "station": press.station });
            journal::append(tx, press.at, "pressAsked", &press.id.to_string(), &detail)
        })
    }

    /// Writes down how a press ended. Only a press that is still open can end; a second ending changes nothing.
    ///
    /// # Errors
    /// What the store says.
    pub fn settle_press(
        &self,
        id: PressId,
        state: PressState,
        why: Option<&str>,
        now: UtcMillis,
    ) -> Result<(), StoreError> {
        self.change(|tx| {
            let changed = tx
                .prepare_cached(
                    "UPDATE press SET state = ?2, why = ?3, settled_at = ?4 WHERE id = ?1 AND state = 'asked'",
                )?
                .execute(params![id.to_string(), word(state), why, now.0])?;
            if changed == 1 {
                let detail = serde_json::json!({ "state": state, "why": why });
                journal::append(tx, now, "pressSettled", &id.to_string(), &detail)?;
            }
            Ok(())
        })
    }

    /// The newest presses, newest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn presses(&self, limit: u32) -> Result<Vec<PressRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT id, door, asked_at, station, reason, state, why FROM press ORDER BY asked_at DESC, id DESC LIMIT ?1",
        )?;
        let rows = statement.query_map([limit], |row| {
            Ok(PressRow {
                id: parse(row, 0)?,
                door: DoorId(row.get(1)?),
                at: UtcMillis(row.get(2)?),
                station: row.get(3)?,
                reason: from_word(row, 4)?,
                state: from_word(row, 5)?,
                why: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Presses that an earlier process left open may have been sent or not: nobody knows, and nobody sends them again.
pub(crate) fn recover_presses(tx: &Transaction<'_>, epoch: i64, now: UtcMillis) -> Result<usize, StoreError> {
    Ok(tx.execute(
        "UPDATE press SET state = 'unknown', why = 'restarted', settled_at = ?2 WHERE state = 'asked' AND epoch < ?1",
        params![epoch, now.0],
    )?)
}
