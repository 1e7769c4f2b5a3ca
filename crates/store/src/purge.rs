//! Destroying what is kept of visitors. With a visitor's row goes the only key to what was sealed of them, so that this
//! much is done at once, with or without a network. What the service has still to be told lies where spares lie that
//! nobody needs any more, without a word of who it was.

use std::path::PathBuf;

use rusqlite::params;
use vestibule_domain::{IdentityId, SpareId, UtcMillis, VisitorId};

use crate::outbox::{Kind, NewRow, enqueue};
use crate::pass::{REMOVAL_GRACE_MS, code_place, key_of};
use crate::{Change, Store, StoreError};

/// What was destroyed, without names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// So many visitors, with their visits, passes and agreements.
    pub visitors: usize,
    /// When the first of them came.
    pub from: Option<UtcMillis>,
    /// When the last of them came.
    pub until: Option<UtcMillis>,
    /// So many orders to the service that came of it.
    pub orders: usize,
    /// So many codes among them that doors may still take.
    pub codes: usize,
    /// Until when the last of those lives, whatever the service is told.
    pub codes_until: Option<UtcMillis>,
    /// So many visitors who stay: their codes could not be kept sealed until they are removed.
    pub kept: usize,
}

impl Purged {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let first = |one: Option<UtcMillis>, two: Option<UtcMillis>| one.into_iter().chain(two).min();
        Self {
            visitors: self.visitors + other.visitors,
            from: first(self.from, other.from),
            until: self.until.max(other.until),
            orders: self.orders + other.orders,
            codes: self.codes + other.codes,
            codes_until: self.codes_until.max(other.codes_until),
            kept: self.kept + other.kept,
        }
    }
}

/// How a purge goes about it.
pub struct Means<'a> {
    /// Seals a code for the spare with this id.
    pub seal: &'a dyn Fn(&str, &str) -> Option<Vec<u8>>,
    /// Whether the person stays at the service: another desk may know them by the same id.
    pub keeps_person: bool,
}

/// A pass of somebody who goes.
struct Leaving {
    id: String,
    code: Option<Vec<u8>>,
    starts: i64,
    ends: i64,
    doubtful: bool,
    at_doors: bool,
}

impl Store {
    /// The visitors who came before `before` and not since, and of whom no pass counts any more, the earliest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn purgeable(
        &self,
        before: UtcMillis,
        now: UtcMillis,
        limit: usize,
    ) -> Result<Vec<VisitorId>, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(
            "SELECT visit.visitor FROM visit
             WHERE visit.came_at < ?1
               AND NOT EXISTS (SELECT 1 FROM visit AS other WHERE other.visitor = visit.visitor
                                 AND (other.came_at >= ?1 OR other.came_at > visit.came_at
                                      OR (other.came_at = visit.came_at AND other.id > visit.id)))
               AND NOT EXISTS (SELECT 1 FROM visit AS other JOIN pass ON pass.visit = other.id
                               WHERE other.visitor = visit.visitor AND pass.state = 'active' AND pass.ends_at > ?2)
             ORDER BY visit.came_at LIMIT ?3",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows =
            statement.query_map(params![before.0, now.0, limit], |row| crate::column::parse(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Destroys what is kept of these visitors, whatever they still have, in one transaction. One who is not there is
    /// passed over.
    ///
    /// # Errors
    /// What the store says; then nothing was destroyed.
    pub fn purge_visitors(
        &self,
        visitors: &[VisitorId],
        means: &Means<'_>,
        now: UtcMillis,
    ) -> Result<Purged, StoreError> {
        self.change_even_when_full(|tx| {
            visitors.iter().try_fold(Purged::default(), |sum, visitor| {
                Ok(sum.and(purge(tx, &visitor.to_string(), means, now)?))
            })
        })
    }

    /// Destroys invitations that ended before `before` and were not used, at most `limit`, and says how many.
    ///
    /// # Errors
    /// What the store says.
    pub fn purge_invitations(&self, before: UtcMillis, limit: usize) -> Result<usize, StoreError> {
        self.change_even_when_full(|tx| {
            Ok(tx
                .prepare_cached(
                    "DELETE FROM invitation WHERE id IN (
                         SELECT id FROM invitation WHERE ends_at < ?1 AND visit IS NULL LIMIT ?2)",
                )?
                .execute(params![before.0, i64::try_from(limit).unwrap_or(i64::MAX)])?)
        })
    }

    /// Destroys what was written to presses before `before`, at most `limit`, and says how many. The presses stay.
    ///
    /// # Errors
    /// What the store says.
    pub fn purge_notes(&self, before: UtcMillis, limit: usize) -> Result<usize, StoreError> {
        self.change_even_when_full(|tx| {
            Ok(tx
                .prepare_cached(
                    "UPDATE press SET note = NULL WHERE id IN (
                         SELECT id FROM press WHERE asked_at < ?1 AND note IS NOT NULL LIMIT ?2)",
                )?
                .execute(params![before.0, i64::try_from(limit).unwrap_or(i64::MAX)])?)
        })
    }

    /// Damaged files that were set aside, and when.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn set_aside(&self) -> Result<Vec<(PathBuf, UtcMillis)>, StoreError> {
        let Some(folder) = self.folder() else { return Ok(Vec::new()) };
        let fail = |source| StoreError::of_file(folder, source);
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(fail)? {
            let path = entry.map_err(fail)?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let Some(rest) = name.strip_prefix("vestibule.db.damaged-") else { continue };
            let digits = rest.split('-').next().unwrap_or_default();
            if let Ok(at) = digits.parse() {
                found.push((path, UtcMillis(at)));
            }
        }
        Ok(found)
    }

    /// Deletes damaged files that were set aside before `before`, and says how many.
    ///
    /// # Errors
    /// When one cannot be deleted.
    pub fn purge_set_aside(&self, before: UtcMillis) -> Result<usize, StoreError> {
        let old: Vec<PathBuf> =
            self.set_aside()?.into_iter().filter(|(_, at)| *at < before).map(|(path, _)| path).collect();
        for path in &old {
            std::fs::remove_file(path).map_err(|source| StoreError::of_file(path, source))?;
        }
        Ok(old.len())
    }

    /// Whether anybody but this spare is the same person to the service.
    ///
    /// # Errors
    /// What the store says.
    pub fn is_person_needed(&self, person: &IdentityId, but: SpareId) -> Result<bool, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM visitor WHERE identity = ?1)
                 OR EXISTS (SELECT 1 FROM spare WHERE identity = ?1 AND id <> ?2)",
        )?;
        Ok(statement.query_row(params![person.0, but.to_string()], |row| row.get(0))?)
    }
}

fn purge(tx: &Change<'_>, visitor: &str, means: &Means<'_>, now: UtcMillis) -> Result<Purged, StoreError> {
    let visits: Vec<(String, i64)> = tx
        .prepare_cached("SELECT id, came_at FROM visit WHERE visitor = ?1")?
        .query_map([visitor], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    if visits.is_empty() {
        return Ok(Purged::default());
    }
    let mut passes = Vec::new();
    for (visit, _) in &visits {
        passes.extend(passes_of(tx, visit)?);
    }
    let mut purged = Purged { visitors: 1, ..Purged::default() };
    purged.from = visits.iter().map(|(_, came)| UtcMillis(*came)).min();
    purged.until = visits.iter().map(|(_, came)| UtcMillis(*came)).max();
    let identity: String = tx
        .prepare_cached("SELECT identity FROM visitor WHERE id = ?1")?
        .query_row([visitor], |row| row.get(0))?;
    // The codes that doors may still take, sealed for whoever removes them.
    let mut codes = Vec::new();
    for pass in
        passes.iter().filter(|pass| pass.at_doors && pass.ends.saturating_add(REMOVAL_GRACE_MS) > now.0)
    {
        let Some(code) = &pass.code else { continue };
        let code = key_of(tx, visitor)?.open(&code_place(&pass.id), code)?;
        let id = SpareId::new(now).to_string();
        let Some(sealed) = (means.seal)(&id, &code) else {
            return Ok(Purged { kept: 1, ..Purged::default() });
        };
        codes.push((id, sealed, pass));
    }
    // One after the other, so that the last of them sees that it is.
    let lane = format!("person:{identity}");
    for (id, sealed, pass) in &codes {
        let doors: String = tx
            .prepare_cached(
                "SELECT json_group_array(door) FROM pass_door WHERE pass = ?1 AND readiness <> 'removed'",
            )?
            .query_row([&pass.id], |row| row.get(0))?;
        let terms = (doors.as_str(), pass.starts, pass.ends);
        leave_behind(tx, id, &identity, terms, Some(sealed), pass.doubtful.then_some(now), means, now)?;
        enqueue(tx, &NewRow::new(Kind::RemoveSpare, id, lane.clone(), now).urgent())?;
        purged.orders += 1;
        purged.codes += 1;
        purged.codes_until = purged.codes_until.max(Some(UtcMillis(pass.ends)));
    }
    let told: bool = tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM outbox WHERE subject = ?1 AND state = 'sending')")?
        .query_row([visitor], |row| row.get(0))?;
    let doubtful = told || passes.iter().any(|pass| pass.doubtful);
    for pass in &passes {
        forget_calls(tx, &pass.id)?;
        for table in ["pass_door", "receipt"] {
            tx.prepare_cached(&format!("DELETE FROM {table} WHERE pass = ?1"))?.execute([&pass.id])?;
        }
        tx.prepare_cached("DELETE FROM pass WHERE id = ?1")?.execute([&pass.id])?;
    }
    forget_calls(tx, visitor)?;
    for (visit, _) in &visits {
        for table in ["agreement", "invitation"] {
            tx.prepare_cached(&format!("DELETE FROM {table} WHERE visit = ?1"))?.execute([visit])?;
        }
        tx.prepare_cached("DELETE FROM visit WHERE id = ?1")?.execute([visit])?;
    }
    tx.prepare_cached("DELETE FROM visitor WHERE id = ?1")?.execute([visitor])?;
    // The last one who is this person takes them along.
    let last: bool = tx
        .prepare_cached(
            "SELECT NOT EXISTS (SELECT 1 FROM visitor WHERE identity = ?1)
                AND NOT EXISTS (SELECT 1 FROM spare WHERE identity = ?1)",
        )?
        .query_row([&identity], |row| row.get(0))?;
    if last && !means.keeps_person {
        let id = SpareId::new(now).to_string();
        leave_behind(
            tx,
            &id,
            &identity,
            ("[]", now.0 - 1, now.0),
            None,
            doubtful.then_some(now),
            means,
            now,
        )?;
        enqueue(tx, &NewRow::new(Kind::RemoveSpare, &id, lane, now).urgent())?;
        purged.orders += 1;
    }
    Ok(purged)
}

fn passes_of(tx: &Change<'_>, visit: &str) -> Result<Vec<Leaving>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT pass.id, pass.code, pass.starts_at,
                max(pass.ends_at, coalesce((SELECT max(not_after) FROM outbox
                                            WHERE subject = pass.id AND kind = 'narrowPass'), 0)),
                pass.doubtful_at IS NOT NULL
                    OR EXISTS (SELECT 1 FROM outbox WHERE subject = pass.id AND state = 'sending'),
                EXISTS (SELECT 1 FROM pass_door WHERE pass_door.pass = pass.id AND readiness <> 'removed')
         FROM pass WHERE pass.visit = ?1",
    )?;
    let rows = statement.query_map([visit], |row| {
        Ok(Leaving {
            id: row.get(0)?,
            code: row.get(1)?,
            starts: row.get(2)?,
            ends: row.get(3)?,
            doubtful: row.get(4)?,
            at_doors: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Calls that are on their way end by themselves, and find nothing to go on with.
fn forget_calls(tx: &Change<'_>, subject: &str) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM outbox WHERE subject = ?1 AND state <> 'sending'")?.execute([subject])?;
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "the columns of a row")]
fn leave_behind(
    tx: &Change<'_>,
    id: &str,
    identity: &str,
    (doors, starts, ends): (&str, i64, i64),
    code: Option<&[u8]>,
    doubtful: Option<UtcMillis>,
    means: &Means<'_>,
    now: UtcMillis,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO spare (id, identity, doors, starts_at, ends_at, scan_times, scan_scope, code, state, made_at,
                            doubtful_at, keeps_person)
         VALUES (?1, ?2, ?3, ?4, ?5, 1, 'eachDoor', ?6, 'removing', ?7, ?8, ?9)",
    )?
    .execute(params![
        id,
        identity,
        doors,
        starts,
        ends,
        code,
        now.0,
        doubtful.map(|at| at.0),
        means.keeps_person
    ])?;
    Ok(())
}
