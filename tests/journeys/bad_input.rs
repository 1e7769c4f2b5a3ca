//! What people and scanners can throw at a desk.

use vestibule_desk::FailureCode;
use vestibule_domain::verdict::{Decision, Reason};
use vestibule_domain::visitor::{Field, FieldFault};
use vestibule_journeys::world::World;

type Faults = &'static [(Field, FieldFault)];

#[tokio::test]
async fn a_bad_form_names_every_field_and_writes_nothing() {
    let world = World::new();
    let long = "很".repeat(10_000);
    let cases: [(&str, &str, &str, Faults); 7] = [
        ("", "", "", &[(Field::Name, FieldFault::Missing)]),
        (&long, "13800005678", "", &[(Field::Name, FieldFault::TooLong)]),
        ("王", "13800005678", &long, &[(Field::Host, FieldFault::TooLong)]),
        ("a\u{0}b", "13800005678", "", &[(Field::Name, FieldFault::Unprintable)]),
        ("\u{202E}evil", "13800005678", "", &[(Field::Name, FieldFault::Unprintable)]),
        ("王", "call me", "", &[(Field::Phone, FieldFault::NotAPhone)]),
        (
            "   ",
            "123",
            "\u{7}",
            &[
                (Field::Name, FieldFault::Missing),
                (Field::Phone, FieldFault::NotAPhone),
                (Field::Host, FieldFault::Unprintable),
            ],
        ),
    ];
    for (name, phone, host, expected) in cases {
        let failure = world.form(name, phone, host).expect_err("it is refused");
        assert_eq!(failure.code, FailureCode::BadForm);
        let found: Vec<_> = failure.fields.iter().map(|problem| (problem.field, problem.fault)).collect();
        assert_eq!(found, expected);
    }
    assert!(world.desk.todays_visits().unwrap().is_empty());
    assert_eq!(world.desk.status().unwrap().waiting, 0);
}

#[tokio::test]
async fn odd_names_are_people_too() {
    let world = World::new();
    let names = [
        "<script>alert(1)</script>",
        "Robert'); DROP TABLE visitor;--",
        "👩‍👩‍👧‍👦 Family",
        "محمد بن سلمان",
        "欧阳娜娜",
        "O'Neil Ünal",
        "%s%n{}",
    ];
    for name in names {
        let pass = world.form(name, "+86 138-0000-5678", "<b>host</b>").unwrap();
        assert_eq!(pass.visitor_name, name, "kept as it was typed");
    }
    world.desk.drain().await;
    let visits = world.desk.todays_visits().unwrap();
    assert_eq!(visits.len(), names.len());
    assert!(visits.iter().all(|visit| visit.passes[0].showable));
}

#[tokio::test]
async fn whatever_is_shown_gets_a_plain_answer() {
    let world = World::new();
    let long = "A".repeat(4096);
    for text in [
        "",
        " ",
        &long,
        "javascript:alert(1)",
        "\u{1b}[31m",
        "a b c d e f g",
        "' OR 1=1 --",
        "../../etc/passwd",
    ] {
        let verdict = world.show(text);
        assert_eq!((verdict.decision, verdict.reason), (Decision::Stop, Reason::NotAPass), "{text:?}");
    }
    // What an input method may have made of a code: nobody is let in, and it is worth another scan.
    for text in ["ＡＢＣＤＥＦＧＨ", "24DD9END8CD3\u{200B}ABCD"] {
        let verdict = world.show(text);
        assert_eq!((verdict.decision, verdict.reason), (Decision::CannotTell, Reason::Garbled), "{text:?}");
    }
}

#[tokio::test]
async fn a_form_sent_ten_times_is_one_visitor() {
    let world = World::new();
    let form = |form: &str| vestibule_desk::RegisterForm {
        form: form.to_owned(),
        name: "王小明".to_owned(),
        phone: "13800005678".to_owned(),
        host: String::new(),
        ..vestibule_desk::RegisterForm::default()
    };
    let first = world.desk.register(&form("one")).unwrap();
    for _ in 0..9 {
        assert_eq!(world.desk.register(&form("one")).unwrap().id, first.id);
    }
    world.desk.register(&form("two")).unwrap();
    world.desk.drain().await;
    assert_eq!(world.desk.todays_visits().unwrap().len(), 2);
    assert_eq!(world.calls().iter().filter(|call| *call == "user/modify").count(), 2);
}
