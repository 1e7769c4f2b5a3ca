//! Services of a device.

pub mod invoke;
