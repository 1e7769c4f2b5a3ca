//! `cargo xtask bench-start`: how long the window takes to be of use, beside a bare one.

use crate::debian::{self, Purpose};
use crate::failed::Failed;
use crate::run::Run;
use crate::{artefacts, tree, ui};

pub(crate) fn run(times: u32) -> Result<(), Failed> {
    debian::install(Purpose::Test)?;
    ui::packages()?;
    ui::build()?;
    artefacts::build_shell()?;
    let times = times.to_string();
    Run::new(tree::built("start")).args([&times]).env("VESTIBULE_BIN", tree::built("vestibule")).go()
}
