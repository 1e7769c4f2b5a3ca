//! Where things are.

use std::path::{Path, PathBuf};

/// The root of the project.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Where everything made goes; one place, so that nothing is built twice.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// What these commands remember between runs.
pub(crate) fn notes() -> PathBuf {
    target().join("xtask")
}

/// A program of ours as cargo builds it for development.
pub(crate) fn built(program: &str) -> PathBuf {
    target().join("debug").join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}

/// Whether a program can be found by its name.
pub(crate) fn installed(program: &str) -> bool {
    which(program).is_some()
}

/// Where a program is, if it is anywhere on the path.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = [program.to_owned(), format!("{program}.exe"), format!("{program}.cmd")];
    std::env::split_paths(&path)
        .flat_map(|dir| names.clone().map(|name| dir.join(name)))
        .find(|file| file.is_file())
}
