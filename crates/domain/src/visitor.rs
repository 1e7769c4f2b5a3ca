//! A visitor, and a visit.

use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;

/// The largest number of characters a name may have (design: 1 to 40 characters of any script).
pub const NAME_LIMIT: usize = 40;
/// The largest number of characters the "whom do you visit" field may have.
pub const HOST_LIMIT: usize = 60;
/// The smallest and the largest number of digits in a phone number (the largest is E.164's).
pub const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 5..=15;

/// A random, meaningless, time-ordered number made by this desk for each of its things.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A new id (UUIDv7: the first half is the time, so that rows stay in order).
            #[must_use]
            pub fn new(now: crate::UtcMillis) -> Self {
                let millis = u64::try_from(now.0).unwrap_or(0);
                let time = uuid::Timestamp::from_unix_time(millis / 1000, (millis % 1000) as u32 * 1_000_000, 0, 0);
                Self(uuid::Uuid::new_v7(time))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}
pub(crate) use id;

id!(
    /// One visitor on this desk.
    VisitorId
);
id!(
    /// One visit: a visitor came in and, later, left.
    VisitId
);

/// The person's id at the service (its `identityId`): chosen by us, says nothing about the person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct IdentityId(pub String);

impl IdentityId {
    /// A new random id: 128 bits as 32 hexadecimal digits.
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4().simple().to_string())
    }
}

impl std::fmt::Display for IdentityId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a visitor tells us, checked and tidied.
#[derive(Clone, PartialEq, Eq)]
pub struct Introduction {
    /// The visitor's name as shown on this desk; never leaves the building.
    pub name: String,
    /// Digits with an optional leading `+`; empty when none was given.
    pub phone: String,
    /// Whom they visit; may be empty.
    pub host: String,
}

impl std::fmt::Debug for Introduction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Introduction(redacted)")
    }
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// The visitor's name.
    Name,
    /// The visitor's phone number.
    Phone,
    /// Whom they visit.
    Host,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FieldFault {
    /// Nothing was entered where something is needed.
    Missing,
    /// More characters than the field takes.
    TooLong,
    /// A character that is no part of a name, such as a control character or a direction override.
    Unprintable,
    /// Not a phone number: letters, or too few or too many digits.
    NotAPhone,
}

/// Checks and tidies what a visitor typed. Surrounding space and repeated space go, full-width letters and digits
/// of the phone number become plain ones; a phone number and a host may be left out; everything else is kept as it was typed, including markup, which is
/// never interpreted anywhere.
///
/// # Errors
/// Every field that is wrong, in the order of the form.
pub fn introduce(name: &str, phone: &str, host: &str) -> Result<Introduction, Vec<(Field, FieldFault)>> {
    let mut faults = Vec::new();
    let name = text_field(name, NAME_LIMIT)
        .and_then(|n| if n.is_empty() { Err(FieldFault::Missing) } else { Ok(n) });
    let host = text_field(host, HOST_LIMIT);
    let phone = phone_field(phone);
    let mut keep = |field, outcome: Result<String, FieldFault>| {
        outcome.unwrap_or_else(|fault| {
            faults.push((field, fault));
            String::new()
        })
    };
    let introduction = Introduction {
        name: keep(Field::Name, name),
        phone: keep(Field::Phone, phone),
        host: keep(Field::Host, host),
    };
    if faults.is_empty() { Ok(introduction) } else { Err(faults) }
}

/// Tidies what staff write to something, as a host is tidied: at most as long as one.
///
/// # Errors
/// What is wrong with it.
pub fn note_text(typed: &str) -> Result<String, FieldFault> {
    text_field(typed, HOST_LIMIT)
}

pub(crate) fn text_field(typed: &str, limit: usize) -> Result<String, FieldFault> {
    if typed.chars().any(is_unprintable) {
        return Err(FieldFault::Unprintable);
    }
    let tidy = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if tidy.chars().count() > limit { Err(FieldFault::TooLong) } else { Ok(tidy) }
}

/// Control characters, and the marks that reorder or hide the text around them. Zero-width joiners are left alone:
/// emoji and several scripts need them.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFF}' | '\u{E000}'..='\u{F8FF}')
}

/// A phone number that somebody is looked for by, tidied as in the form.
///
/// # Errors
/// What is wrong with it.
pub fn phone_text(typed: &str) -> Result<String, FieldFault> {
    phone_field(typed)
}

pub(crate) fn phone_field(typed: &str) -> Result<String, FieldFault> {
    let mut phone = String::new();
    for c in typed.trim().chars() {
        match c {
            '0'..='9' => phone.push(c),
            '\u{FF10}'..='\u{FF19}' => phone.push(char::from(b'0' + (c as u32 - 0xFF10) as u8)),
            '+' | '\u{FF0B}' if phone.is_empty() => phone.push('+'),
            ' ' | '-' | '(' | ')' | '.' | '\u{3000}' | '\u{FF08}' | '\u{FF09}' | '\u{00A0}' => {}
            c if c.is_control() => return Err(FieldFault::Unprintable),
            _ => return Err(FieldFault::NotAPhone),
        }
        if phone.len() > 20 {
            return Err(FieldFault::NotAPhone);
        }
    }
    let digits = phone.trim_start_matches('+').len();
    if typed.trim().is_empty() || PHONE_DIGITS.contains(&digits) {
        Ok(phone)
    } else {
        Err(FieldFault::NotAPhone)
    }
}

/// A phone number as one person's, however it was typed: without the sign and the prefix of mainland China before a
/// mobile number there, and with `+` for `00` before any other.
#[must_use]
pub fn phone_key(phone: &str) -> String {
    let plus = phone.strip_prefix("00").map(|rest| format!("+{rest}")).unwrap_or_else(|| phone.to_owned());
    match plus.strip_prefix("+86") {
        Some(mobile) if mobile.len() == 11 && mobile.starts_with('1') => mobile.to_owned(),
        _ => plus,
    }
}

/// A phone number as it may be shown: the first three and the last four digits, the rest as stars.
#[must_use]
pub fn masked_phone(phone: &str) -> String {
    let chars: Vec<char> = phone.chars().collect();
    if chars.len() < 8 {
        return "*".repeat(chars.len());
    }
    let mut masked: String = chars[..3].iter().collect();
    masked.push_str(&"*".repeat(chars.len() - 7));
    masked.extend(&chars[chars.len() - 4..]);
    masked
}

/// A name as strangers may see it, enough for those who know whom to expect. Of a name in Chinese characters the first
/// and, from three on, the last stay: 王*明, 李*, 欧**娜. Of every other word the first letter stays, from four letters
/// on the second one too, and how many follow is not said: Ma*** Sc***.
#[must_use]
pub fn masked_name(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(masked_word).collect();
    words.join(" ")
}

fn masked_word(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let is_han =
        |letter: &char| matches!(u32::from(*letter), 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF);
    if letters.first().is_some_and(is_han) {
        let last = if letters.len() > 2 { letters.last() } else { None };
        let stars = letters.len().saturating_sub(1 + usize::from(last.is_some())).max(1);
        return letters.iter().take(1).chain(&vec!['*'; stars]).chain(last).collect();
    }
    let kept = if letters.len() > 3 { 2 } else { 1 };
    letters.iter().take(kept).chain(&['*'; 3]).collect()
}

/// The name the service is told: neutral, so that nobody's name leaves the building (the service sends names on to
/// every subscriber of its events).
#[must_use]
pub fn neutral_name(identity: &IdentityId) -> String {
    let tail: String = identity.0.chars().take(4).flat_map(char::to_uppercase).collect();
    format!("访客-{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_one_person_however_it_is_typed() {
        for typed in ["13800005678", "+8613800005678", "008613800005678"] {
            assert_eq!(phone_key(typed), "13800005678");
        }
        assert_eq!(
            (phone_key("0049301234").as_str(), phone_key("02112345678").as_str()),
            ("+49301234", "02112345678")
        );
    }

    #[test]
    fn a_masked_name_is_known_to_those_who_know_it() {
        for (name, masked) in [
            ("王小明", "王*明"),
            ("李明", "李*"),
            ("王", "王*"),
            ("欧阳娜娜", "欧**娜"),
            ("Maria Schmidt", "Ma*** Sc***"),
            ("Bo Li", "B*** L***"),
            ("O'Neil", "O'***"),
            ("محمد علي", "مح*** ع***"),
            ("", ""),
        ] {
            assert_eq!(masked_name(name), masked);
        }
    }
}
