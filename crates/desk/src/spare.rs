//! The reserve: passes that their doors know already, for visitors who come while the gateway cannot be reached.
//!
//! While it can be reached, the reserve is kept full for this half day and the next ([`spare::half_days`]), a set of
//! doors at a time. A visitor who registers without a network gets one of them, bound in the transaction that
//! registers them; afterwards the service is told whose it is and how short it is now. What nobody needed is taken
//! away when its time is over. A spare is a live code, so there is none without a key to seal it with, and how many
//! live, and until when, is shown ([`Desk::reserve`]).
//!
//! Nobody gets more this way than with a network: the doors are those of the visit, the time is what of the visit lies
//! in the spare's half day, and the limit is the spare's own.

use serde::Serialize;
use specta::Type;
use vestibule_domain::pass::ScanLimit;
use vestibule_domain::spare::{self, SpareState, Terms};
use vestibule_domain::staff::Act;
use vestibule_domain::visitor::neutral_name;
use vestibule_domain::{DoorId, IdentityId, PassCode, SpareId, UtcMillis};
use vestibule_gateway::endpoint::person::ExtInfo;
use vestibule_gateway::endpoint::{qrcode, user};
use vestibule_store::{GivenSpare, NewSpare, SpareRow, StoreError};

use crate::dispatch::{End, config_of, end_of, of_doors, worst};
use crate::{Desk, Event, Failure};

/// A visitor whose pass waits for this long and no longer may still stand at the desk.
const STILL_HERE: std::time::Duration = std::time::Duration::from_secs(120);

/// The reserve, as the people who answer for it see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Reserve {
    /// How many are wanted for each set of doors and half day; 0 when there is no reserve.
    pub wanted: u16,
    /// Whether there is a key to seal codes with. Without one there is no reserve.
    pub has_key: bool,
    /// Passes that open their doors now or later today, for whoever has their code.
    pub ready: u32,
    /// Passes that are being prepared or taken away, and may open some of them.
    pub in_between: u32,
    /// Until when the last of them lives.
    pub until: Option<UtcMillis>,
}

impl Desk {
    /// How many codes live in the reserve, and until when.
    ///
    /// # Errors
    /// What the store says.
    pub fn reserve(&self) -> Result<Reserve, Failure> {
        self.may(Act::SeeReserve)?;
        let settings = &self.inner.settings.spare;
        let spares = self.inner.store.spares()?;
        let now = self.now();
        let live = || spares.iter().filter(|row| row.code.is_some() && row.terms.window.until > now);
        let count = |ready: bool| {
            let rows = live().filter(|row| (row.state == SpareState::Ready) == ready);
            u32::try_from(rows.count()).unwrap_or(u32::MAX)
        };
        Ok(Reserve {
            wanted: settings.size,
            has_key: self.inner.settings.seal.is_some(),
            ready: count(true),
            in_between: count(false),
            until: live().map(|row| row.terms.window.until).max(),
        })
    }

    /// Fills the reserve up, and takes away what is over or no longer wanted. Nothing is added while the gateway cannot
    /// be reached.
    pub(crate) fn keep_reserve(&self) {
        match self.try_keep_reserve() {
            Ok(0) => {}
            Ok(_) => {
                self.inner.wake.notify_one();
                self.changed(&Event::Queue);
                self.changed(&Event::Status);
            }
            Err(error) => tracing::error!(%error, "the reserve could not be kept"),
        }
    }

    fn try_keep_reserve(&self) -> Result<usize, StoreError> {
        let (store, now) = (&self.inner.store, self.now());
        let rows = store.spares()?;
        let kept = |row: &&SpareRow| row.state != SpareState::Removing;
        let mut wanted = self.wanted_spares(now);
        let seal = self.inner.settings.seal.as_ref();
        let is_readable = |row: &SpareRow| match (&row.code, seal) {
            (Some(sealed), Some(seal)) => seal.open(&row.id.to_string(), sealed).is_some(),
            (Some(_), None) => false,
            (None, _) => true,
        };
        let mut changes = 0;
        for row in rows.iter().filter(kept) {
            let place = wanted.iter().position(|terms| *terms == row.terms && is_readable(row));
            match place {
                Some(place) => drop(wanted.swap_remove(place)),
                None => {
                    store.retire_spare(row.id, now)?;
                    changes += 1;
                }
            }
        }
        if !self.line().is_online() {
            return Ok(changes);
        }
        for terms in wanted {
            let (id, identity) = (SpareId::new(now), IdentityId::random());
            store.add_spare(&NewSpare { id, identity, terms, at: now })?;
            changes += 1;
        }
        Ok(changes)
    }

    /// What the reserve should hold, one entry a spare.
    fn wanted_spares(&self, now: UtcMillis) -> Vec<Terms> {
        let settings = &self.inner.settings;
        if settings.seal.is_none() {
            return Vec::new();
        }
        let limit = ScanLimit { times: settings.spare.scan_times, scope: settings.visit.scan_scope };
        let one_set = [settings.default_doors()];
        let sets =
            if settings.spare.door_sets.is_empty() { &one_set[..] } else { &settings.spare.door_sets[..] };
        let mut wanted = Vec::new();
        for doors in sets.iter().filter(|doors| !doors.is_empty()) {
            let zone = self.door(&doors[0]).map_or_else(|| settings.zone(), |door| door.zone.clone());
            for window in spare::half_days(&zone, now) {
                let terms = Terms { doors: doors.clone(), window, limit };
                wanted.extend(std::iter::repeat_n(terms, usize::from(settings.spare.size)));
            }
        }
        wanted
    }

    /// A spare for a visit that would have these doors until then; none where the gateway can be reached, or there is
    /// none that fits and can be opened.
    pub(crate) fn spare_for(
        &self,
        doors: &[DoorId],
        until: UtcMillis,
    ) -> Result<Option<GivenSpare>, StoreError> {
        if !self.line().is_offline() {
            return Ok(None);
        }
        let Some(seal) = &self.inner.settings.seal else { return Ok(None) };
        let open: Vec<(GivenSpare, Terms)> = self
            .inner
            .store
            .spares()?
            .into_iter()
            .filter(|row| row.state == SpareState::Ready)
            .filter_map(|row| {
                let code = seal.open(&row.id.to_string(), row.code.as_deref()?)?;
                Some((GivenSpare { id: row.id, code: PassCode::from_service(code) }, row.terms))
            })
            .collect();
        let spares = open.iter().map(|(given, terms)| (given, terms));
        Ok(spare::pick(spares, doors, self.now(), until).cloned())
    }

    /// The connection was just found lost: whoever registered a moment ago and waits for a code gets a spare.
    pub(crate) fn spares_for_those_who_wait(&self) {
        if let Err(error) = self.try_spares_for_those_who_wait() {
            tracing::error!(%error, "a spare could not be given");
        }
    }

    fn try_spares_for_those_who_wait(&self) -> Result<(), StoreError> {
        let now = self.now();
        for pass in self.inner.store.passes_without_code(now.minus(STILL_HERE))? {
            let row = self.inner.store.pass(pass)?.pass;
            let doors: Vec<DoorId> = row.doors.iter().map(|(door, _)| door.clone()).collect();
            if let Some(given) = self.spare_for(&doors, row.window.until)?
                && self.inner.store.give_spare(pass, &given, now)?
            {
                self.changed(&Event::Pass(pass));
                self.changed(&Event::Visits);
                self.changed(&Event::Queue);
            }
        }
        Ok(())
    }

    /// Prepares a spare: a person, a code, its doors. Each step is on disk before the next, and none is harmful twice.
    pub(crate) async fn prepare_spare(&self, id: SpareId) -> Result<End, StoreError> {
        let store = &self.inner.store;
        let row = store.spare(id)?;
        let Some(seal) = self.inner.settings.seal.clone() else { return Ok(End::Superseded) };
        if row.state != SpareState::Preparing {
            return Ok(End::Superseded);
        }
        let code = match row.code.as_deref() {
            Some(sealed) => seal.open(&id.to_string(), sealed).map(PassCode::from_service),
            None => match self.code_for_spare(&row).await {
                Ok(code) => {
                    let Some(sealed) = seal.seal(&id.to_string(), code.reveal()) else {
                        return Ok(End::later("noChance"));
                    };
                    store.keep_spare_code(id, &sealed)?;
                    Some(code)
                }
                Err(end) => return Ok(end),
            },
        };
        let Some(code) = code else { return Ok(End::Wedged("otherKey".to_owned())) };
        let end = self.arm_spare(&row, &code).await?;
        if matches!(end, End::Done) {
            store.spare_is_ready(id, self.now())?;
        }
        Ok(end)
    }

    async fn code_for_spare(&self, row: &SpareRow) -> Result<PassCode, End> {
        let person = user::modify::Params {
            name: Some(neutral_name(&row.identity)),
            ext_info: Some(ExtInfo("{}".to_owned())),
            identity_id: row.identity.clone(),
        };
        self.send::<user::modify::Modify>(&person).await.map_err(|error| end_of(&error))?;
        let params = qrcode::generate::Params { identity_id: row.identity.clone(), code_length: None };
        self.send::<qrcode::generate::Generate>(&params).await.map_err(|error| end_of(&error))
    }

    async fn arm_spare(&self, row: &SpareRow, code: &PassCode) -> Result<End, StoreError> {
        let Terms { doors, window, limit } = &row.terms;
        let mut ends = Vec::new();
        for (zone, doors) in self.by_zone(doors.iter()) {
            let params = config_of(code, &row.identity, &doors, *window, *limit, &zone);
            let doubt = || self.inner.store.doubt_spare(row.id, self.now());
            let answers = self.configure(&params, doubt).await?;
            ends.push(answers.map_or_else(|end| end, |answers| of_doors(&doors, &answers)));
        }
        Ok(worst(ends))
    }

    /// Has the service forget a person, unless somebody else here is the same one, or may be elsewhere.
    async fn forget_person(
        &self,
        spare: SpareId,
        person: IdentityId,
        keeps: bool,
    ) -> Result<End, StoreError> {
        let store = &self.inner.store;
        if keeps || store.is_person_needed(&person, spare)? {
            return Ok(End::Done);
        }
        let params = user::delete::Params { identity_id: person.clone() };
        let end = match self.send::<user::delete::Delete>(&params).await {
            Ok(()) => End::Done,
            Err(error) => end_of(&error),
        };
        // Somebody may have come meanwhile who is the same person, and have been told to the service just before.
        if store.is_person_needed(&person, spare)? { Ok(self.tell_visitor(person).await) } else { Ok(end) }
    }

    /// Takes a spare away. One whose code cannot be read any more dies with its person and its window.
    pub(crate) async fn remove_spare(&self, id: SpareId) -> Result<End, StoreError> {
        let row = self.inner.store.spare(id)?;
        let seal = self.inner.settings.seal.as_ref();
        let code = row.code.as_deref().and_then(|sealed| seal?.open(&id.to_string(), sealed));
        let mut ends = Vec::new();
        if let Some(code) = code.map(PassCode::from_service) {
            for (_, doors) in self.by_zone(row.terms.doors.iter()) {
                let (qr_code, identity_id) = (code.clone(), row.identity.clone());
                let params = qrcode::remove::Params { qr_code, identity_id, iot_ids: doors.clone() };
                ends.push(match self.send::<qrcode::remove::Remove>(&params).await {
                    Ok(answers) => of_doors(&doors, &answers),
                    Err(error) => end_of(&error),
                });
            }
        } else if row.code.is_some() && row.terms.window.until > self.now() {
            ends.push(End::later("otherKey"));
        }
        ends.push(self.forget_person(id, row.identity, row.keeps_person).await?);
        Ok(match worst(ends) {
            End::Done if self.inner.store.spare_removed(id, self.now())? => End::Done,
            End::Done => End::later("again"),
            // A right that may still exist is never given up on before it is dead anyway.
            End::Wedged(_) if row.terms.window.until <= self.now() => {
                self.inner.store.spare_removed(id, self.now())?;
                End::Done
            }
            End::Wedged(answer) => End::later(&answer),
            end => end,
        })
    }
}
