//! The calls of the service, one function each, behind the gateway.

mod card;
mod door;
mod passwd;
mod person;
mod qrcode;
mod token;

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use vestibule_domain::UtcMillis;
use vestibule_gateway::{Endpoint, endpoint};

use crate::answer::Refuse;
use crate::state::State;

/// What a call may use.
pub(crate) struct Ctx<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) now: UtcMillis,
    pub(crate) refused_doors: Option<&'a (HashSet<String>, i64)>,
    pub(crate) fail_rows: Option<(u16, bool)>,
    pub(crate) failed_once: &'a mut HashMap<u64, ()>,
    /// How long the answer waits for a door.
    pub(crate) wait: Duration,
}

/// What a call returns: its data, if it has any.
pub(crate) type Outcome = Result<Option<Value>, Refuse>;

/// A call.
#[derive(Clone, Copy)]
pub(crate) struct Route {
    pub(crate) path: &'static str,
    pub(crate) version: &'static str,
    /// Whether it changes anything that has to outlive a restart.
    pub(crate) changes: bool,
    pub(crate) run: fn(&mut Ctx<'_>, &RawValue) -> Outcome,
}

const fn route<E: Endpoint>(changes: bool, run: fn(&mut Ctx<'_>, &RawValue) -> Outcome) -> Route {
    Route { path: E::PATH, version: E::API_VERSION, changes, run }
}

/// The sixteen, and the token.
static ROUTES: [Route; 17] = [
    route::<endpoint::user::modify::Modify>(true, person::modify),
    route::<endpoint::user::delete::Delete>(true, person::delete),
    route::<endpoint::user::get::Get>(false, person::get),
    route::<endpoint::user::query::Query>(false, person::query),
    route::<endpoint::card::batchmodify::BatchModify>(true, card::batchmodify),
    route::<endpoint::card::batchdelete::BatchDelete>(true, card::batchdelete),
    route::<endpoint::user::perm_query::PermQuery>(false, card::of_person),
    route::<endpoint::device::perm_query::PermQuery>(false, card::of_door),
    route::<endpoint::keepopen::get::Get>(false, door::keepopen_get),
    route::<endpoint::keepopen::set::Set>(true, door::keepopen_set),
    route::<endpoint::qrcode::generate::Generate>(true, qrcode::generate),
    route::<endpoint::qrcode::config::Config>(true, qrcode::config),
    route::<endpoint::qrcode::remove::Remove>(true, qrcode::remove),
    route::<endpoint::qrcode::perm_generate::PermGenerate>(true, qrcode::perm_generate),
    route::<endpoint::passwd::modify::Modify>(true, passwd::modify),
    route::<endpoint::service::invoke::Invoke>(true, door::invoke),
    route::<endpoint::cloud::token::Token>(false, token::grant),
];

pub(crate) fn find(path: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.path == path)
}

/// Parameters of a call, checked against the service's limits.
fn params<E: Endpoint>(raw: &RawValue) -> Result<E::Params, Refuse> {
    let params = parse::<E::Params>(raw)?;
    E::check(&params).map_err(|limit| Refuse::params(limit.to_string()))?;
    Ok(params)
}

fn parse<T: DeserializeOwned>(raw: &RawValue) -> Result<T, Refuse> {
    serde_json::from_str(raw.get()).map_err(|error| Refuse::params(format!("parameter error: {error}")))
}

fn value<T: serde::Serialize>(data: T) -> Outcome {
    match serde_json::to_value(data) {
        Ok(value) => Ok(Some(value)),
        Err(_) => Err(Refuse::new(500, "system err")),
    }
}

impl Ctx<'_> {
    /// Whether the script wants this row of a batch to fail.
    fn row_fails(&mut self, row: &impl std::hash::Hash) -> bool {
        let Some((permille, once)) = self.fail_rows else { return false };
        // A hash without a random start, so that the same rows fail in every run.
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(row);
        if hash % 1000 >= u64::from(permille) {
            return false;
        }
        !once || self.failed_once.insert(hash, ()).is_none()
    }

    /// The code with which the script wants this door to refuse.
    fn door_refuses(&self, iot_id: &str) -> Option<i64> {
        let (doors, code) = self.refused_doors?;
        (doors.is_empty() || doors.contains(iot_id)).then_some(*code)
    }
}
