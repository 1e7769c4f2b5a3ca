//! The parts of the Rust toolchain that the checks need, and nextest where there is one.

use crate::failed::Failed;
use crate::run::Run;
use crate::tree;

/// Adds rustfmt and clippy to the toolchain when they are missing.
pub(crate) fn install() -> Result<(), Failed> {
    for (component, call) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if Run::cargo().args([call, "--version"]).answer().is_some() {
            continue;
        }
        Run::new("rustup").args(["component", "add", component]).go().map_err(|failed| {
            failed.advice(format!("this toolchain is not rustup's: install its {component} by hand"))
        })?;
    }
    if has_nextest() {
        println!("   rustfmt, clippy and nextest are here");
    } else {
        println!("   rustfmt and clippy are here; there is no cargo-nextest, so tests run with `cargo test`");
    }
    Ok(())
}

/// Building nextest takes longer than the tests do, so it is used only where it already is.
pub(crate) fn has_nextest() -> bool {
    tree::installed("cargo-nextest")
}

/// A run of tests; the filter is of nextest, the arguments after it are the same to both.
pub(crate) fn tests(selection: &[&str], target: Option<&str>) -> Run {
    let run = Run::cargo();
    let mut run =
        if has_nextest() { run.args(["nextest", "run", "--no-tests", "pass"]) } else { run.args(["test"]) };
    run = run.args(["--locked"]).args(selection);
    if let Some(target) = target {
        run = run.args(["--test", target]);
    }
    run.env("INSTA_UPDATE", "no")
}
