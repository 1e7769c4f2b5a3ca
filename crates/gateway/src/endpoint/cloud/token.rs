//! Fetches the cloud token of a project (help.aliyun.com 177833). Not one of the sixteen.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::super::Endpoint;
use super::super::answer;
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/cloud/token`
#[derive(Debug, Clone, Copy)]
pub struct Token;

/// For which project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// Always `project`.
    pub grant_type: String,
    /// The project. (The parameter is called `res`.)
    pub res: String,
}

impl Params {
    /// The token of a project.
    #[must_use]
    pub fn project(res: impl Into<String>) -> Self {
        Self { grant_type: "project".into(), res: res.into() }
    }
}

/// A token. Fetching another kills it.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Granted {
    /// The token. (One table names it `iotToken`.)
    #[serde(alias = "iotToken")]
    pub cloud_token: String,
    /// For how long: milliseconds, or seconds where the number is below 100,000. (One table spells it `expireIn`.)
    #[serde(default, alias = "expireIn")]
    pub expires_in: Option<i64>,
}

impl std::fmt::Debug for Granted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Granted(redacted)")
    }
}

impl Endpoint for Token {
    const PATH: &'static str = "/cloud/token";
    const API_VERSION: &'static str = "1.0.1";
    const REPLAY: Replay = Replay::NewEachTime;
    type Params = Params;
    type Data = Granted;

    fn check(params: &Params) -> Result<(), Limit> {
        limit::not_empty("res", &params.res)
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::required(data)
    }
}
