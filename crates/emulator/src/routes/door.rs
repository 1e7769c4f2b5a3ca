//! Doors: held open, and opened from afar.

use serde_json::value::RawValue;
use vestibule_gateway::endpoint::{keepopen, service};

use super::{Ctx, Outcome, params};
use crate::answer::Refuse;
use crate::doors::{Door, RemoteOpen};

pub(super) fn keepopen_get(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let iot_id = params::<keepopen::get::Get>(raw)?.iot_id.0;
    Ok(Some(door(ctx, &iot_id)?.keep_open.into()))
}

pub(super) fn keepopen_set(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let wanted = params::<keepopen::set::Set>(raw)?;
    let door = door(ctx, &wanted.iot_id.0)?;
    if !door.settings.online {
        return Err(Refuse::new(6205, "device offline"));
    }
    door.keep_open = wanted.keep_open;
    Ok(None)
}

pub(super) fn invoke(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let iot_id = params::<service::invoke::Invoke>(raw)?.iot_id.0;
    let now = ctx.now;
    let refused = ctx.door_refuses(&iot_id);
    let door = door(ctx, &iot_id)?;
    if let Some(code) = refused {
        return Err(Refuse::new(code, "the door refused"));
    }
    if !door.settings.online && door.settings.remote_open != RemoteOpen::Queued {
        return Err(Refuse::new(6205, "device offline"));
    }
    door.send_opening(now);
    Ok(None)
}

fn door<'a>(ctx: &'a mut Ctx<'_>, iot_id: &str) -> Result<&'a mut Door, Refuse> {
    ctx.state.door(iot_id, ctx.now).ok_or_else(|| Refuse::new(2063, "iotId unknown"))
}
