//! The rules, as tables and as properties.
#![allow(clippy::unwrap_used, reason = "in a test, a failure to get there is a failure")]

mod clock;
mod hold;
mod pass;

mod press;
mod spare;
mod staff;
mod verdict;
mod visitor;
mod window;

use vestibule_domain::UtcMillis;

/// Ten o'clock in the morning of 2026-11-24 in Shanghai.
const TEN: UtcMillis = UtcMillis(1_795_485_600_000);
