//! A whole day, of which nobody's name leaves the building or reaches a log.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use tracing_subscriber::fmt::MakeWriter;
use vestibule_desk::seal::Seal;
use vestibule_desk::setting::AgreementSettings;
use vestibule_desk::{
    AgreementText, CodePurpose, InviteForm, Language, Pin, Proof, RegisterForm, Signed, Station,
};
use vestibule_domain::DoorId;
use vestibule_domain::agreement::Consent;
use vestibule_domain::host::Host;
use vestibule_domain::press::PressReason;
use vestibule_domain::staff::Role;
use vestibule_emulator::Trouble;
use vestibule_journeys::world::World;

/// What people type on this day.
const TYPED: [&str; 13] = [
    "王小明秘密",
    "13877776666",
    "李经理办公室",
    "Zoë Quixote",
    "13866665555",
    "司徒邀请函",
    "13855554444",
    "欧阳断网时",
    "13844443333",
    "Prosecutor Hall",
    "Marked Signature",
    "Fire drill with Xanthippe",
    "Guardian Zebulon",
];
const PIN: &str = "804613579";

/// Every byte that the program logs, at any level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// The ways in which a word can be written down.
fn forms(word: &str) -> Vec<(&'static str, Vec<u8>)> {
    let units: Vec<u16> = word.encode_utf16().collect();
    let escaped: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
    let percent: String = word.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        ("plain", word.as_bytes().to_vec()),
        ("escaped", escaped.to_uppercase().replace("\\U", "\\u").into_bytes()),
        ("escaped, small", escaped.into_bytes()),
        ("percent", percent.clone().into_bytes()),
        ("percent, small", percent.to_lowercase().into_bytes()),
        ("hex", hex.clone().into_bytes()),
        ("hex, large", hex.to_uppercase().into_bytes()),
        ("UTF-16", units.iter().flat_map(|unit| unit.to_le_bytes()).collect()),
        ("UTF-16, big end first", units.iter().flat_map(|unit| unit.to_be_bytes()).collect()),
        ("backwards", word.chars().rev().collect::<String>().into_bytes()),
    ];
    // In base64 a word looks different at each of three places; its edges mix with what is beside it.
    for before in 0..3 {
        let padded = [vec![0; before], word.as_bytes().to_vec()].concat();
        for (name, text) in [
            ("base64", STANDARD_NO_PAD.encode(&padded)),
            ("base64 for URLs", URL_SAFE_NO_PAD.encode(&padded)),
        ] {
            let from = (before * 8).div_ceil(6);
            let until = padded.len() * 8 / 6;
            forms.push((name, text.as_bytes()[from..until].to_vec()));
        }
    }
    forms
}

/// Which of the words are in the bytes, and how.
fn found(words: &[String], bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for word in words {
        for (form, wanted) in forms(word) {
            if bytes.windows(wanted.len()).any(|part| part == wanted) {
                found.push(format!("{word} ({form})"));
            }
        }
    }
    found
}

#[test]
fn what_is_hidden_is_found_in_every_form() {
    let word = "王小明秘密 x7";
    for (form, hidden) in forms(word) {
        let bytes = [b"before".to_vec(), hidden, b"after".to_vec()].concat();
        assert!(!found(&[word.to_owned()], &bytes).is_empty(), "{form}");
    }
    for before in ["", "a", "ab"] {
        let text = STANDARD_NO_PAD.encode(format!("{before}{word}."));
        assert!(!found(&[word.to_owned()], text.as_bytes()).is_empty(), "base64 behind {before:?}");
    }
}

/// A lobby where things have to be signed, with a reserve for outages.
fn lobby() -> World {
    let text = AgreementText {
        language: Language::English,
        title: "Rules".to_owned(),
        summary: vec!["Be kind".to_owned()],
        full: "The whole".to_owned(),
    };
    World::with(|settings| {
        settings.agreement = AgreementSettings { version: "2026-11".to_owned(), text: vec![text.clone()] };
        settings.spare.size = 2;
        settings.seal = Seal::from_hex(&"7a".repeat(32));
    })
}

/// Visitors, hosts, staff, a dead line and a door: whatever can be typed is typed. The codes that were given are
/// returned.
async fn a_day(world: &World) -> Vec<String> {
    let desk = &world.desk;
    let pin = || Pin::typed(PIN.to_owned());
    let host = Host::new("h-1", TYPED[9], "", TYPED[8], "").unwrap();
    desk.keep_hosts(&[host], false, false).unwrap();
    desk.add_staff(TYPED[12], Role::Admin, pin()).await.unwrap();
    assert_eq!(desk.sign_in(TYPED[12], Pin::typed("000111222".to_owned())).await.unwrap(), Proof::Wrong);
    assert_eq!(desk.sign_in(TYPED[12], pin()).await.unwrap(), Proof::Right);
    desk.drain().await;

    // Through the front door, with a signature; known again by the phone; and out.
    let first = world.form(TYPED[0], TYPED[1], TYPED[2]).unwrap();
    let consent = Consent::Typed { name: TYPED[10].to_owned() };
    let agreement = Some(Signed { version: "2026-11".to_owned(), language: Language::English, consent });
    let form = RegisterForm { phone: TYPED[4].to_owned(), agreement, ..world.new_form(TYPED[3]) };
    let second = desk.register_self(&form).unwrap();
    assert!(desk.returning(TYPED[1]).unwrap().is_some());
    let invite = InviteForm {
        name: TYPED[5].to_owned(),
        phone: TYPED[6].to_owned(),
        host: TYPED[2].to_owned(),
        ..InviteForm::default()
    };
    let invited = desk.invite(&invite).unwrap();
    let typed_code = desk.invitation_code(invited.id).unwrap();
    desk.drain().await;
    desk.show_code(CodePurpose::Arrive, typed_code.reveal()).unwrap();

    // A door, a hold, a call for help, a wrong code, and words about a press.
    let lift = DoorId("lift".to_owned());
    let armed = desk.arm_door(Station::Guard, &lift).unwrap();
    let press = desk.press_door(Station::Guard, armed.token, PressReason::Other).await.unwrap();
    desk.note_press(press.id, TYPED[11]).unwrap();
    world.turn(Duration::from_secs(10));
    desk.call_for_help().unwrap();
    desk.verify(TYPED[3]).unwrap();
    desk.verify(&world.code(first.id)).unwrap();

    // The gateway is gone; what it is told late is told as quietly.
    world.network_down();
    let third = world.form(TYPED[7], TYPED[8], TYPED[9]).unwrap();
    desk.drain().await;
    world.emulator.set_trouble(Trouble::none());
    for _ in 0..5 {
        world.turn(Duration::from_secs(60));
        desk.stay_active();
        desk.probe().await;
        desk.drain().await;
    }
    let codes: Vec<String> = [first.id, second.id, third.id].map(|pass| world.code(pass)).into();
    desk.revoke_pass(second.id).unwrap();
    desk.sign_out(first.visit).unwrap();
    desk.drain().await;
    desk.verify_journal(None).unwrap();
    codes
}

fn typed() -> Vec<String> {
    TYPED.iter().chain(&[PIN]).map(|word| (*word).to_owned()).collect()
}

#[tokio::test]
async fn no_typed_word_is_in_any_byte_that_leaves() {
    let world = lobby();
    a_day(&world).await;
    let sent = world.road.everything_sent();
    assert!(sent.windows(11).any(|part| part == b"user/modify".as_slice()), "the record is not empty");
    assert_eq!(found(&typed(), &sent), Vec::<String>::new());
}

/// The same day over a socket, so that the libraries below talk too, with everything logged that anybody can say.
#[tokio::test]
async fn no_typed_word_code_or_secret_is_logged() {
    let log = Log::default();
    // For all threads, as in the program: what other tests log beside this one is no harm.
    let ear = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone());
    ear.try_init().unwrap();
    let world = lobby();
    let server = world.emulator.serve("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let world = world.by_socket(&server.url());
    let codes = a_day(&world).await;
    let log = log.0.lock().unwrap().clone();
    assert!(log.windows(7).any(|part| part == b"reqwest".as_slice()), "the libraries are heard");
    assert!(log.iter().filter(|byte| **byte == b'\n').count() > 5, "more than once");
    let secrets = [codes, vec![world.secret(), "7a".repeat(32)]].concat();
    assert_eq!(found(&[typed(), secrets].concat(), &log), Vec::<String>::new());
}
