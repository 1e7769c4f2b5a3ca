//! Looking for visits of the past.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What somebody looks for: a part of a name, of a host or of a phone number.
pub struct Sought {
    text: String,
    digits: Option<String>,
}

impl Sought {
    /// What was typed. Case, width, marks and blanks do not matter.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        let text = folded(text);
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let is_number = text.chars().all(|letter| letter.is_ascii_digit() || "+-().".contains(letter));
        Self { digits: (is_number && !digits.is_empty()).then_some(digits), text }
    }

    /// Whether somebody is found. Nothing typed finds everybody.
    #[must_use]
    pub fn finds(&self, name: &str, host: &str, phone: &str) -> bool {
        self.is_in(name)
            || self.is_in(host)
            || self.digits.as_ref().is_some_and(|digits| phone.contains(digits.as_str()))
    }

    /// Whether one text is found.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.text.is_empty() || folded(text).contains(&self.text)
    }
}

fn folded(text: &str) -> String {
    let plain = text.nfkd().filter(|letter| !is_combining_mark(*letter));
    plain.flat_map(char::to_lowercase).filter(|letter| !letter.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::Sought;

    #[test]
    fn case_width_marks_and_blanks_do_not_matter() {
        let finds = |typed: &str| Sought::typed(typed).finds("Ünal Çelik", "李 经理", "13812345678");
        for typed in ["", "  ", "unal", "ＣＥＬＩＫ", "ünalç", "李经理", "138 1234", "１２３４-5678", "5678"]
        {
            assert!(finds(typed), "{typed}");
        }
        for typed in ["unall", "王", "9999", "🦊", "+", "x1234"] {
            assert!(!finds(typed), "{typed}");
        }
    }
}
