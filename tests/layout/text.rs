//! What is nowhere but where it belongs: SQL, the time, calls from the page, and this machine.

use crate::sources::{Source, all, expect_none};

fn places(of: impl Fn(&Source, &str) -> bool, product: bool) -> Vec<String> {
    let mut found = Vec::new();
    for source in all() {
        if product && !source.is_product() {
            continue;
        }
        for (number, line) in source.code() {
            if of(&source, line) {
                found.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    found
}

#[test]
fn sql_is_in_the_store_alone() {
    let words = ["SELECT ", "INSERT INTO ", "INSERT OR ", "DELETE FROM ", "CREATE TABLE ", "PRAGMA "];
    let is_sql = |source: &Source, line: &str| {
        source.is("rs")
            && !source.path.starts_with("crates/store/")
            && words.iter().any(|word| line.contains(word))
    };
    expect_none(&places(is_sql, true), "all SQL of the product is in crates/store:");
}

#[test]
fn the_shell_opens_the_store_and_then_forgets_it() {
    let knows = |source: &Source, line: &str| {
        let shell = source.path.starts_with("src-tauri/src/") && source.path != "src-tauri/src/setup.rs";
        shell && line.contains("vestibule_store")
    };
    expect_none(
        &places(knows, true),
        "the shell hands the store to the desk in setup.rs and asks only the desk:",
    );
}

#[test]
fn time_is_read_in_the_clock_alone() {
    let is_time = |source: &Source, line: &str| {
        let reads = line.contains("SystemTime::now") || line.contains("Instant::now");
        source.is("rs") && source.path != "crates/domain/src/clock.rs" && reads
    };
    expect_none(&places(is_time, true), "time is an argument; it is read in domain/src/clock.rs:");
}

#[test]
fn the_page_calls_the_shell_in_one_file() {
    let homes = ["ui/src/backend/tauri.ts", "ui/src/bindings.gen.ts"];
    let calls = |source: &Source, line: &str| {
        let page = source.path.starts_with("ui/src/") && !homes.contains(&source.path.as_str());
        page && (line.contains("invoke(") || line.contains("@tauri-apps/"))
    };
    expect_none(
        &places(calls, false),
        "the page calls the shell in ui/src/backend/tauri.ts and nowhere else:",
    );
}

#[test]
fn no_file_knows_this_machine() {
    // In two parts each, so that this list does not find itself.
    let here = [
        ["/wo", "rk/"],
        ["/ro", "ot/"],
        ["/ho", "me/"],
        ["registry.", "npmjs"],
        ["index.", "crates.io"],
        ["pythonhosted", ".org"],
    ]
    .map(|halves| halves.concat());
    let knows = |_: &Source, line: &str| {
        here.iter().any(|place| {
            line.match_indices(place.as_str()).any(|(at, _)| {
                // A path of a machine begins here; `…/work/…` inside a longer word is none.
                let before = line[..at].chars().next_back();
                !place.starts_with('/') || !before.is_some_and(|c| c.is_alphanumeric() || "._-/}".contains(c))
            })
        })
    };
    expect_none(&places(knows, false), "the project is built anywhere; no file names a machine or a mirror:");
}
