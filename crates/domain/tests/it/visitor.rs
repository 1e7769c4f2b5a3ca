//! What a visitor may type.

use proptest::prelude::proptest;
use vestibule_domain::IdentityId;
use vestibule_domain::visitor::{
    Field, FieldFault, HOST_LIMIT, NAME_LIMIT, introduce, masked_phone, neutral_name,
};

#[test]
fn names_of_any_script_are_kept_and_space_is_tidied() {
    for name in ["王小明", "欧阳娜娜", "Ünal", "O'Neil", "محمد", "👩‍👩‍👧", "José María de la Cruz y García"]
    {
        assert_eq!(introduce(name, "", "").unwrap().name, name);
    }
    assert_eq!(
        introduce("  Li \t Lei\u{3000}", "", "").unwrap_err(),
        [(Field::Name, FieldFault::Unprintable)]
    );
    assert_eq!(introduce("  Li   Lei\u{3000}", "", "").unwrap().name, "Li Lei");
}

#[test]
fn limits_are_counted_in_characters() {
    assert!(introduce(&"很".repeat(NAME_LIMIT), "", &"很".repeat(HOST_LIMIT)).is_ok());
    let faults = introduce(&"很".repeat(NAME_LIMIT + 1), "", &"很".repeat(HOST_LIMIT + 1)).unwrap_err();
    assert_eq!(faults, [(Field::Name, FieldFault::TooLong), (Field::Host, FieldFault::TooLong)]);
}

#[test]
fn phone_numbers_in_any_dress() {
    for (typed, kept) in [
        ("138 0000 5678", "13800005678"),
        ("+86-138-0000-5678", "+8613800005678"),
        ("\u{FF11}\u{FF13}\u{FF18}00005678", "13800005678"),
        ("(010) 6552.9988", "01065529988"),
        ("", ""),
    ] {
        assert_eq!(introduce("A", typed, "").unwrap().phone, kept);
    }
    for typed in ["call me", "1234", "1234567890123456", "+", "--", "13800005678x", "1380000+5678"] {
        assert_eq!(
            introduce("A", typed, "").unwrap_err(),
            [(Field::Phone, FieldFault::NotAPhone)],
            "{typed}"
        );
    }
}

#[test]
fn a_phone_number_is_shown_masked_and_a_person_is_told_of_without_a_name() {
    assert_eq!(masked_phone("13800005678"), "138****5678");
    assert_eq!(masked_phone("12345"), "*****");
    let identity = IdentityId("7f3k0000".to_owned());
    assert_eq!(neutral_name(&identity), "访客-7F3K");
    let introduction = introduce("王小明", "13800005678", "李经理").unwrap();
    assert_eq!(format!("{introduction:?}"), "Introduction(redacted)");
}

proptest! {
    /// Whatever is typed is taken or named as wrong; what is taken has no character that hides or reorders others.
    #[test]
    fn no_control_character_gets_in(name in "\\PC{0,60}|[\\x00-\\x1f\u{200b}\u{202a}-\u{202e}a-c]{1,20}", host in ".*") {
        if let Ok(introduction) = introduce(&name, "", &host) {
            for text in [&introduction.name, &introduction.host] {
                assert!(!text.chars().any(|c| c.is_control() || ('\u{202A}'..='\u{202E}').contains(&c)));
            }
            assert!(!introduction.name.is_empty());
        }
    }
}
