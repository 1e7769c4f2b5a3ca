//! How many tests passed and failed, read from what the runners print.

/// Tests that passed and failed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Count {
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Takes the numbers out of a closing line of nextest, cargo test, Vitest or Playwright.
    pub(crate) fn read(&mut self, line: &str) {
        let plain = without_colour(line);
        let words: Vec<&str> = plain.split_whitespace().collect();
        let closing = match words.as_slice() {
            ["Summary", ..] | ["test", "result:", ..] | ["Tests", ..] => true,
            // Playwright has a line for each: "12 passed (3.4s)", "1 failed".
            [number, "passed", time] => is_number(number) && time.starts_with('('),
            [number, "failed"] => is_number(number),
            _ => false,
        };
        if !closing {
            return;
        }
        for pair in words.windows(2) {
            let [number, what] = pair else { continue };
            let Ok(number) = number.trim_start_matches('(').parse::<u32>() else { continue };
            match what.trim_matches(|c: char| !c.is_alphabetic()) {
                "passed" => self.passed += number,
                "failed" | "timed" => self.failed += number,
                _ => {}
            }
        }
    }
}

fn is_number(word: &str) -> bool {
    word.parse::<u32>().is_ok()
}

fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (u32, u32) {
        let mut count = Count::default();
        text.lines().for_each(|line| count.read(line));
        (count.passed, count.failed)
    }

    #[test]
    fn each_runner_is_understood() {
        let nextest =
            "     Summary [   1.204s] 45 tests run: 43 passed (1 slow), 1 failed, 1 timed out, 0 skipped";
        assert_eq!(read(nextest), (43, 2), "nextest");
        let cargo = "test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(read(cargo), (3, 1), "cargo test");
        let vitest =
            " Test Files  1 failed | 3 passed (4)\n\u{1b}[2m      Tests \u{1b}[22m 2 failed | 12 passed (14)";
        assert_eq!(read(vitest), (12, 2), "Vitest: its files are not tests");
        assert_eq!(read("  2 failed\n    a.spec.ts:3\n  12 passed (3.4s)"), (12, 2), "Playwright");
    }

    #[test]
    fn words_inside_a_test_are_not_counted() {
        assert_eq!(read("visitor 3 passed door 4\n5 passed the door"), (0, 0), "only closing lines count");
    }
}
