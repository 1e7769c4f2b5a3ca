//! Settings of the client that are not about HTTP.

use vestibule_domain::Zone;

/// How the client talks to the service.
#[derive(Debug, Clone)]
pub struct Options {
    /// The stage of the API: `RELEASE` unless the gateway's operator says otherwise.
    pub stage: String,
    /// The zone in which the service reads its zone-less times; only used for the limits of the old
    /// `perm/qrcode/generate`.
    pub zone: Option<Zone>,
    /// The project whose cloud token is sent along. Off by default: the pages of the entrance calls want none, a
    /// general page wants one for some AppKeys (help.aliyun.com 128741, 178117).
    pub cloud_project: Option<String>,
    /// How passwords are spelt on the wire.
    pub spelling: Spelling,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            stage: "RELEASE".into(),
            zone: Zone::named("Asia/Shanghai"),
            cloud_project: None,
            spelling: Spelling::default(),
        }
    }
}

/// Where the table and the sample of `perm/passwd/modify` contradict one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spelling {
    /// The name of the end of a password.
    pub expiry: ExpiryName,
    /// Where the person is named.
    pub identity: IdentityPlace,
}

/// `expiredDate` (the table) or `expiryDate` (the sample).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExpiryName {
    /// As the table has it.
    #[default]
    ExpiredDate,
    /// As the sample has it.
    ExpiryDate,
    /// Both, with the same value.
    Both,
}

/// In each row (the table) or once at the top (the sample).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IdentityPlace {
    /// In each row; also at the top where all rows share one.
    #[default]
    InEachRow,
    /// Only at the top. Rows of several people are refused before sending.
    AtTheTop,
}
