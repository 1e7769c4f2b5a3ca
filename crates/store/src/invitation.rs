//! Invitations: who is expected.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row, ToSql, params};
use serde::{Deserialize, Serialize};
use vestibule_domain::invitation::InvitationState;
use vestibule_domain::{DoorId, InvitationId, ShortCode, UtcMillis, VisitId, Window};

use crate::column::{from_word, parse};
use crate::vault::Vault;
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

const COLUMNS: &str = "id, about, doors, starts_at, ends_at, state, made_at, visit FROM invitation";

/// What is sealed of an invitation.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct About {
    name: String,
    phone: String,
    host: String,
    short_code: String,
}

pub(crate) fn place(id: &str) -> String {
    format!("invitation.about {id}")
}

/// The short code in what is sealed of an invitation.
pub(crate) fn short_code_in(about: &str) -> Result<String, StoreError> {
    Ok(serde_json::from_str::<About>(about).map_err(|_| StoreError::Corrupt)?.short_code)
}

fn read(vault: Vault<'_>, row: &Row<'_>) -> Result<InvitationRow, StoreError> {
    let (id, about): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
    let about: About =
        serde_json::from_str(&vault.open_alone(&place(&id), &about)?).map_err(|_| StoreError::Corrupt)?;
    let doors: Option<String> = row.get(2)?;
    let doors = doors.map(|doors| serde_json::from_str(&doors)).transpose();
    Ok(InvitationRow {
        id: parse(row, 0)?,
        short_code: ShortCode::from_store(about.short_code),
        name: about.name,
        phone: about.phone,
        host: about.host,
        doors: doors.map_err(|_| StoreError::Corrupt)?,
        window: Window { from: UtcMillis(row.get(3)?), until: UtcMillis(row.get(4)?) },
        state: from_word(row, 5)?,
        made_at: UtcMillis(row.get(6)?),
        visit: row.get::<_, Option<String>>(7)?.map(|_| parse(row, 7)).transpose()?,
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
            let vault = tx.sealing()?;
            let mut there = {
                let mut statement = tx
                    .prepare_cached(&format!("SELECT {COLUMNS} WHERE starts_at >= ?1 AND starts_at <= ?2"))?;
                let rows = statement.query_and_then(params![first.0, last.0], |row| read(vault, row))?;
                rows.map(|row| row.map(|row| same(&row))).collect::<Result<BTreeSet<_>, StoreError>>()?
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
        find(&self.read(), self.vault(), "id", &id.to_string())?.ok_or(StoreError::NotFound)
    }

    /// The invitation with this code.
    ///
    /// # Errors
    /// What the store says.
    pub fn invitation_by_code(&self, code: &ShortCode) -> Result<Option<InvitationRow>, StoreError> {
        let (connection, vault) = (self.read(), self.vault());
        for index in vault.indexes(&connection, "short", code.reveal())? {
            if let Some(row) = find(&connection, vault, "short_index", &index)? {
                return Ok(Some(row));
            }
        }
        Ok(None)
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
        statement.query_and_then(params![from.0, until.0], |row| read(self.vault(), row))?.collect()
    }

    /// Takes an invitation back. One that was used stays used.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Used`], or what the store says. Taking back twice changes nothing.
    pub fn revoke_invitation(&self, id: InvitationId, now: UtcMillis) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| {
            let row = find(tx, tx.vault, "id", &id.to_string())?.ok_or(StoreError::NotFound)?;
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
    let id = new.id.to_string();
    let about = serde_json::json!(About {
        name: new.name.clone(),
        phone: new.phone.clone(),
        host: new.host.clone(),
        short_code: new.short_code.reveal().to_owned(),
    });
    let vault = tx.sealing()?;
    tx.prepare_cached(
        "INSERT INTO invitation (id, about, short_index, doors, starts_at, ends_at, state, made_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'open', ?7)",
    )?
    .execute(params![
        id,
        vault.seal_alone(&place(&id), &about.to_string())?,
        vault.index("short", new.short_code.reveal()),
        doors,
        new.window.from.0,
        new.window.until.0,
        new.made_at.0
    ])?;
    let detail = serde_json::json!({ "window": new.window });
    journal::append(tx, new.made_at, "invitationMade", &id, &detail)
}

/// What makes two rows of a list the same invitation.
fn same(row: &InvitationRow) -> (String, String, String, i64, i64) {
    (row.name.clone(), row.phone.clone(), row.host.clone(), row.window.from.0, row.window.until.0)
}

fn find(
    connection: &Connection,
    vault: Vault<'_>,
    column: &str,
    value: &dyn ToSql,
) -> Result<Option<InvitationRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE {column} = ?1"))?;
    statement.query_and_then([value], |row| read(vault, row))?.next().transpose()
}
