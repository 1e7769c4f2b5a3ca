//! What the desk does, it does for those who may: every public action begins by asking the table.

use crate::sources::{Source, all, expect_none};

/// What needs no right, and why.
const OPEN: [(&str, &str); 31] = [
    ("start", "the process begins"),
    ("speak", "the process begins"),
    ("run", "the process works"),
    ("drain", "the process works"),
    ("keep_house", "the process works"),
    ("probe", "the process works"),
    ("leave", "the process ends"),
    ("events", "says that something changed, not what"),
    ("settings", "the process's own"),
    ("has_lease", "the process's own"),
    ("remembered", "the process's own"),
    ("remember", "the process's own"),
    ("status", "how the connection is"),
    ("holds", "everybody may see that a door is open"),
    ("doors", "asks for the log, and leaves it out"),
    ("read_doors", "everybody may see that a door is open"),
    ("has_hosts", "yes or no"),
    ("agreement", "what the settings say"),
    ("kept_since", "what the settings say"),
    ("call_for_help", "whoever needs help"),
    ("help_waits_since", "that somebody calls, not who"),
    ("press_door", "ask_press asks, at the finger"),
    ("press_by_hand", "ask_press asks, at the finger"),
    ("session", "who is here"),
    ("somebody_came_today", "yes or no"),
    ("station", "who is here"),
    ("show_station", "only in the demonstration, and signs off"),
    ("sit_at_terminal", "who is here"),
    ("staff_names", "to choose from before one signs in; none at the self-service station"),
    ("sign_in", "proves it"),
    ("stay_active", "gives no right, and none back"),
];
/// Leaving is always allowed.
const LEAVING: &str = "sign_off";

#[test]
fn every_public_action_of_the_desk_asks_the_table() {
    let mut found = Vec::new();
    let mut seen = 0;
    for source in all() {
        if source.path.starts_with("crates/desk/src/") {
            for (name, body) in actions(&source) {
                seen += 1;
                let asks = body.contains("self.may(")
                    || body.contains("self.may_at(")
                    || body.contains("self.may_hold(");
                let open = name == LEAVING || OPEN.iter().any(|(open, _)| *open == name);
                if !asks && !open {
                    found.push(format!("{}: {name}", source.path));
                }
            }
        }
    }
    assert!(seen > 40, "the actions are found: {seen}");
    expect_none(&found, "an action asks `self.may(Act::…)` first, or stands in OPEN with a reason:");
}

/// The public functions of `impl Desk` that take the desk, each with its body.
fn actions(source: &Source) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut inside = false;
    let mut lines = source.code().map(|(_, line)| line);
    while let Some(line) = lines.next() {
        if line.starts_with("impl") || line == "}" {
            inside = line.starts_with("impl Desk");
        }
        let Some((_, name)) = line.strip_prefix("    pub ").and_then(|line| line.split_once("fn ")) else {
            continue;
        };
        if !inside || line.starts_with("    pub(") {
            continue;
        }
        let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let mut body = String::new();
        if !line.ends_with('}') {
            for line in lines.by_ref().take_while(|line| *line != "    }") {
                body.push_str(line);
            }
        }
        found.push((name, body));
    }
    found
}
