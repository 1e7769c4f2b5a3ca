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
    /// Bytes of a code: text if they are UTF-8.
    pub(crate) fn of_bytes(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Words(text),
            Err(binary) => Self::Binary(binary.into_bytes()),
        }
    }

    /// Bytes of a code and what a decoder that knows encodings made of them. Without a named encoding, what is
    /// UTF-8 is meant as UTF-8; a Kanji segment never is.
    pub(crate) fn of_decoded(bytes: &[u8], encoding_named: bool, translated: String) -> Self {
        // No encoding has these in a text; a guess that gives them is no translation.
        let odd = |c: char| matches!(c, '\0' | '\u{80}'..='\u{9F}' | '\u{FFFD}');
        match std::str::from_utf8(bytes) {
            Ok(text) if !encoding_named => Self::Words(text.to_owned()),
            Err(_) if translated.contains(odd) => Self::Binary(bytes.to_vec()),
            _ => Self::Words(translated),
        }
    }

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
    /// Whether the code's error correction leaves no doubt. A live reader waits for a second frame otherwise.
    pub sure: bool,
}
