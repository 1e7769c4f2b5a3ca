//! The page: its packages and its build, each done again only when something changed.

use crate::failed::Failed;
use crate::run::Run;
use crate::stamp::Stamp;
use crate::tree;

/// The oldest Node that Vite runs on.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// Fetches the packages named in the lock file.
pub(crate) fn packages() -> Result<(), Failed> {
    check_node()?;
    let ui = tree::root().join("ui");
    let stamp = Stamp::of("npm", &[ui.join("package-lock.json"), ui.join("package.json")], &[])?;
    if stamp.is_fresh() && ui.join("node_modules/.package-lock.json").is_file() {
        println!("   node_modules is as package-lock.json says");
        return Ok(());
    }
    fetch().or_else(|failed| {
        println!("   once more, for networks that stumble ({failed})");
        fetch()
    })?;
    stamp.set()
}

/// Builds the page into `ui/dist`.
pub(crate) fn build() -> Result<(), Failed> {
    let ui = tree::root().join("ui");
    let made = ["node_modules", "dist", "test-results", "playwright-report", "screens"];
    let stamp = Stamp::of("ui-build", std::slice::from_ref(&ui), &made)?;
    if stamp.is_fresh() && ui.join("dist/index.html").is_file() {
        println!("   ui/dist is as the sources are");
        return Ok(());
    }
    Run::npm().args(["run", "build"]).go()?;
    stamp.set()
}

/// Which Node there is, and whether it is new enough.
pub(crate) fn node() -> Option<(String, bool)> {
    let version = Run::new("node").args(["--version"]).answer()?;
    let mut numbers =
        version.trim_start_matches('v').split('.').map_while(|number| number.parse::<u32>().ok());
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    Some((version, found >= OLDEST_NODE))
}

fn fetch() -> Result<(), Failed> {
    // Debian's Chromium is used: no tool need bring a browser of its own.
    Run::npm()
        .args(["ci", "--no-audit", "--no-fund"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .go()
        .map_err(|failed| {
            failed.advice(
                "either no npm registry is within reach, or package-lock.json does not fit package.json",
            )
        })
}

fn check_node() -> Result<(), Failed> {
    let (major, minor) = OLDEST_NODE;
    match node() {
        Some((_, true)) => Ok(()),
        Some((version, false)) => Err(Failed::new(format!("Node {version} is too old"))
            .advice(format!("Vite wants {major}.{minor} or newer"))),
        None => Err(Failed::new("there is no Node")
            .advice(format!("install Node {major}.{minor} or newer, with its npm"))),
    }
}
