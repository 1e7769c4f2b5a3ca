//! What was read, and where.

use vestibule_domain::PassCode;

/// The content of a code.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Text {
    /// Text (UTF-8).
    Words(String),
    /// Bytes that are no text.
    Binary(Vec<u8>),
}

impl Text {
    /// The pass code in it, if it can be one at all. Everything else is answered with one plain message, and is
    /// never opened, rendered or logged.
    #[must_use]
    pub fn pass_code(&self) -> Option<PassCode> {
        match self {
            Self::Words(text) => PassCode::plausible(text),
            Self::Binary(_) => None,
        }
    }

    /// The text as it stands in the code, if it is text.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Words(text) => Some(text),
            Self::Binary(_) => None,
        }
    }
}

/// A code is a key: its text is never printed by accident.
impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Words(text) => write!(f, "Words({} bytes)", text.len()),
            Self::Binary(bytes) => write!(f, "Binary({} bytes)", bytes.len()),
        }
    }
}

/// A point in the frame, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corner {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
}

/// A code that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What it says.
    pub text: Text,
    /// Where it is: the four corners, clockwise from the code's own top left. May lie outside the frame.
    pub corners: [Corner; 4],
}
