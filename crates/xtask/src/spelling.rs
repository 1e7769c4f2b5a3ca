//! Spelling, by typos: as installed, or in an environment of its own under target/.

use std::path::{Path, PathBuf};

use crate::failed::Failed;
use crate::run::Run;
use crate::tree;

const VERSION: &str = "typos==1.52.0";

/// Fetches typos where it is missing. That it cannot be had is said, and is no failure of the project.
pub(crate) fn install() -> Result<(), Failed> {
    if let Some(typos) = find() {
        println!("   {}", typos.display());
    } else if let Err(why) = fetch() {
        println!("   it cannot be had here, and spelling will not be checked: {why}");
    }
    Ok(())
}

/// Where typos is.
pub(crate) fn find() -> Option<PathBuf> {
    tree::which("typos").or_else(|| Some(home().join("bin/typos")).filter(|typos| typos.is_file()))
}

/// Reads the whole project.
pub(crate) fn check(typos: &Path) -> Result<(), Failed> {
    Run::new(typos)
        .go()
        .map_err(|failed| failed.advice("words that are right all the same go into _typos.toml"))
}

fn fetch() -> Result<(), Failed> {
    Run::new("python3").args(["-m", "venv"]).args([home()]).go()?;
    Run::new(home().join("bin/pip")).args(["install", "--quiet", "--disable-pip-version-check", VERSION]).go()
}

fn home() -> PathBuf {
    tree::target().join("venv")
}
