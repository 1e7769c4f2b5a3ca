//! QR codes and their rights.

pub mod config;
pub mod generate;
pub mod perm_generate;
pub mod remove;
