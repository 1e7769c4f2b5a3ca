//! The sixteen calls, one file each, and the one table of them.
//!
//! A file is called what its path calls it. Source of every path, version, field and limit: the service document
//! (help.aliyun.com 216031); where table and sample contradict one another, the file says so.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use vestibule_domain::{UtcMillis, Zone};

use crate::limit::Limit;
use crate::options::Spelling;
use crate::replay::Replay;

pub mod answer;
pub mod card;
pub mod cloud;
pub mod device;
mod json;
pub mod keepopen;
pub mod passwd;
pub mod person;
pub mod qrcode;
pub mod service;
mod table;
pub mod user;

pub use table::{ENDPOINTS, Entry, ParamsFault, find};

/// One call of the service.
pub trait Endpoint: 'static {
    /// Its path.
    const PATH: &'static str;
    /// The `apiVer` of the request.
    const API_VERSION: &'static str;
    /// What a second time does, whatever the parameters.
    const REPLAY: Replay;
    /// What is sent.
    type Params: Serialize + DeserializeOwned + Send + Sync;
    /// What comes back under `data`.
    type Data: Send;

    /// The service's limits that need no clock.
    ///
    /// # Errors
    /// The first limit that is broken.
    fn check(params: &Self::Params) -> Result<(), Limit>;

    /// Limits that depend on the time. Only the old `perm/qrcode/generate` has any.
    ///
    /// # Errors
    /// The first limit that is broken.
    fn check_at(_params: &Self::Params, _now: UtcMillis, _zone: Option<&Zone>) -> Result<(), Limit> {
        Ok(())
    }

    /// What a second time does with these parameters. Only `keepopen/set` depends on them.
    fn replay(_params: &Self::Params) -> Replay {
        Self::REPLAY
    }

    /// Writes the parameters as they go on the wire.
    ///
    /// # Errors
    /// Parameters that have no JSON, or not with this spelling.
    fn write(params: &Self::Params, _spelling: Spelling, out: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(out, params)
    }

    /// About how many bytes the parameters take on the wire, so that a batch gets its buffer at once.
    fn size(_params: &Self::Params) -> usize {
        512
    }

    /// Reads `data`, which may be absent.
    ///
    /// # Errors
    /// Data of another shape.
    fn read(data: Option<&RawValue>) -> serde_json::Result<Self::Data>;
}
