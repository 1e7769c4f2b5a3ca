//! Holds: one door, two processes on one file, two holds, and orders that arrive late.

use std::time::Duration;

use uuid::Uuid;

use super::search::{Missed, World, each_is_missed, finds_nothing};
use crate::guard::Guard;
use crate::hold::{CloseOrder, Held, HoldEnd, HoldEnds, HoldEvent, HoldState, close_order, is_taken};
use crate::press::{Answer, Contact, Doors, Permit, Right, is_orphan};
use crate::{DoorId, HoldId, Monotonic, UtcMillis};

const MINUTE: u64 = 60;
/// The longest hold of the settings.
const LONGEST: Duration = Duration::from_secs(MINUTE);
/// A request that left is not taken by the gateway any more after so many seconds.
const ARRIVES_WITHIN: u64 = 15 * MINUTE;
/// The steps of time: past a press's five seconds, past a hold, past everything under way.
const STEPS: [u64; 3] = [6, MINUTE, 16 * MINUTE];
const HOUR: i64 = 3_600_000;
/// What the outbox does not believe to be put off on purpose.
const LONGEST_PAUSE: i64 = 20 * 60_000;

#[derive(Clone, Hash)]
struct Bounds {
    /// How often each step of time may be made.
    steps: [u8; 3],
    processes: usize,
    holds: usize,
    jumps: u8,
    deaths: u8,
    losses: u8,
}

#[derive(Clone, Hash)]
struct Process {
    life: u8,
    ends: HoldEnds,
    contact: Contact,
}

/// Where the order to open really is.
#[derive(Clone, Hash)]
enum Request {
    Here(Permit),
    /// Under way since then, and may open the door.
    Left(u64),
    Arrived,
    Never,
}

#[derive(Clone, Hash)]
struct Hold {
    state: HoldState,
    at: UtcMillis,
    until: UtcMillis,
    epoch: i64,
    process: usize,
    life: u8,
    began: u64,
    length: u64,
    request: Request,
    answered: bool,
    void: bool,
    ended_here: bool,
    /// The service said that the door is not held, after the hold's end.
    read_back: bool,
}

#[derive(Clone, Hash)]
pub(super) struct Lobby {
    left: Bounds,
    now: u64,
    wall: i64,
    epoch: i64,
    lives: u8,
    speaks: Option<usize>,
    processes: [Option<Process>; 2],
    holds: Vec<Hold>,
    /// Orders to close in the outbox: of which hold, and not before when.
    orders: Vec<(usize, UtcMillis)>,
    held: bool,
}

/// How an order to close goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Closing {
    Fails,
    /// The service accepts it, and the door does not move.
    Ignored,
    Works,
    /// It works, and the process dies before it has written down that the order is done.
    WorksAndDies,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    Passes(usize),
    ClockSet(i64),
    Begins(usize, u64),
    LastLook(usize),
    Arrives(usize),
    Answer(usize, Answer),
    /// In which process, and which hold.
    Ends(usize, usize),
    Closes(usize, Closing),
    LineLost(usize),
    LineBack(usize),
    Leaves(usize),
    Dies(usize),
    Starts(usize),
}

const LATE: &str = "an order to open left five seconds after the finger";
const ENDED: &str = "an order to open left after its process had ended the hold";
const RECONNECTED: &str = "an order to open left after the connection was lost and came back";
const TWO_HOLDS: &str = "a door is held twice";
const NO_LENGTH: &str = "a hold with no length, or a longer one than allowed";
const OVERDUE: &str = "a hold goes on after its end";
const ALONE: &str = "a door is held open, and there is neither a hold nor an order to close";
const UNREAD: &str = "a hold is called closed, and nobody read that";
const UNTOLD: &str = "a hold is closing, and there is no order to close";
const MOVED: &str = "a hold went back";
const NOT_OPEN: &str = "a hold is called open, and the service never said so";
const FORGOTTEN: &str = "a hold of an earlier process goes on";

fn name(number: usize) -> HoldId {
    HoldId(Uuid::from_u128(number as u128))
}

impl Lobby {
    fn new(left: Bounds) -> Self {
        let mut lobby = Self {
            left,
            now: 0,
            wall: 10 * HOUR,
            epoch: 0,
            lives: 0,
            speaks: None,
            processes: [None, None],
            holds: Vec::new(),
            orders: Vec::new(),
            held: false,
        };
        for process in 0..lobby.left.processes {
            lobby.start(process);
        }
        lobby
    }

    fn steady(&self) -> Monotonic {
        Monotonic(Duration::from_secs(self.now))
    }

    fn utc(&self) -> UtcMillis {
        UtcMillis(self.wall + i64::try_from(self.now).unwrap() * 1000)
    }

    fn start(&mut self, process: usize) {
        self.lives += 1;
        self.processes[process] =
            Some(Process { life: self.lives, ends: HoldEnds::default(), contact: Contact::default() });
        self.speak();
    }

    /// The first process that lives speaks, where none does.
    fn speak(&mut self) {
        if self.speaks.is_some() {
            return;
        }
        let Some(process) = self.processes.iter().position(Option::is_some) else { return };
        self.speaks = Some(process);
        self.epoch += 1;
        for number in 0..self.holds.len() {
            let hold = &self.holds[number];
            if hold.state < HoldState::Closing && is_orphan(hold.epoch, self.epoch) {
                self.happens(number, HoldEvent::Over).unwrap();
            }
        }
    }

    fn dies(&mut self, process: usize) {
        self.processes[process] = None;
        if self.speaks == Some(process) {
            self.speaks = None;
        }
    }

    /// One transaction: the hold moves, and the orders to close it stand in the outbox.
    fn happens(&mut self, number: usize, event: HoldEvent) -> Result<(), &'static str> {
        let now = self.utc();
        let hold = &mut self.holds[number];
        let before = hold.state;
        let Some(after) = before.after(event) else { return Ok(()) };
        hold.state = after;
        if after < before {
            return Err(MOVED);
        }
        if after == HoldState::Closing {
            self.orders.extend(before.close_orders().iter().map(|wait| (number, now.plus(*wait))));
        }
        Ok(())
    }

    fn held_row(number: usize, hold: &Hold) -> Held {
        Held { id: name(number), at: hold.at, until: hold.until, state: hold.state }
    }

    /// The process that speaks looks for what is over, as it does all the time.
    fn look(&mut self) -> Result<(), &'static str> {
        let (now, steady) = (self.utc(), self.steady());
        self.speak();
        let Some(process) = self.speaks else { return Ok(()) };
        let holds: Vec<Held> =
            self.holds.iter().enumerate().map(|(number, hold)| Self::held_row(number, hold)).collect();
        let due = self.processes[process].as_mut().unwrap().ends.look(&holds, now, steady);
        for id in due.over {
            self.happens(usize::try_from(id.0.as_u128()).unwrap(), HoldEvent::Over)?;
        }
        for hold in self.holds.iter().filter(|hold| hold.state < HoldState::Closing) {
            if self.now - hold.began >= hold.length || now >= hold.until {
                return Err(OVERDUE);
            }
        }
        Ok(())
    }

    fn begins(&mut self, process: usize, seconds: u64) -> Result<(), &'static str> {
        let (now, steady) = (self.utc(), self.steady());
        let number = self.holds.len();
        let desk = self.processes[process].as_mut().unwrap();
        // Arming and locking out are explored with the presses.
        let mut doors = Doors::default();
        doors.arm(Right::Release, Uuid::nil(), DoorId("lift".to_owned()), steady).unwrap();
        let (_, permit) = doors.press(Right::Release, Uuid::nil(), steady, desk.contact).unwrap();
        let Some(end) = HoldEnd::of(Duration::from_secs(seconds), LONGEST, now, steady) else {
            return Ok(());
        };
        if is_taken(self.holds.iter().map(|hold| hold.state).find(|state| *state != HoldState::Closed)) {
            return Ok(());
        }
        let hold = Hold {
            state: HoldState::Asked,
            at: now,
            until: end.wall,
            epoch: self.epoch,
            process,
            life: desk.life,
            began: self.now,
            length: seconds,
            request: Request::Here(permit),
            answered: false,
            void: desk.contact.lost,
            ended_here: false,
            read_back: false,
        };
        desk.ends.set(Self::held_row(number, &hold).id, end);
        self.holds.push(hold);
        if seconds == 0 || Duration::from_secs(seconds) > LONGEST { Err(NO_LENGTH) } else { Ok(()) }
    }

    fn last_look(&mut self, number: usize) -> Result<(), &'static str> {
        let steady = self.steady();
        let hold = &mut self.holds[number];
        let desk = self.processes[hold.process].as_ref().unwrap();
        let Request::Here(permit) = &hold.request else { return Ok(()) };
        let look = permit.may_leave(steady, desk.contact).and_then(|()| desk.ends.may_leave(name(number)));
        if look.is_err() {
            hold.request = Request::Never;
            hold.answered = true;
            return self.happens(number, HoldEvent::Answered(Answer::No));
        }
        if self.now - hold.began >= 5 {
            return Err(LATE);
        }
        if hold.void {
            return Err(RECONNECTED);
        }
        if hold.ended_here {
            return Err(ENDED);
        }
        hold.request = Request::Left(self.now);
        Ok(())
    }

    fn closes(&mut self, order: usize, how: Closing) -> Result<(), &'static str> {
        let (number, _) = self.orders[order];
        let own = self.holds[number].state;
        let others = self.holds.iter().enumerate().filter(|(other, _)| *other != number);
        let other = others.map(|(_, hold)| hold.state).find(|state| *state != HoldState::Closed);
        match (close_order(own, other), how) {
            (CloseOrder::Wait, _) | (CloseOrder::Give, Closing::Fails) => return Ok(()),
            (CloseOrder::Drop, _) => {
                self.orders.remove(order);
                return Ok(());
            }
            (CloseOrder::Give, Closing::Ignored) => {}
            (CloseOrder::Give, Closing::Works | Closing::WorksAndDies) => self.held = false,
        }
        let held = self.held;
        self.holds[number].read_back |= own >= HoldState::Closing && !held;
        self.happens(number, HoldEvent::Read { held })?;
        if matches!(how, Closing::WorksAndDies) {
            self.left.deaths -= 1;
            self.dies(self.speaks.unwrap());
        } else if !held {
            self.orders.remove(order);
        }
        Ok(())
    }

    fn is_here(&self, hold: &Hold) -> bool {
        self.processes[hold.process].as_ref().is_some_and(|process| process.life == hold.life)
    }

    fn check(&self) -> Result<(), &'static str> {
        if self.holds.iter().filter(|hold| hold.state != HoldState::Closed).count() > 1 {
            return Err(TWO_HOLDS);
        }
        for (number, hold) in self.holds.iter().enumerate() {
            let never_began = matches!(hold.request, Request::Never);
            if hold.state == HoldState::Closed && !hold.read_back && !never_began {
                return Err(UNREAD);
            }
            if hold.state == HoldState::Open && !(hold.answered && matches!(hold.request, Request::Arrived)) {
                return Err(NOT_OPEN);
            }
            if hold.state == HoldState::Closing && !self.orders.iter().any(|(of, _)| *of == number) {
                return Err(UNTOLD);
            }
            let goes_on = hold.state < HoldState::Closing && !self.is_here(hold);
            if goes_on && self.speaks.is_some() && hold.epoch < self.epoch {
                return Err(FORGOTTEN);
            }
        }
        let is_owned = self.holds.iter().any(|hold| hold.state != HoldState::Closed);
        if self.held && !is_owned && self.orders.is_empty() {
            return Err(ALONE);
        }
        Ok(())
    }
}

impl World for Lobby {
    type Event = Event;

    fn events(&self) -> Vec<Event> {
        let mut events = Vec::new();
        events.extend((0..STEPS.len()).filter(|step| self.left.steps[*step] > 0).map(Event::Passes));
        // An order to open that is under way while the clock is set is left out: after that nobody knows from when on
        // nothing can arrive any more (see the map).
        let under_way = |hold: &Hold| matches!(hold.request, Request::Here(_) | Request::Left(_));
        if self.left.jumps > 0 && !self.holds.iter().any(under_way) {
            events.extend([Event::ClockSet(HOUR), Event::ClockSet(-HOUR)]);
        }
        for (number, process) in self.processes.iter().enumerate().take(self.left.processes) {
            let Some(desk) = process else {
                events.push(Event::Starts(number));
                continue;
            };
            if self.left.deaths > 0 {
                events.extend([Event::Dies(number), Event::Leaves(number)]);
            }
            if desk.contact.lost {
                events.push(Event::LineBack(number));
            } else if self.left.losses > 0 {
                events.push(Event::LineLost(number));
            }
            if self.holds.len() < self.left.holds {
                events.extend([MINUTE, 0, 2 * MINUTE].map(|seconds| Event::Begins(number, seconds)));
            }
            let now = self.utc();
            let mut lanes = Vec::new();
            for (order, (hold, due)) in self.orders.iter().enumerate() {
                let is_first = !lanes.contains(hold);
                lanes.push(*hold);
                let is_due = now >= *due || due.0 > now.0 + LONGEST_PAUSE;
                if is_first && is_due && self.speaks == Some(number) && !desk.contact.lost {
                    let how = [Closing::Fails, Closing::Ignored, Closing::Works];
                    events.extend(how.map(|how| Event::Closes(order, how)));
                    if self.left.deaths > 0 {
                        events.push(Event::Closes(order, Closing::WorksAndDies));
                    }
                }
            }
        }
        for (number, hold) in self.holds.iter().enumerate() {
            if hold.state < HoldState::Closing {
                let alive = (0..2).filter(|process| self.processes[*process].is_some());
                events.extend(alive.map(|process| Event::Ends(process, number)));
            }
            let waits = self.is_here(hold) && !hold.answered;
            match hold.request {
                Request::Here(_) if self.is_here(hold) => events.push(Event::LastLook(number)),
                Request::Left(_) => {
                    events.push(Event::Arrives(number));
                    if waits {
                        events.extend(
                            [Answer::Unclear, Answer::No].map(|answer| Event::Answer(number, answer)),
                        );
                    }
                }
                Request::Arrived if waits => {
                    events.extend([Answer::Unclear, Answer::Yes].map(|answer| Event::Answer(number, answer)));
                }
                Request::Here(_) | Request::Arrived | Request::Never => {}
            }
        }
        events
    }

    fn step(&mut self, event: Event) -> Result<(), &'static str> {
        match event {
            Event::Passes(step) => {
                self.left.steps[step] -= 1;
                self.look()?;
                self.now += STEPS[step];
                for hold in &mut self.holds {
                    if matches!(hold.request, Request::Left(at) if self.now - at > ARRIVES_WITHIN) {
                        hold.request = Request::Arrived;
                    }
                }
                self.look()?;
            }
            Event::ClockSet(by) => {
                self.left.jumps -= 1;
                self.wall += by;
                self.look()?;
            }
            Event::Begins(process, seconds) => self.begins(process, seconds)?,
            Event::LastLook(number) => self.last_look(number)?,
            Event::Arrives(number) => {
                self.held = true;
                self.holds[number].request = Request::Arrived;
            }
            Event::Answer(number, answer) => {
                self.holds[number].answered = true;
                if answer == Answer::No {
                    self.holds[number].request = Request::Never;
                }
                self.happens(number, HoldEvent::Answered(answer))?;
            }
            Event::Ends(process, number) => {
                self.processes[process].as_mut().unwrap().ends.forget(name(number));
                if self.holds[number].process == process {
                    self.holds[number].ended_here = true;
                }
                self.happens(number, HoldEvent::Over)?;
            }
            Event::Closes(order, how) => self.closes(order, how)?,
            Event::LineLost(process) => {
                self.left.losses -= 1;
                let desk = self.processes[process].as_mut().unwrap();
                desk.contact = Contact { lost: true, losses: desk.contact.losses + 1 };
                for hold in self.holds.iter_mut().filter(|hold| hold.process == process) {
                    hold.void = true;
                }
            }
            Event::LineBack(process) => self.processes[process].as_mut().unwrap().contact.lost = false,
            Event::Leaves(process) => {
                self.left.deaths -= 1;
                for number in 0..self.holds.len() {
                    self.happens(number, HoldEvent::Over)?;
                }
                self.dies(process);
            }
            Event::Dies(process) => {
                self.left.deaths -= 1;
                self.dies(process);
            }
            Event::Starts(process) => self.start(process),
        }
        self.check()
    }

    fn sights(&self, see: &mut dyn FnMut(&'static str)) {
        let closed = |hold: &Hold| hold.state == HoldState::Closed;
        if self.held && self.holds.iter().all(closed) {
            see("opened late, and still to be closed");
        }
        if self.holds.len() == 2 && self.holds.iter().all(closed) && self.orders.is_empty() {
            see("two holds, both closed");
        }
        if self.holds.iter().any(|hold| hold.state == HoldState::Open) {
            see("open");
        }
    }
}

/// One hold of one of two processes, and everything that can happen to it.
fn one_hold() -> Lobby {
    Lobby::new(Bounds { steps: [1, 1, 1], processes: 2, holds: 1, jumps: 1, deaths: 1, losses: 1 })
}

/// One hold after another, and the orders of the first among those of the second.
fn two_holds() -> Lobby {
    Lobby::new(Bounds { steps: [0, 1, 1], processes: 1, holds: 2, jumps: 0, deaths: 1, losses: 0 })
}

pub(super) const MISSED: &[Missed<Lobby>] = &[
    (Guard::Deadline, one_hold, LATE),
    (Guard::PressedOffline, one_hold, RECONNECTED),
    (Guard::LostSince, one_hold, RECONNECTED),
    (Guard::OverIsOver, one_hold, ENDED),
    (Guard::Longest, one_hold, NO_LENGTH),
    (Guard::Doubt, one_hold, UNREAD),
    (Guard::Settled, one_hold, MOVED),
    (Guard::EndOnWall, one_hold, OVERDUE),
    (Guard::EndOnSteady, one_hold, OVERDUE),
    (Guard::Adopt, one_hold, OVERDUE),
    (Guard::Orphans, one_hold, FORGOTTEN),
    (Guard::ReadBack, one_hold, UNREAD),
    (Guard::CloseAgain, one_hold, ALONE),
    (Guard::OneHold, two_holds, TWO_HOLDS),
    (Guard::LateCloseWaits, two_holds, ALONE),
];

#[test]
fn a_held_door_always_has_an_owner_and_an_end_whatever_happens() {
    finds_nothing("one hold", one_hold(), &["open", "opened late, and still to be closed"]);
    finds_nothing("two holds", two_holds(), &["two holds, both closed"]);
}

#[test]
fn without_any_one_guard_it_has_not() {
    each_is_missed(MISSED);
}
