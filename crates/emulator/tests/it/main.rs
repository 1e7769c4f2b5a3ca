//! The emulator seen by our own client, in process and over a socket.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod batches;
mod conformance;
mod doors;
mod program;
mod recorded;
mod refusals;
mod road;
mod secure;
mod trouble;
mod world;
