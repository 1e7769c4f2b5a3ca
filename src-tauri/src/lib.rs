//! The shell: windows, wiring, translation. It decides nothing about visitors, passes or doors; that is the desk's.
//!
//! [`config`] reads the command line, [`setup`] puts the parts together, [`commands`] is what the page may ask,
//! [`events`] what it is told, [`scanning`] carries pictures from the camera to the verdict and to the preview.

pub mod bindings;
pub mod commands;
pub mod config;
mod demo;
pub mod events;
mod logging;
mod preview;
mod saving;
mod scanning;
mod setup;
mod window;

pub use setup::{Shell, run};
