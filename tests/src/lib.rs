//! Journeys through the whole product, and through the real window.

pub mod kill;
#[cfg(feature = "window")]
pub mod window;
pub mod world;
