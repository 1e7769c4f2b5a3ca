//! Journeys: a visitor, a receptionist, a guard, and what goes wrong between them.

mod bad_input;
mod doors;
mod offline;
mod pass;
mod privacy;
