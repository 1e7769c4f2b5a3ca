//! Lists people, a page at a time.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::super::Endpoint;
use super::super::answer::{self, Page};
use super::super::person::Person;
use crate::limit::{self, Limit};
use crate::replay::Replay;

/// `/entrance/paas/user/query`
#[derive(Debug, Clone, Copy)]
pub struct Query;

/// Which page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// Rows on a page, 1 to 100.
    pub page_size: u32,
    /// The page, from 1.
    pub page_no: u32,
}

impl Endpoint for Query {
    const PATH: &'static str = "/entrance/paas/user/query";
    const API_VERSION: &'static str = "1.0.0";
    const REPLAY: Replay = Replay::Read;
    type Params = Params;
    type Data = Page<Person>;

    fn check(params: &Params) -> Result<(), Limit> {
        limit::page(params.page_size, params.page_no)
    }

    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data> {
        answer::required(data)
    }
}
