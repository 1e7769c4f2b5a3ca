//! The calls about a visitor and a pass, composed from the ledger as it is when they are sent.

use vestibule_domain::pass::{Pass, PassState, Readiness, ScanLimit, ScanScope};
use vestibule_domain::visitor::neutral_name;
use vestibule_domain::{DoorId, IdentityId, PassCode, PassId, Window, Zone};
use vestibule_gateway::Outcome;
use vestibule_gateway::endpoint::answer::DoorAnswer as GatewayAnswer;
use vestibule_gateway::endpoint::person::ExtInfo;
use vestibule_gateway::endpoint::{qrcode, user};
use vestibule_store::{DoorAnswer, Kind, StoreError};

use super::answer::{End, end_of, of_doors, words_of, worst};
use crate::Desk;

impl Desk {
    pub(crate) async fn tell_visitor(&self, identity: IdentityId) -> End {
        let params = user::modify::Params {
            name: Some(neutral_name(&identity)),
            ext_info: Some(ExtInfo("{}".to_owned())),
            identity_id: identity,
        };
        match self.send::<user::modify::Modify>(&params).await {
            Ok(()) => End::Done,
            Err(error) => end_of(&error),
        }
    }

    pub(super) async fn tell_pass(&self, kind: Kind, id: PassId) -> Result<End, StoreError> {
        let row = self.inner.store.pass(id)?;
        let identity = self.inner.store.visit(row.pass.visit)?.identity;
        match kind {
            Kind::RemovePass => self.remove(&row.pass, &identity).await,
            _ if row.pass.state == PassState::Revoked => Ok(End::Superseded),
            Kind::GenerateCode => self.generate(&row.pass, identity).await,
            Kind::NarrowPass => self.narrow(&row.pass, &identity).await,
            Kind::GrantPass
            | Kind::RegisterVisitor
            | Kind::CloseHold
            | Kind::PrepareSpare
            | Kind::RemoveSpare => self.grant(&row.pass, &identity).await,
        }
    }

    async fn generate(&self, pass: &Pass, identity: IdentityId) -> Result<End, StoreError> {
        if pass.code.is_some() {
            return Ok(End::Done);
        }
        let params = qrcode::generate::Params { identity_id: identity, code_length: None };
        match self.send::<qrcode::generate::Generate>(&params).await {
            Ok(code) => {
                self.inner.store.keep_code(pass.id, &code)?;
                Ok(End::Done)
            }
            Err(error) => Ok(end_of(&error)),
        }
    }

    /// Configures the doors that have not taken the pass yet; those that have are not told again, because it is not
    /// known whether that would reset the reader's count.
    async fn grant(&self, pass: &Pass, identity: &IdentityId) -> Result<End, StoreError> {
        let Some(code) = &pass.code else { return Ok(End::Wedged("noCode".to_owned())) };
        let open = |readiness: Readiness| matches!(readiness, Readiness::Waiting | Readiness::Failed);
        let mut ends = Vec::new();
        for (zone, doors) in self.doors_by_zone(pass, open) {
            let params = config_of(code, identity, &doors, pass.window, pass.limit, &zone);
            let doubt = || self.inner.store.doubt_grant(pass.id, self.now());
            ends.push(match self.configure(&params, doubt).await? {
                Ok(answers) => self.keep(pass, &doors, &answers, Readiness::Ready, Readiness::Failed)?,
                Err(end) => end,
            });
        }
        Ok(worst(ends))
    }

    /// Tells the doors of a pass that came of a spare how short its time is now. They take it already, so they stay
    /// ready whatever they answer.
    async fn narrow(&self, pass: &Pass, identity: &IdentityId) -> Result<End, StoreError> {
        let Some(code) = &pass.code else { return Ok(End::Superseded) };
        let mut ends = Vec::new();
        for (zone, doors) in self.by_zone(pass.doors.iter().map(|(door, _)| door)) {
            let params = config_of(code, identity, &doors, pass.window, pass.limit, &zone);
            let doubt = || self.inner.store.doubt_grant(pass.id, self.now());
            let answers = self.configure(&params, doubt).await?;
            ends.push(answers.map_or_else(|end| end, |answers| of_doors(&doors, &answers)));
        }
        Ok(worst(ends))
    }

    /// Tells doors of a code. Where no clear answer comes, they may take it all the same, which is written down first.
    pub(crate) async fn configure(
        &self,
        params: &qrcode::config::Params,
        doubt: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<Result<Vec<GatewayAnswer>, End>, StoreError> {
        let answers = self.send::<qrcode::config::Config>(params).await;
        if answers.as_ref().is_err_and(|error| error.outcome() == Outcome::Ambiguous) {
            doubt()?;
        }
        Ok(answers.map_err(|error| end_of(&error)))
    }

    /// Takes the pass from its doors. Where it never had a code, there is nothing to take.
    async fn remove(&self, pass: &Pass, identity: &IdentityId) -> Result<End, StoreError> {
        let open = |readiness: Readiness| readiness != Readiness::Removed;
        let mut ends = Vec::new();
        for (_, doors) in self.doors_by_zone(pass, open) {
            let answers = match &pass.code {
                None => Ok(doors.iter().map(taken_by).collect()),
                Some(code) => {
                    let (qr_code, identity_id) = (code.clone(), identity.clone());
                    let params = qrcode::remove::Params { qr_code, identity_id, iot_ids: doors.clone() };
                    self.send::<qrcode::remove::Remove>(&params).await
                }
            };
            ends.push(match answers {
                Ok(answers) => self.keep(pass, &doors, &answers, Readiness::Removed, Readiness::Removing)?,
                Err(error) => end_of(&error),
            });
        }
        Ok(match worst(ends) {
            End::Done => {
                self.inner.store.repeat_removal(pass.id, self.now())?;
                End::Done
            }
            // A right that may still exist is never given up on: it is tried until the pass is dead anyway.
            End::Wedged(answer) => End::later(&answer),
            end => end,
        })
    }

    /// Keeps what the service said of each door that was asked; doors it did not mention stay open, doors that were
    /// not asked are ignored.
    fn keep(
        &self,
        pass: &Pass,
        asked: &[DoorId],
        answers: &[GatewayAnswer],
        good: Readiness,
        bad: Readiness,
    ) -> Result<End, StoreError> {
        let kept = asked.iter().filter_map(|door| {
            let answer = answers.iter().find(|answer| answer.iot_id == *door)?;
            let said = (!answer.is_ok()).then(|| {
                let words = words_of(answer.message.as_deref().unwrap_or_default(), pass);
                format!("{} {words}", answer.code).trim_end().to_owned()
            });
            let readiness = if answer.is_ok() { good } else { bad };
            Some(DoorAnswer { door: door.clone(), readiness, said })
        });
        self.inner.store.keep_door_answers(pass.id, &kept.collect::<Vec<_>>())?;
        Ok(of_doors(asked, answers))
    }

    fn doors_by_zone(&self, pass: &Pass, open: impl Fn(Readiness) -> bool) -> Vec<(Zone, Vec<DoorId>)> {
        self.by_zone(pass.doors.iter().filter(|(_, readiness)| open(*readiness)).map(|(door, _)| door))
    }

    /// Doors of one zone together: the service's times have no zone.
    pub(crate) fn by_zone<'a>(&self, doors: impl Iterator<Item = &'a DoorId>) -> Vec<(Zone, Vec<DoorId>)> {
        let mut groups: Vec<(Zone, Vec<DoorId>)> = Vec::new();
        for door in doors {
            let zone = self.door(door).map_or_else(|| self.inner.settings.zone(), |known| known.zone.clone());
            match groups.iter_mut().find(|(known, _)| *known == zone) {
                Some((_, doors)) => doors.push(door.clone()),
                None => groups.push((zone, vec![door.clone()])),
            }
        }
        groups
    }
}

/// The answer of a door that has nothing to take away.
fn taken_by(door: &DoorId) -> GatewayAnswer {
    GatewayAnswer { iot_id: door.clone(), code: 200, message: None }
}

/// The order to let a code in, with everything said outright: the service's own start is the moment at which it reads
/// the order, its own limit is none.
pub(crate) fn config_of(
    code: &PassCode,
    identity: &IdentityId,
    doors: &[DoorId],
    window: Window,
    limit: ScanLimit,
    zone: &Zone,
) -> qrcode::config::Params {
    qrcode::config::Params {
        qr_code: code.clone(),
        identity_id: identity.clone(),
        iot_ids: doors.to_vec(),
        effective_time: Some(zone.wall(window.from)),
        expiry_time: Some(zone.wall(window.until)),
        max_scan_times: Some(i64::from(limit.times)),
        max_scan_scope: Some(match limit.scope {
            ScanScope::EachDoor => qrcode::config::ScanScope::Device,
            ScanScope::Together => qrcode::config::ScanScope::Share,
        }),
    }
}
