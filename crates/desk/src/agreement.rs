//! What visitors agree to, and what of it is kept with the visit.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use specta::Type;
use vestibule_domain::agreement::Consent;
use vestibule_domain::staff::Act;
use vestibule_domain::{UtcMillis, VisitId};
use vestibule_store::AgreementRow;

use crate::{AgreementText, Desk, Failure, FailureCode, Language};

/// What the kiosk asks a visitor to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AgreementView {
    /// What this version is called.
    pub version: String,
    /// The text in each language; a language without one is shown the first.
    pub texts: Vec<AgreementText>,
}

/// That a visitor signed what was shown to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Signed {
    /// The version that was on the screen.
    pub version: String,
    /// The language it was read in.
    pub language: Language,
    /// The signature.
    pub consent: Consent,
}

/// A signature, for staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SignatureView {
    /// What the signed version is called.
    pub version: String,
    /// SHA-256 over what was shown.
    pub text_hash: String,
    /// The signature.
    pub consent: Consent,
    /// When.
    pub at: UtcMillis,
}

impl Desk {
    /// What a visitor has to sign; none where nothing is asked.
    #[must_use]
    pub fn agreement(&self) -> Option<AgreementView> {
        let asked = &self.inner.settings.agreement;
        asked.is_asked().then(|| AgreementView { version: asked.version.clone(), texts: asked.text.clone() })
    }

    /// What the visitor of a visit signed; none where they did not.
    ///
    /// # Errors
    /// What the store says.
    pub fn signature(&self, visit: VisitId) -> Result<Option<SignatureView>, Failure> {
        self.may(Act::SeeVisits)?;
        let row = self.inner.store.agreement(visit)?;
        Ok(row.map(|row| SignatureView {
            version: row.version,
            text_hash: row.text_hash,
            consent: row.consent,
            at: row.at,
        }))
    }

    /// What is kept. The text is that of the settings: only its version and language come from the page.
    pub(crate) fn agreed(&self, signed: &Signed, at: UtcMillis) -> Result<AgreementRow, Failure> {
        let asked = &self.inner.settings.agreement;
        let text = asked.text.iter().find(|text| text.language == signed.language).or(asked.text.first());
        let not_signed = || Failure::of(FailureCode::NotSigned);
        let text = text.filter(|_| signed.version == asked.version).ok_or_else(not_signed)?;
        if !signed.consent.is_whole() {
            return Err(not_signed());
        }
        Ok(AgreementRow {
            version: signed.version.clone(),
            language: text.language.word().to_owned(),
            text_hash: hash(text),
            consent: signed.consent.clone(),
            at,
        })
    }
}

fn hash(text: &AgreementText) -> String {
    let shown = format!("{}\n{}\n{}", text.title, text.summary.join("\n"), text.full);
    hex::encode(Sha256::digest(shown))
}
