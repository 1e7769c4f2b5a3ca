//! QR codes.

use serde_json::value::RawValue;
use serde_json::{Value, json};
use vestibule_domain::{DoorId, UtcMillis, Zone};
use vestibule_gateway::Endpoint;
use vestibule_gateway::endpoint::qrcode;
use vestibule_gateway::endpoint::qrcode::config::ScanScope;

use super::{Ctx, Outcome, params};
use crate::answer::Refuse;
use crate::doors::CodeRight;

/// The length of codes of the old call, as in its sample.
const OLD_LENGTH: usize = 12;

pub(super) fn generate(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let asked = params::<qrcode::generate::Generate>(raw)?;
    let length = asked.code_length.unwrap_or(16) as usize;
    if length > 64 {
        return Err(Refuse::params("codeLength: too long"));
    }
    Ok(Some(make(ctx, asked.identity_id.0, length)?.into()))
}

pub(super) fn config(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let asked = params::<qrcode::config::Config>(raw)?;
    let code = asked.qr_code.reveal();
    let id = asked.identity_id.0;
    if !ctx.state.knows(&id) {
        return Err(Refuse::new(2062, "identityId unknown"));
    }
    match ctx.state.codes.get(code) {
        Some(owner) if *owner != id => return Err(Refuse::params("qrCode belongs to another identityId")),
        None if !ctx.state.behaviour.foreign_codes => return Err(Refuse::params("qrCode unknown")),
        _ => {}
    }
    let zone = ctx.state.zone.clone();
    let right = CodeRight {
        identity_id: id,
        from: asked.effective_time.as_deref().map_or(Ok(ctx.now), |text| moment(&zone, text))?,
        until: asked.expiry_time.as_deref().map(|text| moment(&zone, text)).transpose()?,
        scans: asked.max_scan_times.filter(|times| *times >= 0),
        scope: asked.max_scan_scope.unwrap_or(ScanScope::Device),
        fresh: ctx.state.behaviour.config_resets_scans,
    };
    if right.fresh {
        ctx.state.shared_scans.remove(code);
    }
    Ok(Some(at_each(ctx, &asked.iot_ids, code, Some(&right))))
}

pub(super) fn remove(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let asked = params::<qrcode::remove::Remove>(raw)?;
    Ok(Some(at_each(ctx, &asked.iot_ids, asked.qr_code.reveal(), None)))
}

/// The old call: the code is live at once.
pub(super) fn perm_generate(ctx: &mut Ctx<'_>, raw: &RawValue) -> Outcome {
    let asked = params::<qrcode::perm_generate::PermGenerate>(raw)?;
    let zone = ctx.state.zone.clone();
    qrcode::perm_generate::PermGenerate::check_at(&asked, ctx.now, Some(&zone))
        .map_err(|limit| Refuse::params(limit.to_string()))?;
    let from = asked.effective_time.as_deref().map_or(Ok(ctx.now), |text| moment(&zone, text))?;
    let until = Some(moment(&zone, &asked.expiry_time)?);
    let code = make(ctx, asked.identity_id.0.clone(), OLD_LENGTH)?;
    let (identity_id, scope) = (asked.identity_id.0, ScanScope::Device);
    let right = CodeRight { identity_id, from, until, scans: None, scope, fresh: false };
    at_each(ctx, &asked.iot_ids, &code, Some(&right));
    Ok(Some(code.into()))
}

fn make(ctx: &mut Ctx<'_>, identity_id: String, length: usize) -> Result<String, Refuse> {
    if !ctx.state.knows(&identity_id) {
        return Err(Refuse::new(2062, "identityId unknown"));
    }
    let code = ctx.state.new_code(length);
    ctx.state.codes.insert(code.clone(), identity_id);
    Ok(code)
}

/// Sets or removes a code at each door, and lists what became of it.
fn at_each(ctx: &mut Ctx<'_>, iot_ids: &[DoorId], code: &str, right: Option<&CodeRight>) -> Value {
    let as_text = ctx.state.behaviour.door_code_as_text;
    let number = |code: i64| if as_text { Value::from(code.to_string()) } else { Value::from(code) };
    let each = iot_ids.iter().map(|DoorId(iot_id)| {
        if let Some(refusal) = ctx.door_refuses(iot_id) {
            return json!({ "iotId": iot_id, "code": number(refusal), "message": "device refused" });
        }
        let Some(door) = ctx.state.door(iot_id, ctx.now) else {
            return json!({ "iotId": iot_id, "code": number(2063), "message": "iotId unknown" });
        };
        door.set_code(code, right.cloned(), ctx.now);
        json!({ "iotId": iot_id, "code": number(200) })
    });
    Value::Array(each.collect())
}

fn moment(zone: &Zone, text: &str) -> Result<UtcMillis, Refuse> {
    zone.moment(text).ok_or_else(|| Refuse::params("not a time"))
}
