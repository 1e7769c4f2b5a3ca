//! Sealing what was there before the key: a file of before the vault, or one whose PC got a new key.
//!
//! It goes in small steps, each a transaction with a note of how far it came, so that it can end at any moment and go on
//! later; meanwhile every row is read as it stands. At the end the file is written anew, since a page may still hold
//! what it held before it was divided.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use vestibule_domain::visitor::phone_key;

use crate::agreement;
use crate::invitation;
use crate::pass::{code_place, short_place};
use crate::press;
use crate::vault::{DataKey, State};
use crate::visit::{ABOUT, About, host_place};
use crate::{Change, Store, StoreError};

/// The tables to go through, in this order; afterwards the file is written anew.
const TABLES: [&str; 3] = ["visitor", "invitation", "press"];
const WRITE_ANEW: &str = "file:";

impl Store {
    /// Whether the file in a folder is sealed. What cannot be read is taken for sealed: nobody makes a key for it.
    #[must_use]
    pub fn is_sealed(folder: &Path) -> bool {
        let file = folder.join("vestibule.db");
        if !file.exists() {
            return false;
        }
        let looked = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(|file| {
            let has_vault = "SELECT EXISTS (SELECT 1 FROM pragma_table_info('desk') WHERE name = 'vault')";
            if !file.query_row(has_vault, [], |row| row.get(0))? {
                return Ok(false);
            }
            file.query_row("SELECT vault IS NOT NULL FROM desk WHERE only = 1", [], |row| row.get(0))
        });
        looked.unwrap_or(true)
    }

    /// Whether rows from before the key are still gone through.
    ///
    /// # Errors
    /// What the store says.
    pub fn is_being_sealed(&self) -> Result<bool, StoreError> {
        Ok(State::read(&self.read())?.unfinished)
    }

    /// Whether what is known of visitors can be read and added to here.
    ///
    /// # Errors
    /// What the store says.
    pub fn is_open_to_us(&self) -> Result<bool, StoreError> {
        match self.vault().indexes(&self.read(), "", "") {
            Ok(_) => Ok(true),
            Err(StoreError::Sealed) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Seals some more of what is not sealed with the newest key yet, at most `limit` rows. Says whether more is left.
    /// Only the process that speaks for the store does this.
    ///
    /// # Errors
    /// [`StoreError::Sealed`] without a key to what is sealed, or what the store says; then nothing was changed.
    pub fn seal_some(&self, limit: u32) -> Result<bool, StoreError> {
        let state = State::read(&self.read())?;
        if !self.vault().has_key() {
            return if state.name.is_some() { Err(StoreError::Sealed) } else { Ok(false) };
        }
        let progress = self.change(|tx| {
            tx.sealing()?;
            let Some(progress) = progress(tx)? else { return Ok(None) };
            let next = go_on(tx, &progress, limit)?;
            tx.execute("UPDATE desk SET unsealed = ?1 WHERE only = 1", [&next])?;
            Ok(Some(next))
        })?;
        if progress.as_deref() != Some(WRITE_ANEW) {
            return Ok(progress.is_some());
        }
        self.lock().execute_batch("VACUUM")?;
        self.change(|tx| Ok(tx.execute("UPDATE desk SET unsealed = NULL WHERE only = 1", [])?))?;
        self.empty_log()?;
        Ok(false)
    }

    /// Moves everything from the log into the file, and empties it, on a connection of its own: nobody who reads waits
    /// for it, and what can be moved beside those who write is moved first.
    ///
    /// # Errors
    /// What SQLite says. Somebody who still reads from the log is no error; it is emptied another time.
    pub fn empty_log(&self) -> Result<(), StoreError> {
        let Some(connection) = self.another()? else { return Ok(()) };
        for how in ["PASSIVE", "TRUNCATE"] {
            connection.query_row(&format!("PRAGMA wal_checkpoint({how})"), [], |_| Ok(()))?;
        }
        Ok(())
    }
}

fn progress(tx: &Change<'_>) -> Result<Option<String>, StoreError> {
    Ok(tx.query_row("SELECT unsealed FROM desk WHERE only = 1", [], |row| row.get(0))?)
}

/// One step: the rows after the one that is noted, and the note of how far it came.
fn go_on(tx: &Change<'_>, progress: &str, limit: u32) -> Result<String, StoreError> {
    if progress == WRITE_ANEW {
        return Ok(progress.to_owned());
    }
    let (table, after) = progress.split_once(':').unwrap_or((TABLES[0], ""));
    let ids: Vec<String> = tx
        .prepare(&format!("SELECT id FROM {table} WHERE id > ?1 ORDER BY id LIMIT ?2"))?
        .query_map(params![after, limit], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in &ids {
        match table {
            "visitor" => reseal_visitor(tx, id)?,
            "invitation" => reseal_invitation(tx, id)?,
            _ => reseal_note(tx, id)?,
        }
    }
    if let Some(last) = ids.last() {
        return Ok(format!("{table}:{last}"));
    }
    let next = TABLES.iter().skip_while(|known| **known != table).nth(1);
    Ok(next.map_or_else(|| WRITE_ANEW.to_owned(), |next| format!("{next}:")))
}

/// A visitor, their visits, passes and agreements: sealed with a new key of theirs, or that key wrapped anew. What they
/// are looked up by follows from the key of the PC, and is new in both cases.
fn reseal_visitor(tx: &Change<'_>, id: &str) -> Result<(), StoreError> {
    let (wrapped, about): (Option<Vec<u8>>, Vec<u8>) = tx
        .prepare_cached("SELECT key, about FROM visitor WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let open = DataKey::none();
    let (from, to, new) = match &wrapped {
        None => {
            let (key, wrapped) = tx.vault.new_key(id)?;
            (open, key, wrapped)
        }
        Some(wrapped) => {
            let Some(anew) = tx.vault.wrapped_anew(id, wrapped)? else { return Ok(()) };
            let key = || tx.vault.key(id, Some(wrapped));
            (key()?, key()?, Some(anew))
        }
    };
    let text = from.open(ABOUT, &about)?;
    let phone = serde_json::from_str::<About>(&text).map_err(|_| StoreError::Corrupt)?.phone;
    let phone = (!phone.is_empty()).then(|| tx.vault.index("phone", &phone_key(&phone)));
    tx.prepare_cached("UPDATE visitor SET key = ?2, about = ?3, phone = ?4 WHERE id = ?1")?
        .execute(params![id, new, to.seal(ABOUT, &text)?, phone])?;
    let anew = |place: &str, sealed: &[u8]| to.seal(place, &from.open(place, sealed)?);
    for (visit, host) in blobs(tx, "SELECT id, host FROM visit WHERE visitor = ?1", id)? {
        let host = anew(&host_place(&visit), &host)?;
        tx.prepare_cached("UPDATE visit SET host = ?2 WHERE id = ?1")?.execute(params![visit, host])?;
        let signatures = blobs(tx, "SELECT visit, signature FROM agreement WHERE visit = ?1", &visit)?;
        for (_, signature) in signatures {
            let signature = anew(&agreement::place(&visit), &signature)?;
            tx.prepare_cached("UPDATE agreement SET signature = ?2 WHERE visit = ?1")?
                .execute(params![visit, signature])?;
        }
        reseal_passes(tx, &visit, &from, &to)?;
    }
    Ok(())
}

fn reseal_passes(tx: &Change<'_>, visit: &str, from: &DataKey, to: &DataKey) -> Result<(), StoreError> {
    type Sealed = (String, Option<Vec<u8>>, Vec<u8>);
    let passes: Vec<Sealed> = tx
        .prepare_cached("SELECT id, code, short_code FROM pass WHERE visit = ?1")?
        .query_map([visit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (id, code, short) in passes {
        let code = code.map(|code| from.open(&code_place(&id), &code)).transpose()?;
        let short = from.open(&short_place(&id), &short)?;
        tx.prepare_cached(
            "UPDATE pass SET code = ?2, code_index = ?3, short_code = ?4, short_index = ?5 WHERE id = ?1",
        )?
        .execute(params![
            id,
            code.as_deref().map(|code| to.seal(&code_place(&id), code)).transpose()?,
            code.as_deref().map(|code| tx.vault.index("code", code)),
            to.seal(&short_place(&id), &short)?,
            tx.vault.index("short", &short)
        ])?;
    }
    Ok(())
}

fn reseal_invitation(tx: &Change<'_>, id: &str) -> Result<(), StoreError> {
    let place = invitation::place(id);
    let about: Vec<u8> =
        tx.prepare_cached("SELECT about FROM invitation WHERE id = ?1")?.query_row([id], |row| row.get(0))?;
    let text = tx.vault.open_alone(&place, &about)?;
    let short = invitation::short_code_in(&text)?;
    tx.prepare_cached("UPDATE invitation SET about = ?2, short_index = ?3 WHERE id = ?1")?
        .execute(params![id, tx.vault.seal_alone(&place, &text)?, tx.vault.index("short", &short)])?;
    Ok(())
}

fn reseal_note(tx: &Change<'_>, id: &str) -> Result<(), StoreError> {
    let place = press::place(id);
    let note: Option<Option<Vec<u8>>> = tx
        .prepare_cached("SELECT note FROM press WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let Some(note) = note.flatten() else { return Ok(()) };
    let note = tx.vault.seal_alone(&place, &tx.vault.open_alone(&place, &note)?)?;
    tx.prepare_cached("UPDATE press SET note = ?2 WHERE id = ?1")?.execute(params![id, note])?;
    Ok(())
}

fn blobs(tx: &Change<'_>, query: &str, id: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let mut statement = tx.prepare_cached(query)?;
    let rows = statement.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
