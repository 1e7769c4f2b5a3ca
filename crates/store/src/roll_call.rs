//! Roll calls, one at a time, and who was ticked off.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;
use uuid::Uuid;
use vestibule_domain::{UtcMillis, VisitId};

use crate::column::parse;
use crate::{Store, StoreError, journal};

/// The roll call that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollCallRow {
    /// When it was begun.
    pub begun_at: UtcMillis,
    /// Who was ticked off and when, in the order in which they were.
    pub ticks: Vec<(VisitId, UtcMillis)>,
}

/// What is known of all visits together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movements {
    /// How many never ended.
    pub open: u32,
    /// When somebody last came or left.
    pub newest: Option<UtcMillis>,
}

impl Store {
    /// The roll call that is under way.
    ///
    /// # Errors
    /// What the store says.
    pub fn roll_call(&self) -> Result<Option<RollCallRow>, StoreError> {
        let connection = self.read();
        let Some((id, begun_at)) = open_one(&connection)? else { return Ok(None) };
        let mut statement = connection
            .prepare_cached("SELECT visit, at FROM roll_call_tick WHERE roll_call = ?1 ORDER BY id")?;
        let ticks = statement.query_map([id], |row| Ok((parse(row, 0)?, UtcMillis(row.get(1)?))))?;
        Ok(Some(RollCallRow { begun_at, ticks: ticks.collect::<Result<_, _>>()? }))
    }

    /// Begins a roll call; where one is under way, that goes on.
    ///
    /// # Errors
    /// What the store says.
    pub fn begin_roll_call(&self, now: UtcMillis) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| {
            if open_one(tx)?.is_some() {
                return Ok(());
            }
            let id = Uuid::new_v4().to_string();
            tx.execute("INSERT INTO roll_call (id, begun_at) VALUES (?1, ?2)", params![id, now.0])?;
            journal::append(tx, now, "rollCallBegun", &id, &json!({}))
        })
    }

    /// Ticks somebody off. Twice changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no roll call is under way or there is no such visit, or what the store says.
    pub fn tick(&self, visit: VisitId, now: UtcMillis) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| {
            let (id, _) = open_one(tx)?.ok_or(StoreError::NotFound)?;
            tx.query_row("SELECT 1 FROM visit WHERE id = ?1", [visit.to_string()], |_| Ok(()))?;
            let added = tx.execute(
                "INSERT INTO roll_call_tick (roll_call, visit, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                params![id, visit.to_string(), now.0],
            )?;
            if added == 0 {
                return Ok(());
            }
            journal::append(tx, now, "rollCallTicked", &visit.to_string(), &json!({ "rollCall": id }))
        })
    }

    /// Takes a tick back: that of a visit, or the newest one. Says whether there was one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no roll call is under way, or what the store says.
    pub fn untick(&self, visit: Option<VisitId>, now: UtcMillis) -> Result<bool, StoreError> {
        self.change_even_when_full(|tx| {
            let (id, _) = open_one(tx)?.ok_or(StoreError::NotFound)?;
            let found: Option<(i64, String)> = tx
                .query_row(
                    "SELECT id, visit FROM roll_call_tick WHERE roll_call = ?1 AND (?2 IS NULL OR visit = ?2)
                     ORDER BY id DESC LIMIT 1",
                    params![id, visit.map(|visit| visit.to_string())],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            let Some((tick, visit)) = found else { return Ok(false) };
            tx.execute("DELETE FROM roll_call_tick WHERE id = ?1", [tick])?;
            journal::append(tx, now, "rollCallUnticked", &visit, &json!({ "rollCall": id }))?;
            Ok(true)
        })
    }

    /// Ends the roll call, with how many were still missing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when none is under way, or what the store says.
    pub fn end_roll_call(&self, missing: u32, now: UtcMillis) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| {
            let (id, _) = open_one(tx)?.ok_or(StoreError::NotFound)?;
            tx.execute("UPDATE roll_call SET ended_at = ?2 WHERE id = ?1", params![id, now.0])?;
            journal::append(tx, now, "rollCallEnded", &id, &json!({ "missing": missing }))
        })
    }

    /// What is known of all visits together.
    ///
    /// # Errors
    /// What the store says.
    pub fn movements(&self) -> Result<Movements, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(
            "SELECT count(*) FILTER (WHERE left_at IS NULL), max(max(came_at), max(coalesce(left_at, 0))) FROM visit",
        )?;
        Ok(statement.query_row([], |row| {
            Ok(Movements { open: row.get(0)?, newest: row.get::<_, Option<i64>>(1)?.map(UtcMillis) })
        })?)
    }
}

fn open_one(connection: &Connection) -> Result<Option<(String, UtcMillis)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT id, begun_at FROM roll_call WHERE ended_at IS NULL")?;
    Ok(statement.query_row([], |row| Ok((row.get(0)?, UtcMillis(row.get(1)?)))).optional()?)
}
