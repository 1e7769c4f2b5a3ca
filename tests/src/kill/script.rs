//! What people ask of a victim, one thing after the other, until somebody ends it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use vestibule_desk::{Desk, FailureCode, RegisterForm, Station, VisitView};
use vestibule_domain::pass::PassState;
use vestibule_domain::press::PressReason;
use vestibule_domain::verdict::Decision;
use vestibule_domain::{Clock, DoorId, PassId};

use super::bug::Bug;
use super::chance::Chance;
use super::clock::SharedClock;
use super::life::Trouble;
use super::orders::{Orders, Point};
use super::road::Road;
use super::word::{Deed, Told, Word};
use crate::world::DOORS;

/// How long the script waits for a door before it goes on.
const PATIENCE: Duration = Duration::from_millis(30);

/// The script.
pub struct Script {
    desk: Desk,
    road: Road,
    clock: Arc<SharedClock>,
    chance: Chance,
    orders: Orders,
    forms: u32,
    /// How many are at a door just now. The clock is not turned under them: a press that leaves in time must not look
    /// late.
    at_doors: Arc<AtomicUsize>,
    /// The codes that were seen in this life.
    codes: BTreeMap<PassId, String>,
}

impl Script {
    /// A script for this desk.
    #[must_use]
    pub fn new(desk: Desk, road: Road, clock: Arc<SharedClock>, orders: Orders) -> Self {
        let chance = Chance::of(orders.seed, "script");
        Self { desk, road, clock, chance, orders, forms: 0, at_doors: Arc::default(), codes: BTreeMap::new() }
    }

    /// Plays it; it has no end of its own.
    ///
    /// # Errors
    /// What the desk says where it must not fail.
    pub async fn play(mut self) -> Result<(), Trouble> {
        let desk = self.desk.clone();
        tokio::spawn(async move { desk.run().await });
        if let Some(form) = self.orders.again.take() {
            self.register(form);
        }
        if self.chance.percent(60) {
            self.desk.probe().await;
            self.desk.keep_house();
        }
        loop {
            match self.chance.below(100) {
                0..22 => {
                    self.forms += 1;
                    self.register(format!("form {}.{}", self.orders.life, self.forms));
                }
                22..24 if self.forms > 0 => {
                    self.register(format!("form {}.{}", self.orders.life, self.forms))
                }
                24..29 => self.issue()?,
                29..39 => self.revoke()?,
                39..44 => self.sign_out()?,
                44..57 => {
                    let door = self.door();
                    self.press(&door).await;
                }
                57..60 => {
                    let door = self.door();
                    tokio::join!(self.press(&door), self.press(&door));
                }
                60..65 => self.hold().await,
                65..69 => self.end_hold()?,
                69..76 => self.verify()?,
                76..82 => {
                    self.road.set_gone(!self.road.is_gone());
                    self.desk.probe().await;
                }
                82..92 => self.turn()?,
                92..97 => {
                    let desk = self.desk.clone();
                    tokio::spawn(async move { desk.drain().await });
                }
                _ => self.desk.keep_house(),
            }
            tokio::time::sleep(Duration::from_micros(self.chance.below(3000))).await;
        }
    }

    fn begin(&self, deed: &Deed) {
        Word::Begun(deed.clone()).say();
        if let (Deed::Register(form), Some(Bug::ToldBeforeCommit)) = (deed, self.orders.bug) {
            Word::ToldOfForm(form.clone()).say();
            std::thread::sleep(Duration::from_millis(3));
        }
        self.road.come_by(Point::Begun);
    }

    fn end(&self, deed: Deed, told: Result<Told, FailureCode>) {
        match told {
            Ok(told) => {
                self.road.come_by(Point::Untold);
                Word::Told(told).say();
            }
            Err(code) => Word::Failed(deed, format!("{code:?}")).say(),
        }
    }

    fn register(&mut self, form: String) {
        let deed = Deed::Register(form.clone());
        self.begin(&deed);
        let doors = self.chance.percent(25).then(|| vec![DoorId(self.door())]);
        // Now and then a short visit, whose end comes while others are still here.
        let short = self.chance.percent(30).then(|| Duration::from_secs(600 + self.chance.below(3600)));
        let until = short.map(|length| self.clock.now().plus(length));
        let told = self.desk.register(&RegisterForm {
            form: form.clone(),
            name: "Visitor".to_owned(),
            doors,
            until,
            ..RegisterForm::default()
        });
        let told = told.map_err(|failure| failure.code).map(|pass| {
            let code = self.desk.showable_code(pass.id).ok().flatten().map(|code| code.reveal().to_owned());
            Told::Registered(form, pass.visit, pass.id, code)
        });
        self.end(deed, told);
    }

    fn issue(&mut self) -> Result<(), Trouble> {
        let Some(visit) = self.visit(|visit| visit.left_at.is_none())? else { return Ok(()) };
        let deed = Deed::Issue(visit.id);
        self.begin(&deed);
        let told = self.desk.issue_pass(visit.id, None, None, None);
        self.end(deed, told.map(|pass| Told::Issued(visit.id, pass.id)).map_err(|failure| failure.code));
        Ok(())
    }

    fn revoke(&mut self) -> Result<(), Trouble> {
        let active = |visit: &VisitView| visit.passes.iter().any(|pass| pass.state == PassState::Active);
        let Some(visit) = self.visit(active)? else { return Ok(()) };
        let ids: Vec<PassId> = visit.passes.iter().map(|pass| pass.id).collect();
        let Some(pass) = self.chance.one_of(&ids).copied() else { return Ok(()) };
        let deed = Deed::Revoke(pass);
        self.begin(&deed);
        let told = self.desk.revoke_pass(pass);
        self.end(deed, told.map(|_| Told::Revoked(pass)).map_err(|failure| failure.code));
        Ok(())
    }

    fn sign_out(&mut self) -> Result<(), Trouble> {
        let Some(visit) = self.visit(|visit| visit.left_at.is_none())? else { return Ok(()) };
        let deed = Deed::SignOut(visit.id);
        self.begin(&deed);
        let told = self.desk.sign_out(visit.id);
        self.end(deed, told.map(|_| Told::SignedOut(visit.id)).map_err(|failure| failure.code));
        Ok(())
    }

    fn verify(&mut self) -> Result<(), Trouble> {
        if let Some(visit) = self.visit(|_| true)? {
            for pass in visit.passes {
                if let Some(code) = self.desk.showable_code(pass.id)? {
                    self.codes.insert(pass.id, code.reveal().to_owned());
                }
            }
        }
        let known: Vec<(PassId, String)> = self.codes.iter().map(|(id, code)| (*id, code.clone())).collect();
        let Some((pass, code)) = self.chance.one_of(&known).cloned() else { return Ok(()) };
        let deed = Deed::Verify(pass);
        let told = self.desk.verify(&code).map_err(|failure| failure.code);
        self.end(deed, told.map(|verdict| Told::Verified(pass, code, verdict.decision == Decision::LetIn)));
        Ok(())
    }

    /// Presses a door, and does not wait long for it.
    async fn press(&self, door: &str) {
        let (desk, road, door) = (self.desk.clone(), self.road.clone(), door.to_owned());
        let deed = Deed::Press(door.clone());
        self.begin(&deed);
        self.at_a_door(async move {
            let pressed = match desk.arm_door(Station::Guard, &DoorId(door.clone())) {
                Ok(armed) => desk.press_door(Station::Guard, armed.token, PressReason::Visitor).await,
                Err(failure) => Err(failure),
            };
            match pressed {
                Ok(press) => {
                    road.come_by(Point::Untold);
                    Word::Told(Told::Pressed(press.id, door, press.state)).say();
                }
                Err(failure) => Word::Failed(deed, format!("{:?}", failure.code)).say(),
            }
        })
        .await;
    }

    async fn hold(&mut self) {
        let (desk, road, door) = (self.desk.clone(), self.road.clone(), self.door());
        let length = Duration::from_secs(300 + self.chance.below(3000));
        let deed = Deed::Hold(door.clone());
        self.begin(&deed);
        self.at_a_door(async move {
            let held = match desk.arm_door(Station::Guard, &DoorId(door.clone())) {
                Ok(armed) => desk.hold_open(Station::Guard, armed.token, length).await,
                Err(failure) => Err(failure),
            };
            match held {
                Ok(hold) => {
                    road.come_by(Point::Untold);
                    Word::Told(Told::Held(hold.id, door)).say();
                }
                Err(failure) => Word::Failed(deed, format!("{:?}", failure.code)).say(),
            }
        })
        .await;
    }

    async fn at_a_door(&self, work: impl Future<Output = ()> + Send + 'static) {
        let at_doors = Arc::clone(&self.at_doors);
        at_doors.fetch_add(1, Ordering::SeqCst);
        let work = tokio::spawn(async move {
            work.await;
            at_doors.fetch_sub(1, Ordering::SeqCst);
        });
        // A door that takes long is left to itself: a task ends only with its work.
        drop(tokio::time::timeout(PATIENCE, work).await);
    }

    fn end_hold(&mut self) -> Result<(), Trouble> {
        let holds = self.desk.holds()?;
        let Some(hold) = self.chance.one_of(&holds) else { return Ok(()) };
        let deed = Deed::EndHold(hold.id);
        self.begin(&deed);
        let told = self.desk.end_hold(hold.id);
        self.end(deed, told.map(|hold| Told::HoldEnded(hold.id)).map_err(|failure| failure.code));
        Ok(())
    }

    /// Time passes: mostly a little, now and then so much that a late request can be taken no more.
    fn turn(&mut self) -> Result<(), Trouble> {
        let millis = match self.chance.below(100) {
            0..70 => 200 + self.chance.below(3000),
            70..92 => 5000 + self.chance.below(55_000),
            92..98 => 300_000,
            _ => 17 * 60 * 1000,
        };
        if self.at_doors.load(Ordering::SeqCst) == 0 {
            self.clock.turn(Duration::from_millis(millis))?;
        }
        Ok(())
    }

    fn door(&mut self) -> String {
        self.chance.one_of(&DOORS).map(|(id, _)| (*id).to_owned()).unwrap_or_default()
    }

    fn visit(&mut self, wanted: impl Fn(&VisitView) -> bool) -> Result<Option<VisitView>, Trouble> {
        let visits: Vec<VisitView> = self.desk.todays_visits()?.into_iter().filter(wanted).collect();
        Ok(self.chance.one_of(&visits).cloned())
    }
}
