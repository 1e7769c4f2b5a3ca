//! Invitations: used once, by whoever was first.

use std::time::Duration;

use vestibule_domain::agreement::Consent;
use vestibule_domain::invitation::InvitationState;
use vestibule_domain::{InvitationId, ShortCode, Window};
use vestibule_store::{AgreementRow, Details, InvitationRow, NewVisit, StoreError, Visit};

use crate::{TEN, store, visit};

fn invitation() -> InvitationRow {
    InvitationRow {
        id: InvitationId::new(TEN),
        short_code: ShortCode::random(),
        name: "王小明".to_owned(),
        phone: String::new(),
        host: "李经理".to_owned(),
        doors: None,
        window: Window { from: TEN, until: TEN.plus(Duration::from_secs(3600)) },
        state: InvitationState::Open,
        made_at: TEN,
        visit: None,
    }
}

fn with(invitation: &InvitationRow, form: &str) -> NewVisit {
    NewVisit {
        details: Details { invitation: Some(invitation.id), ..Details::default() },
        ..visit(form, TEN)
    }
}

#[test]
fn an_invitation_is_good_for_one_visit_and_a_form_sent_twice_is_that_visit() {
    let (store, _lease) = store();
    let (first, other) = (invitation(), invitation());
    store.invite(&first).unwrap();
    store.invite(&other).unwrap();
    let Visit::New(came) = store.register(&with(&first, "form")).unwrap() else { panic!("it is new") };
    assert!(matches!(store.register(&with(&first, "form")).unwrap(), Visit::Known(known) if known == came));
    let before = store.journal(100).unwrap().len();
    assert!(matches!(store.register(&with(&first, "another form")), Err(StoreError::Used)));
    assert_eq!(store.journal(100).unwrap().len(), before, "nothing of the second visit is there");
    let row = store.invitation_by_code(&first.short_code).unwrap().unwrap();
    assert_eq!((row.state, row.visit), (InvitationState::Used, Some(came)));
    assert_eq!(store.invitation(other.id).unwrap(), other, "the other one is as it was");
    assert!(matches!(store.revoke_invitation(first.id, TEN), Err(StoreError::Used)));
    store.revoke_invitation(other.id, TEN).unwrap();
    store.revoke_invitation(other.id, TEN).unwrap();
    assert!(matches!(store.register(&with(&other, "a third form")), Err(StoreError::Used)));
}

#[test]
fn what_was_signed_is_there_again() {
    let (store, _lease) = store();
    for (form, consent) in [
        ("a", Consent::Drawn { strokes: vec![vec![1, 2, 3, 4], vec![5, 6]] }),
        ("b", Consent::Typed { name: "王小明".to_owned() }),
    ] {
        let agreement = AgreementRow {
            version: "1".to_owned(),
            language: "zh-CN".to_owned(),
            text_hash: "00".repeat(32),
            consent,
            at: TEN,
        };
        let details = Details { agreement: Some(agreement.clone()), ..Details::default() };
        let new = NewVisit { details, ..visit(form, TEN) };
        store.register(&new).unwrap();
        assert_eq!(store.agreement(new.id).unwrap(), Some(agreement));
        assert!(store.visit(new.id).unwrap().agreed);
    }
    let plain = visit("c", TEN);
    store.register(&plain).unwrap();
    assert_eq!(store.agreement(plain.id).unwrap(), None);
}

#[test]
fn a_phone_number_has_the_name_of_its_newest_visit() {
    let (store, _lease) = store();
    store.register(&visit("a", TEN)).unwrap();
    assert_eq!(store.name_by_phone("13800005678", TEN).unwrap().as_deref(), Some("王小明"));
    assert_eq!(store.name_by_phone("13800005678", TEN.plus(Duration::from_secs(1))).unwrap(), None);
    assert_eq!(store.name_by_phone("13800005679", TEN).unwrap(), None);
    assert_eq!(store.name_by_phone("", TEN).unwrap(), None);
}

#[test]
fn a_call_for_help_is_one_until_it_is_seen() {
    let (store, _lease) = store();
    assert_eq!(store.help_waits_since().unwrap(), None);
    store.call_for_help(TEN).unwrap();
    store.call_for_help(TEN.plus(Duration::from_secs(5))).unwrap();
    assert_eq!(store.help_waits_since().unwrap(), Some(TEN));
    store.help_seen(TEN.plus(Duration::from_secs(9))).unwrap();
    assert_eq!(store.help_waits_since().unwrap(), None);
}
