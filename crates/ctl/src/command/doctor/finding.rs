//! One thing that was looked at.

use serde::Serialize;

use crate::print::plain;

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Grade {
    /// As it should be.
    Good,
    /// The desk works; somebody should look at it.
    Warning,
    /// The desk does not work, or will not.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding {
    /// What.
    pub(super) check: String,
    /// How it is.
    pub(super) grade: Grade,
    /// What was seen.
    pub(super) found: String,
    /// What to do, unless it is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) todo: Option<String>,
}

impl Finding {
    /// As it should be.
    pub(super) fn good(check: &str, found: &str) -> Self {
        Self::of(check, Grade::Good, found, None)
    }

    /// Somebody should look at it.
    pub(super) fn warning(check: &str, found: &str, todo: &str) -> Self {
        Self::of(check, Grade::Warning, found, Some(todo))
    }

    /// It does not work.
    pub(super) fn bad(check: &str, found: &str, todo: &str) -> Self {
        Self::of(check, Grade::Bad, found, Some(todo))
    }

    fn of(check: &str, grade: Grade, found: &str, todo: Option<&str>) -> Self {
        Self { check: check.to_owned(), grade, found: found.to_owned(), todo: todo.map(str::to_owned) }
    }

    /// For people: one line, and one for what to do.
    pub(super) fn in_words(&self) -> String {
        let grade = match self.grade {
            Grade::Good => "good   ",
            Grade::Warning => "WARNING",
            Grade::Bad => "BAD    ",
        };
        let found: Vec<String> = self.found.lines().map(plain).collect();
        let mut words = format!("{grade}  {}: {}", plain(&self.check), found.join("\n           "));
        if let Some(todo) = &self.todo {
            words.push_str(&format!("\n         > {}", plain(todo)));
        }
        words
    }
}
