//! `cargo xtask torture`: what the tests do for seconds, for as long as one likes.

use crate::args::TortureOptions;
use crate::artefacts::{self, CRATES};
use crate::debian::{self, Purpose};
use crate::failed::Failed;
use crate::run::Run;
use crate::steps::Steps;
use crate::tree;

pub(crate) fn run(options: &TortureOptions) -> Result<(), Failed> {
    let mut steps = Steps::new(&[]);
    steps.must("debian", || debian::install(Purpose::Build))?;
    steps.must("build", artefacts::build_crates)?;
    steps.check("kills", || kills(options));
    steps.count("disk", || disk().counting());
    steps.finish()
}

fn kills(options: &TortureOptions) -> Result<(), Failed> {
    let mut run = Run::new(tree::built("torture")).args(["--kills", &options.kills.to_string()]);
    if let Some(seed) = options.seed {
        run = run.args(["--seed", &seed.to_string()]);
    }
    run.go()
}

/// The tests of a failing disk that take minutes, which is longer than nextest is told to wait.
fn disk() -> Run {
    let run = Run::cargo().args(["test", "--locked"]).args(CRATES);
    run.args(["--test", "it", "--", "--ignored", "in_full"])
}
