//! JSON as a person reads it: names in a column, what is inside indented, no quotes and no braces.

use serde_json::{Map, Value};

use super::plain;

/// A value in lines, each indented by `depth` steps.
pub(crate) fn tree(value: &Value, depth: usize) -> String {
    let mut lines = Vec::new();
    match value {
        Value::Object(fields) => object(fields, depth, &mut lines),
        Value::Array(items) => array(items, depth, &mut lines),
        scalar => lines.push(indented(depth, &word(scalar))),
    }
    lines.join("\n")
}

/// A name and a text beside it.
pub(crate) fn pair(name: &str, text: &str, width: usize, depth: usize) -> String {
    indented(depth, &format!("{name:<width$}  {text}"))
}

fn object(fields: &Map<String, Value>, depth: usize, lines: &mut Vec<String>) {
    let width = fields.keys().map(|name| name.chars().count()).max().unwrap_or_default();
    for (name, value) in fields {
        let name = plain(name);
        if is_flat(value) {
            lines.push(pair(&name, &word(value), width, depth));
        } else {
            lines.push(indented(depth, &name));
            lines.push(tree(value, depth + 1));
        }
    }
}

/// The first line of each item carries a dash where the indentation ends.
fn array(items: &[Value], depth: usize, lines: &mut Vec<String>) {
    for item in items {
        let text = tree(item, depth + 1);
        let bare = text.get((depth + 1) * 2..).unwrap_or_default();
        lines.push(format!("{}- {bare}", "  ".repeat(depth)));
    }
}

fn is_flat(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

fn word(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => plain(text),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(_) | Value::Object(_) => "none".to_owned(),
        Value::Number(number) => number.to_string(),
    }
}

fn indented(depth: usize, text: &str) -> String {
    format!("{}{text}", "  ".repeat(depth))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::tree;

    #[test]
    fn lists_and_names_stand_in_columns() {
        let value = json!({ "total": 2, "data": [
            { "identityId": "a", "name": "王" },
            { "identityId": "b", "extInfo": null },
        ], "empty": [] });
        let mut lines: Vec<&str> = Vec::new();
        let text = tree(&value, 1);
        lines.extend(text.lines());
        assert!(lines.contains(&"  total  2"), "{text}");
        assert!(lines.contains(&"  data"), "{text}");
        assert!(lines.contains(&"    - identityId  a"), "{text}");
        assert!(lines.contains(&"      name        王"), "{text}");
        assert!(lines.contains(&"  empty  none"), "{text}");
    }

    #[test]
    fn a_scalar_is_a_word() {
        assert_eq!(tree(&json!(true), 0), "yes");
        assert_eq!(tree(&json!(["a", "b"]), 1), "  - a\n  - b");
    }
}
