//! The one table of the sixteen calls.

use serde_json::Value;

use super::{Endpoint, card, device, keepopen, passwd, qrcode, service, user};
use crate::limit::Limit;
use crate::replay::Replay;

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// A short name for people at a terminal.
    pub name: &'static str,
    /// The path.
    pub path: &'static str,
    /// The `apiVer`.
    pub version: &'static str,
    /// What a second time does.
    pub replay: Replay,
    /// A line of help.
    pub help: &'static str,
    /// Parameters as in the service document.
    pub sample: &'static str,
    /// Whether the document advises against it.
    pub discouraged: bool,
    check: fn(&Value) -> Result<Replay, ParamsFault>,
}

/// Why parameters cannot be those of a call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParamsFault {
    /// A field is missing or of the wrong type.
    #[error("{0}")]
    Shape(String),
    /// A limit is broken.
    #[error("{0}")]
    Limit(Limit),
}

impl Entry {
    /// Checks parameters against the shape and the limits of this call, and says what a second time with them does.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self, params: &Value) -> Result<Replay, ParamsFault> {
        (self.check)(params)
    }
}

fn check<E: Endpoint>(params: &Value) -> Result<Replay, ParamsFault> {
    let params = E::Params::deserialize_value(params)?;
    E::check(&params).map_err(ParamsFault::Limit)?;
    Ok(E::replay(&params))
}

trait DeserializeValue: Sized {
    fn deserialize_value(value: &Value) -> Result<Self, ParamsFault>;
}

impl<T: serde::de::DeserializeOwned> DeserializeValue for T {
    fn deserialize_value(value: &Value) -> Result<Self, ParamsFault> {
        Self::deserialize(value).map_err(|e| ParamsFault::Shape(e.to_string()))
    }
}

const fn entry<E: Endpoint>(name: &'static str, help: &'static str, sample: &'static str) -> Entry {
    Entry {
        name,
        path: E::PATH,
        version: E::API_VERSION,
        replay: E::REPLAY,
        help,
        sample,
        discouraged: false,
        check: check::<E>,
    }
}

const fn discouraged(entry: Entry) -> Entry {
    Entry { discouraged: true, ..entry }
}

/// All sixteen calls, in the order of the service document.
pub static ENDPOINTS: [Entry; 16] = [
    entry::<user::modify::Modify>(
        "user-modify",
        "add a person or change one",
        r#"{"identityId":"50acopfd3a94900494085ed2699e052432c34452","name":"王先生","extInfo":"{}"}"#,
    ),
    entry::<user::delete::Delete>("user-delete", "remove a person", ONE_PERSON),
    entry::<user::get::Get>("user-get", "read a person", ONE_PERSON),
    entry::<user::query::Query>("user-query", "list people", r#"{"pageSize":10,"pageNo":1}"#),
    entry::<card::batchmodify::BatchModify>(
        "card-set",
        "give cards rights at doors (up to 1000 rows); the answer lists what failed",
        r#"{"cards":[{"identityId":"50acopfd3a94900494085ed2699e052432c34452","iotId":"p2OsgId2N2kXMWThRCQP000101","expiryTime":"2020-03-04 18:00:00","cardId":"3d8deae9402d38adfji38"}]}"#,
    ),
    entry::<card::batchdelete::BatchDelete>(
        "card-delete",
        "take a person's right at doors, all cards of that person included",
        r#"{"list":[{"iotId":"p2OsgId2N2kXMWThRCQP000101","identityId":"50acopfd3a94900494085ed2699e052432c34452","cardId":"3d8deae9402d38adfji38"}]}"#,
    ),
    entry::<user::perm_query::PermQuery>(
        "user-perm",
        "read the card rights of a person at given doors",
        r#"{"identityId":"50acopfd3a94900494085ed2699e052432c34452","iotIds":["p2OsgId2N2kXMWThRCQP000101"]}"#,
    ),
    entry::<device::perm_query::PermQuery>(
        "device-perm",
        "list the card rights a door holds",
        r#"{"iotId":"p2OsgId2N2kXMWThRCQP000101","pageSize":10,"pageNo":1}"#,
    ),
    entry::<keepopen::get::Get>(
        "keepopen-get",
        "read whether a door is held open",
        r#"{"iotId":"p2OsgId2N2kXMWThRCQP000101"}"#,
    ),
    entry::<keepopen::set::Set>(
        "keepopen-set",
        "hold a door open, or end that; nothing ends it by itself",
        r#"{"iotId":"p2OsgId2N2kXMWThRCQP000101","keepOpen":true}"#,
    ),
    entry::<qrcode::generate::Generate>(
        "qrcode-generate",
        "make a QR code, still without rights",
        ONE_PERSON,
    ),
    entry::<qrcode::config::Config>(
        "qrcode-config",
        "give a QR code rights at doors",
        r#"{"qrCode":"24DD9END8CD3","identityId":"50acopfd3a94900494085ed2699e052432c34452","iotIds":["p2OsgId2N2kXMWThRCQP000101"],"effectiveTime":"2019-03-04 18:00:00","expiryTime":"2020-03-04 18:00:00"}"#,
    ),
    entry::<qrcode::remove::Remove>(
        "qrcode-remove",
        "take a QR code its rights at doors",
        r#"{"qrCode":"24DD9END8CD3","iotIds":["p2OsgId2N2kXMWThRCQP000101"],"identityId":"50acopfd3a94900494085ed2699e052432c34452"}"#,
    ),
    discouraged(entry::<qrcode::perm_generate::PermGenerate>(
        "qrcode-old",
        "make a QR code that is live at once; discouraged: a lost answer leaves a code nobody can remove",
        r#"{"identityId":"50acopfd3a94900494085ed2699e052432c34452","iotIds":["p2OsgId2N2kXMWThRCQP000101"],"expiryTime":"2020-03-04 18:00:00","effectiveTime":"2020-03-03 18:00:01"}"#,
    )),
    entry::<passwd::modify::Modify>(
        "passwd-modify",
        "set passwords at doors (up to 100 rows); the answer lists the doors that failed",
        r#"{"passwords":[{"identityId":"50acopfd3a94900494085ed2699e052432c34452","iotId":"p2OsgId2N2kXMWThRCQP000101","password":"a2d34f84dfafe","number":"030","expiredDate":"2020-03-04 18:00:00"}]}"#,
    ),
    entry::<service::invoke::Invoke>(
        "door-open",
        "open a door now; 200 says the service took it, not that the door opened",
        r#"{"identifier":"remoteOpen","iotId":"p2OsgId2N2kXMWThRCQP000101","args":{}}"#,
    ),
];

const ONE_PERSON: &str = r#"{"identityId":"50acopfd3a94900494085ed2699e052432c34452"}"#;

/// A call by its short name or its path, in capitals or not.
#[must_use]
pub fn find(name_or_path: &str) -> Option<&'static Entry> {
    ENDPOINTS.iter().find(|entry| {
        entry.name == name_or_path || entry.path.eq_ignore_ascii_case(name_or_path.trim_end_matches('/'))
    })
}
