//! The optional cloud token.

pub mod token;
