//! The two sets of packages that are built, so that each is built once.
//!
//! cargo gives a crate the features that all selected packages ask for together. Every other
//! selection would therefore build the shared crates again with slightly different features.

use crate::failed::Failed;
use crate::run::Run;

/// Everything that does not need Tauri.
pub(crate) const CRATES: &[&str] = &["--workspace", "--exclude", "vestibule"];

/// The shell, and what drives it and answers it in the window tests.
pub(crate) const SHELL: &[&str] = &[
    "--package",
    "vestibule",
    "--package",
    "vestibule-journeys",
    "--package",
    "vestibule-emulator",
    "--features",
    "vestibule-journeys/window",
];

/// Builds the programs of the shell's set. Naming a test beside them makes cargo take the
/// features of the tests' own dependencies too, and so the artefacts of the test run.
pub(crate) fn build_shell() -> Result<(), Failed> {
    Run::cargo().args(["build", "--locked"]).args(SHELL).args(["--bins", "--test", "window"]).go()
}

/// Builds the programs of the other set, with the features of its test run for the same reason.
pub(crate) fn build_crates() -> Result<(), Failed> {
    Run::cargo().args(["build", "--locked"]).args(CRATES).args(["--bins", "--test", "kill"]).go()
}
