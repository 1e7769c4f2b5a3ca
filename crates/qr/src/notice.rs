//! Whether somebody holds something up, and what would help them.

use std::time::Duration;

use rxing::common::cpp_essentials::ConcentricPattern;
use vestibule_domain::Monotonic;

use crate::gray::{Area, Gray};
use crate::hint::Hint;

/// The thumbnail's sides.
const ACROSS: usize = 40;
const DOWN: usize = 24;
/// A thumbnail's pixel has changed when it differs by this much.
const DIFFERS: i32 = 14;
/// So many changed pixels are somebody: one in a hundred.
const SOMEBODY: usize = ACROSS * DOWN / 100;
/// So many changed since the last frame are a hand that moves: one in eight.
const MOVES: usize = ACROSS * DOWN / 8;
/// How long a change is watched. What stays longer belongs to the room.
const WATCHED_FOR: Duration = Duration::from_secs(12);
/// A hint comes when nothing was read for this long.
const HINT_AFTER: Duration = Duration::from_millis(900);

/// What one frame shows, in numbers.
pub(crate) struct Signs {
    thumbnail: Vec<u8>,
    mean: u32,
    bright: f32,
    width: f32,
    height: f32,
    /// Finder patterns in pixels of the whole frame: x, y, size.
    patterns: Vec<(f32, f32, f32)>,
    /// Where they are, when there are some.
    pub(crate) area: Option<Area>,
}

impl Signs {
    /// Of the small picture; `scale` leads from it to the whole frame.
    pub(crate) fn of(small: &Gray, scale: f32) -> Self {
        let thumbnail = small.resized(ACROSS.min(small.width), DOWN.min(small.height)).pixels;
        let mean = thumbnail.iter().map(|&p| u32::from(p)).sum::<u32>() / thumbnail.len().max(1) as u32;
        let bright = small.pixels.iter().filter(|&&p| p >= 250).count() as f32 / small.pixels.len() as f32;
        Self {
            thumbnail,
            mean,
            bright,
            width: small.width as f32 * scale,
            height: small.height as f32 * scale,
            patterns: Vec::new(),
            area: None,
        }
    }

    /// Adds what was found, in pixels of the small picture.
    pub(crate) fn found(&mut self, found: &[ConcentricPattern], scale: f32) {
        self.patterns.extend(found.iter().map(|f| (f.p.x * scale, f.p.y * scale, f.size as f32 * scale)));
        if self.patterns.len() < 2 || self.patterns.len() > 12 {
            self.area = None;
            return;
        }
        let over = |pick: fn(f32, f32) -> f32, by: fn(&(f32, f32, f32)) -> f32, start: f32| {
            self.patterns.iter().map(by).fold(start, pick)
        };
        let (left, right) = (over(f32::min, |p| p.0, f32::MAX), over(f32::max, |p| p.0, 0.0));
        let (top, bottom) = (over(f32::min, |p| p.1, f32::MAX), over(f32::max, |p| p.1, 0.0));
        let size = over(f32::max, |p| p.2, 0.0);
        // Two patterns of a triple say how large it is: as far again on every side, and the quiet zone.
        let more = (right - left).max(bottom - top) + 1.5 * size;
        let x = (left - more).max(0.0);
        let y = (top - more).max(0.0);
        self.area = Some(Area {
            x: x as usize,
            y: y as usize,
            width: (right + more - x) as usize,
            height: (bottom + more - y) as usize,
        });
    }
}

/// What the last frames showed.
#[derive(Debug, Default)]
pub(crate) struct Notice {
    /// The room, slowly learnt, in 1/16 of a level.
    room: Vec<i32>,
    last: Vec<u8>,
    since: Option<Monotonic>,
    moving: bool,
    read_at: Option<Monotonic>,
}

impl Notice {
    /// Takes a frame in; true while somebody seems to be there.
    pub(crate) fn see(&mut self, signs: &Signs, now: Monotonic) -> bool {
        if self.room.len() != signs.thumbnail.len() {
            self.room = signs.thumbnail.iter().map(|&p| i32::from(p) * 16).collect();
            self.last.clone_from(&signs.thumbnail);
            // The first frame may hold a code already.
            self.since = Some(now);
            return true;
        }
        let differ = |a: i32, b: u8| (a - i32::from(b)).abs() > DIFFERS;
        let changed = self.room.iter().zip(&signs.thumbnail).filter(|(r, p)| differ(**r / 16, **p)).count();
        let moved =
            self.last.iter().zip(&signs.thumbnail).filter(|(l, p)| differ(i32::from(**l), **p)).count();
        self.moving = moved > MOVES;
        self.last.clone_from(&signs.thumbnail);
        let somebody = changed >= SOMEBODY || moved >= SOMEBODY || signs.patterns.len() >= 3;
        if !somebody {
            self.since = None;
        } else if self.since.is_none() {
            self.since = Some(now);
        }
        let watched = self.since.is_some_and(|since| now.since(since) < WATCHED_FOR);
        // The room is learnt slowly, and a stranger in it more slowly still.
        let shift = if watched { 9 } else { 5 };
        for (room, &pixel) in self.room.iter_mut().zip(&signs.thumbnail) {
            let step = i32::from(pixel) * 16 - *room;
            *room +=
                if step.abs() < (1 << shift) { step.signum() * i32::from(!watched) } else { step >> shift };
        }
        watched
    }

    /// What would help, once it has taken a while.
    pub(crate) fn hint(&mut self, signs: &Signs, read: bool, now: Monotonic) -> Option<Hint> {
        if read {
            self.read_at = Some(now);
        }
        let start = self.since?.max(self.read_at.unwrap_or(Monotonic(Duration::ZERO)));
        if read || now.since(start) < HINT_AFTER {
            return None;
        }
        if signs.mean < 28 {
            return Some(Hint::TooDark);
        }
        if signs.patterns.is_empty() {
            return None;
        }
        if self.moving {
            return Some(Hint::HoldStill);
        }
        let size = signs.patterns.iter().map(|p| p.2).fold(0.0, f32::max);
        if signs.patterns.len() >= 2 && size < 15.0 {
            return Some(Hint::Closer);
        }
        let cut = signs.patterns.iter().any(|&(x, y, size)| {
            x < 1.2 * size || y < 1.2 * size || x + 1.2 * size > signs.width || y + 1.2 * size > signs.height
        });
        if size > signs.height / 5.0 || (cut && size > signs.height / 12.0) {
            return Some(Hint::Further);
        }
        (signs.bright > 0.04).then_some(Hint::Glare)
    }
}
