//! Invitations: who is expected.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};
use vestibule_domain::invitation::InvitationState;
use vestibule_domain::{DoorId, InvitationId, ShortCode, UtcMillis, VisitId, Window};

use crate::column::{from_word, parse};
use crate::{Change, Store, StoreError, journal};

/// An invitation as the ledger has it.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationRow {
    /// Its id.
    pub id: InvitationId,
    /// Its code.
    pub short_code: ShortCode,
    /// Of whom it is for.
    pub name: String,
    /// Their phone number; may be empty.
    pub phone: String,
    /// Whom they visit; may be empty.
    pub host: String,
    /// The doors; none for those of the settings.
    pub doors: Option<Vec<DoorId>>,
    /// When they may come.
    pub window: Window,
    /// What became of it.
    pub state: InvitationState,
    /// When it was made.
    pub made_at: UtcMillis,
    /// What it was used for.
    pub visit: Option<VisitId>,
}

impl std::fmt::Debug for InvitationRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "InvitationRow({}, {:?})", self.id, self.state)
    }
}

const COLUMNS: &str =
    "id, short_code, name, phone, host, doors, starts_at, ends_at, state, made_at, visit FROM invitation";

fn read(row: &Row<'_>) -> rusqlite::Result<InvitationRow> {
    let doors: Option<String> = row.get(5)?;
    let doors = doors.map(|doors| serde_json::from_str(&doors)).transpose().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(5, rusqlite::types::Type::Text, Box::new(error))
    })?;
    Ok(InvitationRow {
        id: parse(row, 0)?,
        short_code: ShortCode::from_store(row.get(1)?),
        name: row.get(2)?,
        phone: row.get(3)?,
        host: row.get(4)?,
        doors,
        window: Window { from: UtcMillis(row.get(6)?), until: UtcMillis(row.get(7)?) },
        state: from_word(row, 8)?,
        made_at: UtcMillis(row.get(9)?),
        visit: row.get::<_, Option<String>>(10)?.map(|_| parse(row, 10)).transpose()?,
    })
}

impl Store {
    /// Writes an invitation down.
    ///
    /// # Errors
    /// What the store says.
    pub fn invite(&self, new: &InvitationRow) -> Result<(), StoreError> {
        self.change(|tx| insert(tx, new))
    }

    /// Writes down those of a list that are not there yet, in one transaction, and says how many. One for the same
    /// person, host and window is there, whatever became of it. With `dry` nothing is written.
    ///
    /// # Errors
    /// What the store says; then nothing was written.
    pub fn import_invitations(&self, list: &[InvitationRow], dry: bool) -> Result<usize, StoreError> {
        let starts = list.iter().map(|one| one.window.from);
        let (Some(first), Some(last)) = (starts.clone().min(), starts.max()) else { return Ok(0) };
        self.change(|tx| {
            let mut there = {
                let mut statement = tx
                    .prepare_cached(&format!("SELECT {COLUMNS} WHERE starts_at >= ?1 AND starts_at <= ?2"))?;
                let rows = statement.query_map(params![first.0, last.0], read)?;
                rows.map(|row| row.map(|row| same(&row))).collect::<Result<BTreeSet<_>, _>>()?
            };
            let new: Vec<&InvitationRow> = list.iter().filter(|one| there.insert(same(one))).collect();
            if !dry {
                for one in &new {
                    insert(tx, one)?;
                }
            }
            Ok(new.len())
        })
    }

    /// An invitation.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or what the store says.
    pub fn invitation(&self, id: InvitationId) -> Result<InvitationRow, StoreError> {
        find(&self.read(), "id", &id.to_string())?.ok_or(StoreError::NotFound)
    }

    /// The invitation with this code.
    ///
    /// # Errors
    /// What the store says.
    pub fn invitation_by_code(&self, code: &ShortCode) -> Result<Option<InvitationRow>, StoreError> {
        find(&self.read(), "short_code", code.reveal())
    }

    /// The invitations whose window is not over before `from` and begins before `until`, by their beginning.
    ///
    /// # Errors
    /// What the store says.
    pub fn invitations(&self, from: UtcMillis, until: UtcMillis) -> Result<Vec<InvitationRow>, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} WHERE ends_at > ?1 AND starts_at < ?2 ORDER BY starts_at, id LIMIT 500"
        ))?;
        let rows = statement.query_map(params![from.0, until.0], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Takes an invitation back. One that was used stays used.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Used`], or what the store says. Taking back twice changes nothing.
    pub fn revoke_invitation(&self, id: InvitationId, now: UtcMillis) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| {
            let row = find(tx, "id", &id.to_string())?.ok_or(StoreError::NotFound)?;
            match row.state {
                InvitationState::Used => Err(StoreError::Used),
                InvitationState::Revoked => Ok(()),
                InvitationState::Open => {
                    tx.execute(
                        "UPDATE invitation SET state = 'revoked', ended_at = ?2 WHERE id = ?1",
                        params![id.to_string(), now.0],
                    )?;
                    journal::append(tx, now, "invitationRevoked", &id.to_string(), &serde_json::json!({}))
                }
            }
        })
    }
}

/// Uses an invitation for a visit; it is good for one.
pub(crate) fn use_up(
    tx: &Change<'_>,
    id: InvitationId,
    visit: VisitId,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let used = tx
        .prepare_cached(
            "UPDATE invitation SET state = 'used', ended_at = ?2, visit = ?3 WHERE id = ?1 AND state = 'open'",
        )?
        .execute(params![id.to_string(), now.0, visit.to_string()])?;
    if used == 0 {
        return Err(StoreError::Used);
    }
    journal::append(tx, now, "invitationUsed", &id.to_string(), &serde_json::json!({ "visit": visit }))
}

fn insert(tx: &Change<'_>, new: &InvitationRow) -> Result<(), StoreError> {
    let doors = new.doors.as_ref().map(|doors| serde_json::json!(doors).to_string());
    tx.prepare_cached(
        "INSERT INTO invitation (id, short_code, name, phone, host, doors, starts_at, ends_at, state, made_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'open', ?9)",
    )?
    .execute(params![
        new.id.to_string(),
        new.short_code.reveal(),
        new.name,
        new.phone,
        new.host,
        doors,
        new.window.from.0,
        new.window.until.0,
        new.made_at.0
    ])?;
    let detail = serde_json::json!({ "window": new.window });
    journal::append(tx, new.made_at, "invitationMade", &new.id.to_string(), &detail)
}

/// What makes two rows of a list the same invitation.
fn same(row: &InvitationRow) -> (String, String, String, i64, i64) {
    (row.name.clone(), row.phone.clone(), row.host.clone(), row.window.from.0, row.window.until.0)
}

fn find(connection: &Connection, column: &str, value: &str) -> Result<Option<InvitationRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE {column} = ?1"))?;
    Ok(statement.query_row([value], read).optional()?)
}
