//! A host: whom people visit. A directory of hosts is searched by visitors, who must not be able to read it out: they
//! need two characters to begin with, and are shown masked names ([`crate::visitor::masked_name`]), few at a time.

use std::collections::BTreeSet;

use pinyin::ToPinyinMulti;
use serde::{Deserialize, Serialize};
use specta::Type;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::visitor::{FieldFault, NAME_LIMIT, phone_field, text_field};

/// With fewer characters nobody is searched for.
pub const SHORTEST_QUERY: usize = 2;
/// How many hosts an answer names.
pub const MOST_ANSWERS: usize = 6;
/// How many ways of reading a name are kept.
const MOST_READINGS: usize = 64;
/// The longest id, department or address, in characters.
const LIMIT: usize = 64;

/// A host's id: chosen by whoever keeps the directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct HostId(pub String);

impl std::fmt::Display for HostId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A host, checked and tidied.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Host {
    /// Its id.
    pub id: HostId,
    /// The name.
    pub name: String,
    /// The department; may be empty.
    pub department: String,
    /// The phone number; may be empty.
    pub phone: String,
    /// The e-mail address; may be empty.
    pub email: String,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Host({})", self.id)
    }
}

/// A field of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostField {
    /// The id.
    Id,
    /// The name.
    Name,
    /// The department.
    Department,
    /// The phone number.
    Phone,
    /// The e-mail address.
    Email,
}

/// What is wrong with a field of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostFault {
    /// As with a visitor's fields.
    Field(FieldFault),
    /// No e-mail address.
    NotAnAddress,
}

impl Host {
    /// A host as somebody wrote them down.
    ///
    /// # Errors
    /// The first field that is wrong.
    pub fn new(
        id: &str,
        name: &str,
        department: &str,
        phone: &str,
        email: &str,
    ) -> Result<Self, (HostField, HostFault)> {
        let wrong = |field| move |fault| (field, HostFault::Field(fault));
        let needed = |field, text: String| {
            if text.is_empty() { Err(wrong(field)(FieldFault::Missing)) } else { Ok(text) }
        };
        let id = text_field(id, LIMIT).map_err(wrong(HostField::Id))?;
        let name = text_field(name, NAME_LIMIT).map_err(wrong(HostField::Name))?;
        let email = text_field(email, LIMIT).map_err(wrong(HostField::Email))?;
        let is_address = email.split_once('@').is_some_and(|(before, after)| {
            !before.is_empty() && after.contains('.') && !after.contains('@') && !email.contains(' ')
        });
        if !email.is_empty() && !is_address {
            return Err((HostField::Email, HostFault::NotAnAddress));
        }
        Ok(Self {
            id: HostId(needed(HostField::Id, id)?),
            name: needed(HostField::Name, name)?,
            department: text_field(department, LIMIT).map_err(wrong(HostField::Department))?,
            phone: phone_field(phone).map_err(wrong(HostField::Phone))?,
            email,
        })
    }
}

/// What a visitor typed to find a host, as it is compared; none where it is too short to search with.
#[must_use]
pub fn query(typed: &str) -> Option<String> {
    let folded = fold(typed);
    (folded.chars().count() >= SHORTEST_QUERY).then_some(folded)
}

/// What a name is found by, each word from its beginning: the name and the parts it ends with, its pinyin, its initials.
/// A character with several readings is found by all of them: 单 by d, s and c.
#[must_use]
pub fn words(name: &str) -> BTreeSet<String> {
    let parts: Vec<String> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .map(fold)
        .filter(|part| !part.is_empty())
        .collect();
    let mut words: BTreeSet<String> = (0..parts.len()).map(|from| parts[from..].concat()).collect();
    words.insert(parts.iter().filter_map(|part| part.chars().next()).collect());
    let letters: Vec<char> = fold(name).chars().collect();
    let readings: Vec<Vec<String>> = letters.iter().map(|letter| readings(*letter)).collect();
    if readings.iter().any(|readings| !readings.is_empty()) {
        words.extend((0..letters.len()).map(|from| letters[from..].iter().collect()));
        let spoken = letters.iter().zip(&readings).map(|(letter, readings)| {
            if readings.is_empty() { vec![letter.to_string()] } else { readings.clone() }
        });
        let spoken: Vec<Vec<String>> = spoken.collect();
        let first = |reading: &String| reading.chars().next().map(String::from).unwrap_or_default();
        let initials: Vec<Vec<String>> = spoken
            .iter()
            .map(|readings| readings.iter().map(first).collect::<BTreeSet<_>>().into_iter().collect())
            .collect();
        words.extend(ways(&initials));
        words.extend(ways(&spoken));
    }
    words.retain(|word| word.chars().count() >= SHORTEST_QUERY);
    words
}

/// Letters and digits alone, small, without marks, in their plain width.
fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

/// How a character is read, without tones; with ü as people type it, u and v.
fn readings(letter: char) -> Vec<String> {
    let Some(all) = letter.to_pinyin_multi() else { return Vec::new() };
    let mut readings: Vec<String> = Vec::new();
    for one in all.into_iter().map(|reading| reading.plain()) {
        let plain = fold(one);
        let typed = one.replace('ü', "v");
        for reading in [plain, typed] {
            if !reading.is_empty() && !readings.contains(&reading) {
                readings.push(reading);
            }
        }
    }
    readings
}

/// All ways of choosing one of each, as long as they are few.
fn ways(choices: &[Vec<String>]) -> Vec<String> {
    choices.iter().fold(vec![String::new()], |begun, next| {
        let longer = begun.iter().flat_map(|word| next.iter().map(move |part| format!("{word}{part}")));
        longer.take(MOST_READINGS).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, typed: &str) -> bool {
        let Some(query) = query(typed) else { return false };
        words(name).iter().any(|word| word.starts_with(&query))
    }

    #[test]
    fn a_host_is_found_by_name_pinyin_and_initials() {
        for typed in ["王小", "小明", "王小明", "wxm", "WX", "wangx", "wang xiao ming", "xiaoming"] {
            let expected = typed != "xiaoming";
            assert_eq!(found("王小明", typed), expected, "{typed}");
        }
        for typed in ["ma", "Maria", "schm", "maria schmidt", "ms", "mariasch"] {
            assert!(found("Maria Schmidt", typed), "{typed}");
        }
        assert!(found("Ünal Özdemir", "unal") && found("Ünal Özdemir", "ÖZ"));
        assert!(found("Aoife O'Neil", "oneil") && found("Aoife O’Neil", "o'neil"));
        assert!(found("吕布", "lvb") && found("吕布", "lub") && found("吕布", "lb"));
    }

    #[test]
    fn one_character_finds_nobody() {
        for typed in ["", "王", "w", " w ", "w'", "。。"] {
            assert!(query(typed).is_none(), "{typed}");
        }
        assert!(!found("王小明", "xm") && !found("王小明", "明"));
    }

    #[test]
    fn surnames_with_a_reading_of_their_own_are_found_by_it() {
        let surnames = [
            ("单", "shan"),
            ("仇", "qiu"),
            ("曾", "zeng"),
            ("解", "xie"),
            ("任", "ren"),
            ("查", "zha"),
            ("盖", "ge"),
            ("区", "ou"),
            ("朴", "piao"),
            ("冼", "xian"),
            ("翟", "zhai"),
            ("乐", "yue"),
            ("员", "yun"),
            ("祭", "zhai"),
            ("召", "shao"),
            ("覃", "qin"),
            ("秘", "bi"),
            ("折", "she"),
            ("种", "chong"),
            ("缪", "miao"),
            ("晁", "chao"),
            ("柏", "bai"),
            ("宓", "mi"),
            ("逄", "pang"),
            ("那", "na"),
            ("盛", "sheng"),
            ("沈", "shen"),
            ("葛", "ge"),
            ("叶", "ye"),
            ("洗", "xian"),
            ("车", "che"),
            ("宿", "su"),
            ("瞿", "qu"),
            ("郗", "xi"),
            ("纪", "ji"),
            ("燕", "yan"),
            ("宁", "ning"),
            ("隗", "wei"),
            ("阚", "kan"),
            ("牟", "mou"),
            ("谌", "chen"),
            ("过", "guo"),
            ("繁", "po"),
            ("尉迟", "yuchi"),
            ("万俟", "moqi"),
            ("单于", "chanyu"),
            ("长孙", "zhangsun"),
            ("华", "hua"),
            ("重", "chong"),
            ("曲", "qu"),
            ("石", "shi"),
            ("贾", "jia"),
            ("俞", "yu"),
            ("卜", "bu"),
        ];
        let missing: Vec<_> = surnames
            .iter()
            .filter(|(surname, spoken)| {
                let initial = spoken.chars().next().unwrap();
                let full = found(&format!("{surname}晓"), &format!("{spoken}xiao"));
                let short =
                    surname.chars().count() > 1 || found(&format!("{surname}晓"), &format!("{initial}x"));
                !(full && short)
            })
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn a_long_name_has_a_bounded_number_of_words() {
        assert!(words(&"单曾仇解".repeat(10)).len() < 300);
    }

    #[test]
    fn a_host_is_checked() {
        let host = Host::new(" 17 ", "王  小明", "市场部", "１３８ 0000 5678", "wang@example.com").unwrap();
        assert_eq!(
            (host.id.0.as_str(), host.name.as_str(), host.phone.as_str()),
            ("17", "王 小明", "13800005678")
        );
        let fault = |id, name, phone, email| Host::new(id, name, "", phone, email).unwrap_err();
        assert_eq!(fault("", "a", "", ""), (HostField::Id, HostFault::Field(FieldFault::Missing)));
        assert_eq!(fault("1", " ", "", ""), (HostField::Name, HostFault::Field(FieldFault::Missing)));
        assert_eq!(fault("1", "a", "x", ""), (HostField::Phone, HostFault::Field(FieldFault::NotAPhone)));
        assert_eq!(fault("1", "a", "", "a@b"), (HostField::Email, HostFault::NotAnAddress));
    }
}
