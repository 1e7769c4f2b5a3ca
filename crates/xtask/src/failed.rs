//! What went wrong, and what to do about it.

use std::fmt;

/// A step that could not be done.
#[derive(Debug, Clone)]
pub(crate) struct Failed {
    what: String,
    advice: Option<String>,
}

impl Failed {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), advice: None }
    }

    /// The sentence that tells a person how to go on.
    pub(crate) fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.advice {
            Some(advice) => write!(f, "\n        {advice}"),
            None => Ok(()),
        }
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Self::new(error.to_string())
    }
}
