//! Journeys through the whole product, and through the real window.

#[cfg(feature = "window")]
pub mod window;
pub mod world;
