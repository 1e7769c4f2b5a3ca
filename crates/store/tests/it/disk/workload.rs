//! A morning at a desk: every kind of change there is, through the store's own calls, and what was confirmed when.

use std::time::Duration;

use vestibule_domain::hold::HoldEvent;
use vestibule_domain::pass::{Readiness, ScanLimit, ScanScope};
use vestibule_domain::press::{Answer, PressReason, PressState};
use vestibule_domain::spare::Terms;
use vestibule_domain::{
    DoorId, HoldId, IdentityId, PassCode, PassId, PressId, ShortCode, SpareId, UtcMillis, Window,
};
use vestibule_store::{DoorAnswer, Lease, NewHold, NewPass, NewPress, NewSpare, NewVisit, Store, StoreError};

use super::Desk;
use super::oracle::Fact;
use crate::{Settle as _, TEN, pass_of, visit};

/// What is set aside from the promises, or tidied up more often than usual.
pub(super) type Pragmas = &'static [(&'static str, i64)];

/// The log is moved into the file every few changes, not every thousand pages.
pub(super) const TIDY: Pragmas = &[("wal_autocheckpoint", 40)];

/// What a process does when a step of the disk failed under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    GoOn,
    /// Closes the store in an orderly way; the next call opens it again.
    Close,
    /// Is gone, and started again by the next call.
    Die,
}

/// A desk at work.
pub(super) struct Morning<'a> {
    desk: &'a Desk,
    pragmas: Pragmas,
    open: Option<(Store, Lease)>,
    guests: Vec<Guest>,
    now: UtcMillis,
    then: Then,
    hurt: u64,
    /// How often a file that was ours was set aside as damaged.
    pub(super) set_aside: usize,
    /// How many calls there still are after the disk failed; none is no limit.
    left: Option<usize>,
    /// What was confirmed, and after how many changes of the disk.
    pub(super) confirmed: Vec<(usize, Fact)>,
    /// What was refused, and by which step.
    pub(super) refused: Vec<(&'static str, StoreError)>,
}

struct Guest {
    visit: NewVisit,
    press: PressId,
    hold: HoldId,
    second: PassId,
    spare: SpareId,
    /// Something about this guest was refused: what builds on it is left out.
    broken: bool,
}

impl<'a> Morning<'a> {
    pub(super) fn new(desk: &'a Desk, guests: usize, pragmas: Pragmas) -> Self {
        let guests = (0..guests).map(|number| Guest {
            visit: visit(&format!("form-{number}"), TEN),
            press: PressId::new(TEN),
            hold: HoldId::new(TEN),
            second: PassId::new(TEN),
            spare: SpareId::new(TEN),
            broken: false,
        });
        Self {
            desk,
            pragmas,
            open: None,
            guests: guests.collect(),
            now: TEN,
            then: Then::GoOn,
            hurt: 0,
            set_aside: 0,
            left: None,
            confirmed: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// What it does when the disk fails, and how many calls come after that.
    pub(super) fn when_hurt(&mut self, then: Then, left: usize) {
        (self.then, self.left) = (then, Some(left));
    }

    /// Everything, with a restart in the middle. The store stays open.
    pub(super) fn run(&mut self) {
        self.first_half();
        self.stop();
        self.second_half();
    }

    pub(super) fn first_half(&mut self) {
        for number in 0..self.guests.len() {
            self.arrive(number);
            self.tell(number);
            self.doors(number);
        }
    }

    pub(super) fn second_half(&mut self) {
        for number in 0..self.guests.len() {
            self.more(number);
            self.leave(number);
        }
    }

    /// Closes the store in an orderly way.
    pub(super) fn stop(&mut self) {
        self.open = None;
    }

    /// The process is gone from one instruction to the next.
    pub(super) fn die(&mut self) {
        self.desk.disk.kill(self.open.take());
    }

    /// Opens the store and takes the lease, unless that is done.
    pub(super) fn start(&mut self) -> Option<()> {
        if self.open.is_some() {
            return Some(());
        }
        let opened = match self.desk.open() {
            Ok(opened) => opened,
            Err(error) => {
                self.refused.push(("open", error));
                self.react();
                return None;
            }
        };
        if opened.set_aside.is_some() {
            self.set_aside += 1;
        }
        for (name, value) in self.pragmas {
            opened.store.pragma_for_test(name, *value).unwrap();
        }
        match opened.store.take_lease(self.now) {
            Ok(lease) => {
                let lease = lease.expect("nobody else is here");
                self.confirmed.push((self.desk.disk.recorded(), Fact::Epoch(lease.epoch)));
                self.open = Some((opened.store, lease));
                Some(())
            }
            Err(error) => {
                self.refused.push(("take_lease", error));
                self.open = None;
                self.desk.disk.kill(());
                None
            }
        }
    }

    /// One call, and what is promised when it goes well.
    fn call<T>(
        &mut self,
        name: &'static str,
        call: impl FnOnce(&Store, &Lease, UtcMillis) -> Result<T, StoreError>,
        promise: impl FnOnce(&T) -> Fact,
    ) -> Option<T> {
        if let (1.., Some(left)) = (self.hurt, &mut self.left) {
            *left = left.checked_sub(1)?;
        }
        self.now = self.now.plus(Duration::from_secs(10));
        self.start()?;
        let (store, lease) = self.open.as_ref().unwrap();
        let value = match call(store, lease, self.now) {
            Ok(value) => {
                self.confirmed.push((self.desk.disk.recorded(), promise(&value)));
                Some(value)
            }
            Err(error) => {
                self.refused.push((name, error));
                None
            }
        };
        self.react();
        value
    }

    fn react(&mut self) {
        let hurt = self.desk.disk.hurt();
        if hurt == std::mem::replace(&mut self.hurt, hurt) {
            return;
        }
        match self.then {
            Then::GoOn => {}
            Then::Close => self.stop(),
            Then::Die => self.die(),
        }
    }

    /// Somebody comes, now that the disk works again.
    pub(super) fn one_more(&mut self) -> Option<()> {
        let new = visit("one-more", self.now);
        let promise = Fact::Came(new.id, pass_of(&new));
        self.call("one_more", |store, _, _| store.register(&new), |_| promise).map(drop)
    }

    /// The open store, and what was confirmed.
    pub(super) fn store(&self) -> &Store {
        &self.open.as_ref().unwrap().0
    }

    /// Which process is at work; none while there is none.
    fn epoch(&self) -> Option<i64> {
        self.open.as_ref().map(|(_, lease)| lease.epoch)
    }

    fn of_guest(
        &mut self,
        guest: usize,
        name: &'static str,
        promise: Fact,
        call: impl FnOnce(&Store, UtcMillis) -> Result<(), StoreError>,
    ) {
        if !self.guests[guest].broken {
            let done = self.call(name, |store, _, now| call(store, now), |()| promise);
            self.guests[guest].broken = done.is_none();
        }
    }

    fn arrive(&mut self, guest: usize) {
        let new = self.guests[guest].visit.clone();
        let promise = Fact::Came(new.id, pass_of(&new));
        self.of_guest(guest, "register", promise, |store, _| store.register(&new).map(drop));
    }

    fn tell(&mut self, guest: usize) {
        let taken =
            self.call("take_due", |store, lease, now| store.take_due(lease, now, now, 2), |_| Fact::Nothing);
        let taken_by = self.epoch();
        for (index, row) in taken.unwrap_or_default().into_iter().enumerate() {
            let later = self.now.plus(Duration::from_secs(60));
            // A process that was started meanwhile has put the rows back, and settles nothing it did not take.
            if taken_by.is_none() || self.epoch() != taken_by {
                break;
            }
            match (guest + index) % 4 {
                0 | 1 => self.call(
                    "settle",
                    |store, lease, _| store.settle(lease, row.id),
                    |()| Fact::Told(row.id),
                ),
                2 => self.call(
                    "postpone",
                    |store, lease, _| store.postpone(lease, row.id, later, "busy", true),
                    |()| Fact::Nothing,
                ),
                _ => {
                    self.call("wedge", |store, lease, _| store.wedge(lease, row.id, "no"), |()| Fact::Nothing)
                }
            };
        }
        let pass = pass_of(&self.guests[guest].visit);
        let code = format!("code-{}", guest + 100_000);
        self.of_guest(guest, "keep_code", Fact::Code(pass, code.clone()), |store, _| {
            store.keep_code(pass, &PassCode::from_service(code))
        });
        self.of_guest(guest, "keep_door_answers", Fact::Ready(pass), |store, _| {
            let answer =
                DoorAnswer { door: door("a"), readiness: Readiness::Ready, said: Some("200".to_owned()) };
            store.keep_door_answers(pass, &[answer])
        });
        self.of_guest(guest, "mark_seen", Fact::Seen(pass), |store, now| {
            store.mark_seen(pass, now, &crate::verdict(pass, now)).map(drop)
        });
    }

    /// The press and the hold of every other guest stay open.
    fn doors(&mut self, guest: usize) {
        let asked_by = self.epoch();
        let (press, hold) = (self.guests[guest].press, self.guests[guest].hold);
        self.of_guest(guest, "ask_press", Fact::Pressed(press, PressState::Asked), |store, at| {
            let station = "guard".to_owned();
            let door = door(&format!("press-{guest}"));
            store.ask_press(&NewPress {
                id: press,
                door,
                at,
                station,
                by: None,
                reason: PressReason::Visitor,
            })
        });
        self.of_guest(guest, "ask_hold", Fact::Held(hold), |store, at| {
            let (door, station) = (door(&format!("hold-{guest}")), "guard".to_owned());
            let until = at.plus(Duration::from_secs(600));
            store.ask_hold(&NewHold { id: hold, door, station, by: None, approved_by: None, at, until })
        });
        if guest.is_multiple_of(2) {
            let accepted = PressState::Accepted;
            // A press of a process that ended is unknown, whatever is said of it later.
            if asked_by.is_some() && self.epoch() == asked_by {
                self.of_guest(guest, "settle_press", Fact::Pressed(press, accepted), |store, now| {
                    store.settle_press(press, Answer::Yes, None, now)
                });
            }
            self.of_guest(guest, "hold_opened", Fact::Held(hold), |store, now| {
                store.move_hold(hold, HoldEvent::Answered(Answer::Yes), now)
            });
            self.of_guest(guest, "end_hold", Fact::Closing(hold), |store, now| {
                store.move_hold(hold, HoldEvent::Over, now)
            });
        }
    }

    fn more(&mut self, guest: usize) {
        let (first, second) = (self.guests[guest].visit.clone(), self.guests[guest].second);
        self.of_guest(guest, "issue_pass", Fact::Issued(second), |store, at| {
            store.issue_pass(&NewPass {
                id: second,
                visitor: first.visitor,
                visit: first.id,
                short_code: ShortCode::random(),
                window: Window { from: at, until: at.plus(Duration::from_secs(3600)) },
                limit: ScanLimit { times: 1, scope: ScanScope::Together },
                doors: vec![door("a")],
                at,
            })
        });
        let spare = self.guests[guest].spare;
        self.of_guest(guest, "add_spare", Fact::Nothing, |store, at| {
            let window = Window { from: at, until: at.plus(Duration::from_secs(3600)) };
            let limit = ScanLimit { times: 1, scope: ScanScope::Together };
            let terms = Terms { doors: vec![door("a")], window, limit };
            store.add_spare(&NewSpare { id: spare, identity: IdentityId::random(), terms, at })
        });
        self.of_guest(guest, "keep_spare_code", Fact::Nothing, |store, _| {
            store.keep_spare_code(spare, b"sealed")
        });
        self.of_guest(guest, "spare_is_ready", Fact::Spare(spare), |store, now| {
            store.spare_is_ready(spare, now)
        });
        let value = guest.to_string();
        let promise = Fact::Set(guest);
        self.of_guest(guest, "set_setting", promise, |store, _| store.set_setting("guest", &value));
    }

    fn leave(&mut self, guest: usize) {
        let first = self.guests[guest].visit.clone();
        let pass = pass_of(&first);
        self.of_guest(guest, "revoke_pass", Fact::Revoked(pass), |store, now| {
            store.revoke_pass(pass, now).map(drop)
        });
        self.of_guest(guest, "doubt_grant", Fact::Nothing, |store, now| store.doubt_grant(pass, now));
        self.of_guest(guest, "repeat_removal", Fact::Nothing, |store, now| store.repeat_removal(pass, now));
        if guest.is_multiple_of(2) {
            self.of_guest(guest, "sign_out", Fact::Left(first.id), |store, now| {
                store.sign_out(first.id, now).map(drop)
            });
        }
    }
}

fn door(name: &str) -> DoorId {
    DoorId(name.to_owned())
}
