//! A receipt becomes a picture, and the picture paper: on receipt printers (ESC/POS) at a network, a USB device or a
//! serial port, and on the printers of a Linux system.
//!
//! The picture is drawn here, in one place, whatever prints it; so no printer has to know Chinese, and a test can look
//! at what a visitor gets. Whoever prints waits on [`Printer`] and never on a driver.
//!
//! Decisions of 2026-11-24:
//!
//! - *Text is laid out by cosmic-text.* A name may be of any script; a rasteriser alone would neither join Arabic nor
//!   break Chinese. It takes the fonts of the system: a Chinese font that comes with the program would be as large as the
//!   program, the page has one in a hundred slices that only a browser reads, and Windows has one. `vestibulectl doctor`
//!   says where none is.
//! - *`escpos` speaks the commands, on a line of our own.* Its own knows no time-out for a name's look-up, and its
//!   pictures bring every picture format there is. So the picture goes as the plain raster command.
//! - *A USB printer is written to and never asked.* A read from its device file may never come back.
//! - *Windows' own printers are not driven.* Its receipt printers are reached as a share, which takes the same bytes.

mod draw;
mod fonts;
mod job;
mod line;
mod pdf;
mod picture;
mod printer;
mod spooler;
mod words;

pub use picture::Picture;
pub use printer::{Options, Printer};
