//! Receipts as pictures, and printers that work and fail, on real sockets, files and programs.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests say why they fail")]

mod fake;
mod network;
mod receipt;
mod world;

#[cfg(target_os = "linux")]
mod system;
