//! What the screens and the terminal are shown: plain values that cross into TypeScript and JSON.

use serde::Serialize;
use specta::Type;
use uuid::Uuid;
use vestibule_domain::hold::HoldState;
use vestibule_domain::pass::{PassState, Readiness, ScanLimit};
use vestibule_domain::press::{PressReason, PressState};
use vestibule_domain::staff::Act;
use vestibule_domain::verdict::{Decision, Reason, Verdict};
use vestibule_domain::visitor::{masked_name, masked_phone};
use vestibule_domain::{DoorId, HoldId, PassCode, PassId, PressId, UtcMillis, VisitId, Window};
use vestibule_store::{HoldRow, Kind, OutboxRow, PassRow, PressRow, RowState, VisitRow};

use crate::{Desk, DoorReading, Failure, FailureCode};

/// A door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DoorView {
    /// Its `iotId`.
    pub id: DoorId,
    /// What people call it.
    pub name: String,
    /// The IANA name of its zone.
    pub zone: String,
    /// The newest press.
    pub last_press: Option<PressView>,
    /// For how long it takes no press, in milliseconds.
    pub locked_for_ms: u32,
    /// Whether it is kept open, as the service last said; none when it was not asked since the start.
    pub reading: Option<DoorReading>,
}

/// A press.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PressView {
    /// Its id.
    pub id: PressId,
    /// The door.
    pub door: DoorId,
    /// What people call it.
    pub door_name: String,
    /// When the finger came down.
    pub at: UtcMillis,
    /// Why.
    pub reason: PressReason,
    /// Where it stands.
    pub state: PressState,
    /// Why it was refused or is unknown.
    pub why: Option<FailureCode>,
    /// What staff wrote to it.
    pub note: Option<String>,
}

/// A door that was chosen: the first of two steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Armed {
    /// For the second step; serves once.
    pub token: Uuid,
    /// The door.
    pub door: DoorId,
    /// How long it serves, in milliseconds.
    pub for_ms: u32,
}

/// A pass at one door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PassDoorView {
    /// The door.
    pub door: DoorId,
    /// What people call it.
    pub name: String,
    /// Where the pass stands there.
    pub readiness: Readiness,
    /// What the service said of it, for staff.
    pub said: Option<String>,
}

/// A pass, without the code in it.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PassView {
    /// Its id.
    pub id: PassId,
    /// The visit it is for.
    pub visit: VisitId,
    /// Whose it is.
    pub visitor_name: String,
    /// Whom they visit.
    pub host: String,
    /// The short form, in two groups.
    pub short_code: String,
    /// From when until when.
    pub window: Window,
    /// The zone to show the window in: that of its first door.
    pub zone: String,
    /// How many times.
    pub limit: ScanLimit,
    /// Given or taken back.
    pub state: PassState,
    /// When it was issued.
    pub issued_at: UtcMillis,
    /// When it was taken back.
    pub revoked_at: Option<UtcMillis>,
    /// Whether its QR code may be shown.
    pub showable: bool,
    /// Its doors.
    pub doors: Vec<PassDoorView>,
    /// Whether a person has to look at it.
    pub wedged: bool,
    /// Whether it came of a spare: given out without a network.
    pub spare: bool,
}

impl std::fmt::Debug for PassView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PassView({})", self.id)
    }
}

/// A visit.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct VisitView {
    /// Its id.
    pub id: VisitId,
    /// The visitor's name.
    pub visitor_name: String,
    /// Their phone number, masked.
    pub phone: String,
    /// Whom they visit.
    pub host: String,
    /// When they came.
    pub came_at: UtcMillis,
    /// When they left.
    pub left_at: Option<UtcMillis>,
    /// Whether reception has to ask whom they visit.
    pub asks_host: bool,
    /// Whether they signed an agreement.
    pub agreed: bool,
    /// Their passes, oldest first.
    pub passes: Vec<PassView>,
}

/// A verdict.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct VerdictView {
    /// What to do.
    pub decision: Decision,
    /// Why.
    pub reason: Reason,
    /// How old the knowledge is, in milliseconds; none when nothing is known.
    pub age_ms: Option<u32>,
    /// When it was given.
    pub at: UtcMillis,
    /// The pass, where it is known.
    pub pass: Option<PassView>,
    /// When it was first let in at this desk, if that was before.
    pub seen_before: Option<UtcMillis>,
}

/// A door that is kept open, or still closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HoldView {
    /// Its id.
    pub id: HoldId,
    /// The door.
    pub door: DoorId,
    /// What people call it.
    pub door_name: String,
    /// When it was asked for.
    pub at: UtcMillis,
    /// When it ends.
    pub until: UtcMillis,
    /// Where it stands.
    pub state: HoldState,
}

/// A call that waits.
#[derive(Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct QueueRow {
    /// Its number.
    pub id: i32,
    /// What is to be told.
    pub kind: QueueKind,
    /// Of whom.
    pub visitor_name: String,
    /// Where it stands.
    pub state: QueueState,
    /// How often it was tried.
    pub attempts: u32,
    /// Since when it is there.
    pub since: UtcMillis,
    /// When it is tried next; none when it was set aside.
    pub next_try: Option<UtcMillis>,
    /// What came back last.
    pub last_answer: Option<String>,
}

/// What is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum QueueKind {
    /// That a visitor exists.
    RegisterVisitor,
    /// A code for a pass is asked for.
    GenerateCode,
    /// That a pass counts at its doors.
    GrantPass,
    /// That it counts no longer.
    RemovePass,
    /// That a pass that came of a spare ends with its visit.
    NarrowPass,
    /// That a spare pass counts at its doors.
    PrepareSpare,
    /// That a spare pass counts no longer.
    RemoveSpare,
    /// That a door is held open no longer.
    CloseHold,
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum QueueState {
    /// Waits for its turn.
    Waiting,
    /// On its way.
    Sending,
    /// Set aside.
    Wedged,
}

impl PassView {
    /// Where visitors stand: whoever has a ticket or a pass's id learns no more than that.
    fn mask_names(&mut self) {
        for name in [&mut self.visitor_name, &mut self.host] {
            *name = masked_name(name);
        }
    }

    /// What is left for those who may not know whose it is.
    pub(crate) fn hide_names(&mut self) {
        for text in [&mut self.visitor_name, &mut self.host, &mut self.short_code] {
            text.clear();
        }
    }
}

impl VerdictView {
    pub(crate) fn new(
        verdict: Verdict,
        at: UtcMillis,
        pass: Option<PassView>,
        seen_before: Option<UtcMillis>,
    ) -> Self {
        let age_ms = verdict.age.map(|age| u32::try_from(age.as_millis()).unwrap_or(u32::MAX));
        Self { decision: verdict.decision, reason: verdict.reason, age_ms, at, pass, seen_before }
    }
}

impl From<OutboxRow> for QueueRow {
    fn from(row: OutboxRow) -> Self {
        let (kind, state) = (
            match row.kind {
                Kind::RegisterVisitor => QueueKind::RegisterVisitor,
                Kind::NarrowPass => QueueKind::NarrowPass,
                Kind::PrepareSpare => QueueKind::PrepareSpare,
                Kind::RemoveSpare => QueueKind::RemoveSpare,
                Kind::GenerateCode => QueueKind::GenerateCode,
                Kind::GrantPass => QueueKind::GrantPass,
                Kind::RemovePass => QueueKind::RemovePass,
                Kind::CloseHold => QueueKind::CloseHold,
            },
            match row.state {
                RowState::Sending => QueueState::Sending,
                RowState::Wedged => QueueState::Wedged,
                RowState::Waiting | RowState::Done | RowState::Superseded => QueueState::Waiting,
            },
        );
        Self {
            id: i32::try_from(row.id).unwrap_or(i32::MAX),
            kind,
            visitor_name: row.visitor_name,
            state,
            attempts: row.attempts,
            since: row.created_at,
            next_try: (state == QueueState::Waiting).then_some(row.next_try_at),
            last_answer: row.last_answer,
        }
    }
}

impl Desk {
    /// A pass as shown.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] when there is no such pass.
    pub fn pass(&self, id: PassId) -> Result<PassView, Failure> {
        self.may(Act::SeePass)?;
        self.pass_now(id)
    }

    pub(crate) fn pass_now(&self, id: PassId) -> Result<PassView, Failure> {
        self.view_pass(&self.inner.store.pass(id)?)
    }

    /// The text in a pass's QR code, for drawing it; none until it may be shown.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] when there is no such pass.
    pub fn showable_code(&self, id: PassId) -> Result<Option<PassCode>, Failure> {
        self.may(Act::SeePass)?;
        let row = self.inner.store.pass(id)?;
        Ok(if row.pass.is_showable() { row.pass.code } else { None })
    }

    /// A visit as shown.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] when there is no such visit.
    pub fn visit(&self, id: VisitId) -> Result<VisitView, Failure> {
        self.may(Act::SeeVisits)?;
        self.visit_now(id)
    }

    pub(crate) fn visit_now(&self, id: VisitId) -> Result<VisitView, Failure> {
        self.view_visit(self.inner.store.visit(id)?)
    }

    /// The visits that concern somebody today, in the zone of the first door, newest first: those of today, and earlier
    /// ones whose pass still counts or who did not leave yesterday.
    ///
    /// # Errors
    /// What the store says.
    pub fn todays_visits(&self) -> Result<Vec<VisitView>, Failure> {
        self.may(Act::SeeVisits)?;
        self.visits_today(500)?.into_iter().map(|row| self.view_visit(row)).collect()
    }

    /// Whether [`Self::todays_visits`] would list any.
    ///
    /// # Errors
    /// What the store says.
    pub fn somebody_came_today(&self) -> Result<bool, Failure> {
        Ok(!self.visits_today(1)?.is_empty())
    }

    fn visits_today(&self, limit: u32) -> Result<Vec<VisitRow>, Failure> {
        let now = self.now();
        let from = self.inner.settings.doors.first().map_or(now, |door| door.zone.start_of_day(now));
        Ok(self.inner.store.visits_since(from, now, limit)?)
    }

    pub(crate) fn view_pass(&self, row: &PassRow) -> Result<PassView, Failure> {
        let visit = self.inner.store.visit(row.pass.visit)?;
        let mut pass = self.view_pass_of(row, &visit);
        if self.is_self_service() {
            pass.mask_names();
        }
        Ok(pass)
    }

    pub(crate) fn view_visit(&self, row: VisitRow) -> Result<VisitView, Failure> {
        let passes = self.inner.store.passes_of(row.id)?;
        Ok(VisitView {
            id: row.id,
            passes: passes.iter().map(|pass| self.view_pass_of(pass, &row)).collect(),
            phone: masked_phone(&row.phone),
            visitor_name: row.name,
            host: row.host,
            came_at: row.came_at,
            left_at: row.left_at,
            asks_host: row.asks_host,
            agreed: row.agreed,
        })
    }

    fn view_pass_of(&self, row: &PassRow, visit: &VisitRow) -> PassView {
        let zone = row.pass.doors.first().and_then(|(door, _)| self.door(door));
        let doors = row.pass.doors.iter().zip(&row.said).map(|((door, readiness), said)| PassDoorView {
            door: door.clone(),
            name: self.door_name(door),
            readiness: *readiness,
            said: said.clone(),
        });
        PassView {
            id: row.pass.id,
            visit: row.pass.visit,
            visitor_name: visit.name.clone(),
            host: visit.host.clone(),
            short_code: row.pass.short_code.grouped(),
            window: row.pass.window,
            zone: zone.map_or("Asia/Shanghai", |door| door.zone.name()).to_owned(),
            limit: row.pass.limit,
            state: row.pass.state,
            issued_at: row.pass.issued_at,
            revoked_at: row.pass.revoked_at,
            showable: row.pass.is_showable(),
            doors: doors.collect(),
            wedged: row.wedged,
            spare: row.spare,
        }
    }

    pub(crate) fn view_press(&self, row: PressRow) -> PressView {
        PressView {
            id: row.id,
            door_name: self.door_name(&row.door),
            door: row.door,
            at: row.at,
            reason: row.reason,
            state: row.state,
            why: row.why.as_deref().and_then(FailureCode::from_word),
            note: row.note,
        }
    }

    pub(crate) fn view_hold(&self, row: HoldRow) -> HoldView {
        let door_name = self.door_name(&row.door);
        HoldView { id: row.id, door: row.door, door_name, at: row.at, until: row.until, state: row.state }
    }

    fn door_name(&self, door: &DoorId) -> String {
        self.door(door).map_or_else(|| door.0.clone(), |door| door.name.clone())
    }
}
