//! The eye from outside: a folder in this process, and a real device driver's side of nokhwa in a child process
//! with a camera of ours preloaded.
#![allow(
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panic and wait on the real clock"
)]

#[cfg(target_os = "linux")]
mod device;
mod folder;
#[cfg(target_os = "linux")]
mod stage;
