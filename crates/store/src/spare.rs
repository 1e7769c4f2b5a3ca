//! Spares: passes without a visitor, for a desk without a network. Their codes are sealed before they come here.

use rusqlite::{OptionalExtension, Row, params};
use vestibule_domain::pass::{Readiness, ScanLimit};
use vestibule_domain::spare::{LATE_REQUESTS, SpareState, Terms};
use vestibule_domain::{IdentityId, PassCode, PassId, SpareId, UtcMillis, Window};

use crate::column::{from_word, parse, word};
use crate::outbox::{Kind, NewRow, enqueue, open_row_of, supersede};
use crate::pass::{code_place, key_of, never_granted};
use crate::{Change, Store, StoreError, journal};

/// A spare to be prepared.
#[derive(Debug, Clone)]
pub struct NewSpare {
    /// Its id.
    pub id: SpareId,
    /// The person it belongs to at the service, who is nobody yet.
    pub identity: IdentityId,
    /// What it is good for.
    pub terms: Terms,
    /// When it was decided.
    pub at: UtcMillis,
}

/// A spare as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpareRow {
    /// Its id.
    pub id: SpareId,
    /// The person it belongs to at the service.
    pub identity: IdentityId,
    /// What it is good for.
    pub terms: Terms,
    /// Its code, sealed; none until the service gave one.
    pub code: Option<Vec<u8>>,
    /// Where it stands.
    pub state: SpareState,
    /// When its grant was last sent without a clear answer.
    pub doubtful_at: Option<UtcMillis>,
    /// Whether its person stays at the service when it goes.
    pub keeps_person: bool,
}

/// A spare that is given to a visitor, with its code opened.
#[derive(Debug, Clone)]
pub struct GivenSpare {
    /// Which.
    pub id: SpareId,
    /// Its code.
    pub code: PassCode,
}

const COLUMNS: &str =
    "id, identity, doors, starts_at, ends_at, scan_times, scan_scope, code, state, doubtful_at,
     keeps_person FROM spare";

fn read(row: &Row<'_>) -> rusqlite::Result<SpareRow> {
    let doors: String = row.get(2)?;
    let doors = serde_json::from_str(&doors).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, Box::new(error))
    })?;
    Ok(SpareRow {
        id: parse(row, 0)?,
        identity: IdentityId(row.get(1)?),
        terms: Terms {
            doors,
            window: Window { from: UtcMillis(row.get(3)?), until: UtcMillis(row.get(4)?) },
            limit: ScanLimit { times: row.get(5)?, scope: from_word(row, 6)? },
        },
        code: row.get(7)?,
        state: from_word(row, 8)?,
        doubtful_at: row.get::<_, Option<i64>>(9)?.map(UtcMillis),
        keeps_person: row.get(10)?,
    })
}

fn lane(spare: &str) -> String {
    format!("spare:{spare}")
}

impl Store {
    /// Decides to have one more spare.
    ///
    /// # Errors
    /// What the store says; then nothing was written.
    pub fn add_spare(&self, new: &NewSpare) -> Result<(), StoreError> {
        self.change(|tx| {
            let id = new.id.to_string();
            let Terms { doors, window, limit } = &new.terms;
            tx.prepare_cached(
                "INSERT INTO spare (id, identity, doors, starts_at, ends_at, scan_times, scan_scope, code, state,
                                    made_at, doubtful_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, 'preparing', ?8, NULL)",
            )?
            .execute(params![
                id,
                new.identity.0,
                serde_json::json!(doors).to_string(),
                window.from.0,
                window.until.0,
                limit.times,
                word(limit.scope),
                new.at.0
            ])?;
            enqueue(tx, &NewRow::new(Kind::PrepareSpare, &id, lane(&id), new.at).not_after(window.until))?;
            let detail = serde_json::json!({ "doors": doors, "window": window, "limit": limit });
            journal::append(tx, new.at, "spareWanted", &id, &detail)
        })
    }

    /// A spare.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it is gone: given out, or taken away.
    pub fn spare(&self, id: SpareId) -> Result<SpareRow, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE id = ?1"))?;
        Ok(statement.query_row([id.to_string()], read)?)
    }

    /// All spares, oldest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn spares(&self) -> Result<Vec<SpareRow>, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} ORDER BY made_at, id"))?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps the sealed code of a spare. The first one wins.
    ///
    /// # Errors
    /// What the store says.
    pub fn keep_spare_code(&self, id: SpareId, sealed: &[u8]) -> Result<(), StoreError> {
        self.change(|tx| {
            tx.prepare_cached("UPDATE spare SET code = ?2 WHERE id = ?1 AND code IS NULL")?
                .execute(params![id.to_string(), sealed])?;
            Ok(())
        })
    }

    /// Its grant was sent and got no clear answer.
    ///
    /// # Errors
    /// What the store says.
    pub fn doubt_spare(&self, id: SpareId, now: UtcMillis) -> Result<(), StoreError> {
        self.change(|tx| {
            tx.prepare_cached("UPDATE spare SET doubtful_at = ?2 WHERE id = ?1")?
                .execute(params![id.to_string(), now.0])?;
            Ok(())
        })
    }

    /// All its doors take it. One that is to be removed meanwhile stays so.
    ///
    /// # Errors
    /// What the store says.
    pub fn spare_is_ready(&self, id: SpareId, now: UtcMillis) -> Result<(), StoreError> {
        self.change(|tx| {
            let changed = tx
                .prepare_cached("UPDATE spare SET state = 'ready' WHERE id = ?1 AND state = 'preparing'")?
                .execute([id.to_string()])?;
            if changed == 1 {
                journal::append(tx, now, "spareReady", &id.to_string(), &serde_json::json!({}))?;
            }
            Ok(())
        })
    }

    /// Takes a spare away unused. Where nothing of it ever left this PC, it is gone at once.
    ///
    /// # Errors
    /// What the store says. Twice is the same as once.
    pub fn retire_spare(&self, id: SpareId, now: UtcMillis) -> Result<(), StoreError> {
        self.change(|tx| {
            let spare = id.to_string();
            let changed = tx
                .prepare_cached("UPDATE spare SET state = 'removing' WHERE id = ?1 AND state <> 'removing'")?
                .execute([&spare])?;
            if changed == 0 {
                return Ok(());
            }
            supersede(tx, Kind::PrepareSpare, &spare)?;
            let told: bool = tx
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM outbox WHERE subject = ?1 AND taken > 0)")?
                .query_row([&spare], |row| row.get(0))?;
            if told {
                enqueue(tx, &NewRow::new(Kind::RemoveSpare, &spare, lane(&spare), now).urgent())?;
            } else {
                tx.execute("DELETE FROM spare WHERE id = ?1", [&spare])?;
            }
            journal::append(tx, now, "spareRetired", &spare, &serde_json::json!({ "told": told }))
        })
    }

    /// The service took a spare away. Answers whether it is gone: while a late grant may still arrive behind the
    /// removal it is not, and has to be removed again.
    ///
    /// # Errors
    /// What the store says.
    pub fn spare_removed(&self, id: SpareId, now: UtcMillis) -> Result<bool, StoreError> {
        self.change(|tx| {
            let doubtful: Option<Option<i64>> = tx
                .prepare_cached("SELECT doubtful_at FROM spare WHERE id = ?1")?
                .query_row([id.to_string()], |row| row.get(0))
                .optional()?;
            let Some(doubtful) = doubtful else { return Ok(true) };
            if doubtful.is_some_and(|at| UtcMillis(at.min(now.0)).plus(LATE_REQUESTS) > now) {
                return Ok(false);
            }
            tx.prepare_cached("DELETE FROM spare WHERE id = ?1")?.execute([id.to_string()])?;
            journal::append(tx, now, "spareRemoved", &id.to_string(), &serde_json::json!({}))?;
            Ok(true)
        })
    }

    /// Gives a spare to a visitor whose pass has no code yet: the pass takes over its code, its person, its limit and
    /// of its window what lies in the visit. Answers `false`, and changes nothing, where that cannot be: the spare is
    /// gone, or something of the pass may have reached the service.
    ///
    /// # Errors
    /// What the store says; then nothing was written.
    pub fn give_spare(&self, pass: PassId, given: &GivenSpare, now: UtcMillis) -> Result<bool, StoreError> {
        self.change(|tx| give(tx, pass, given, now))
    }
}

/// See [`Store::give_spare`].
pub(crate) fn give(
    tx: &Change<'_>,
    pass: PassId,
    given: &GivenSpare,
    now: UtcMillis,
) -> Result<bool, StoreError> {
    let (pass, spare) = (pass.to_string(), given.id.to_string());
    let found = tx
        .prepare_cached(&format!("SELECT {COLUMNS} WHERE id = ?1 AND state = 'ready'"))?
        .query_row([&spare], read)
        .optional()?;
    let Some(row) = found else { return Ok(false) };
    let visitor: Option<String> = tx
        .prepare_cached(
            "SELECT visitor FROM pass WHERE id = ?1 AND state = 'active' AND code IS NULL
               AND NOT EXISTS (SELECT 1 FROM pass AS other WHERE other.visitor = pass.visitor AND other.id <> pass.id)",
        )?
        .query_row([&pass], |row| row.get(0))
        .optional()?;
    let Some(visitor) = visitor.filter(|_| row.terms.window.until > now) else { return Ok(false) };
    if !never_granted(tx, &pass)? {
        return Ok(false);
    }
    let former = former_person(tx, &visitor)?;
    // The spare first: its person is the visitor from now on, and an id is one person's.
    tx.prepare_cached("DELETE FROM spare WHERE id = ?1")?.execute([&spare])?;
    tx.prepare_cached("UPDATE visitor SET identity = ?2 WHERE id = ?1")?
        .execute(params![visitor, row.identity.0])?;
    tx.prepare_cached(
        "UPDATE pass SET code = ?2, spare = 1, ends_at = min(ends_at, ?3), scan_times = ?4, scan_scope = ?5,
                         code_index = ?6 WHERE id = ?1",
    )?
    .execute(params![
        pass,
        key_of(tx, &visitor)?.seal(&code_place(&pass), given.code.reveal())?,
        row.terms.window.until.0,
        row.terms.limit.times,
        word(row.terms.limit.scope),
        tx.sealing()?.index("code", given.code.reveal())
    ])?;
    tx.prepare_cached("UPDATE pass_door SET readiness = ?2, said = NULL WHERE pass = ?1")?
        .execute(params![pass, word(Readiness::Ready)])?;
    for kind in [Kind::GenerateCode, Kind::GrantPass] {
        supersede(tx, kind, &pass)?;
    }
    supersede(tx, Kind::PrepareSpare, &spare)?;
    // The name of the person, and the window of the code, as the service has to know them from now on.
    let registered = match open_row_of(tx, Kind::RegisterVisitor, &visitor)? {
        Some(row) => row,
        None => {
            enqueue(tx, &NewRow::new(Kind::RegisterVisitor, &visitor, format!("visitor:{visitor}"), now))?
        }
    };
    if let Some(former) = &former {
        take_away(tx, former, &row.terms, registered, now)?;
    }
    let ends: i64 = tx.query_row("SELECT ends_at FROM pass WHERE id = ?1", [&pass], |row| row.get(0))?;
    let narrow = NewRow::new(Kind::NarrowPass, &pass, format!("pass:{pass}"), now).after(Some(registered));
    enqueue(tx, &narrow.not_after(UtcMillis(ends.max(row.terms.window.until.0))))?;
    journal::append(tx, now, "spareGiven", &pass, &serde_json::json!({ "spare": spare, "until": ends }))?;
    Ok(true)
}

/// Whom a visitor was to the service before they got a spare.
struct Former {
    identity: String,
    /// Whether a call about them may still arrive.
    doubtful: bool,
}

/// None where the service never heard of them.
fn former_person(tx: &Change<'_>, visitor: &str) -> Result<Option<Former>, StoreError> {
    Ok(tx
        .prepare_cached(
            "SELECT visitor.identity, max(outbox.state <> 'done' OR outbox.taken > 1)
             FROM visitor JOIN outbox ON outbox.subject = visitor.id
             WHERE visitor.id = ?1 AND outbox.kind = 'registerVisitor' AND outbox.taken > 0
             GROUP BY visitor.identity",
        )?
        .query_row([visitor], |row| Ok(Former { identity: row.get(0)?, doubtful: row.get(1)? }))
        .optional()?)
}

/// A person who is nobody any more goes the way of a spare that nobody needs, after whatever was on its way about them.
fn take_away(
    tx: &Change<'_>,
    former: &Former,
    terms: &Terms,
    after: i64,
    now: UtcMillis,
) -> Result<(), StoreError> {
    let id = SpareId::new(now).to_string();
    tx.prepare_cached(
        "INSERT INTO spare (id, identity, doors, starts_at, ends_at, scan_times, scan_scope, code, state, made_at,
                            doubtful_at)
         VALUES (?1, ?2, '[]', ?3, ?4, ?5, ?6, NULL, 'removing', ?7, ?8)",
    )?
    .execute(params![
        id,
        former.identity,
        terms.window.from.0,
        terms.window.until.0,
        terms.limit.times,
        word(terms.limit.scope),
        now.0,
        former.doubtful.then_some(now.0)
    ])?;
    enqueue(tx, &NewRow::new(Kind::RemoveSpare, &id, lane(&id), now).urgent().after(Some(after)))?;
    Ok(())
}
