//! Visitors and their visits.

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use vestibule_domain::visitor::{Introduction, phone_key};
use vestibule_domain::{HostId, IdentityId, InvitationId, PassId, UtcMillis, VisitId, VisitorId};

use crate::agreement::{self, AgreementRow};
use crate::column::parse;
use crate::invitation::use_up;
use crate::outbox::{Kind, NewRow, enqueue};
use crate::pass::{NewPass, insert_pass, revoke_passes_of};
use crate::spare::{GivenSpare, give};
use crate::vault::{DataKey, Vault};
use crate::{Change, Store, StoreError, journal};

/// A visitor who comes in.
#[derive(Debug, Clone)]
pub struct NewVisit {
    /// The visit's id.
    pub id: VisitId,
    /// The visitor's id.
    pub visitor: VisitorId,
    /// The visitor's id at the service.
    pub identity: IdentityId,
    /// What they told us.
    pub introduction: Introduction,
    /// The form instance it came from: sent twice, it is one visit.
    pub form: String,
    /// When.
    pub at: UtcMillis,
    /// Their pass, where they get one right away.
    pub pass: Option<NewPass>,
    /// The spare that their pass takes over, where the gateway cannot be reached.
    pub spare: Option<GivenSpare>,
    /// What else is known.
    pub details: Details,
}

/// What is known of some visits.
#[derive(Debug, Clone, Default)]
pub struct Details {
    /// Whom they visit, where the directory knows them.
    pub known_host: Option<HostId>,
    /// The visitor did not know whom; somebody has to ask.
    pub asks_host: bool,
    /// The invitation they came with; it is used up.
    pub invitation: Option<InvitationId>,
    /// What they agreed to.
    pub agreement: Option<AgreementRow>,
}

/// A visit as the ledger has it.
#[derive(Clone, PartialEq, Eq)]
pub struct VisitRow {
    /// Its id.
    pub id: VisitId,
    /// Whose it is.
    pub visitor: VisitorId,
    /// The visitor's id at the service.
    pub identity: IdentityId,
    /// The visitor's name.
    pub name: String,
    /// Their phone number.
    pub phone: String,
    /// Whom they visit.
    pub host: String,
    /// When they came.
    pub came_at: UtcMillis,
    /// When they left.
    pub left_at: Option<UtcMillis>,
    /// Whether somebody has to ask them whom they visit.
    pub asks_host: bool,
    /// Whether they signed an agreement.
    pub agreed: bool,
}

/// What became of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visit {
    /// A new visit.
    New(VisitId),
    /// The form had been sent before: its visit.
    Known(VisitId),
}

const COLUMNS: &str = "visit.id, visit.visitor, visitor.identity, visitor.key, visitor.about, visit.host,
    visit.came_at, visit.left_at, visit.asks_host, EXISTS (SELECT 1 FROM agreement WHERE agreement.visit = visit.id)
    FROM visit JOIN visitor ON visitor.id = visit.visitor";

/// What is sealed of a visitor.
#[derive(Serialize, Deserialize)]
pub(crate) struct About {
    pub(crate) name: String,
    pub(crate) phone: String,
}

/// The places that sealed texts are bound to.
pub(crate) const ABOUT: &str = "visitor.about";

pub(crate) fn host_place(visit: &str) -> String {
    format!("visit.host {visit}")
}

/// The name and number of a visitor, from the columns with their key and what is sealed with it.
pub(crate) fn about(
    vault: Vault<'_>,
    visitor: &str,
    row: &Row<'_>,
    key: usize,
) -> Result<(DataKey, About), StoreError> {
    let key_of = vault.key(visitor, row.get_ref(key)?.as_blob_or_null().map_err(rusqlite::Error::from)?)?;
    let text = key_of.open(ABOUT, row.get_ref(key + 1)?.as_blob().map_err(rusqlite::Error::from)?)?;
    Ok((key_of, serde_json::from_str(&text).map_err(|_| StoreError::Corrupt)?))
}

fn read(vault: Vault<'_>, row: &Row<'_>) -> Result<VisitRow, StoreError> {
    let (id, visitor): (String, String) = (row.get(0)?, row.get(1)?);
    let (key, about) = about(vault, &visitor, row, 3)?;
    let host: Vec<u8> = row.get(5)?;
    Ok(VisitRow {
        id: parse(row, 0)?,
        visitor: parse(row, 1)?,
        identity: IdentityId(row.get(2)?),
        name: about.name,
        phone: about.phone,
        host: key.open(&host_place(&id), &host)?,
        came_at: UtcMillis(row.get(6)?),
        left_at: row.get::<_, Option<i64>>(7)?.map(UtcMillis),
        asks_host: row.get(8)?,
        agreed: row.get(9)?,
    })
}

impl Store {
    /// Writes down that a visitor came: visitor, visit, pass, what the gateway has to be told, and the journal, in
    /// one transaction.
    ///
    /// # Errors
    /// What the store says; then nothing was written.
    pub fn register(&self, new: &NewVisit) -> Result<Visit, StoreError> {
        self.change(|tx| {
            if let Some(known) = visit_of_form(tx, &new.form)? {
                return Ok(Visit::Known(known));
            }
            let (visitor, visit) = (new.visitor.to_string(), new.id.to_string());
            let vault = tx.sealing()?;
            let (key, wrapped) = vault.new_key(&visitor)?;
            let Introduction { name, phone, host } = &new.introduction;
            let phone_index = (!phone.is_empty()).then(|| vault.index("phone", &phone_key(phone)));
            let about = serde_json::json!({ "name": name, "phone": phone }).to_string();
            tx.prepare_cached(
                "INSERT INTO visitor (id, identity, key, about, phone, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                visitor,
                new.identity.0,
                wrapped,
                key.seal(ABOUT, &about)?,
                phone_index,
                new.at.0
            ])?;
            tx.prepare_cached(
                "INSERT INTO visit (id, visitor, host, form, came_at, left_at, known_host, asks_host)
                 VALUES (?1, ?2, ?3, ?4, ?5, NULL, (SELECT id FROM host WHERE id = ?6), ?7)",
            )?
            .execute(params![
                visit,
                visitor,
                key.seal(&host_place(&visit), host)?,
                new.form,
                new.at.0,
                new.details.known_host.as_ref().map(|host| &host.0),
                new.details.asks_host
            ])?;
            if let Some(invitation) = new.details.invitation {
                use_up(tx, invitation, new.id, new.at)?;
            }
            if let Some(agreement) = &new.details.agreement {
                agreement::insert(tx, &visit, &key, agreement)?;
            }
            let row = NewRow::new(Kind::RegisterVisitor, &visitor, format!("visitor:{visitor}"), new.at);
            let registered = enqueue(tx, &row)?;
            journal::append(
                tx,
                new.at,
                "visitorCame",
                &visit,
                &serde_json::json!({ "visitor": new.visitor }),
            )?;
            if let Some(pass) = &new.pass {
                insert_pass(tx, pass, &key, Some(registered))?;
                if let Some(given) = &new.spare {
                    give(tx, pass.id, given, new.at)?;
                }
            }
            Ok(Visit::New(new.id))
        })
    }

    /// Writes down that a visitor left, and takes their passes back.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or what the store says. Leaving twice changes nothing.
    pub fn sign_out(&self, visit: VisitId, now: UtcMillis) -> Result<Vec<PassId>, StoreError> {
        self.change_even_when_full(|tx| {
            let changed = tx
                .prepare_cached("UPDATE visit SET left_at = ?2 WHERE id = ?1 AND left_at IS NULL")?
                .execute(params![visit.to_string(), now.0])?;
            if changed == 0 {
                tx.query_row("SELECT 1 FROM visit WHERE id = ?1", [visit.to_string()], |_| Ok(()))?;
                return Ok(Vec::new());
            }
            journal::append(tx, now, "visitorLeft", &visit.to_string(), &serde_json::json!({}))?;
            revoke_passes_of(tx, visit, now)
        })
    }

    /// A visit.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or what the store says.
    pub fn visit(&self, id: VisitId) -> Result<VisitRow, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE visit.id = ?1"))?;
        let mut rows = statement.query([id.to_string()])?;
        read(self.vault(), rows.next()?.ok_or(StoreError::NotFound)?)
    }

    /// The name that belongs to a phone number: that of the newest visit since `since`.
    ///
    /// # Errors
    /// What the store says.
    pub fn name_by_phone(&self, phone: &str, since: UtcMillis) -> Result<Option<String>, StoreError> {
        let visits = self.visits_of_phone(phone)?;
        let newest = visits.into_iter().rev().find(|visit| visit.came_at >= since);
        Ok(newest.map(|visit| visit.name))
    }

    /// The visits of whoever has a phone number, oldest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn visits_of_phone(&self, phone: &str) -> Result<Vec<VisitRow>, StoreError> {
        if phone.is_empty() {
            return Ok(Vec::new());
        }
        let (connection, vault) = (self.read(), self.vault());
        let mut statement =
            connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE visitor.phone = ?1"))?;
        let mut visits = Vec::new();
        for index in vault.indexes(&connection, "phone", &phone_key(phone))? {
            for visit in statement.query_and_then([index], |row| read(vault, row))? {
                visits.push(visit?);
            }
        }
        visits.sort_by_key(|visit| (visit.came_at, visit.id));
        Ok(visits)
    }

    /// The visits that concern somebody now, newest first, at most `limit`: those that began at or after `from`, and of
    /// the earlier ones those whose pass still counts or who came the day before and did not leave.
    ///
    /// # Errors
    /// What the store says.
    pub fn visits_since(
        &self,
        from: UtcMillis,
        now: UtcMillis,
        limit: u32,
    ) -> Result<Vec<VisitRow>, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} WHERE visit.came_at >= ?1
                OR (visit.came_at >= ?1 - 86400000 AND visit.left_at IS NULL)
                OR visit.id IN (SELECT pass.visit FROM pass WHERE pass.state = 'active' AND pass.ends_at > ?2)
             ORDER BY visit.came_at DESC, visit.id DESC LIMIT ?3"
        ))?;
        statement.query_and_then(params![from.0, now.0, limit], |row| read(self.vault(), row))?.collect()
    }

    /// The visits that began at or after `from` and before `until`, newest first, at most `limit`.
    ///
    /// # Errors
    /// What the store says.
    pub fn visits_between(
        &self,
        from: UtcMillis,
        until: UtcMillis,
        limit: u32,
    ) -> Result<Vec<VisitRow>, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} WHERE visit.came_at >= ?1 AND visit.came_at < ?2
             ORDER BY visit.came_at DESC, visit.id DESC LIMIT ?3"
        ))?;
        statement.query_and_then(params![from.0, until.0, limit], |row| read(self.vault(), row))?.collect()
    }
}

fn visit_of_form(tx: &Change<'_>, form: &str) -> Result<Option<VisitId>, StoreError> {
    Ok(tx
        .prepare_cached("SELECT id FROM visit WHERE form = ?1")?
        .query_row([form], |row| parse(row, 0))
        .optional()?)
}
