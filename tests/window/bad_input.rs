//! What nobody should type, in every field: a message in words or a whole visit, and nothing between.

use vestibule_journeys::window::{Display, Gateway, Launch, Window};

/// What becomes of an input.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    /// It is taken, and shown again exactly as it was typed.
    Taken,
    /// It is refused in words at its field.
    Refused,
}
use Fate::{Refused, Taken};

const PHONE: &str = "13800005678";
const SCRIPT: &str = "<script>window.harmed=1</script>";
const MARKUP: &str = "<img src=x onerror='harmed=1'>";
const SQL: &str = "Robert'); DROP TABLE visit;--";
const EMOJI: &str = "👩🏽‍💼 Zoë 🎉";
const ARABIC: &str = "محمد عبد الله";
/// The override turns the rest of a line around, so that a name can pretend to be another.
const OVERRIDE: &str = "Ann\u{202e}nnA";
const CONTROL: &str = "Ann\u{7}\u{1b}[31m";

/// The name, the phone number and the host of each.
const INPUTS: [(&str, &str, &str, Fate); 15] = [
    ("", "", "", Refused),
    ("   ", PHONE, "", Refused),
    (EMOJI, PHONE, EMOJI, Taken),
    (ARABIC, PHONE, ARABIC, Taken),
    (SCRIPT, PHONE, SCRIPT, Taken),
    (MARKUP, PHONE, MARKUP, Taken),
    (SQL, PHONE, SQL, Taken),
    (CONTROL, PHONE, "", Refused),
    ("Ann", PHONE, CONTROL, Refused),
    (OVERRIDE, PHONE, "", Refused),
    ("Ann", PHONE, OVERRIDE, Refused),
    ("Ann", EMOJI, "", Refused),
    ("Ann", ARABIC, "", Refused),
    ("Ann", SCRIPT, "", Refused),
    ("Ann", SQL, "", Refused),
];

#[tokio::test(flavor = "multi_thread")]
async fn reception_takes_a_visit_whole_or_says_why_not() {
    let (gateway, display) = (Gateway::start(), Display::open());
    // Without a reserve, so that every call is about somebody who came.
    let desk = gateway.home().join("desk");
    let launch = Launch::desk(&gateway.config(), "reception").language("en").data(&desk).spares(0);
    let window = Window::open(&display, &launch).await;
    let long = "长".repeat(10_000);
    let long: [(&str, &str, &str, Fate); 3] =
        [(&long, PHONE, "", Refused), ("Ann", &long, "", Refused), ("Ann", PHONE, &long, Refused)];

    for (name, phone, host, fate) in INPUTS.into_iter().chain(long) {
        let what = format!("{name:.40?} {phone:.40?} {host:.40?}");
        let before = (window.how_many("visit-row").await, calls(&gateway));
        window.touch("new-visit").await;
        for (field, text) in [("field-name", name), ("field-phone", phone), ("field-host", host)] {
            window.paste_into(field, text).await;
        }
        window.touch("register").await;
        if fate == Taken {
            window.see("pass-picture").await;
            window.until_every_door_is_ready().await;
            let shown = window.words("pass-panel h2").await;
            assert_eq!(shown, name, "{what} is shown as it was typed, and never interpreted");
            assert_eq!(window.how_many("visit-row").await, before.0 + 1, "{what} is one visit");
            window.touch("close-panel").await;
        } else {
            let words = window.words("field-fault").await;
            assert!(words.chars().count() > 5, "{what} is refused in words, not {words:?}");
            assert_eq!(window.how_many("visit-row").await, before.0, "{what} leaves no half of a visit");
            assert_eq!(calls(&gateway), before.1, "{what} has told the service nothing");
            window.touch("cancel").await;
        }
    }
    let harmed = window.run("return window.harmed ?? null", vec![]).await;
    assert!(harmed.is_null(), "nothing that was typed has been run");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_kiosk_says_what_is_wrong_in_both_languages() {
    let (gateway, display) = (Gateway::start(), Display::open());
    let desk = gateway.home().join("desk");
    let launch = Launch::desk(&gateway.config(), "kiosk").language("zh-CN").data(&desk).spares(0);
    let window = Window::open(&display, &launch).await;
    let mut said = Vec::new();
    for language in ["zh-CN", "en"] {
        window.touch(&format!("lang-{language}")).await;
        window.touch("kiosk-start").await;
        window.touch("next").await;
        window.paste_into("field-name", &"x".repeat(10_000)).await;
        window.touch("next").await;
        window.touch("next").await;
        window.touch("get-pass").await;
        said.push(window.words("field-fault").await);
        assert_eq!(
            window.content("field-name").await.len(),
            10_000,
            "what was typed is still there to be mended"
        );
        for _ in 0..2 {
            window.touch("back").await;
        }
    }
    assert_ne!(said[0], said[1], "each language has its own words");
    assert!(said[0].chars().any(|c| c >= '\u{4e00}'), "Chinese: {}", said[0]);
    assert!(said[1].is_ascii(), "English: {}", said[1]);
    assert_eq!(calls(&gateway), 0, "the service has heard of none of it");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guard_is_told_what_a_text_is_that_is_no_pass() {
    let (gateway, display) = (Gateway::start(), Display::open());
    let launch = Launch::desk(&gateway.config(), "guard").language("en").data(&gateway.home().join("desk"));
    let window = Window::open(&display, &launch).await;
    let long = "9".repeat(10_000);
    for text in [SCRIPT, SQL, EMOJI, ARABIC, CONTROL, "0000 0000", &long] {
        window.paste_into("code-input", text).await;
        window.touch("verify").await;
        window.see("verdict").await;
        let decision = window.attribute("verdict", "data-decision").await;
        assert_ne!(decision.as_deref(), Some("letIn"), "{text:.40?} is nobody's pass");
        window.touch("dismiss").await;
    }
    window.close().await;
}

/// How many calls that change something the service has heard.
fn calls(gateway: &Gateway) -> usize {
    let changes = ["modify", "generate", "config", "remove", "invoke"];
    let calls = gateway.calls();
    let changes_something = |path: &str| changes.iter().any(|change| path.ends_with(change));
    calls.iter().filter(|call| call["path"].as_str().is_some_and(changes_something)).count()
}
