//! Frame by frame: a quick look at each, and the rest of the ladder spread over those that follow.
//!
//! A kiosk's camera looks at an empty lobby for most of the day. So every frame gets a quick look only, and the
//! dear rungs are climbed when something changes before the lens, a few on each frame, from where the last frame
//! stopped. Costs are counted, not measured: the same frames give the same readings on every PC.

use std::time::Duration;

use vestibule_domain::Monotonic;

use crate::binary::{Threshold, binary};
use crate::frame::LumaFrame;
use crate::gray::{Area, Gray};
use crate::hint::Hint;
use crate::ladder::{LIVE, Rung};
use crate::notice::{Notice, Signs};
use crate::reading::{Reading, Text};
use crate::voice;

/// The longer side of the quick look's picture.
const QUICK_SIDE: usize = 640;
/// What a frame may cost while somebody holds something up, in thousandths of a second on a slow core, about.
const BUDGET: u64 = 42;
/// What the one dear rung of an idle frame may cost.
const IDLE_BUDGET: u64 = 9;
/// An idle frame gets a dear rung this seldom.
const IDLE_EVERY: u64 = 3;
/// An unsure reading counts when it is read again within this time.
const AGAIN_WITHIN: Duration = Duration::from_secs(1);

/// What a live reader remembers.
#[derive(Debug, Default)]
pub(crate) struct Live {
    frames: u64,
    next: usize,
    notice: Notice,
    unsure: Vec<(Text, Monotonic)>,
}

impl Live {
    /// Looks at the next frame.
    pub(crate) fn look(&mut self, frame: &LumaFrame<'_>, now: Monotonic) -> (Vec<Reading>, Option<Hint>) {
        self.frames += 1;
        let whole = Gray::of(frame);
        let small = if whole.longer() > QUICK_SIDE { whole.fitted(QUICK_SIDE) } else { whole.clone() };
        let scale = whole.width as f32 / small.width as f32;
        let mut signs = Signs::of(&small, scale);
        let mut readings = quick(&small, scale, &mut signs);
        let watched = self.notice.see(&signs, now);
        if readings.is_empty() {
            readings = self.climb(&whole, &signs, watched);
        }
        let readings = self.confirmed(readings, now);
        let hint = self.notice.hint(&signs, !readings.is_empty(), now);
        (readings, hint)
    }

    /// As many rungs as the budget allows, from where the last frame stopped; at least one when somebody is there.
    fn climb(&mut self, whole: &Gray, signs: &Signs, watched: bool) -> Vec<Reading> {
        let mut left = if watched {
            BUDGET
        } else if self.frames.is_multiple_of(IDLE_EVERY) {
            IDLE_BUDGET
        } else {
            return Vec::new();
        };
        let cut = signs.area.and_then(|area| whole.cut(area).map(|cut| (area, cut)));
        for turn in 0..LIVE.len() {
            let rung = &LIVE[(self.next + turn) % LIVE.len()];
            let picture = match &cut {
                Some((_, cut)) if watched => cut,
                _ => whole,
            };
            let cost = rung.cost(picture);
            if cost > left && (turn > 0 || !watched) {
                self.next = (self.next + turn) % LIVE.len();
                // What an idle frame cannot afford must not stop the turn for ever.
                self.next += usize::from(turn == 0);
                return Vec::new();
            }
            left = left.saturating_sub(cost);
            let readings = self.read(rung, picture, cut.as_ref().map(|(area, _)| *area).filter(|_| watched));
            if !readings.is_empty() {
                // What reads one frame of a hand reads the next.
                self.next = (self.next + turn) % LIVE.len();
                return readings;
            }
        }
        Vec::new()
    }

    fn read(&self, rung: &Rung, picture: &Gray, area: Option<Area>) -> Vec<Reading> {
        let mut readings = rung.look(picture);
        if let Some(area) = area {
            for corner in readings.iter_mut().flat_map(|reading| &mut reading.corners) {
                corner.x += area.x as f32;
                corner.y += area.y as f32;
            }
        }
        readings
    }

    /// Readings that stand; one with little error correction stands when another frame says the same.
    fn confirmed(&mut self, readings: Vec<Reading>, now: Monotonic) -> Vec<Reading> {
        self.unsure.retain(|(_, at)| now.since(*at) <= AGAIN_WITHIN);
        let mut stands = Vec::with_capacity(readings.len());
        for reading in readings {
            let heard = self.unsure.iter().any(|(text, _)| *text == reading.text);
            if !reading.sure && !heard {
                self.unsure.push((reading.text.clone(), now));
            } else {
                stands.push(reading);
            }
        }
        stands
    }
}

/// The quick look: finder patterns of either ink in the small picture, and what they hold.
fn quick(small: &Gray, scale: f32, signs: &mut Signs) -> Vec<Reading> {
    let Some(mut bits) = binary(small, Threshold::Blocks) else { return Vec::new() };
    for _ in 0..2 {
        let found = voice::finders(&bits, false);
        signs.found(&found, scale);
        let mut readings = voice::read_found(&bits, &found);
        if !readings.is_empty() {
            for corner in readings.iter_mut().flat_map(|reading| &mut reading.corners) {
                (corner.x, corner.y) = (corner.x * scale, corner.y * scale);
            }
            return readings;
        }
        bits.flip_self();
    }
    Vec::new()
}
