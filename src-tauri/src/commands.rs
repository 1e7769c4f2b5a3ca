//! What the page may ask. A command unpacks, calls the desk, translates.
#![allow(
    clippy::let_underscore_must_use,
    reason = "Tauri's macro writes it around every command that may fail"
)]

pub mod camera;
pub mod demo;
pub mod door;
pub mod history;
pub mod invitation;
pub mod kiosk;
pub mod pass;
pub mod queue;
pub mod staff;
pub mod station;
pub mod visitor;
