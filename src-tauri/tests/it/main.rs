//! The shell without a window: the border to the page, and the commands on Tauri's mock runtime.

mod bindings;
mod commands;
