//! The gateway client without a gateway: signatures, shapes on the wire, answers, and the socket itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod answers;
mod limits;
mod shapes;
mod signatures;
mod socket;
