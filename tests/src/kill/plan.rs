//! What happens to each life from outside: the gateway's trouble, and when and how the life ends.

use std::time::Duration;

use vestibule_emulator::{Fault, FaultKind, Trouble};

use super::chance::Chance;
use super::orders::{Crash, Point};
use crate::world::DOORS;

/// How a life ends.
#[derive(Debug, Clone, Copy)]
pub enum End {
    /// Killed so long after it began to work.
    Working(Duration),
    /// Killed so long after it began to open its file.
    Starting(Duration),
    /// By itself, at a point; killed if it does not come there.
    At(Crash),
}

/// One life.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How it ends.
    pub end: End,
    /// The gateway's trouble meanwhile.
    pub trouble: Trouble,
    /// How many spares the settings want.
    pub spares: u16,
    /// How far the clock is turned before it, as long as the PC was off.
    pub off: Duration,
}

impl Plan {
    /// The next one.
    pub fn draw(chance: &mut Chance) -> Self {
        let trouble = match chance.below(100) {
            0..12 => Trouble::none(),
            12..22 => Trouble::down(),
            _ => mixed(chance),
        };
        let off = match chance.below(100) {
            0..60 => 0,
            60..90 => chance.below(60),
            90..97 => 17 * 60,
            // Into another half day.
            _ => 3 * 3600,
        };
        Self {
            end: end(chance),
            trouble,
            spares: u16::try_from(chance.below(4)).unwrap_or(2),
            off: Duration::from_secs(off),
        }
    }
}

fn end(chance: &mut Chance) -> End {
    match chance.below(100) {
        0..41 => End::Working(Duration::from_micros(chance.below(140_000))),
        // A long one, in which a pass is given and taken back.
        41..45 => End::Working(Duration::from_micros(chance.below(900_000))),
        45..60 => End::Starting(Duration::from_micros(chance.below(20_000))),
        _ => {
            let point = chance.one_of(&Point::ALL).copied().unwrap_or(Point::Answered);
            let (least, most) = match point {
                Point::Opened | Point::Recovered => (1, 1),
                Point::AmongAnswers => (2, 4),
                Point::Begun | Point::Untold => (1, 8),
                Point::BeforeSending | Point::Underway | Point::Answered => (1, 20),
            };
            let nth = least + u32::try_from(chance.below(most - u64::from(least) + 1)).unwrap_or(0);
            End::At(Crash { point, nth })
        }
    }
}

/// Requests and answers that are lost, broken off or late, refusals that pass, and a door that refuses.
fn mixed(chance: &mut Chance) -> Trouble {
    let some = |kind: FaultKind, permille: u16| Fault { permille: Some(permille), ..kind.always() };
    let failing = FaultKind::Status { status: 503, code: String::new(), message: String::new() };
    let busy = FaultKind::Throttled { code: "T429PR".to_owned(), retry_after: Some(2) };
    let door = chance.one_of(&DOORS).map(|(id, _)| (*id).to_owned()).unwrap_or_default();
    let refusing = FaultKind::RefuseDoors { iot_ids: vec![door], code: 500 };
    let mut trouble = Trouble::none()
        .and(some(FaultKind::LoseAnswer, 70))
        .and(some(FaultKind::LoseRequest, 70))
        .and(some(FaultKind::CutAnswer { at: 20 }, 30))
        .and(some(failing, 50))
        .and(some(busy, 5))
        .and(some(FaultKind::Slow { ms: 4 + chance.below(20) }, 300))
        .and(some(FaultKind::Stall, 4))
        .and(some(FaultKind::Stall, 40).on("service/invoke"))
        .and(some(FaultKind::LoseAnswer, 60).on("service/invoke"))
        .and(some(refusing.clone(), 80).on("qrcode/config"))
        .and(some(refusing, 80).on("qrcode/remove"));
    for path in ["user/modify", "qrcode/config", "qrcode/remove"] {
        trouble = trouble.and(some(FaultKind::Twice, 30).on(path));
    }
    // A door that is away refuses a press, and the press must say so.
    trouble.and(
        some(FaultKind::Envelope { code: 6205, message: "device offline".to_owned() }, 60)
            .on("service/invoke"),
    )
}
