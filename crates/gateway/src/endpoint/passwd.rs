//! Passwords (PINs).

pub mod modify;
