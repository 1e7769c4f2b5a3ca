//! Shapes that several answers share, read leniently where the service's table and samples differ.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use vestibule_domain::{DoorId, IdentityId};

/// What became of one door of a `qrcode/config` or `qrcode/remove`. The table has `code` as a number, the sample as
/// text; both are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DoorAnswer {
    /// The door.
    pub iot_id: DoorId,
    /// 200 for success.
    #[serde(deserialize_with = "number")]
    pub code: i64,
    /// The service's words when it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl DoorAnswer {
    /// Whether this door took it.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.code == 200
    }
}

/// The right of a card at a door (`CardDTO`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CardRight {
    /// The door.
    pub iot_id: DoorId,
    /// Until when, `yyyy-MM-dd HH:mm:ss` on the door's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_time: Option<String>,
    /// The card.
    pub card_id: String,
    /// The person.
    pub identity_id: IdentityId,
}

/// A row of a card batch that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedCard {
    /// The door.
    pub iot_id: DoorId,
    /// The card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_id: Option<String>,
    /// The person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_id: Option<IdentityId>,
}

/// One page of a list. The page's own numbers are missing from one of the samples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: Deserialize<'de>"))]
pub struct Page<T> {
    /// How many rows there are in all.
    #[serde(default)]
    pub total: Option<u64>,
    /// The page size that was asked for.
    #[serde(default)]
    pub page_size: Option<u32>,
    /// The page that was asked for.
    #[serde(default)]
    pub page_no: Option<u32>,
    /// The rows.
    #[serde(default = "Vec::new", deserialize_with = "null_as_empty")]
    pub data: Vec<T>,
}

/// Reads an integer that may be written as text.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(i64),
        Text(String),
    }
    match Either::deserialize(deserializer)? {
        Either::Number(number) => Ok(number),
        Either::Text(text) => {
            text.trim().parse().map_err(|_| D::Error::custom("neither a number nor one in text"))
        }
    }
}

fn null_as_empty<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}

/// `data` of calls that return nothing: whatever is there is ignored.
pub(crate) fn nothing(_data: Option<&RawValue>) -> serde_json::Result<()> {
    Ok(())
}

/// `data` that must be there.
pub(crate) fn required<T: DeserializeOwned>(data: Option<&RawValue>) -> serde_json::Result<T> {
    serde_json::from_str(data.map_or("null", RawValue::get))
}

/// A list that may be absent or null when it is empty.
pub(crate) fn list<T: DeserializeOwned>(data: Option<&RawValue>) -> serde_json::Result<Vec<T>> {
    Ok(required::<Option<Vec<T>>>(data)?.unwrap_or_default())
}
