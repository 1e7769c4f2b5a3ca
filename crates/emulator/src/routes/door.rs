//! Doors: held open, and opened from afar.

use std::time::Duration;

use serde_json::value::RawValue;
use vestibule_gateway::endpoint::{keepopen, service};

use super::{Ctx, Outcome, params};
use crate::answer::Refuse;
use crate::doors::{Door, RemoteOpen};

/// How long the cloud waits for a door that is opened synchronously (help.aliyun.com 69584).
const PATIENCE: Duration = Duration::from_secs(8);

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
    let opens_after = Duration::from_millis(door.settings.opens_after_ms);
    if door.settings.remote_open != RemoteOpen::Synchronous {
        return Ok(None);
    }
    ctx.wait = opens_after.min(PATIENCE);
    // The command is on its way all the same.
    if opens_after > PATIENCE { Err(Refuse::new(20056, "gateway.hsf.invoke.timeout")) } else { Ok(None) }
}

fn door<'a>(ctx: &'a mut Ctx<'_>, iot_id: &str) -> Result<&'a mut Door, Refuse> {
    ctx.state.door(iot_id, ctx.now).ok_or_else(|| Refuse::new(2063, "iotId unknown"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::time::Duration;

    use serde_json::value::to_raw_value;
    use vestibule_domain::{DoorId, UtcMillis, Zone};
    use vestibule_gateway::endpoint::service::invoke::Params;

    use super::{Ctx, invoke};
    use crate::config::Behaviour;
    use crate::doors::{Door, DoorSettings};
    use crate::state::State;

    #[test]
    fn a_door_slower_than_the_cloud_waits_is_in_doubt_and_opens_all_the_same() {
        let mut state = State::new(Behaviour::default(), Zone::named("Asia/Shanghai").unwrap(), 1);
        state.add_door(Door::new("gate".into(), "Gate".into(), Duration::ZERO));
        let params = to_raw_value(&Params::remote_open(DoorId("gate".into()))).unwrap();
        for (opens_after_ms, answer) in [(8000, None), (8001, Some(20056))] {
            let door = state.door("gate", UtcMillis(0)).unwrap();
            door.settings = DoorSettings { opens_after_ms, ..DoorSettings::default() };
            let opened = door.opened;
            let failed_once = &mut HashMap::new();
            let (refused_doors, fail_rows, wait, now) = (None, None, Duration::ZERO, UtcMillis(1_000_000));
            let mut ctx = Ctx { state: &mut state, now, refused_doors, fail_rows, failed_once, wait };
            assert_eq!(invoke(&mut ctx, &params).err().map(|refuse| refuse.code), answer);
            assert_eq!(ctx.wait, Duration::from_secs(8));
            let later = now.plus(Duration::from_millis(opens_after_ms));
            assert_eq!(state.door("gate", later).unwrap().opened, opened + 1);
        }
    }
}
