//! Journeys: a visitor, a receptionist, a guard, and what goes wrong between them.
#![allow(clippy::unwrap_used, reason = "in a test, a failure to get there is a failure")]

mod bad_input;
mod cuts;
mod doors;
mod doubt;
mod history;
mod holds;
mod journal;
mod kiosk;
mod offline;
mod pass;
mod print;
mod privacy;
mod retention;
mod spares;
mod staff;
mod storm;
