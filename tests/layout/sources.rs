//! The files of the project.

use std::fs;
use std::path::{Path, PathBuf};

/// What is made by tools or fetched, and is none of ours.
const NOT_OURS: [&str; 9] = [
    ".git",
    "target",
    "node_modules",
    "dist",
    "gen",
    "test-results",
    "playwright-report",
    "package-lock.json",
    "Cargo.lock",
];

/// A text file of the project.
pub(crate) struct Source {
    /// From the root, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// The lines with their numbers, as editors count.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(number, line)| (number + 1, line))
    }

    pub(crate) fn is(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|kind| kind == extension)
    }

    /// What ships: neither tests, benches nor the tools around the product.
    pub(crate) fn is_product(&self) -> bool {
        let ships = self.path.contains("/src/") && !self.path.contains("/tests/");
        ships && !self.path.starts_with("crates/xtask/") && !self.path.starts_with("tests/")
    }

    /// The code before the module's own tests, which stand at the end of a file.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let until_tests = self.lines().take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
        until_tests.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// Everything that is text and ours.
pub(crate) fn all() -> Vec<Source> {
    let mut paths = Vec::new();
    gather(&root(), &mut paths);
    paths.sort();
    paths.iter().filter_map(|path| read(path)).collect()
}

/// The root of the project.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.ancestors().nth(2).expect("xtask stands two folders below the root").to_path_buf()
}

/// Fails with all that was found, one a line.
#[track_caller]
pub(crate) fn expect_none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}\n  {}", found.join("\n  "));
}

fn gather(dir: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a folder of the project").flatten() {
        let path = entry.path();
        if NOT_OURS.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if path.is_dir() { gather(&path, paths) } else { paths.push(path) }
    }
}

fn read(path: &Path) -> Option<Source> {
    let text = fs::read_to_string(path).ok()?;
    let path = path.strip_prefix(root()).ok()?.to_str()?.replace('\\', "/");
    Some(Source { path, text })
}
