//! Spelling, by typos: as installed, or in an environment of its own under target/.

use std::path::PathBuf;

use crate::failed::Failed;
use crate::run::Run;
use crate::tree;

const VERSION: &str = "typos==1.52.0";

/// Where typos is; an error when it cannot be had, which is no failure of the project.
pub(crate) fn find() -> Result<PathBuf, Failed> {
    if let Some(typos) = tree::which("typos") {
        return Ok(typos);
    }
    let home = tree::target().join("venv");
    let typos = home.join("bin/typos");
    if typos.is_file() {
        return Ok(typos);
    }
    Run::new("python3").args(["-m", "venv"]).args([&home]).go()?;
    Run::new(home.join("bin/pip"))
        .args(["install", "--quiet", "--disable-pip-version-check", VERSION])
        .go()?;
    Ok(typos)
}

/// Reads the whole project.
pub(crate) fn check(typos: PathBuf) -> Result<(), Failed> {
    Run::new(typos)
        .go()
        .map_err(|failed| failed.advice("words that are right all the same go into _typos.toml"))
}
