//! What things are called, and that each module says what it is.

use crate::sources::{all, expect_none};

/// Names that say nothing about what is inside.
const EMPTY_WORDS: [&str; 11] = [
    "utils", "util", "common", "helpers", "helper", "manager", "service", "core", "misc", "types", "handlers",
];

/// Where the words of the wire stand, which are the entrance service's own.
const WIRE: [&str; 2] = ["crates/gateway/src/endpoint/", "crates/emulator/src/routes/"];

#[test]
fn no_module_has_a_name_that_says_nothing() {
    let mut found = Vec::new();
    for source in all() {
        let code = source.is("rs") || source.is("ts") || source.is("svelte");
        if !code || WIRE.iter().any(|wire| source.path.starts_with(wire)) {
            continue;
        }
        let names = source.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
        if names.map(str::to_lowercase).any(|name| EMPTY_WORDS.contains(&name.as_str())) {
            found.push(source.path);
        }
    }
    expect_none(&found, "a name should say what is inside:");
}

#[test]
fn every_module_says_what_it_is() {
    let silent = all().into_iter().filter(|source| source.is("rs") && !source.text.starts_with("//!"));
    let found: Vec<String> = silent.map(|source| source.path).collect();
    expect_none(&found, "the first line of a module is `//!` and what it is:");
}

#[test]
fn a_module_file_stands_beside_its_folder() {
    let found: Vec<String> =
        all().into_iter().map(|source| source.path).filter(|path| path.ends_with("/mod.rs")).collect();
    expect_none(&found, "`outbox.rs` beside `outbox/`, never `mod.rs`:");
}
