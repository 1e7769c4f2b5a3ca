//! Who may know whom. The drawing is in `crates/README.md`; this is the same in names.

use std::collections::BTreeSet;
use std::fs;

use crate::sources::{expect_none, root};

/// A crate's folder, and which of ours it may know.
const MAY_KNOW: [(&str, &[&str]); 10] = [
    ("crates/domain", &[]),
    ("crates/gateway", &["domain"]),
    ("crates/store", &["domain"]),
    ("crates/qr", &["domain"]),
    ("crates/camera", &["domain"]),
    ("crates/printer", &["domain", "qr"]),
    ("crates/desk", &["domain", "gateway", "store"]),
    ("crates/emulator", &["domain", "gateway"]),
    ("crates/ctl", &["domain", "gateway", "store", "desk", "qr", "camera", "printer", "emulator"]),
    ("src-tauri", &["domain", "gateway", "store", "desk", "qr", "camera", "printer", "emulator"]),
];

/// Libraries that only some may know, and who.
const ONLY_IN: [(&str, &[&str]); 7] = [
    ("tauri", &["src-tauri"]),
    ("rusqlite", &["crates/store"]),
    // The terminal asks the emulator for trouble, which no desk does; the service it reaches through the gateway.
    ("reqwest", &["crates/gateway", "crates/ctl"]),
    // The emulator checks signatures with code of its own, or it would repeat our mistakes.
    // The store chains its journal with it.
    ("hmac", &["crates/gateway", "crates/emulator", "crates/store"]),
    ("nokhwa", &["crates/camera"]),
    ("escpos", &["crates/printer"]),
    ("axum", &["crates/emulator"]),
];

#[test]
fn arrows_go_one_way() {
    let mut found = Vec::new();
    for (folder, may_know) in MAY_KNOW {
        for known in dependencies(folder) {
            if let Some(ours) = known.strip_prefix("vestibule-")
                && !may_know.contains(&ours)
            {
                found.push(format!("{folder} knows {ours}"));
            }
        }
    }
    expect_none(&found, "a crate knows another that stands beside or outside it:");
}

#[test]
fn each_kind_of_library_has_one_home() {
    let mut found = Vec::new();
    for (folder, _) in MAY_KNOW {
        for known in dependencies(folder) {
            for (library, homes) in ONLY_IN {
                let is_it = known == library || known.starts_with(&format!("{library}-"));
                if is_it && !homes.contains(&folder) {
                    found.push(format!("{folder} uses {known}, whose home is {}", homes.join(", ")));
                }
            }
        }
    }
    expect_none(&found, "HTTP, SQL, pixels, devices and windows each have one crate that knows them:");
}

#[test]
fn the_domain_waits_for_nothing() {
    let known = dependencies("crates/domain");
    let found: Vec<String> = ["tokio", "futures-util", "async-trait", "tracing"]
        .iter()
        .filter(|name| known.contains(**name))
        .map(|name| (*name).to_owned())
        .collect();
    expect_none(&found, "the rules have no I/O and no async:");
}

/// The names under `[dependencies]`, of every platform; those of tests do not count.
fn dependencies(folder: &str) -> BTreeSet<String> {
    let manifest =
        fs::read_to_string(root().join(folder).join("Cargo.toml")).expect("every crate has a manifest");
    let mut names = BTreeSet::new();
    let mut counts = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[') {
            let table = table.trim_end_matches(']');
            counts = table == "dependencies" || table.ends_with(".dependencies");
        } else if let (true, Some((name, _))) = (counts, line.split_once(['.', '=', ' '])) {
            names.insert(name.trim().to_owned());
        }
    }
    names
}
