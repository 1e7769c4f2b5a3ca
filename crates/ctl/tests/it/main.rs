//! `vestibulectl` as a program: what it prints, what it writes, how it ends.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

mod call;
mod cards;
#[cfg(unix)]
mod cards_interrupt;
mod cards_trouble;
mod doctor;
mod doors;
mod history;
mod hosts;
mod journal;
mod people;
mod pins;
mod printer;
mod retention;
mod road;
#[cfg(target_os = "linux")]
mod secret;
mod staff;
mod world;
