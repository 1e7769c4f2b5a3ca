//! Presses: one door, two processes on one file, two fingers.

use std::time::Duration;

use uuid::Uuid;

use super::search::{Missed, World, each_is_missed, finds_nothing};
use crate::guard::Guard;
use crate::press::{Answer, Contact, Doors, Permit, PressState, Right, is_busy, is_orphan};
use crate::{DoorId, Monotonic, UtcMillis};

/// How much may happen.
#[derive(Clone, Hash)]
struct Bounds {
    seconds: u64,
    processes: usize,
    tokens: usize,
    rows: usize,
    /// How often the PC may sleep, its clock be set, a process die and a connection be lost.
    sleeps: u8,
    jumps: u8,
    deaths: u8,
    losses: u8,
}

#[derive(Clone, Hash)]
struct Process {
    /// Which of all processes that ever ran.
    life: u8,
    doors: Doors,
    contact: Contact,
}

/// A token that somebody at a screen has, and may use as often as they like.
#[derive(Clone, Copy, Hash)]
struct Token {
    at: u64,
    by: Right,
}

/// Where a request really is.
#[derive(Clone, Hash)]
enum Request {
    /// In the hands of its process: name, connection, TLS.
    Here(Permit),
    /// Under way. Whether it still can open the door, and whether it has.
    Left { may_open: bool },
    /// It never left and never will.
    Never,
}

/// A press: what is written down, and what really is.
#[derive(Clone, Hash)]
struct Row {
    state: PressState,
    at: UtcMillis,
    epoch: i64,
    process: usize,
    life: u8,
    finger: u64,
    token: usize,
    request: Request,
    opened: u8,
    /// The connection was lost since the finger.
    void: bool,
    /// The wall clock was set since.
    clock_set: bool,
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
    tokens: Vec<Token>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    Second,
    Sleep,
    ClockSet(i64),
    Arm(usize, Right),
    Finger(usize, Right, usize),
    /// The transport's last look; if it may, the bytes are sent.
    LastLook(usize),
    Opens(usize),
    Answer(usize, Answer),
    LineLost(usize),
    LineBack(usize),
    Dies(usize),
    Starts(usize),
    Speaks(usize),
}

const HOUR: i64 = 3_600_000;

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
            tokens: Vec::new(),
            rows: Vec::new(),
        };
        for process in 0..lobby.left.processes {
            lobby.start(process);
        }
        lobby.speak(0);
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
            Some(Process { life: self.lives, doors: Doors::default(), contact: Contact::default() });
    }

    fn speak(&mut self, process: usize) {
        self.speaks = Some(process);
        self.epoch += 1;
        for row in &mut self.rows {
            if row.state == PressState::Asked && is_orphan(row.epoch, self.epoch) {
                row.state = row.state.after(Answer::Unclear).unwrap_or(row.state);
            }
        }
    }

    fn finger(&mut self, process: usize, by: Right, token: usize) {
        let (steady, at, now) = (self.steady(), self.utc(), self.now);
        let Some(desk) = &mut self.processes[process] else { return };
        let name = Uuid::from_u128(token as u128);
        let Ok((_, permit)) = desk.doors.press(by, name, steady, desk.contact) else { return };
        if is_busy(at, self.rows.iter().map(|row| (row.state, row.at))) {
            return;
        }
        self.tokens[token].by = if by == Right::Nothing { by } else { self.tokens[token].by };
        self.rows.push(Row {
            state: PressState::Asked,
            at,
            epoch: self.epoch,
            process,
            life: desk.life,
            finger: now,
            token,
            request: Request::Here(permit),
            opened: 0,
            void: desk.contact.lost,
            clock_set: false,
        });
    }

    fn last_look(&mut self, number: usize) -> Result<(), &'static str> {
        let (now, steady) = (self.now, self.steady());
        let row = &self.rows[number];
        let desk = self.processes[row.process].as_ref().unwrap();
        let Request::Here(permit) = &row.request else { return Ok(()) };
        if permit.may_leave(steady, desk.contact).is_err() {
            self.rows[number].request = Request::Never;
            return self.answer(number, Answer::No);
        }
        let token = &self.tokens[row.token];
        for (wrong, what) in [
            (now - row.finger >= 5, LATE),
            (row.void, RECONNECTED),
            (token.by != Right::Release, NO_RIGHT),
            (row.finger - token.at > 10, ARMED_LONG_AGO),
        ] {
            if wrong {
                return Err(what);
            }
        }
        for (other_number, other) in self.rows.iter().enumerate() {
            if other_number == number {
                continue;
            }
            if other.token == row.token {
                return Err(TWICE);
            }
            // What processes promise each other is kept by the wall clock, and not while somebody sets that.
            let clock_set = row.clock_set || other.clock_set;
            let one_process = other.life == row.life;
            let apart = row.finger.abs_diff(other.finger);
            if other.state != PressState::Refused && apart < 3 && (one_process || !clock_set) {
                return Err(LOCKED_OUT);
            }
            if other_number < number && other.state == PressState::Asked && !clock_set {
                return Err(TWO_OPEN);
            }
        }
        self.rows[number].request = Request::Left { may_open: true };
        Ok(())
    }

    fn answer(&mut self, number: usize, answer: Answer) -> Result<(), &'static str> {
        let row = &mut self.rows[number];
        let before = row.state;
        row.state = before.after(answer).unwrap_or(before);
        if before != PressState::Asked && before != row.state {
            return Err(MOVED);
        }
        Ok(())
    }

    fn is_here(&self, row: &Row) -> bool {
        self.processes[row.process].as_ref().is_some_and(|process| process.life == row.life)
    }

    /// What must be true at every moment.
    fn check(&self) -> Result<(), &'static str> {
        for row in &self.rows {
            let may_open = row.opened > 0 || matches!(row.request, Request::Left { may_open: true });
            if row.state == PressState::Refused && may_open {
                return Err(NOT_REFUSED);
            }
            if row.state == PressState::Accepted && row.opened == 0 {
                return Err(NOT_ACCEPTED);
            }
            if row.opened > 1 {
                return Err(TWICE);
            }
            // While a process speaks, nothing that belongs to a dead one waits for an answer.
            let orphan = row.state == PressState::Asked && row.epoch < self.epoch;
            if orphan && self.speaks.is_some() && !self.is_here(row) {
                return Err(FORGOTTEN);
            }
        }
        Ok(())
    }
}

const LATE: &str = "a request left five seconds after the finger";
const RECONNECTED: &str = "a request left after the connection was lost and came back";
const NO_RIGHT: &str = "a request left without the right";
const ARMED_LONG_AGO: &str = "a request left that was armed too long before";
const TWICE: &str = "a press left twice";
const LOCKED_OUT: &str = "two presses of one door within three seconds";
const TWO_OPEN: &str = "a press left while an earlier one of the door had no answer";
const MOVED: &str = "an ended press ended again";
const NOT_REFUSED: &str = "refused, and the door opened or still can";
const NOT_ACCEPTED: &str = "accepted, and the service never said so";
const FORGOTTEN: &str = "a press of a dead process waits for an answer";

impl World for Lobby {
    type Event = Event;

    fn events(&self) -> Vec<Event> {
        let mut events = Vec::new();
        if self.now < self.left.seconds {
            events.push(Event::Second);
            if self.left.sleeps > 0 {
                events.push(Event::Sleep);
            }
        }
        if self.left.jumps > 0 {
            events.extend([Event::ClockSet(HOUR), Event::ClockSet(-HOUR)]);
        }
        for (number, process) in self.processes.iter().enumerate() {
            let Some(desk) = process else {
                if number < self.left.processes {
                    events.push(Event::Starts(number));
                }
                continue;
            };
            if self.speaks.is_none() {
                events.push(Event::Speaks(number));
            }
            if self.left.deaths > 0 {
                events.push(Event::Dies(number));
            }
            if desk.contact.lost {
                events.push(Event::LineBack(number));
            } else if self.left.losses > 0 {
                events.push(Event::LineLost(number));
            }
            for by in [Right::Release, Right::Nothing] {
                if self.tokens.len() < self.left.tokens {
                    events.push(Event::Arm(number, by));
                }
                if self.rows.len() < self.left.rows {
                    events.extend((0..self.tokens.len()).map(|token| Event::Finger(number, by, token)));
                }
            }
        }
        for (number, row) in self.rows.iter().enumerate() {
            match row.request {
                Request::Here(_) if self.is_here(row) => events.push(Event::LastLook(number)),
                Request::Left { may_open } => {
                    if may_open {
                        events.push(Event::Opens(number));
                    }
                    if self.is_here(row) {
                        events.push(Event::Answer(number, Answer::Unclear));
                        events.push(Event::Answer(
                            number,
                            if row.opened > 0 { Answer::Yes } else { Answer::No },
                        ));
                    }
                }
                Request::Here(_) | Request::Never => {}
            }
        }
        events
    }

    fn step(&mut self, event: Event) -> Result<(), &'static str> {
        match event {
            Event::Second => self.now += 1,
            Event::Sleep => {
                self.left.sleeps -= 1;
                self.now += 6;
            }
            Event::ClockSet(by) => {
                self.left.jumps -= 1;
                self.wall += by;
                self.rows.iter_mut().for_each(|row| row.clock_set = true);
            }
            Event::Arm(process, by) => {
                let steady = self.steady();
                let token = self.tokens.len();
                let desk = self.processes[process].as_mut().unwrap();
                let armed =
                    desk.doors.arm(by, Uuid::from_u128(token as u128), DoorId("lift".to_owned()), steady);
                if armed.is_ok() {
                    self.tokens.push(Token { at: self.now, by });
                }
            }
            Event::Finger(process, by, token) => self.finger(process, by, token),
            Event::LastLook(number) => self.last_look(number)?,
            Event::Opens(number) => {
                self.rows[number].opened += 1;
                self.rows[number].request = Request::Left { may_open: false };
            }
            Event::Answer(number, answer) => {
                if answer == Answer::No {
                    self.rows[number].request = Request::Never;
                }
                self.answer(number, answer)?;
            }
            Event::LineLost(process) => {
                self.left.losses -= 1;
                let desk = self.processes[process].as_mut().unwrap();
                desk.contact = Contact { lost: true, losses: desk.contact.losses + 1 };
                for row in self.rows.iter_mut().filter(|row| row.process == process) {
                    row.void = true;
                }
            }
            Event::LineBack(process) => self.processes[process].as_mut().unwrap().contact.lost = false,
            Event::Dies(process) => {
                self.left.deaths -= 1;
                self.processes[process] = None;
                if self.speaks == Some(process) {
                    self.speaks = None;
                }
            }
            Event::Starts(process) => {
                self.start(process);
                if self.speaks.is_none() {
                    self.speak(process);
                }
            }
            Event::Speaks(process) => self.speak(process),
        }
        self.check()
    }

    fn sights(&self, see: &mut dyn FnMut(&'static str)) {
        for row in &self.rows {
            see(match (row.state, row.opened > 0) {
                (PressState::Accepted, _) => "accepted and open",
                (PressState::Refused, _) => "refused",
                (PressState::Unknown, true) => "unknown and open",
                (PressState::Unknown, false) => "unknown and shut",
                (PressState::Asked, true) => "asked and open",
                (PressState::Asked, false) => "asked",
            });
        }
        if self.rows.iter().filter(|row| row.opened > 0).count() > 1 {
            see("two presses, two openings");
        }
    }
}

/// One process, one finger, and everything that can happen to them, until the token has long lost its use.
fn one_finger() -> Lobby {
    let left =
        Bounds { seconds: 11, processes: 1, tokens: 1, rows: 1, sleeps: 1, jumps: 1, deaths: 1, losses: 1 };
    Lobby::new(left)
}

/// Two processes, two fingers, one door.
fn two_fingers() -> Lobby {
    let left =
        Bounds { seconds: 3, processes: 2, tokens: 2, rows: 2, sleeps: 0, jumps: 1, deaths: 1, losses: 0 };
    Lobby::new(left)
}

pub(super) const MISSED: &[Missed<Lobby>] = &[
    (Guard::RightToArm, one_finger, NO_RIGHT),
    (Guard::RightToPress, one_finger, NO_RIGHT),
    (Guard::ArmedFor, one_finger, ARMED_LONG_AGO),
    (Guard::Deadline, one_finger, LATE),
    (Guard::PressedOffline, one_finger, RECONNECTED),
    (Guard::LostSince, one_finger, RECONNECTED),
    (Guard::Doubt, one_finger, NOT_REFUSED),
    (Guard::Orphans, one_finger, FORGOTTEN),
    (Guard::TokenOnce, two_fingers, TWICE),
    (Guard::LockOut, two_fingers, LOCKED_OUT),
    (Guard::SharedLockOut, two_fingers, LOCKED_OUT),
    (Guard::OneOpenPress, two_fingers, TWO_OPEN),
    (Guard::Settled, two_fingers, MOVED),
];

#[test]
fn a_press_never_opens_late_or_twice_whatever_happens() {
    let seen = ["accepted and open", "refused", "unknown and open", "unknown and shut", "asked and open"];
    finds_nothing("one finger", one_finger(), &seen);
    finds_nothing("two fingers", two_fingers(), &["two presses, two openings"]);
}

#[test]
fn without_any_one_guard_it_does() {
    each_is_missed(MISSED);
}
