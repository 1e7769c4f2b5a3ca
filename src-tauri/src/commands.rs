//! What the page may ask. A command unpacks, calls the desk, translates.

pub mod camera;
pub mod demo;
pub mod door;
pub mod pass;
pub mod queue;
pub mod station;
pub mod visitor;
