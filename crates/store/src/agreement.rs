//! What visitors agreed to, with their signature. Personal data: it lives as long as the visit.

use rusqlite::params;
use vestibule_domain::agreement::{Consent, Stroke};
use vestibule_domain::{UtcMillis, VisitId};

use crate::vault::DataKey;
use crate::{Change, Store, StoreError};

/// That a visitor agreed, and to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementRow {
    /// The version of the text.
    pub version: String,
    /// The language it was read in.
    pub language: String,
    /// SHA-256 over what was shown, in hexadecimal digits.
    pub text_hash: String,
    /// How they agreed.
    pub consent: Consent,
    /// When.
    pub at: UtcMillis,
}

impl Store {
    /// What the visitor of a visit agreed to; none where nothing was asked.
    ///
    /// # Errors
    /// What the store says.
    pub fn agreement(&self, visit: VisitId) -> Result<Option<AgreementRow>, StoreError> {
        let connection = self.read();
        let mut statement = connection.prepare_cached(
            "SELECT version, language, text_hash, kind, signature, at, visitor.id, visitor.key
             FROM agreement JOIN visit ON visit.id = agreement.visit JOIN visitor ON visitor.id = visit.visitor
             WHERE agreement.visit = ?1",
        )?;
        let visit = visit.to_string();
        let read = |row: &rusqlite::Row<'_>| {
            let (kind, sealed): (String, Vec<u8>) = (row.get(3)?, row.get(4)?);
            let (visitor, key): (String, Option<Vec<u8>>) = (row.get(6)?, row.get(7)?);
            let signature = self.vault().key(&visitor, key.as_deref())?.open(&place(&visit), &sealed)?;
            let consent = if kind == "typed" {
                Consent::Typed { name: signature }
            } else {
                let strokes: Vec<Stroke> =
                    serde_json::from_str(&signature).map_err(|_| StoreError::Corrupt)?;
                Consent::Drawn { strokes }
            };
            Ok(AgreementRow {
                version: row.get(0)?,
                language: row.get(1)?,
                text_hash: row.get(2)?,
                consent,
                at: UtcMillis(row.get(5)?),
            })
        };
        statement.query_and_then([&visit], read)?.next().transpose()
    }
}

pub(crate) fn place(visit: &str) -> String {
    format!("agreement.signature {visit}")
}

pub(crate) fn insert(
    tx: &Change<'_>,
    visit: &str,
    key: &DataKey,
    new: &AgreementRow,
) -> Result<(), StoreError> {
    let (kind, signature) = match &new.consent {
        Consent::Drawn { strokes } => ("drawn", serde_json::json!(strokes).to_string()),
        Consent::Typed { name } => ("typed", name.clone()),
    };
    tx.prepare_cached(
        "INSERT INTO agreement (visit, version, language, text_hash, kind, signature, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        visit,
        new.version,
        new.language,
        new.text_hash,
        kind,
        key.seal(&place(visit), &signature)?,
        new.at.0
    ])?;
    Ok(())
}
