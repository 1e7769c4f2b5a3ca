//! Codes, short codes, and when a pass may be shown.

use proptest::prelude::proptest;
use vestibule_domain::pass::{Pass, PassState, Readiness, SHORT_CODE_LENGTH, ScanLimit, ScanScope};
use vestibule_domain::{DoorId, PassCode, PassId, ShortCode, VisitId, VisitorId, Window};

use crate::TEN;

#[test]
fn only_a_code_that_a_door_took_and_nobody_took_back_is_shown() {
    let pass = Pass {
        id: PassId::new(TEN),
        visitor: VisitorId::new(TEN),
        visit: VisitId::new(TEN),
        code: Some(PassCode::from_service("24DD9END8CD3ABCD".to_owned())),
        short_code: ShortCode::random(),
        window: Window { from: TEN, until: TEN },
        limit: ScanLimit { times: 1, scope: ScanScope::EachDoor },
        state: PassState::Active,
        issued_at: TEN,
        revoked_at: None,
        doors: vec![(DoorId("a".to_owned()), Readiness::Failed), (DoorId("b".to_owned()), Readiness::Ready)],
    };
    assert!(pass.is_showable());
    assert!(!Pass { code: None, ..pass.clone() }.is_showable());
    assert!(!Pass { state: PassState::Revoked, ..pass.clone() }.is_showable());
    for readiness in [Readiness::Waiting, Readiness::Failed, Readiness::Removing, Readiness::Removed] {
        let doors = vec![(DoorId("a".to_owned()), readiness)];
        assert!(!Pass { doors, ..pass.clone() }.is_showable(), "{readiness:?}");
    }
}

#[test]
fn a_code_is_never_printed() {
    let code = PassCode::from_service("24DD9END8CD3ABCD".to_owned());
    assert!(!format!("{code:?}").contains("24DD"));
    let short = ShortCode::random();
    assert!(!format!("{short:?}").contains(short.reveal()));
}

#[test]
fn short_codes_have_no_letters_that_look_alike() {
    for _ in 0..500 {
        let code = ShortCode::random();
        assert_eq!(code.reveal().len(), SHORT_CODE_LENGTH);
        assert!(!code.reveal().contains(['0', 'O', '1', 'I', 'L']));
        assert_eq!(ShortCode::typed(&code.grouped()), Some(code.clone()), "as it stands on the screen");
        assert_eq!(ShortCode::typed(&code.reveal().to_lowercase()), Some(code));
    }
}

proptest! {
    /// Nothing that could be opened, rendered or run counts as a code.
    #[test]
    fn a_plausible_code_is_plain(text in "\\PC{0,80}") {
        if let Some(code) = PassCode::plausible(&text) {
            assert_eq!(code.reveal(), text);
            assert!(text.is_ascii() && (6..=64).contains(&text.len()));
            assert!(!text.contains([':', '/', '<', ' ', '.', '\'']));
        }
    }
}
