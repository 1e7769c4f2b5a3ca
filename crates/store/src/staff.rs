//! Staff: accounts, and the tries to sign in. A try is written down before the secret is looked at, so that whoever
//! pulls the plug has used one up.

use std::time::Duration;

use rusqlite::{OptionalExtension, Row, params};
use serde_json::json;
use vestibule_domain::staff::{DAY, NotYet, Role, may_try};
use vestibule_domain::{StaffId, Uptime, UtcMillis};

use crate::column::{from_word, parse, word};
use crate::{Change, Entry, Store, StoreError, journal};

/// An account.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// Its id.
    pub id: StaffId,
    /// The name by which it is chosen.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// The hash of its PIN or passphrase.
    pub secret: String,
    /// Whether nobody can sign in with it.
    pub disabled: bool,
    /// Raised by every change.
    pub version: i64,
    /// When it was made.
    pub made_at: UtcMillis,
}

/// What changes about an account.
#[derive(Clone, Copy)]
pub enum StaffChange<'a> {
    /// Its role.
    Role(Role),
    /// Its PIN or passphrase, as a hash. The tries are forgotten with it.
    Secret(&'a str),
    /// Whether anybody can sign in with it.
    Disabled(bool),
}

const COLUMNS: &str = "id, name, role, secret, disabled, version, made_at FROM staff";

fn read(row: &Row<'_>) -> rusqlite::Result<StaffRow> {
    Ok(StaffRow {
        id: parse(row, 0)?,
        name: row.get(1)?,
        role: from_word(row, 2)?,
        secret: row.get(3)?,
        disabled: row.get(4)?,
        version: row.get(5)?,
        made_at: UtcMillis(row.get(6)?),
    })
}

impl Store {
    /// Whether there is any account.
    ///
    /// # Errors
    /// What the store says.
    pub fn has_staff(&self) -> Result<bool, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached("SELECT 1 FROM staff LIMIT 1")?;
        Ok(statement.exists([])?)
    }

    /// The accounts, by name.
    ///
    /// # Errors
    /// What the store says.
    pub fn staff(&self) -> Result<Vec<StaffRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} ORDER BY name"))?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// An account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or what the store says.
    pub fn staff_of(&self, id: StaffId) -> Result<StaffRow, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE id = ?1"))?;
        Ok(statement.query_row([id.to_string()], read)?)
    }

    /// The account of a name.
    ///
    /// # Errors
    /// What the store says.
    pub fn staff_named(&self, name: &str) -> Result<Option<StaffRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE name = ?1"))?;
        Ok(statement.query_row([name], read).optional()?)
    }

    /// Adds an account. `by` is who does it; nobody can only add the first one.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`], also when somebody else was faster with the first one.
    pub fn add_staff(&self, staff: &StaffRow, by: Option<StaffId>) -> Result<(), StoreError> {
        self.change(|tx| {
            let taken = match by {
                None => tx.prepare("SELECT 1 FROM staff LIMIT 1")?.exists([])?,
                Some(_) => tx.prepare("SELECT 1 FROM staff WHERE name = ?1")?.exists([&staff.name])?,
            };
            if taken {
                return Err(StoreError::NameTaken);
            }
            let key = staff.id.to_string();
            tx.execute(
                "INSERT INTO staff (id, name, role, secret, disabled, version, made_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    key,
                    staff.name,
                    word(staff.role),
                    staff.secret,
                    staff.disabled,
                    staff.version,
                    staff.made_at.0
                ],
            )?;
            journal::append(tx, staff.made_at, "staffAdded", &key, &json!({ "role": staff.role, "by": by }))
        })
    }

    /// Changes an account. Whoever is signed in with it is so no longer.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::LastAdmin`] where nobody would be left to answer for this PC.
    pub fn change_staff(
        &self,
        id: StaffId,
        change: StaffChange<'_>,
        by: Option<StaffId>,
        now: UtcMillis,
    ) -> Result<(), StoreError> {
        self.change(|tx| {
            let key = id.to_string();
            let (column, value, detail) = match change {
                StaffChange::Role(role) => ("role", word(role), json!({ "role": role, "by": by })),
                StaffChange::Secret(hash) => ("secret", hash.to_owned(), json!({ "secret": true, "by": by })),
                StaffChange::Disabled(disabled) => {
                    ("disabled", i64::from(disabled).to_string(), json!({ "disabled": disabled, "by": by }))
                }
            };
            let update = format!("UPDATE staff SET {column} = ?2, version = version + 1 WHERE id = ?1");
            if tx.execute(&update, params![key, value])? == 0 {
                return Err(StoreError::NotFound);
            }
            if !tx.prepare("SELECT 1 FROM staff WHERE role = 'admin' AND disabled = 0")?.exists([])? {
                return Err(StoreError::LastAdmin);
            }
            if matches!(change, StaffChange::Secret(_)) {
                tx.execute("DELETE FROM staff_try WHERE account = ?1", [&key])?;
            }
            journal::append(tx, now, "staffChanged", &key, &detail)
        })
    }

    /// Writes down that a secret of an account is about to be looked at. Gives the number of the try, or for how long
    /// none is looked at. It counts as wrong until [`Self::end_try`] says otherwise.
    ///
    /// # Errors
    /// What the store says; then nothing may be looked at.
    pub fn begin_try(&self, account: &str, uptime: Uptime) -> Result<Result<i64, NotYet>, StoreError> {
        self.change_even_when_full(|tx| {
            let now = passed(tx, uptime)?;
            tx.execute("DELETE FROM staff_try WHERE passed < ?1", [millis(now.saturating_sub(DAY))])?;
            let tries: Vec<(Duration, bool)> = tx
                .prepare_cached(
                    "SELECT passed, state = 'right' FROM staff_try WHERE account = ?1 ORDER BY id",
                )?
                .query_map([account], |row| Ok((span(row.get(0)?), row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            let wrong: Vec<Duration> = tries.iter().filter(|(_, right)| !right).map(|(at, _)| *at).collect();
            let in_a_row = tries.iter().rev().take_while(|(_, right)| !right).count();
            if let Err(not_yet) = may_try(&wrong, in_a_row, now) {
                return Ok(Err(not_yet));
            }
            tx.execute(
                "INSERT INTO staff_try (account, passed, state) VALUES (?1, ?2, 'asked')",
                params![account, millis(now)],
            )?;
            Ok(Ok(tx.last_insert_rowid()))
        })
    }

    /// Writes down whether the secret was right, and tells the journal.
    ///
    /// # Errors
    /// What the store says; the try then counts as wrong.
    pub fn end_try(&self, id: i64, right: bool, uptime: Uptime, entry: &Entry) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| {
            passed(tx, uptime)?;
            let state = if right { "right" } else { "wrong" };
            tx.execute("UPDATE staff_try SET state = ?2 WHERE id = ?1", params![id, state])?;
            journal::append(tx, entry.at, entry.kind, &entry.subject, &entry.detail)
        })
    }
}

/// How much time certainly passed until now. Within one start of the PC that is what its own clock counted; of a new
/// start it is the time since then, as nobody knows for how long it was off.
fn passed(tx: &Change<'_>, uptime: Uptime) -> Result<Duration, StoreError> {
    let (boot, up) = (uptime.boot.to_string(), uptime.up);
    let last: Option<(String, i64, i64)> = tx
        .prepare_cached("SELECT boot, up, passed FROM staff_time")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let now = match last {
        None => Duration::ZERO,
        Some((last_boot, last_up, passed)) if last_boot == boot => {
            span(passed) + up.saturating_sub(span(last_up))
        }
        Some((_, _, passed)) => span(passed) + up,
    };
    tx.prepare_cached(
        "INSERT INTO staff_time (only, boot, up, passed) VALUES (1, ?1, ?2, ?3)
         ON CONFLICT (only) DO UPDATE SET boot = ?1, up = ?2, passed = ?3",
    )?
    .execute(params![boot, millis(up), millis(now)])?;
    Ok(now)
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

fn span(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}
