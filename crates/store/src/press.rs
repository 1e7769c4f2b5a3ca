//! Presses: written before they are sent, settled once.

use rusqlite::{Row, params};
use vestibule_domain::press::{ANSWER_WITHIN, Answer, PressReason, PressState, is_busy, is_orphan};
use vestibule_domain::{DoorId, PressId, StaffId, UtcMillis};

use crate::column::{from_word, parse, word};
use crate::vault::Vault;
use crate::{Change, Store, StoreError, journal};

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
    /// Who pressed; none while nobody has an account.
    pub by: Option<StaffId>,
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
    /// What staff wrote to it.
    pub note: Option<String>,
}

impl Store {
    /// Writes a press down, before anything is sent. A door that was pressed within the lock-out, or whose press has no
    /// answer yet, takes no other, whichever process asks.
    ///
    /// # Errors
    /// [`StoreError::LockedOut`], or what the store says; then nothing may be sent.
    pub fn ask_press(&self, press: &NewPress) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| {
            if is_busy(press.at, presses_around(tx, press)?) {
                return Err(StoreError::LockedOut);
            }
            let epoch = crate::desk::epoch(tx)?;
            tx.prepare_cached(
                "INSERT INTO press (id, door, asked_at, epoch, station, reason, state, why, settled_at, staff)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'asked', NULL, NULL, ?7)",
            )?
            .execute(params![
                press.id.to_string(),
                press.door.0,
                press.at.0,
                epoch,
                press.station,
                word(press.reason),
                press.by.map(|by| by.to_string())
            ])?;
            let detail = serde_json::json!({
                "door": press.door, "reason": press.reason, "station": press.station, "by": press.by,
            });
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
        answer: Answer,
        why: Option<&str>,
        now: UtcMillis,
    ) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| settle(tx, id, answer, why, now).map(drop))
    }

    /// Keeps what somebody wrote to a press: the last word counts.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or what the store says.
    pub fn note_press(&self, id: PressId, note: &str, now: UtcMillis) -> Result<PressRow, StoreError> {
        self.change(|tx| {
            let key = id.to_string();
            let note = tx.sealing()?.seal_alone(&place(&key), note)?;
            let row = tx
                .prepare_cached(&format!("UPDATE press SET note = ?2 WHERE id = ?1 RETURNING {COLUMNS}"))?
                .query_and_then(params![key, note], |row| read(tx.vault, row))?
                .next()
                .ok_or(StoreError::NotFound)??;
            // That there is a note, not what it says: it may name somebody.
            journal::append(tx, now, "pressNoted", &key, &serde_json::json!({}))?;
            Ok(row)
        })
    }

    /// The newest presses, newest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn presses(&self, limit: u32) -> Result<Vec<PressRow>, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM press ORDER BY asked_at DESC, id DESC LIMIT ?1"
        ))?;
        statement.query_and_then([limit], |row| read(self.vault(), row))?.collect()
    }
}

const COLUMNS: &str = "id, door, asked_at, station, reason, state, why, note";

pub(crate) fn place(press: &str) -> String {
    format!("press.note {press}")
}

fn read(vault: Vault<'_>, row: &Row<'_>) -> Result<PressRow, StoreError> {
    let (id, note): (String, Option<Vec<u8>>) = (row.get(0)?, row.get(7)?);
    Ok(PressRow {
        id: parse(row, 0)?,
        door: DoorId(row.get(1)?),
        at: UtcMillis(row.get(2)?),
        station: row.get(3)?,
        reason: from_word(row, 4)?,
        state: from_word(row, 5)?,
        why: row.get(6)?,
        note: note.map(|note| vault.open_alone(&place(&id), &note)).transpose()?,
    })
}

/// The presses of the same door that are near enough in time to stand in the way.
fn presses_around(tx: &Change<'_>, press: &NewPress) -> Result<Vec<(PressState, UtcMillis)>, StoreError> {
    let (from, until) = (press.at.minus(ANSWER_WITHIN), press.at.plus(ANSWER_WITHIN));
    let mut statement = tx
        .prepare_cached("SELECT state, asked_at FROM press WHERE door = ?1 AND asked_at BETWEEN ?2 AND ?3")?;
    let rows = statement.query_map(params![press.door.0, from.0, until.0], |row| {
        Ok((from_word(row, 0)?, UtcMillis(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn settle(
    tx: &Change<'_>,
    id: PressId,
    answer: Answer,
    why: Option<&str>,
    now: UtcMillis,
) -> Result<bool, StoreError> {
    let key = id.to_string();
    let state: PressState = tx
        .prepare_cached("SELECT state FROM press WHERE id = ?1")?
        .query_row([&key], |row| from_word(row, 0))?;
    let Some(state) = state.after(answer) else { return Ok(false) };
    tx.prepare_cached("UPDATE press SET state = ?2, why = ?3, settled_at = ?4 WHERE id = ?1")?
        .execute(params![key, word(state), why, now.0])?;
    journal::append(tx, now, "pressSettled", &key, &serde_json::json!({ "state": state, "why": why }))?;
    Ok(true)
}

/// Presses that an earlier process left open may have been sent or not: nobody knows, and nobody sends them again.
pub(crate) fn recover_presses(tx: &Change<'_>, epoch: i64, now: UtcMillis) -> Result<usize, StoreError> {
    let open: Vec<(PressId, i64)> = tx
        .prepare_cached("SELECT id, epoch FROM press WHERE state = 'asked'")?
        .query_map([], |row| Ok((parse(row, 0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut settled = 0;
    for (id, _) in open.into_iter().filter(|(_, asked_in)| is_orphan(*asked_in, epoch)) {
        settled += usize::from(settle(tx, id, Answer::Unclear, Some("restarted"), now)?);
    }
    Ok(settled)
}
