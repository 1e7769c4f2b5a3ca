//! The shell without a window: the border to the page, and the commands on Tauri's mock runtime.
#![allow(clippy::unwrap_used, reason = "in a test, a failure to get there is a failure")]

mod bindings;
mod commands;
