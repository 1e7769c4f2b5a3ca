//! `cargo xtask doctor`: looks, and changes nothing.

use std::path::PathBuf;

use crate::debian::{self, Purpose};
use crate::failed::Failed;
use crate::run::Run;
use crate::{demo, rust_tools, tree, ui};

/// What was found, and whether the project can do without.
enum Finding {
    Good(String),
    Missing(String),
    Note(String),
}

pub(crate) fn run() -> Result<(), Failed> {
    let mut findings = vec![rust(), component("fmt"), component("clippy"), nextest(), node(), npm()];
    findings.extend(packages());
    findings.extend([display(), cameras(), python()]);
    let mut missing = 0;
    for finding in findings {
        match finding {
            Finding::Good(words) => println!(" ✓ {words}"),
            Finding::Note(words) => println!(" · {words}"),
            Finding::Missing(words) => {
                missing += 1;
                println!(" ✗ {words}");
            }
        }
    }
    if missing == 0 {
        println!("\nnothing is missing");
        return Ok(());
    }
    Err(Failed::new(format!("{missing} missing"))
        .advice("`cargo xtask test` and `cargo xtask demo` install what apt, rustup and npm can"))
}

fn rust() -> Finding {
    let version = Run::new("rustc").args(["--version"]).answer();
    version.map_or_else(|| Finding::Missing("rustc: install Rust with rustup".to_owned()), Finding::Good)
}

fn component(call: &str) -> Finding {
    match Run::cargo().args([call, "--version"]).answer() {
        Some(version) => Finding::Good(version),
        None => Finding::Missing(format!("cargo {call}: rustup component add")),
    }
}

fn nextest() -> Finding {
    if rust_tools::has_nextest() {
        Finding::Good("cargo-nextest".to_owned())
    } else {
        Finding::Note("no cargo-nextest: tests run with `cargo test`".to_owned())
    }
}

fn node() -> Finding {
    match ui::node() {
        Some((version, true)) => Finding::Good(format!("Node {version}")),
        Some((version, false)) => Finding::Missing(format!("Node {version} is too old for Vite")),
        None => Finding::Missing("Node, with npm".to_owned()),
    }
}

fn npm() -> Finding {
    if !tree::installed("npm") {
        return Finding::Missing("npm".to_owned());
    }
    if tree::root().join("ui/node_modules").is_dir() {
        Finding::Good("npm, and the packages of the page".to_owned())
    } else {
        Finding::Note("the packages of the page are not fetched yet: npm ci in ui/".to_owned())
    }
}

fn packages() -> Vec<Finding> {
    let needed = debian::needed_for(Purpose::Test);
    let Some(missing) = debian::missing(&needed) else {
        let names: Vec<&str> = needed.iter().map(|package| package.name).collect();
        return vec![Finding::Note(format!("not a Debian system; needed are: {}", names.join(" ")))];
    };
    if missing.is_empty() {
        return vec![Finding::Good(format!("all {} Debian packages", needed.len()))];
    }
    missing.iter().map(|package| Finding::Missing(format!("{}: {}", package.name, package.why))).collect()
}

fn display() -> Finding {
    if demo::has_display() {
        Finding::Good("a display: the demo opens on it".to_owned())
    } else {
        Finding::Note("no display: the demo is a tour under Xvfb".to_owned())
    }
}

fn cameras() -> Finding {
    let is_video =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("video"));
    let devices = std::fs::read_dir("/dev").into_iter().flatten().flatten().map(|entry| entry.path());
    let cameras: Vec<String> = devices.filter(is_video).map(|path| path.display().to_string()).collect();
    if cfg!(not(target_os = "linux")) || cameras.is_empty() {
        Finding::Note("no camera seen: scanning works from a folder of pictures".to_owned())
    } else {
        Finding::Good(format!("camera: {}", cameras.join(" ")))
    }
}

fn python() -> Finding {
    if tree::installed("typos") || tree::installed("python3") {
        Finding::Good("typos, or python3 to fetch it with".to_owned())
    } else {
        Finding::Note("no typos and no python3: spelling is not checked".to_owned())
    }
}
