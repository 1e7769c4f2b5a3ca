//! Passes, and where each stands at its doors.

use rusqlite::{Connection, Row, ToSql, params};
use vestibule_domain::pass::{Pass, PassState, Readiness, ScanLimit};
use vestibule_domain::verdict::is_same_showing;
use vestibule_domain::{DoorId, PassCode, PassId, ShortCode, UtcMillis, VisitId, VisitorId, Window};

use crate::column::{from_word, parse, word};
use crate::outbox::{Kind, NewRow, enqueue, is_open, open_row_of, supersede};
use crate::vault::{DataKey, Vault};
use crate::{Change, Entry, Store, StoreError, journal};

/// How long after its end a pass may still be taken away: a late grant can be admitted by the gateway for 15 minutes.
pub(crate) const REMOVAL_GRACE_MS: i64 = 16 * 60 * 1000;

/// A pass to be issued.
#[derive(Debug, Clone)]
pub struct NewPass {
    /// Its id.
    pub id: PassId,
    /// Whose it is.
    pub visitor: VisitorId,
    /// The visit it is for.
    pub visit: VisitId,
    /// The short form.
    pub short_code: ShortCode,
    /// From when until when.
    pub window: Window,
    /// How many times.
    pub limit: ScanLimit,
    /// Its doors, in the order of the visit.
    pub doors: Vec<DoorId>,
    /// When it was issued.
    pub at: UtcMillis,
}

/// A pass with what the service said at its doors, and whether somebody has to look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassRow {
    /// The pass.
    pub pass: Pass,
    /// What the service last said of each door, in the order of `pass.doors`.
    pub said: Vec<Option<String>>,
    /// Whether a call about it was set aside.
    pub wedged: bool,
    /// When it was first let in at this desk.
    pub first_seen_at: Option<UtcMillis>,
    /// When it was let in at this desk last.
    pub last_seen_at: Option<UtcMillis>,
    /// How often it was let in at this desk.
    pub seen_times: u32,
    /// Whether it came of a spare.
    pub spare: bool,
}

/// What the service said of one door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorAnswer {
    /// The door.
    pub door: DoorId,
    /// Where the pass stands there now.
    pub readiness: Readiness,
    /// Its words, for staff.
    pub said: Option<String>,
}

/// That a pass was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// When it first was, if it was before.
    pub before: Option<UtcMillis>,
    /// Whether it counts, and stands in the journal; within one showing neither.
    pub counted: bool,
}

impl Store {
    /// Issues one more pass for a visit that is under way.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the visit is not known or over, or what the store says.
    pub fn issue_pass(&self, new: &NewPass) -> Result<(), StoreError> {
        self.change(|tx| {
            tx.query_row(
                "SELECT 1 FROM visit WHERE id = ?1 AND left_at IS NULL",
                [new.visit.to_string()],
                |_| Ok(()),
            )?;
            let registered = open_row_of(tx, Kind::RegisterVisitor, &new.visitor.to_string())?;
            insert_pass(tx, new, &key_of(tx, &new.visitor.to_string())?, registered)
        })
    }

    /// Takes a pass back: it counts no longer on this desk from now on, and the service is told before anything else.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or what the store says. Taking back twice changes nothing and answers `false`.
    pub fn revoke_pass(&self, id: PassId, now: UtcMillis) -> Result<bool, StoreError> {
        self.change_even_when_full(|tx| {
            tx.query_row("SELECT 1 FROM pass WHERE id = ?1", [id.to_string()], |_| Ok(()))?;
            revoke(tx, id, now)
        })
    }

    /// Keeps the code the service gave. The first durable code wins; a second one changes nothing.
    ///
    /// # Errors
    /// What the store says.
    pub fn keep_code(&self, id: PassId, code: &PassCode) -> Result<(), StoreError> {
        self.change(|tx| {
            let (id, vault) = (id.to_string(), tx.sealing()?);
            let visitor: String =
                tx.query_row("SELECT visitor FROM pass WHERE id = ?1", [&id], |row| row.get(0))?;
            let sealed = key_of(tx, &visitor)?.seal(&code_place(&id), code.reveal())?;
            tx.prepare_cached("UPDATE pass SET code = ?2, code_index = ?3 WHERE id = ?1 AND code IS NULL")?
                .execute(params![id, sealed, vault.index("code", code.reveal())])?;
            Ok(())
        })
    }

    /// Keeps what the service said of doors.
    ///
    /// A door that is being taken away is not made ready again by a late answer to a grant.
    ///
    /// # Errors
    /// What the store says.
    pub fn keep_door_answers(&self, id: PassId, answers: &[DoorAnswer]) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| {
            for answer in answers {
                let late_grant = matches!(answer.readiness, Readiness::Ready | Readiness::Failed);
                tx.prepare_cached(
                    "UPDATE pass_door SET readiness = ?3, said = ?4
                     WHERE pass = ?1 AND door = ?2 AND NOT (?5 AND readiness IN ('removing', 'removed'))",
                )?
                .execute(params![
                    id.to_string(),
                    answer.door.0,
                    word(answer.readiness),
                    answer.said,
                    late_grant
                ])?;
            }
            Ok(())
        })
    }

    /// A grant of this pass was sent and got no clear answer: the gateway may still take it for a while.
    ///
    /// # Errors
    /// What the store says.
    pub fn doubt_grant(&self, id: PassId, now: UtcMillis) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| {
            tx.prepare_cached("UPDATE pass SET doubtful_at = ?2 WHERE id = ?1")?
                .execute(params![id.to_string(), now.0])?;
            Ok(())
        })
    }

    /// A removal was confirmed by every door. Where a grant of the pass is in doubt, it may still arrive behind the
    /// removal; then the doors stay "removing", and the removal goes out once more when no late grant can be taken.
    ///
    /// # Errors
    /// What the store says.
    pub fn repeat_removal(&self, id: PassId, now: UtcMillis) -> Result<(), StoreError> {
        self.change_even_when_full(|tx| {
            let pass = id.to_string();
            let doubtful: Option<i64> = tx
                .prepare_cached("SELECT doubtful_at FROM pass WHERE id = ?1")?
                .query_row([&pass], |row| row.get(0))?;
            let Some(doubtful) = doubtful else { return Ok(()) };
            tx.execute("UPDATE pass SET doubtful_at = NULL WHERE id = ?1", [&pass])?;
            let again = UtcMillis(doubtful.min(now.0).saturating_add(REMOVAL_GRACE_MS));
            if again <= now {
                return Ok(());
            }
            tx.execute("UPDATE pass_door SET readiness = 'removing' WHERE pass = ?1", [&pass])?;
            let row =
                NewRow::new(Kind::RemovePass, &pass, format!("pass:{pass}"), now).urgent().not_before(again);
            enqueue(tx, &row)?;
            journal::append(tx, now, "removalRepeated", &pass, &serde_json::json!({ "at": again }))
        })
    }

    /// Remembers that a pass was let in at this desk, and tells when it first was, if it was before. A code that is read
    /// twice in one showing counts once, and then nothing is written.
    ///
    /// # Errors
    /// What the store says.
    pub fn mark_seen(&self, id: PassId, now: UtcMillis, verdict: &Entry) -> Result<Seen, StoreError> {
        self.change_even_when_full(|tx| {
            let (first, last): (Option<i64>, Option<i64>) = tx
                .prepare_cached("SELECT first_seen_at, last_seen_at FROM pass WHERE id = ?1")?
                .query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let counted = !last.is_some_and(|last| is_same_showing(UtcMillis(last), now));
            if counted {
                tx.prepare_cached(
                    "UPDATE pass SET first_seen_at = coalesce(first_seen_at, ?2), last_seen_at = ?2,
                                     seen_times = seen_times + 1 WHERE id = ?1",
                )?
                .execute(params![id.to_string(), now.0])?;
                journal::append(tx, verdict.at, verdict.kind, &verdict.subject, &verdict.detail)?;
            }
            Ok(Seen { before: first.map(UtcMillis), counted })
        })
    }

    /// A pass.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or what the store says.
    pub fn pass(&self, id: PassId) -> Result<PassRow, StoreError> {
        find(&self.read(), self.vault(), "id", &id.to_string())?.ok_or(StoreError::NotFound)
    }

    /// The pass with this code.
    ///
    /// # Errors
    /// What the store says.
    pub fn pass_by_code(&self, code: &PassCode) -> Result<Option<PassRow>, StoreError> {
        self.look_up("code_index", "code", code.reveal())
    }

    /// The pass with this short code.
    ///
    /// # Errors
    /// What the store says.
    pub fn pass_by_short_code(&self, code: &ShortCode) -> Result<Option<PassRow>, StoreError> {
        self.look_up("short_index", "short", code.reveal())
    }

    fn look_up(&self, column: &str, what: &str, text: &str) -> Result<Option<PassRow>, StoreError> {
        let (connection, vault) = (self.read(), self.vault());
        for index in vault.indexes(&connection, what, text)? {
            if let Some(row) = find(&connection, vault, column, &index)? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// The passes that were issued since `since` and still wait for their code, oldest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn passes_without_code(&self, since: UtcMillis) -> Result<Vec<PassId>, StoreError> {
        let connection = self.read();
        // By the visits of the last minutes, which have an index; a pass is issued at or after its visit began.
        let mut statement = connection.prepare_cached(
            "SELECT pass.id FROM visit JOIN pass ON pass.visit = visit.id
             WHERE visit.came_at >= ?1 AND visit.left_at IS NULL AND pass.code IS NULL AND pass.state = 'active'
             ORDER BY pass.issued_at, pass.id",
        )?;
        let rows = statement.query_map([since.0], |row| parse(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The passes of a visit, oldest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn passes_of(&self, visit: VisitId) -> Result<Vec<PassRow>, StoreError> {
        let connection = self.read();
        let mut statement =
            connection.prepare_cached("SELECT id FROM pass WHERE visit = ?1 ORDER BY issued_at, id")?;
        let ids: Vec<String> =
            statement.query_map([visit.to_string()], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let find = |id: &String| find(&connection, self.vault(), "id", id)?.ok_or(StoreError::NotFound);
        ids.iter().map(find).collect()
    }
}

pub(crate) fn code_place(pass: &str) -> String {
    format!("pass.code {pass}")
}

pub(crate) fn short_place(pass: &str) -> String {
    format!("pass.short {pass}")
}

/// The key of a visitor.
pub(crate) fn key_of(tx: &Change<'_>, visitor: &str) -> Result<DataKey, StoreError> {
    let wrapped: Option<Vec<u8>> =
        tx.prepare_cached("SELECT key FROM visitor WHERE id = ?1")?.query_row([visitor], |row| row.get(0))?;
    tx.vault.key(visitor, wrapped.as_deref())
}

pub(crate) fn insert_pass(
    tx: &Change<'_>,
    new: &NewPass,
    key: &DataKey,
    registered: Option<i64>,
) -> Result<(), StoreError> {
    let id = new.id.to_string();
    tx.prepare_cached(
        "INSERT INTO pass (id, visitor, visit, short_code, short_index, starts_at, ends_at, scan_times, scan_scope,
                           state, issued_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'active', ?10)",
    )?
    .execute(params![
        id,
        new.visitor.to_string(),
        new.visit.to_string(),
        key.seal(&short_place(&id), new.short_code.reveal())?,
        tx.sealing()?.index("short", new.short_code.reveal()),
        new.window.from.0,
        new.window.until.0,
        new.limit.times,
        word(new.limit.scope),
        new.at.0
    ])?;
    for (position, door) in new.doors.iter().enumerate() {
        tx.prepare_cached(
            "INSERT INTO pass_door (pass, door, position, readiness, said) VALUES (?1, ?2, ?3, 'waiting', NULL)",
        )?
        .execute(params![id, door.0, i64::try_from(position).unwrap_or(i64::MAX)])?;
    }
    let lane = format!("pass:{id}");
    let generate = NewRow::new(Kind::GenerateCode, &id, lane.clone(), new.at).after(registered);
    enqueue(tx, &generate.not_after(new.window.until))?;
    enqueue(tx, &NewRow::new(Kind::GrantPass, &id, lane, new.at).not_after(new.window.until))?;
    let detail = serde_json::json!({ "visit": new.visit, "doors": new.doors, "window": new.window, "limit": new.limit });
    journal::append(tx, new.at, "passIssued", &id, &detail)
}

pub(crate) fn revoke_passes_of(
    tx: &Change<'_>,
    visit: VisitId,
    now: UtcMillis,
) -> Result<Vec<PassId>, StoreError> {
    let ids: Vec<PassId> = tx
        .prepare_cached("SELECT id FROM pass WHERE visit = ?1 AND state = 'active'")?
        .query_map([visit.to_string()], |row| parse(row, 0))?
        .collect::<Result<_, _>>()?;
    for id in &ids {
        revoke(tx, *id, now)?;
    }
    Ok(ids)
}

/// What has not left is dropped; what may have reached the service is taken away there. Both in one transaction with
/// the word "revoked", so that no later grant can pass it.
fn revoke(tx: &Change<'_>, id: PassId, now: UtcMillis) -> Result<bool, StoreError> {
    let pass = id.to_string();
    let changed = tx
        .prepare_cached(
            "UPDATE pass SET state = 'revoked', revoked_at = ?2 WHERE id = ?1 AND state = 'active'",
        )?
        .execute(params![pass, now.0])?;
    if changed == 0 {
        return Ok(false);
    }
    supersede(tx, Kind::GenerateCode, &pass)?;
    supersede(tx, Kind::GrantPass, &pass)?;
    supersede(tx, Kind::NarrowPass, &pass)?;
    // A call in flight may still give a code or a right; only where nothing was ever sent is there nothing to remove.
    let untold = !is_open(tx, &pass)? && never_granted(tx, &pass)?;
    let readiness = if untold { Readiness::Removed } else { Readiness::Removing };
    tx.prepare_cached("UPDATE pass_door SET readiness = ?2 WHERE pass = ?1")?
        .execute(params![pass, word(readiness)])?;
    if !untold {
        // What came of a spare may still have the spare's own end at its doors, which its narrowing keeps.
        let ends: i64 = tx.query_row(
            "SELECT max(ends_at, coalesce((SELECT max(not_after) FROM outbox
                                           WHERE subject = ?1 AND kind = 'narrowPass'), 0))
             FROM pass WHERE id = ?1",
            [&pass],
            |row| row.get(0),
        )?;
        let not_after = UtcMillis(ends.max(now.0).saturating_add(REMOVAL_GRACE_MS));
        let row =
            NewRow::new(Kind::RemovePass, &pass, format!("pass:{pass}"), now).urgent().not_after(not_after);
        enqueue(tx, &row)?;
    }
    journal::append(tx, now, "passRevoked", &pass, &serde_json::json!({ "told": !untold }))?;
    Ok(true)
}

pub(crate) fn never_granted(tx: &Change<'_>, pass: &str) -> Result<bool, StoreError> {
    Ok(tx
        .prepare_cached(
            "SELECT NOT EXISTS (SELECT 1 FROM outbox WHERE subject = ?1 AND kind = 'grantPass' AND taken > 0)
                AND NOT EXISTS (SELECT 1 FROM pass_door WHERE pass = ?1 AND readiness <> 'waiting')
                AND NOT EXISTS (SELECT 1 FROM pass WHERE id = ?1 AND spare = 1)",
        )?
        .query_row([pass], |row| row.get(0))?)
}

fn find(
    connection: &Connection,
    vault: Vault<'_>,
    column: &str,
    value: &dyn ToSql,
) -> Result<Option<PassRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, visitor, visit, code, short_code, starts_at, ends_at, scan_times, scan_scope, state, issued_at,
                revoked_at, first_seen_at,
                EXISTS (SELECT 1 FROM outbox WHERE state = 'wedged' AND subject IN (pass.id, pass.visitor)), spare,
                last_seen_at, seen_times, (SELECT key FROM visitor WHERE visitor.id = pass.visitor)
         FROM pass WHERE {column} = ?1"
    ))?;
    let found = statement.query_and_then([value], |row| read(vault, row))?.next().transpose()?;
    let Some(mut row) = found else { return Ok(None) };
    let mut doors = connection
        .prepare_cached("SELECT door, readiness, said FROM pass_door WHERE pass = ?1 ORDER BY position")?;
    let mut rows = doors.query([row.pass.id.to_string()])?;
    while let Some(door) = rows.next()? {
        row.pass.doors.push((DoorId(door.get(0)?), from_word(door, 1)?));
        row.said.push(door.get(2)?);
    }
    Ok(Some(row))
}

fn read(vault: Vault<'_>, row: &Row<'_>) -> Result<PassRow, StoreError> {
    let (id, visitor): (String, String) = (row.get(0)?, row.get(1)?);
    let (code, short): (Option<Vec<u8>>, Vec<u8>) = (row.get(3)?, row.get(4)?);
    let key = vault.key(&visitor, row.get::<_, Option<Vec<u8>>>(17)?.as_deref())?;
    let code = code.map(|code| key.open(&code_place(&id), &code)).transpose()?;
    let pass = Pass {
        id: parse(row, 0)?,
        visitor: parse(row, 1)?,
        visit: parse(row, 2)?,
        code: code.map(PassCode::from_service),
        short_code: ShortCode::from_store(key.open(&short_place(&id), &short)?),
        window: Window { from: UtcMillis(row.get(5)?), until: UtcMillis(row.get(6)?) },
        limit: ScanLimit { times: row.get(7)?, scope: from_word(row, 8)? },
        state: from_word::<PassState>(row, 9)?,
        issued_at: UtcMillis(row.get(10)?),
        revoked_at: row.get::<_, Option<i64>>(11)?.map(UtcMillis),
        doors: Vec::new(),
    };
    Ok(PassRow {
        pass,
        said: Vec::new(),
        first_seen_at: row.get::<_, Option<i64>>(12)?.map(UtcMillis),
        wedged: row.get(13)?,
        spare: row.get(14)?,
        last_seen_at: row.get::<_, Option<i64>>(15)?.map(UtcMillis),
        seen_times: row.get(16)?,
    })
}
