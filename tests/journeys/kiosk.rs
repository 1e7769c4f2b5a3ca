//! What visitors do alone: find their host, come with an invitation or once more, sign, call for help, and leave.

use std::time::Duration;

use vestibule_desk::setting::AgreementSettings;
use vestibule_desk::{
    AgreementText, CodePurpose, FailureCode, InviteForm, Language, RegisterForm, Signed, Station,
};
use vestibule_domain::agreement::Consent;
use vestibule_domain::host::Host;
use vestibule_domain::invitation::Standing;
use vestibule_domain::pass::{PassState, Readiness};
use vestibule_journeys::world::World;

const MINUTE: Duration = Duration::from_secs(60);

fn with_hosts() -> World {
    let world = World::new();
    let names = [
        "王小明",
        "吴西门",
        "王芳",
        "单雄信",
        "Maria Schmidt",
        "Mark Schmitz",
        "王大",
        "王二",
        "王三",
        "王四",
    ];
    let hosts: Vec<Host> = names
        .iter()
        .enumerate()
        .map(|(n, name)| Host::new(&format!("staff-{n}"), name, "市场部", "13912345678", "").unwrap())
        .collect();
    world.desk.keep_hosts(&hosts, false, false).unwrap();
    world
}

fn names(world: &World, typed: &str) -> Vec<String> {
    world.desk.find_hosts(typed).unwrap().into_iter().map(|hit| hit.name).collect()
}

#[test]
fn a_host_is_found_by_two_characters_or_initials_and_shown_masked() {
    let world = with_hosts();
    assert_eq!(names(&world, "wxm"), ["吴*门", "王*明"]);
    assert_eq!(names(&world, "王小"), ["王*明"]);
    assert_eq!(names(&world, "sx"), ["单*信"]);
    assert_eq!(names(&world, "schm"), ["Ma*** Sc***", "Ma*** Sc***"]);
    assert!(names(&world, "王").is_empty() && names(&world, "w").is_empty() && names(&world, "").is_empty());
    let hit = world.desk.find_hosts("wxm").unwrap().pop().unwrap();
    let form = RegisterForm { known_host: Some(hit.id), ..world.new_form("赵六") };
    let pass = world.desk.register_self(&form).unwrap();
    let visit = world.desk.visit(pass.visit).unwrap();
    assert_eq!((visit.host.as_str(), visit.asks_host), ("王小明", false));
}

#[test]
fn whom_the_directory_does_not_know_reception_has_to_ask() {
    let world = with_hosts();
    for (typed, asks) in [("", true), ("somebody in sales", true), ("王芳", false)] {
        let form = RegisterForm { host: typed.to_owned(), ..world.new_form("赵六") };
        let pass = world.desk.register_self(&form).unwrap();
        let visit = world.desk.visit(pass.visit).unwrap();
        assert_eq!((visit.host.as_str(), visit.asks_host), (typed, asks), "at the kiosk");
        let form = RegisterForm { host: typed.to_owned(), ..world.new_form("赵六") };
        let pass = world.desk.register(&form).unwrap();
        assert!(!world.desk.visit(pass.visit).unwrap().asks_host, "at reception somebody knows");
    }
    let without = World::new();
    let pass = without.desk.register_self(&without.new_form("赵六")).unwrap();
    assert!(!without.desk.visit(pass.visit).unwrap().asks_host, "without a directory it is as it was");
}

#[test]
fn the_self_service_station_gives_what_the_settings_give_whatever_its_page_asks() {
    let world = World::with(|settings| settings.station = Station::Kiosk);
    let last = world.desk.settings().doors.last().unwrap().id.clone();
    let asked = RegisterForm { doors: Some(vec![last]), times: Some(999), ..world.new_form("王小明") };
    let pass = world.desk.register(&asked).unwrap();
    assert_eq!(pass.visitor_name, "王*明", "and no name in full to who knows a pass's id");
    assert_eq!(world.desk.pass(pass.id).unwrap().visitor_name, "王*明");
    let all = world.desk.settings().doors.len();
    assert_eq!(
        (pass.limit.times == 999, pass.doors.len()),
        (false, all),
        "all doors of a visit, not the one it asked for"
    );
}

#[test]
fn nobody_reads_the_directory_out() {
    let world = with_hosts();
    let mut answered = 0;
    let mut seen = std::collections::BTreeSet::new();
    for a in 'a'..='z' {
        for b in 'a'..='z' {
            let Ok(hits) = world.desk.find_hosts(&format!("{a}{b}")) else { continue };
            answered += 1;
            assert!(hits.len() <= 6);
            seen.extend(hits.into_iter().map(|hit| hit.name));
        }
    }
    assert_eq!(answered, 30, "then it waits");
    assert_eq!(world.desk.find_hosts("wx").unwrap_err().code, FailureCode::SlowDown);
    assert!(seen.iter().all(|name| name.contains('*')), "{seen:?}");
    world.turn(Duration::from_secs(4));
    assert_eq!(names(&world, "wxm").len(), 2, "whoever types goes on after a moment");
}

#[tokio::test]
async fn an_invited_visitor_comes_with_a_code_and_no_network() {
    let world = World::new();
    let form = InviteForm {
        name: "王小明".to_owned(),
        phone: "13800005678".to_owned(),
        host: "李经理".to_owned(),
        until: "12:30".to_owned(),
        ..InviteForm::default()
    };
    let invitation = world.desk.invite(&form).unwrap();
    assert_eq!(world.desk.invitations().unwrap(), std::slice::from_ref(&invitation));
    world.network_down();
    world.desk.probe().await;
    let shown = world.desk.show_code(CodePurpose::Arrive, &invitation.short_code.to_lowercase()).unwrap();
    assert_eq!((shown.name.as_str(), shown.host.as_str()), ("王*明", "李*理"));
    let form = RegisterForm { ticket: shown.ticket, ..world.new_form("") };
    let pass = world.desk.register_self(&form).unwrap();
    assert_eq!(world.desk.register_self(&form).unwrap().id, pass.id, "a double tap is one visit");
    let visit = world.desk.visit(pass.visit).unwrap();
    assert_eq!((visit.visitor_name.as_str(), visit.host.as_str()), ("王小明", "李经理"));
    assert!(!visit.asks_host);
    assert_eq!(pass.window.until, invitation.window.until);
    assert_eq!(world.desk.invitation(invitation.id).unwrap().standing, Standing::Used);
    let again = world.desk.show_code(CodePurpose::Arrive, &invitation.short_code).unwrap_err();
    assert_eq!(again.code, FailureCode::Used);
    let second = RegisterForm { ticket: shown.ticket, ..world.new_form("") };
    assert_eq!(world.desk.register_self(&second).unwrap_err().code, FailureCode::Used);
    assert_eq!(world.desk.revoke_invitation(invitation.id).unwrap_err().code, FailureCode::Used);
    world.network_back().await;
    world.desk.drain().await;
    assert!(world.readiness(pass.id).iter().all(|door| *door == Readiness::Ready));
}

#[test]
fn an_invitation_is_too_early_too_late_or_taken_back() {
    let world = World::new();
    let invite = |from: &str, until: &str| {
        let form = InviteForm {
            name: "Ada".to_owned(),
            from: from.to_owned(),
            until: until.to_owned(),
            ..InviteForm::default()
        };
        world.desk.invite(&form)
    };
    let show = |code: &str| world.desk.show_code(CodePurpose::Arrive, code).map_err(|failure| failure.code);
    let noon = invite("12:00", "13:00").unwrap();
    assert_eq!(show(&noon.short_code).unwrap_err(), FailureCode::TooEarly);
    world.turn(MINUTE * 95);
    assert!(show(&noon.short_code).is_ok(), "25 minutes before");
    let revoked = invite("", "").unwrap();
    world.desk.revoke_invitation(revoked.id).unwrap();
    assert_eq!(show(&revoked.short_code).unwrap_err(), FailureCode::Revoked);
    world.turn(MINUTE * 90);
    assert_eq!(show(&noon.short_code).unwrap_err(), FailureCode::Over);
    for (from, until) in [("12:00", "11:00"), ("", "10:00"), ("noon", ""), ("", "25:00")] {
        assert_eq!(invite(from, until).unwrap_err().code, FailureCode::BadWindow, "{from} {until}");
    }
    let day = |day: &str| {
        world.desk.invite(&InviteForm {
            name: "Ada".to_owned(),
            day: day.to_owned(),
            ..InviteForm::default()
        })
    };
    let tomorrow = day("2026-11-25").unwrap();
    assert_eq!(show(&tomorrow.short_code).unwrap_err(), FailureCode::TooEarly);
    for wrong in ["2026-11-23", "2028-01-01", "tomorrow", "2026-02-30"] {
        assert_eq!(day(wrong).unwrap_err().code, FailureCode::BadWindow, "{wrong}");
    }
}

#[test]
fn codes_are_not_guessed() {
    let world = World::new();
    let good = world.desk.invite(&InviteForm { name: "Ada".to_owned(), ..InviteForm::default() }).unwrap();
    let try_one =
        |code: &str| world.desk.show_code(CodePurpose::Arrive, code).map_err(|failure| failure.code);
    for _ in 0..3 {
        assert_eq!(try_one("2222 2222").unwrap_err(), FailureCode::NotFound);
    }
    assert_eq!(try_one(&good.short_code).unwrap_err(), FailureCode::SlowDown, "nothing is looked at now");
    world.turn(Duration::from_secs(5));
    assert_eq!(try_one("3333 3333").unwrap_err(), FailureCode::NotFound);
    world.turn(Duration::from_secs(5));
    assert_eq!(try_one(&good.short_code).unwrap_err(), FailureCode::SlowDown, "the wait has grown");
    world.turn(Duration::from_secs(5));
    assert!(try_one(&good.short_code).is_ok());
}

#[test]
fn a_visitor_is_known_again_by_their_phone_and_nothing_but_a_mask_is_shown() {
    let world = World::new();
    world.form("王小明", "13800005678", "").unwrap();
    world.turn(Duration::from_secs(24 * 3600));
    let shown = world.desk.returning("138 0000 5678").unwrap().unwrap();
    // All but the ticket, which is drawn at random and may hold any digits.
    let mut told = serde_json::to_value(&shown).unwrap();
    told["ticket"].take();
    let told = told.to_string();
    assert!(shown.name == "王*明" && !told.contains("小") && !told.contains("138"), "{told}");
    let form = RegisterForm { ticket: shown.ticket, host: "陈工".to_owned(), ..world.new_form("") };
    let pass = world.desk.register_self(&form).unwrap();
    assert_eq!((pass.visitor_name.as_str(), pass.host.as_str()), ("王小明", "陈工"));
    let unknown = RegisterForm { ticket: Some(uuid::Uuid::new_v4()), ..world.new_form("Eve") };
    assert_eq!(world.desk.register_self(&unknown).unwrap_err().code, FailureCode::NotArmed);
    for typed in ["", "13800005679", "not a phone", "138"] {
        assert!(world.desk.returning(typed).unwrap().is_none(), "{typed}");
    }
    world.turn(Duration::from_secs(91 * 24 * 3600));
    assert!(world.desk.returning("13800005678").unwrap().is_none(), "that was long ago");
    let never = World::with(|settings| settings.visit.returning_days = 0);
    never.form("王小明", "13800005678", "").unwrap();
    assert!(never.desk.returning("13800005678").unwrap().is_none());
}

#[test]
fn phone_numbers_are_not_tried_one_after_the_other() {
    let world = World::new();
    world.form("王小明", "13800005678", "").unwrap();
    for last in 0..5 {
        assert!(world.desk.returning(&format!("1390000000{last}")).unwrap().is_none());
    }
    assert!(world.desk.returning("13800005678").unwrap().is_none(), "as if it were not known");
    world.turn(Duration::from_secs(30));
    assert!(world.desk.returning("13800005678").unwrap().is_some());
}

#[tokio::test]
async fn a_visitor_signs_out_with_the_pass_and_no_network() {
    let world = World::new();
    let pass = world.visitor_comes("王小明");
    let other = world.visitor_comes("Somebody Else");
    world.desk.drain().await;
    world.network_down();
    world.desk.probe().await;
    let shown = world.desk.show_code(CodePurpose::Leave, &pass.short_code).unwrap();
    assert_eq!((shown.name.as_str(), shown.ticket), ("王*明", None));
    assert!(world.desk.visit(pass.visit).unwrap().left_at.is_some());
    assert_eq!(world.pass(pass.id).state, PassState::Revoked);
    assert!(world.desk.visit(other.visit).unwrap().left_at.is_none(), "and nobody else");
    let again = world.desk.show_code(CodePurpose::Leave, &pass.short_code).unwrap_err();
    assert_eq!(again.code, FailureCode::AlreadyLeft);
    world.network_back().await;
    world.desk.drain().await;
    assert!(world.readiness(pass.id).iter().all(|door| *door == Readiness::Removed));
    let code = world.desk.showable_code(other.id).unwrap().unwrap();
    world.desk.show_code(CodePurpose::Leave, code.reveal()).unwrap();
    assert!(world.desk.visit(other.visit).unwrap().left_at.is_some(), "the code in the picture as well");
}

#[test]
fn what_is_no_pass_signs_nobody_out() {
    let world = World::new();
    let pass = world.visitor_comes("王小明");
    let invitation =
        world.desk.invite(&InviteForm { name: "Ada".to_owned(), ..InviteForm::default() }).unwrap();
    for text in [invitation.short_code.as_str(), "", "https://example.com/?q=1"] {
        let said = world.desk.show_code(CodePurpose::Leave, text).unwrap_err();
        assert_eq!(said.code, FailureCode::NotFound, "{text}");
    }
    assert!(world.desk.visit(pass.visit).unwrap().left_at.is_none());
}

#[test]
fn a_visitor_signs_what_the_settings_say() {
    let text = |language, full: &str| AgreementText {
        language,
        title: "Rules".to_owned(),
        summary: vec!["Be kind".to_owned()],
        full: full.to_owned(),
    };
    let texts = vec![text(Language::Chinese, "全文"), text(Language::English, "The whole")];
    let world = World::with(|settings| {
        settings.agreement = AgreementSettings { version: "2026-11".to_owned(), text: texts };
    });
    let signed = |version: &str, language, strokes| {
        let consent = Consent::Drawn { strokes };
        Some(Signed { version: version.to_owned(), language, consent })
    };
    let form = |agreement| RegisterForm { agreement, ..world.new_form("Ada") };
    let stroke = vec![vec![10, 20, 30, 40]];
    for bad in [
        None,
        signed("2025", Language::English, stroke.clone()),
        signed("2026-11", Language::English, vec![]),
    ] {
        assert_eq!(world.desk.register_self(&form(bad)).unwrap_err().code, FailureCode::NotSigned);
    }
    let sign = |language| {
        let pass = world.desk.register_self(&form(signed("2026-11", language, stroke.clone()))).unwrap();
        assert!(world.desk.visit(pass.visit).unwrap().agreed);
        world.desk.signature(pass.visit).unwrap().unwrap()
    };
    let (chinese, english) = (sign(Language::Chinese), sign(Language::English));
    assert_eq!(english.version, "2026-11");
    assert_eq!(english.consent, Consent::Drawn { strokes: stroke.clone() });
    assert_eq!(english.text_hash.len(), 64);
    assert_ne!(english.text_hash, chinese.text_hash, "it is the hash of what was read");
    let at_reception = world.visitor_comes("Eve");
    assert!(world.desk.signature(at_reception.visit).unwrap().is_none());
}

#[test]
fn a_call_for_help_is_heard_beside_and_answered() {
    let world = World::new();
    let reception = world.beside();
    assert_eq!(reception.help_waits_since().unwrap(), None);
    world.desk.call_for_help().unwrap();
    assert!(reception.help_waits_since().unwrap().is_some());
    reception.help_seen().unwrap();
    assert_eq!(world.desk.help_waits_since().unwrap(), None);
}
