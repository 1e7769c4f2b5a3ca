//! People.

use serde_json::json;
use serde_json::value::RawValue;
use vestibule_gateway::endpoint::person::ExtInfo;
use vestibule_gateway::endpoint::user;

use super::{Ctx, Outcome, params};
use crate::answer::Refuse;
use crate::state::Person;

pub(super) fn modify(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let change = params::<user::modify::Modify>(raw)?;
    let id = change.identity_id.0;
    if let Some(person) = ctx.state.people.get_mut(&id) {
        person.name = change.name.unwrap_or_else(|| std::mem::take(&mut person.name));
        person.ext_info = change.ext_info.or_else(|| person.ext_info.take());
        return Ok(None);
    }
    let Some(name) = change.name.filter(|name| !name.is_empty()) else {
        return Err(Refuse::params("name must not be empty for a new person"));
    };
    ctx.state.people.set(id, Person { name, ext_info: change.ext_info });
    Ok(None)
}

pub(super) fn delete(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let id = params::<user::delete::Delete>(raw)?.identity_id.0;
    ctx.state.people.remove(&id);
    if ctx.state.behaviour.delete_takes_rights {
        for door in &mut ctx.state.doors {
            door.forget_person(&id, true, ctx.now);
        }
    }
    Ok(None)
}

pub(super) fn get(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let id = params::<user::get::Get>(raw)?.identity_id.0;
    Ok(Some(ctx.state.people.get(&id).map_or(serde_json::Value::Null, |person| shown(&id, person))))
}

/// The document's table has the page's numbers in the answer, its sample leaves them out, and so does this.
pub(super) fn query(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let page = params::<user::query::Query>(raw)?;
    let people = &ctx.state.people;
    let rows: Vec<_> =
        people.page(page.page_size, page.page_no).map(|(id, person)| shown(id, person)).collect();
    Ok(Some(json!({ "total": people.len(), "data": rows })))
}

fn shown(id: &str, person: &Person) -> serde_json::Value {
    let ext_info = person.ext_info.as_ref().map(|ExtInfo(text)| text);
    json!({ "identityId": id, "name": person.name, "extInfo": ext_info })
}
