//! The directory of hosts, and what each is found by.

use rusqlite::{Row, params};
use vestibule_domain::host::{Host, words};
use vestibule_domain::{HostId, UtcMillis};

use crate::{Change, Store, StoreError, journal};

/// What a list of hosts changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct HostsChanged {
    /// New ones.
    pub added: usize,
    /// Known ones that are different now.
    pub changed: usize,
    /// Known ones that are the same.
    pub same: usize,
    /// Ones that are in the directory and not in the list; they go only when the list replaces it.
    pub missing: usize,
}

const COLUMNS: &str = "id, name, department, phone, email FROM host";

fn read(row: &Row<'_>) -> rusqlite::Result<Host> {
    Ok(Host {
        id: HostId(row.get(0)?),
        name: row.get(1)?,
        department: row.get(2)?,
        phone: row.get(3)?,
        email: row.get(4)?,
    })
}

impl Store {
    /// Writes down a list of hosts, in one transaction. Those that are not in it go only where it `replaces` the
    /// directory. With `dry` nothing is written, and the answer is what would be.
    ///
    /// # Errors
    /// What the store says; then nothing was written.
    pub fn keep_hosts(
        &self,
        hosts: &[Host],
        replaces: bool,
        dry: bool,
        now: UtcMillis,
    ) -> Result<HostsChanged, StoreError> {
        let known = self.hosts()?;
        let find = |id: &HostId| known.binary_search_by(|host| host.id.cmp(id)).ok().map(|at| &known[at]);
        let (mut added, mut different) = (0, Vec::new());
        for host in hosts {
            match find(&host.id) {
                None => added += 1,
                Some(before) if before == host => continue,
                Some(_) => {}
            }
            different.push(host);
        }
        let listed: std::collections::BTreeSet<&HostId> = hosts.iter().map(|host| &host.id).collect();
        let missing: Vec<&HostId> =
            known.iter().map(|host| &host.id).filter(|id| !listed.contains(id)).collect();
        let changed = HostsChanged {
            added,
            changed: different.len() - added,
            same: hosts.len() - different.len(),
            missing: missing.len(),
        };
        let gone = if replaces { missing.as_slice() } else { &[] };
        if dry || (different.is_empty() && gone.is_empty()) {
            return Ok(changed);
        }
        self.change(|tx| {
            for host in &different {
                keep(tx, host, now)?;
            }
            for id in gone {
                tx.execute("DELETE FROM host WHERE id = ?1", [&id.0])?;
            }
            let detail = serde_json::json!({ "kept": different.len(), "removed": gone.len() });
            journal::append(tx, now, "hostsChanged", "", &detail)
        })?;
        Ok(changed)
    }

    /// Takes a host out of the directory. Their visits stay.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or what the store says.
    pub fn remove_host(&self, id: &HostId, now: UtcMillis) -> Result<(), StoreError> {
        self.change(|tx| {
            if tx.execute("DELETE FROM host WHERE id = ?1", [&id.0])? == 0 {
                return Err(StoreError::NotFound);
            }
            journal::append(tx, now, "hostsChanged", "", &serde_json::json!({ "kept": 0, "removed": 1 }))
        })
    }

    /// All hosts, by id.
    ///
    /// # Errors
    /// What the store says.
    pub fn hosts(&self) -> Result<Vec<Host>, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} ORDER BY id"))?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether there is a directory at all.
    ///
    /// # Errors
    /// What the store says.
    pub fn has_hosts(&self) -> Result<bool, StoreError> {
        Ok(self.read().query_row("SELECT EXISTS (SELECT 1 FROM host)", [], |row| row.get(0))?)
    }

    /// A host.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or what the store says.
    pub fn host(&self, id: &HostId) -> Result<Host, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE id = ?1"))?;
        Ok(statement.query_row([&id.0], read)?)
    }

    /// The hosts with this very name, two at most: more than one says nothing.
    ///
    /// # Errors
    /// What the store says.
    pub fn hosts_named(&self, name: &str) -> Result<Vec<Host>, StoreError> {
        let connection = self.read();
        let mut statement =
            connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE name = ?1 ORDER BY id LIMIT 2"))?;
        let rows = statement.query_map([name], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The hosts of whom a word begins like this, by name, at most `limit`.
    ///
    /// # Errors
    /// What the store says.
    pub fn hosts_found(&self, query: &str, limit: usize) -> Result<Vec<Host>, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} WHERE id IN (SELECT host FROM host_word WHERE word >= ?1 AND word < ?2)
             ORDER BY name, id LIMIT ?3"
        ))?;
        // No letter comes behind the last one there is.
        let beyond = format!("{query}\u{10ffff}");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map(params![query, beyond, limit], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn keep(tx: &Change<'_>, host: &Host, now: UtcMillis) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO host (id, name, department, phone, email, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, department = excluded.department,
             phone = excluded.phone, email = excluded.email, changed_at = excluded.changed_at",
    )?
    .execute(params![host.id.0, host.name, host.department, host.phone, host.email, now.0])?;
    tx.prepare_cached("DELETE FROM host_word WHERE host = ?1")?.execute([&host.id.0])?;
    for word in words(&host.name) {
        tx.prepare_cached("INSERT INTO host_word (word, host) VALUES (?1, ?2)")?
            .execute([&word, &host.id.0])?;
    }
    Ok(())
}
