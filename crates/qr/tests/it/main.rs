//! The reader from outside.

mod bad_input;
mod drawn_is_read;
mod live;
mod several;
mod showing;
