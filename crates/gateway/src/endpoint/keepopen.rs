//! Doors held open.

pub mod get;
pub mod set;
