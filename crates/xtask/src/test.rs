//! `cargo xtask test`: everything that must hold, cheap checks first.

use crate::args::TestOptions;
use crate::artefacts::{self, CRATES, SHELL};
use crate::debian::{self, Purpose};
use crate::failed::Failed;
use crate::run::Run;
use crate::steps::Steps;
use crate::{rust_tools, spelling, tree, ui};

/// The names of the steps in their order, for `--list` and `--only`.
const STEPS: &[&str] = &[
    "debian",
    "rust",
    "spelling",
    "format",
    "typos",
    "layout",
    "npm",
    "ui-check",
    "ui-test",
    "ui-build",
    "lint",
    "crates",
    "shell-lint",
    "shell-build",
    "shell",
    "window",
    "screens",
];

pub(crate) fn run(options: &TestOptions) -> Result<(), Failed> {
    if options.list {
        println!("{}", STEPS.join("\n"));
        return Ok(());
    }
    if let Some(unknown) = options.only.iter().find(|name| !STEPS.contains(&name.as_str())) {
        return Err(Failed::new(format!("there is no step {unknown:?}")).advice(STEPS.join(" ")));
    }
    let mut steps = Steps::new(&options.only);
    let stopped = all(&mut steps, options.skip_setup).err();
    let finished = steps.finish();
    match stopped {
        Some(failed) => Err(failed.advice("the steps after it were not begun")),
        None => finished,
    }
}

fn all(steps: &mut Steps, skip_setup: bool) -> Result<(), Failed> {
    if !skip_setup {
        steps.must("debian", || debian::install(Purpose::Test))?;
        steps.must("rust", rust_tools::install)?;
        steps.must("spelling", spelling::install)?;
    }
    cheap(steps);
    page(steps, skip_setup)?;
    crates(steps);
    shell(steps)
}

fn cheap(steps: &mut Steps) {
    steps.check("format", || Run::cargo().args(["fmt", "--all", "--check"]).go());
    match spelling::find() {
        Some(typos) => steps.check("typos", || spelling::check(&typos)),
        None => steps.skip("typos", "there is no typos here, and no python3 that could fetch it"),
    }
    steps.count("layout", || rust_tools::tests(&["--package", "xtask"], None).counting());
}

fn page(steps: &mut Steps, skip_setup: bool) -> Result<(), Failed> {
    if !skip_setup {
        steps.must("npm", ui::packages)?;
    }
    steps.check("ui-check", || Run::npm().args(["run", "check"]).go());
    steps.count("ui-test", || Run::npm().args(["run", "test"]).env("CI", "1").counting());
    steps.must("ui-build", ui::build)
}

fn crates(steps: &mut Steps) {
    steps.check("lint", || lint(CRATES));
    steps.count("crates", || rust_tools::tests(CRATES, None).counting());
}

fn shell(steps: &mut Steps) -> Result<(), Failed> {
    steps.check("shell-lint", || lint(SHELL));
    steps.must("shell-build", artefacts::build_shell)?;
    steps.count("shell", || rust_tools::tests(SHELL, None).args(only_of_the_shell()).counting());
    if cfg!(target_os = "linux") && tree::installed("WebKitWebDriver") && tree::installed("Xvfb") {
        steps.count("window", || rust_tools::tests(SHELL, Some("window")).args(one_at_a_time()).counting());
    } else {
        steps.skip("window", "there is no WebKitWebDriver or no Xvfb here");
    }
    if tree::installed("chromium") {
        steps.count("screens", || Run::npm().args(["run", "screens"]).env("CI", "1").counting());
    } else {
        steps.skip("screens", "there is no chromium here");
    }
    Ok(())
}

fn lint(selection: &[&str]) -> Result<(), Failed> {
    let run = Run::cargo().args(["clippy", "--locked", "--all-targets"]);
    run.args(selection).args(["--", "--deny", "warnings"]).go()
}

/// The journeys have run before, and the window has a step of its own.
fn only_of_the_shell() -> &'static [&'static str] {
    if rust_tools::has_nextest() { &["-E", "package(vestibule)"] } else { &["--lib", "--bins"] }
}

/// Each window test has two cores' worth of browser in it. nextest is told in `.config/nextest.toml`.
fn one_at_a_time() -> &'static [&'static str] {
    if rust_tools::has_nextest() { &[] } else { &["--", "--test-threads=1"] }
}
