//! A person as the service knows one (`UserDTO`).

use serde::{Deserialize, Deserializer, Serialize};
use vestibule_domain::IdentityId;

/// A person. `Debug` shows neither name nor additions.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// The person's id.
    pub identity_id: IdentityId,
    /// What the person is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whatever else was stored.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "ext_info")]
    pub ext_info: Option<ExtInfo>,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Person({}, redacted)", self.identity_id)
    }
}

/// Additions to a person. The tables have text, the samples an object: text is sent, and text, object and null are
/// read (an object as its JSON).
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ExtInfo(pub String);

impl std::fmt::Debug for ExtInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ExtInfo(redacted)")
    }
}

/// Reads `extInfo` in any of its three forms.
pub(crate) fn ext_info<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ExtInfo>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(ExtInfo(text)),
        other => Some(ExtInfo(other.to_string())),
    })
}

/// Shows an optional private text as present or absent.
pub(crate) fn presence(text: Option<&str>) -> &'static str {
    if text.is_some() { "given" } else { "none" }
}
