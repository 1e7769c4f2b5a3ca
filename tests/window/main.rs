//! The real window: the shell as it is built, on a display of its own, touched and read as a person
//! would. `cargo xtask test --only window` builds what they need and runs them, one at a time.

mod bad_input;
mod breakout;
mod outage;
mod restart;
mod road;
mod second_instance;
mod staff;
