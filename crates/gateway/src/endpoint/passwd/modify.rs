//! Sets passwords at doors.
//!
//! Table and sample contradict one another in three places; [`Spelling`] chooses. Default: as the table has it.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::{DoorId, IdentityId};

use super::super::Endpoint;
use crate::limit::{self, Limit};
use crate::options::{ExpiryName, IdentityPlace, Spelling};
use crate::replay::Replay;

/// The most rows in one call.
pub const MOST: usize = 100;

/// `/entrance/paas/perm/passwd/modify`. The answer lists the doors of rows that failed, under code 200. There is no
/// call that removes a password: it is overwritten by one that has ended.
#[derive(Debug, Clone, Copy)]
pub struct Modify;

/// The rows to set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// At most 100 rows.
    pub passwords: Vec<Password>,
}

/// A password of a person at a door. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Password {
    /// The person.
    pub identity_id: IdentityId,
    /// The door.
    pub iot_id: DoorId,
    /// The password, at most 255 characters.
    pub password: String,
    /// Its number; a door may have several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Number>,
    /// Until when, `yyyy-MM-dd HH:mm:ss` on the door's clock.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "expiryDate")]
    pub expired_date: Option<String>,
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Password({} at {}, redacted)", self.identity_id, self.iot_id)
    }
}

/// The number of a password: an integer in the table, `"030"` in the sample. Text keeps its leading zeros.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number {
    /// As the table has it.
    Integer(i64),
    /// As the sample has it.
    Text(String),
}

impl Endpoint for Modify {
    const PATH: &'static str = "/entrance/paas/perm/passwd/modify";
    const API_VERSION: &'static str = "1.0.0";
    const REPLAY: Replay = Replay::Same;
    type Params = Params;
    type Data = Vec<DoorId>;

    fn check(params: &Params) -> Result<(), Limit> {
        limit::some("passwords", MOST, params.passwords.len())?;
        for row in &params.passwords {
            limit::not_empty("identityId", &row.identity_id.0)?;
            limit::not_empty("iotId", &row.iot_id.0)?;
            limit::not_empty("password", &row.password)?;
            limit::at_most_letters("password", 255, &row.password)?;
            if let Some(end) = &row.expired_date {
                limit::civil("expiredDate", end)?;
            }
        }
        Ok(())
    }

    fn write(params: &Params, spelling: Spelling, out: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(out, &Wire::of(params, spelling)?)
    }

    /// The document's sample is not JSON (`["iotId":"…"]`), so three shapes are read: objects, plain texts, nothing.
    fn read(data: Option<&RawValue>) -> serde_json::Result<Vec<DoorId>> {
        let rows: Option<Vec<FailedRow>> = serde_json::from_str(data.map_or("null", RawValue::get))?;
        Ok(rows.unwrap_or_default().into_iter().map(FailedRow::door).collect())
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum FailedRow {
    #[serde(rename_all = "camelCase")]
    Object {
        iot_id: DoorId,
    },
    Plain(DoorId),
}

impl FailedRow {
    fn door(self) -> DoorId {
        match self {
            Self::Object { iot_id } | Self::Plain(iot_id) => iot_id,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_id: Option<&'a IdentityId>,
    passwords: Vec<WireRow<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_id: Option<&'a IdentityId>,
    iot_id: &'a DoorId,
    password: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expired_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry_date: Option<&'a str>,
}

impl<'a> Wire<'a> {
    fn of(params: &'a Params, spelling: Spelling) -> serde_json::Result<Self> {
        let first = params.passwords.first().map(|row| &row.identity_id);
        let shared = first.filter(|id| params.passwords.iter().all(|row| row.identity_id == **id));
        let in_rows = spelling.identity == IdentityPlace::InEachRow;
        if !in_rows && shared.is_none() {
            return Err(serde::ser::Error::custom("one call with the person at the top is for one person"));
        }
        let passwords =
            params.passwords.iter().map(|row| WireRow::of(row, in_rows, spelling.expiry)).collect();
        Ok(Self { identity_id: shared, passwords })
    }
}

impl<'a> WireRow<'a> {
    fn of(row: &'a Password, with_identity: bool, expiry: ExpiryName) -> Self {
        let end = row.expired_date.as_deref();
        let (expired_date, expiry_date) = match expiry {
            ExpiryName::ExpiredDate => (end, None),
            ExpiryName::ExpiryDate => (None, end),
            ExpiryName::Both => (end, end),
        };
        Self {
            identity_id: with_identity.then_some(&row.identity_id),
            iot_id: &row.iot_id,
            password: &row.password,
            number: row.number.as_ref(),
            expired_date,
            expiry_date,
        }
    }
}
