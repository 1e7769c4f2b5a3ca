//! A command of the shell unpacks, calls, translates; it decides nothing and is short.

use crate::sources::{Source, all, expect_none};

/// How many lines the body of a command may have.
const LONGEST: usize = 12;

#[test]
fn commands_are_short() {
    let mut found = Vec::new();
    for source in all() {
        if source.path.starts_with("src-tauri/src/") {
            found.extend(long_commands(&source));
        }
    }
    expect_none(&found, "the body of a command is no place for rules:");
}

fn long_commands(source: &Source) -> Vec<String> {
    let mut long = Vec::new();
    let mut lines = source.lines();
    while let Some((_, line)) = lines.next() {
        if !line.trim_start().starts_with("#[tauri::command") {
            continue;
        }
        let mut signature = lines.by_ref().skip_while(|(_, line)| !line.contains("fn "));
        let Some((number, name)) = signature.next() else { break };
        // A signature of several lines ends with the line that opens the body.
        if !name.ends_with('{') {
            lines.by_ref().find(|(_, line)| line.ends_with('{'));
        }
        let body = lines.by_ref().take_while(|(_, line)| *line != "}").count();
        if body > LONGEST {
            long.push(format!("{}:{number}: {body} lines: {}", source.path, name.trim()));
        }
    }
    long
}

#[test]
fn a_long_command_is_found() {
    let command = |lines: usize| {
        let body = "    step();\n".repeat(lines);
        let text = format!(
            "#[tauri::command]\n#[specta::specta]\npub async fn open(\n    door: Door,\n) -> Answer {{\n{body}}}\n"
        );
        Source { path: "a.rs".to_owned(), text }
    };
    assert!(long_commands(&command(LONGEST)).is_empty(), "the limit itself is allowed");
    assert_eq!(long_commands(&command(LONGEST + 1)).len(), 1, "one more is not");
}
