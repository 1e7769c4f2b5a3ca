//! How long things are kept of visitors: a purge every day of what is too old, one on request, and what somebody asks
//! for about themselves.
//!
//! The local part is done at once and works without a network: with a visitor's row goes the only key to what was sealed
//! of them. What the service has still to be told waits in the outbox like anything else, codes before persons. A desk
//! whose people other desks may know as well ([`Seal::shares_people`]) leaves the person there, who is an id and a
//! neutral name without any right.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;
use vestibule_domain::agreement::Consent;
use vestibule_domain::staff::Act;
use vestibule_domain::visitor::phone_text;
use vestibule_domain::{DoorId, PassId, UtcMillis, VisitId, VisitorId, Window};
use vestibule_store::{Entry, Means, Purged, StoreError, VisitRow};

use crate::seal::Seal;
use crate::{Desk, Event, Failure, FailureCode};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// A step of a purge should take the disk for no longer than this, which nobody who is let in notices.
const STEP: Duration = Duration::from_millis(6);
/// And leave it to others for so long.
const BETWEEN_STEPS: Duration = Duration::from_millis(2);
/// The smallest and the largest step, in visitors.
const STEP_SIZE: std::ops::RangeInclusive<usize> = 4..=128;
/// How often the log is moved into the file, in steps, so that no commit has to.
const STEPS_A_LOG: usize = 16;

/// Of whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurgeScope<'a> {
    /// Everybody who came before then and not since, and of whom no pass counts any more.
    Before(UtcMillis),
    /// One visitor, by the phone number or a visit's id, with all their visits and whatever they still have.
    One(&'a str),
}

/// What was destroyed, or with `dry` would be: the certificate, without names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PurgeReport {
    /// Whether nothing was destroyed, and this is what would be.
    pub dry: bool,
    /// So many visitors, with their visits, passes and signatures.
    pub visitors: usize,
    /// So many invitations that nobody came with.
    pub invitations: usize,
    /// So many notes of staff to presses.
    pub notes: usize,
    /// When the first of the visitors came.
    pub from: Option<UtcMillis>,
    /// When the last of them came.
    pub until: Option<UtcMillis>,
    /// So many orders the service has still to be given.
    pub orders: usize,
    /// So many codes among them that doors may still take.
    pub codes: usize,
    /// Until when the last of those lives, whatever the service is told.
    pub codes_until: Option<UtcMillis>,
    /// So many visitors who stay, as their codes could not be kept sealed until they are removed.
    pub kept: usize,
    /// So many damaged files that were set aside and may hold more.
    pub set_aside: usize,
    /// Whether the persons stay at the service, as another desk may know them.
    pub persons_stay: bool,
}

/// A visit as it is given out to whom it is about.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VisitExport {
    /// Its id.
    pub visit: VisitId,
    /// Whom the service knows them as.
    pub person: String,
    /// Their name.
    pub name: String,
    /// Their number.
    pub phone: String,
    /// Whom they visited.
    pub host: String,
    /// When they came.
    pub came_at: UtcMillis,
    /// When they left.
    pub left_at: Option<UtcMillis>,
    /// Their passes.
    pub passes: Vec<PassExport>,
    /// What they signed.
    pub agreement: Option<AgreementExport>,
}

/// A pass as it is given out.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PassExport {
    /// Its id.
    pub pass: PassId,
    /// When it counted.
    pub window: Window,
    /// Where.
    pub doors: Vec<DoorId>,
    /// When it was issued.
    pub issued_at: UtcMillis,
    /// When it was taken back.
    pub revoked_at: Option<UtcMillis>,
    /// When it was first let in at this desk.
    pub first_seen_at: Option<UtcMillis>,
    /// When last.
    pub last_seen_at: Option<UtcMillis>,
    /// How often.
    pub seen_times: u32,
}

/// An agreement as it is given out.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreementExport {
    /// The version of the text.
    pub version: String,
    /// SHA-256 over it.
    pub text_hash: String,
    /// The signature.
    pub consent: Consent,
    /// When.
    pub at: UtcMillis,
}

impl std::fmt::Debug for VisitExport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "VisitExport({})", self.visit)
    }
}

impl Desk {
    /// Destroys what is kept of visitors. With `dry` nothing is, and the answer is what would be.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] when nobody has that number or visit, or what the store says; what was destroyed before
    /// that is.
    pub fn purge(&self, scope: PurgeScope<'_>, dry: bool) -> Result<PurgeReport, Failure> {
        self.may(Act::Purge)?;
        match scope {
            PurgeScope::Before(before) if dry => Ok(self.would_purge(before)?),
            PurgeScope::Before(before) => Ok(self.purge_before(before)?),
            PurgeScope::One(who) => {
                let visitors = self.visitors_of(who)?;
                let purged = if dry {
                    Purged { visitors: visitors.len(), ..Purged::default() }
                } else {
                    self.purge_some(&visitors)?
                };
                Ok(self.certify(self.report(dry, purged)?, None)?)
            }
        }
    }

    /// What is kept of one visitor, by the phone number or a visit's id, for themselves.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] when nobody has that number or visit, or what the store says.
    pub fn export_visitor(&self, who: &str) -> Result<Vec<VisitExport>, Failure> {
        self.may(Act::Purge)?;
        let store = &self.inner.store;
        let mut exported = Vec::new();
        for visit in self.visits_of(who)? {
            let passes = store.passes_of(visit.id)?.into_iter().map(|row| PassExport {
                pass: row.pass.id,
                window: row.pass.window,
                doors: row.pass.doors.into_iter().map(|(door, _)| door).collect(),
                issued_at: row.pass.issued_at,
                revoked_at: row.pass.revoked_at,
                first_seen_at: row.first_seen_at,
                last_seen_at: row.last_seen_at,
                seen_times: row.seen_times,
            });
            let agreement = store.agreement(visit.id)?.map(|row| AgreementExport {
                version: row.version,
                text_hash: row.text_hash,
                consent: row.consent,
                at: row.at,
            });
            exported.push(VisitExport {
                visit: visit.id,
                person: visit.identity.0,
                name: visit.name,
                phone: visit.phone,
                host: visit.host,
                came_at: visit.came_at,
                left_at: visit.left_at,
                passes: passes.collect(),
                agreement,
            });
        }
        let ids: Vec<VisitId> = exported.iter().map(|visit| visit.visit).collect();
        store.note(&[self.entry("visitorExported", json!({ "visits": ids }))])?;
        Ok(exported)
    }

    /// Since when things are kept by the settings; none where they are for ever.
    #[must_use]
    pub fn kept_since(&self) -> Option<UtcMillis> {
        let days = self.inner.settings.retention.days;
        (days > 0).then(|| self.now().minus(DAY * u32::from(days)))
    }

    /// Purges what is older than the settings keep it. [`Self::run`] does it every day.
    pub(crate) fn keep_retention(&self) {
        let Some(before) = self.kept_since() else { return };
        match self.purge_before(before) {
            Ok(report) if report.is_empty() => {}
            Ok(report) => {
                tracing::info!(visitors = report.visitors, "what was kept long enough is destroyed")
            }
            Err(error) => tracing::error!(%error, "what was kept long enough could not be destroyed"),
        }
    }

    fn visits_of(&self, who: &str) -> Result<Vec<VisitRow>, Failure> {
        let visits = match who.parse::<VisitId>() {
            Ok(visit) => vec![self.inner.store.visit(visit)?],
            Err(_) => self.inner.store.visits_of_phone(&phone_text(who).unwrap_or_default())?,
        };
        if visits.is_empty() { Err(Failure::of(FailureCode::NotFound)) } else { Ok(visits) }
    }

    fn visitors_of(&self, who: &str) -> Result<Vec<VisitorId>, Failure> {
        let mut visitors: Vec<_> = self.visits_of(who)?.into_iter().map(|visit| visit.visitor).collect();
        visitors.sort_unstable();
        visitors.dedup();
        Ok(visitors)
    }

    fn would_purge(&self, before: UtcMillis) -> Result<PurgeReport, StoreError> {
        let visitors = self.inner.store.purgeable(before, self.now(), usize::MAX)?.len();
        self.report(true, Purged { visitors, ..Purged::default() })
    }

    fn purge_before(&self, before: UtcMillis) -> Result<PurgeReport, StoreError> {
        let store = &self.inner.store;
        let (mut purged, mut size) = (Purged::default(), *STEP_SIZE.start());
        for step in 1.. {
            let visitors = store.purgeable(before, self.now(), size)?;
            let begun = self.inner.clock.monotonic();
            let some = self.purge_step(&visitors)?;
            purged = purged.and(some);
            if some.visitors == 0 {
                break;
            }
            let took = self.inner.clock.monotonic().since(begun);
            let next = if took > STEP { size / 2 } else { size + size / 4 + 1 };
            size = next.clamp(*STEP_SIZE.start(), *STEP_SIZE.end());
            if step % STEPS_A_LOG == 0 {
                store.empty_log()?;
            }
            std::thread::sleep(BETWEEN_STEPS);
        }
        let mut report = self.report(false, purged)?;
        report.invitations = until_none(|| store.purge_invitations(before, *STEP_SIZE.end()))?;
        report.notes = until_none(|| store.purge_notes(before, *STEP_SIZE.end()))?;
        store.purge_set_aside(before)?;
        report.set_aside = store.set_aside()?.len();
        self.certify(report, Some(before))
    }

    fn purge_some(&self, visitors: &[VisitorId]) -> Result<Purged, StoreError> {
        visitors
            .chunks(*STEP_SIZE.start())
            .try_fold(Purged::default(), |sum, some| Ok(sum.and(self.purge_step(some)?)))
    }

    fn purge_step(&self, visitors: &[VisitorId]) -> Result<Purged, StoreError> {
        let seal = self.inner.settings.seal.as_ref();
        let means = Means {
            seal: &|owner, code| seal?.seal(owner, code),
            keeps_person: seal.is_some_and(Seal::shares_people),
        };
        self.inner.store.purge_visitors(visitors, &means, self.now())
    }

    fn report(&self, dry: bool, purged: Purged) -> Result<PurgeReport, StoreError> {
        let Purged { visitors, from, until, orders, codes, codes_until, kept } = purged;
        Ok(PurgeReport {
            dry,
            visitors,
            invitations: 0,
            notes: 0,
            from,
            until,
            orders,
            codes,
            codes_until,
            kept,
            set_aside: self.inner.store.set_aside()?.len(),
            persons_stay: self.inner.settings.seal.as_ref().is_some_and(Seal::shares_people),
        })
    }

    /// Writes down that it was done, and leaves nothing of it in the log.
    fn certify(&self, report: PurgeReport, before: Option<UtcMillis>) -> Result<PurgeReport, StoreError> {
        if report.dry || report.is_empty() {
            return Ok(report);
        }
        self.inner.store.note(&[self.entry("purged", json!({ "before": before, "report": report }))])?;
        self.inner.store.empty_log()?;
        for event in [Event::Visits, Event::Queue, Event::Status] {
            self.changed(&event);
        }
        self.inner.wake.notify_one();
        Ok(report)
    }

    fn entry(&self, kind: &'static str, detail: serde_json::Value) -> Entry {
        Entry { at: self.now(), kind, subject: "desk".to_owned(), detail }
    }
}

impl PurgeReport {
    /// Whether there was nothing to destroy.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.visitors + self.invitations + self.notes == 0
    }
}

fn until_none(mut some: impl FnMut() -> Result<usize, StoreError>) -> Result<usize, StoreError> {
    let mut sum = 0;
    loop {
        match some()? {
            0 => return Ok(sum),
            gone => sum += gone,
        }
        std::thread::sleep(BETWEEN_STEPS);
    }
}
