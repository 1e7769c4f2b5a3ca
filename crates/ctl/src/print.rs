//! Standard output and standard error, for people and for pipes.

pub(crate) mod progress;
pub(crate) mod tree;

use std::io::Write;

/// Prints a line. False when nobody reads any more (`| head`), which is a reason to stop and no failure.
pub(crate) fn line(text: &str) -> bool {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").is_ok()
}

/// Text from elsewhere, harmless on a terminal: control characters are shown instead of obeyed.
pub(crate) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() {
            shown.extend(letter.escape_debug());
        } else {
            shown.push(letter);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn nobody_paints_the_terminal() {
        assert_eq!(plain("王 \u{1b}[31mred\n"), "王 \\u{1b}[31mred\\n");
    }
}
