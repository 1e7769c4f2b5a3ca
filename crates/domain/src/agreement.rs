//! What a visitor agrees to before they come in, and how they say so: drawn, or typed by those who cannot draw.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::visitor::{NAME_LIMIT, text_field};

/// How many strokes a signature has at most.
const MOST_STROKES: usize = 200;
/// How many points all strokes have at most; as text they then fit into the 64 kB that a row takes.
const MOST_POINTS: usize = 4000;

/// One stroke: x and y of each point in turn, in tenths of a millimetre of glass from the upper left corner.
pub type Stroke = Vec<u16>;

/// How a visitor agreed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Consent {
    /// With a signature.
    Drawn {
        /// Its strokes.
        strokes: Vec<Stroke>,
    },
    /// By typing their name.
    Typed {
        /// The name.
        name: String,
    },
}

impl std::fmt::Debug for Consent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Consent(redacted)")
    }
}

impl Consent {
    /// Whether something was drawn or typed at all, and no more than is kept.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        match self {
            Self::Drawn { strokes } => {
                let points: usize = strokes.iter().map(|stroke| stroke.len() / 2).sum();
                strokes.len() <= MOST_STROKES
                    && (2..=MOST_POINTS).contains(&points)
                    && strokes.iter().all(|stroke| stroke.len() % 2 == 0)
            }
            Self::Typed { name } => text_field(name, NAME_LIMIT).is_ok_and(|name| !name.is_empty()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_something_and_not_too_much() {
        let drawn = |strokes| Consent::Drawn { strokes };
        let typed = |name: &str| Consent::Typed { name: name.to_owned() };
        assert!(drawn(vec![vec![1, 2, 3, 4]]).is_whole() && typed("王小明").is_whole());
        let bad = [
            drawn(vec![]),
            drawn(vec![vec![1, 2]]),
            drawn(vec![vec![1, 2, 3]]),
            drawn(vec![vec![0; 8002]]),
            drawn(vec![vec![1, 2]; 201]),
            typed(" "),
            typed("a\u{202e}b"),
        ];
        for consent in bad {
            assert!(!consent.is_whole());
        }
        let most = serde_json_length(4000);
        assert!(most <= 65_536, "{most}");
    }

    /// The longest text that so many points take as JSON: five digits and a comma a number.
    fn serde_json_length(points: usize) -> usize {
        points * 2 * 6 + MOST_STROKES * 3 + 2
    }
}
