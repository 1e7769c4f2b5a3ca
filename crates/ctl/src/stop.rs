//! Ctrl+C: the first one ends quietly, the second one at once.

use std::process::ExitCode;

use vestibule_gateway::batch::Stop;

/// The exit code of a command that was ended by Ctrl+C.
const INTERRUPTED: u8 = 130;

/// Sets the switches at the first Ctrl+C, and ends the program at the second.
pub(crate) fn at_interrupt<const N: usize>(switches: [Stop; N]) {
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_err() {
            return;
        }
        switches.iter().for_each(Stop::stop);
        eprintln!("\nvestibulectl: stopping; waiting for the calls under way (Ctrl+C again ends at once)");
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(i32::from(INTERRUPTED));
        }
    });
}

/// The exit code of a command that may have been interrupted.
pub(crate) fn code(interrupted: bool, good: bool) -> ExitCode {
    match (interrupted, good) {
        (_, true) => ExitCode::SUCCESS,
        (true, false) => ExitCode::from(INTERRUPTED),
        (false, false) => ExitCode::FAILURE,
    }
}
