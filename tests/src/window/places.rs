//! Where programs are, and where what tests leave behind goes.

use std::path::PathBuf;

/// A program of ours: by `VESTIBULE_BIN` for the shell, else beside the running program.
///
/// # Panics
/// When it is not there: it must be built before it can be driven.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    if let (true, Some(shell)) = (name == "vestibule", std::env::var_os("VESTIBULE_BIN")) {
        return shell.into();
    }
    let ours = std::env::current_exe().expect("a running program has a path");
    let found = ours.ancestors().skip(1).take(2).map(|dir| dir.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("there is no {name} beside {}: build it first", ours.display()))
}

/// A folder under target/ for what a person may want to see later.
///
/// # Panics
/// When it cannot be made.
#[must_use]
pub fn made(name: &str) -> PathBuf {
    let ours = std::env::current_exe().expect("a running program has a path");
    let target = ours.ancestors().find(|dir| dir.ends_with("debug") || dir.ends_with("release"));
    let dir = target.and_then(|dir| dir.parent()).map_or_else(std::env::temp_dir, PathBuf::from).join(name);
    std::fs::create_dir_all(&dir).expect("target/ may be written to");
    dir
}
