//! What is kept of visitors is sealed while it is kept, and gone when it was kept long enough.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use vestibule_desk::seal::Seal;
use vestibule_desk::{FailureCode, InviteForm, PurgeScope, RegisterForm};
use vestibule_domain::press::PressReason;
use vestibule_domain::verdict::Decision;
use vestibule_domain::{DoorId, UtcMillis};
use vestibule_journeys::world::World;
use vestibule_store::Store;

const DAY: Duration = Duration::from_secs(24 * 3600);
const NAME: &str = "王小明密印 Markwell";
const PHONE: &str = "13877776666";
const HOST: &str = "李经理密印 Hostmark";
const NOTE: &str = "密印 notemark";
const GUEST: &str = "来客密印 Guestmark";
const GUEST_PHONE: &str = "13955554444";

/// Whoever has the files looks for these in every spelling that a program might leave.
fn spellings(mark: &str) -> Vec<Vec<u8>> {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| mark.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let escaped = mark.encode_utf16().map(|unit| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        _ => format!("\\u{unit:04x}"),
    });
    let mut all = vec![
        mark.as_bytes().to_vec(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        escaped.collect::<String>().into_bytes(),
    ];
    // Base64 at each of the three places at which a text may begin in what was encoded.
    all.extend((0..3).map(|before| base64_inside(mark.as_bytes(), before)));
    all
}

fn base64_inside(text: &[u8], before: usize) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let whole = &text[(3 - before) % 3..];
    let whole = &whole[..whole.len() / 3 * 3];
    let group = |three: &[u8]| {
        let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        [18, 12, 6, 0].map(|shift| LETTERS[(bits >> shift & 63) as usize])
    };
    whole.chunks(3).flat_map(group).collect()
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), std::fs::read(path).unwrap()))
        .collect()
}

fn expect_no_trace(world: &World, marks: &[String], when: &str) {
    let files = files(world.folder());
    assert!(
        files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > 40_000,
        "there is something to search"
    );
    for mark in marks {
        for spelt in spellings(mark) {
            for (name, bytes) in &files {
                let found = bytes.windows(spelt.len()).any(|part| part == spelt);
                assert!(!found, "{when}: {mark} is in {name}");
            }
        }
    }
}

/// What was there before the key is sealed beside the work.
fn wait_until_sealed(world: &World) {
    let store = Store::open(world.folder(), UtcMillis(0)).unwrap().store;
    let ended = (0..500).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        !store.is_being_sealed().unwrap()
    });
    assert!(ended, "it does not come to an end");
}

#[test]
fn the_search_finds_what_it_looks_for() {
    assert_eq!(base64_inside(b"Markwell", 0), b"TWFya3dl");
    assert_eq!(base64_inside(b"Markwell", 1), b"cmt3ZWxs", "after one byte, the third letter begins a group");
    assert!(spellings("王").contains(&"\\u738b".as_bytes().to_vec()));
}

/// Somebody comes, with everything that can be typed. Gives what must not be found.
async fn a_whole_journey(world: &World) -> Vec<String> {
    let desk = &world.desk;
    let pass = world.form(NAME, PHONE, HOST).unwrap();
    let invitation = InviteForm {
        name: GUEST.to_owned(),
        phone: GUEST_PHONE.to_owned(),
        host: HOST.to_owned(),
        ..InviteForm::default()
    };
    let invitation = desk.invite(&invitation).unwrap();
    desk.drain().await;
    let code = world.code(pass.id);
    assert_eq!(world.show(&code).decision, Decision::LetIn);
    assert_eq!(world.show(&world.pass(pass.id).short_code).decision, Decision::LetIn);
    let token = desk.arm_door(desk.station(), &DoorId("lift".to_owned())).unwrap().token;
    let press = desk.press_door(desk.station(), token, PressReason::Other).await.unwrap();
    desk.note_press(press.id, NOTE).unwrap();
    world.turn(Duration::from_secs(60));
    desk.sign_out(pass.visit).unwrap();
    desk.drain().await;
    let short = world.pass(pass.id).short_code.replace(' ', "");
    [NAME, PHONE, HOST, NOTE, GUEST, GUEST_PHONE, &code, &short, &invitation.short_code.replace(' ', "")]
        .map(str::to_owned)
        .to_vec()
}

#[tokio::test]
async fn no_typed_word_and_no_code_lies_open_on_the_disk_and_none_is_left_after_the_purge() {
    let world = World::new();
    let marks = a_whole_journey(&world).await;
    expect_no_trace(&world, &marks, "while it is kept");
    assert_eq!(world.desk.export_visitor(PHONE).unwrap()[0].name, NAME);

    world.turn(31 * DAY);
    let before = world.desk.kept_since().unwrap();
    let dry = world.desk.purge(PurgeScope::Before(before), true).unwrap();
    assert_eq!(
        (dry.visitors, world.desk.export_visitor(PHONE).unwrap().len()),
        (1, 1),
        "dry changes nothing"
    );
    let purged = world.desk.purge(PurgeScope::Before(before), false).unwrap();
    assert_eq!((purged.visitors, purged.invitations, purged.notes, purged.codes), (1, 1, 1, 0));
    assert_eq!(world.desk.export_visitor(PHONE).unwrap_err().code, FailureCode::NotFound);
    world.desk.drain().await;
    assert_eq!(world.calls().last().unwrap(), "user/delete");
    assert!(world.emulator.people() == 0, "the service forgot them");
    expect_no_trace(&world, &marks, "after the purge");

    let report = world.desk.verify_journal(None).unwrap();
    assert!(report.is_good() && report.judged_again == report.verdicts && report.verdicts > 0, "{report:?}");
    let certificate = world.desk.journal(20).unwrap().into_iter().find(|row| row.kind == "purged").unwrap();
    assert_eq!(certificate.detail["report"]["visitors"], 1);
}

/// Every sealed column of the file, with the key wrapped in it: what a thief copied before the purge is worth nothing to
/// them, and what is left after it opens with nothing.
#[tokio::test]
async fn a_stolen_file_opens_with_its_key_alone_and_another_key_changes_nothing() {
    let world = World::new();
    let pass = world.form(NAME, PHONE, HOST).unwrap();
    world.desk.drain().await;
    let code = world.code(pass.id);
    let other = Seal::from_hex(&"55".repeat(32));
    for key in [None, other] {
        let copy = tempfile::tempdir().unwrap();
        for (name, bytes) in files(world.folder()) {
            std::fs::write(copy.path().join(Path::new(&name).file_name().unwrap()), bytes).unwrap();
        }
        let store = Store::open(copy.path(), UtcMillis(0)).unwrap().store;
        store.seal_with(key.as_ref().map(Seal::vault_keys).unwrap_or_default());
        assert!(matches!(store.visit(pass.visit), Err(vestibule_store::StoreError::Sealed)));
        assert!(!store.is_open_to_us().unwrap());
    }
    let world = world.restart_with(|settings| settings.seal = None);
    let refused = world.form("Somebody", "", "").unwrap_err();
    assert_eq!(refused.code, FailureCode::KeyMissing, "it says so");
    assert_eq!(
        world.desk.verify(&code).err().map(|failure| failure.code),
        Some(FailureCode::KeyMissing),
        "and does not call a pass unknown"
    );
    let world = world.restart_with(|settings| settings.seal = Seal::from_hex(&"7a".repeat(32)));
    assert_eq!(world.show(&code).decision, Decision::LetIn, "nothing was lost");
}

#[tokio::test]
async fn what_was_there_before_the_key_is_sealed_and_a_new_key_takes_over() {
    let world = World::with(|settings| settings.seal = None);
    let marks = a_whole_journey(&world).await;
    let code = marks[6].clone();
    assert!(
        world.disk().windows(PHONE.len()).any(|part| part == PHONE.as_bytes()),
        "without a key it lies open"
    );
    let key = |byte: &str| Seal::from_hex(&byte.repeat(32));
    let world = world.restart_with(|settings| settings.seal = key("0a"));
    wait_until_sealed(&world);
    expect_no_trace(&world, &marks, "with a key");
    assert_eq!(world.desk.export_visitor(PHONE).unwrap()[0].host, HOST);
    let world = world.restart_with(|settings| settings.seal = key("0b").map(|new| new.after(key("0a"))));
    wait_until_sealed(&world);
    let world = world.restart_with(|settings| settings.seal = key("0b"));
    assert_eq!(world.desk.export_visitor(PHONE).unwrap()[0].name, NAME);
    assert!(world.desk.find_pass(&code).is_ok(), "it is looked up with the new key");
    assert_eq!(world.desk.door_log().unwrap()[0].note.as_deref(), Some(NOTE));
}

#[tokio::test]
async fn sealing_goes_on_where_it_ended() {
    let world = World::with(|settings| settings.seal = None);
    for n in 0..30 {
        world.form(&format!("{NAME}{n}"), PHONE, HOST).unwrap();
    }
    let key = Seal::from_hex(&"0a".repeat(32)).unwrap();
    let steps = 7;
    for _ in 0..steps {
        let store = Store::open(world.folder(), UtcMillis(0)).unwrap().store;
        store.seal_with(key.vault_keys());
        assert!(store.seal_some(3).unwrap(), "more is left");
        assert_eq!(store.visits_of_phone(PHONE).unwrap().len(), 30, "sealed or not, all are found");
    }
    let file = Connection::open(world.folder().join("vestibule.db")).unwrap();
    let sealed: i64 =
        file.query_row("SELECT count(*) FROM visitor WHERE key IS NOT NULL", [], |row| row.get(0)).unwrap();
    assert_eq!(sealed, 3 * steps);
    drop(file);
    let world = world.restart_with(|settings| settings.seal = Some(key));
    wait_until_sealed(&world);
    expect_no_trace(&world, &[NAME.to_owned(), PHONE.to_owned()], "at the end");
}

#[tokio::test]
async fn erasing_a_visitor_who_is_here_closes_their_doors_also_after_an_outage() {
    let world = World::new();
    let pass = world.form(NAME, PHONE, HOST).unwrap();
    let other = world.visitor_comes("Somebody Else");
    world.desk.drain().await;
    let (code, others) = (world.code(pass.id), world.code(other.id));
    world.network_down();
    let report = world.desk.purge(PurgeScope::One(PHONE), false).unwrap();
    assert_eq!((report.visitors, report.codes), (1, 1));
    assert_eq!(
        world.desk.export_visitor(PHONE).unwrap_err().code,
        FailureCode::NotFound,
        "here it is done at once"
    );
    expect_no_trace(&world, &[code.clone(), NAME.to_owned()], "without a network");
    world.desk.drain().await;
    world.network_back().await;
    world.turn(Duration::from_secs(120));
    world.desk.drain().await;
    let calls = world.calls();
    assert_eq!(calls[calls.len() - 2..], ["qrcode/remove", "user/delete"], "codes before persons");
    assert!(!world.present("lift", &code).accepted, "the door is closed to it");
    assert!(world.present("lift", &others).accepted, "and open to the other");
    assert_eq!(world.desk.status().unwrap().waiting, 0);
}

#[tokio::test]
async fn a_phone_number_is_one_person_who_stays_while_a_visit_of_theirs_does() {
    let world = World::new();
    let first = world.form(NAME, PHONE, HOST).unwrap();
    world.desk.drain().await;
    world.desk.sign_out(first.visit).unwrap();
    world.desk.drain().await;
    world.turn(31 * DAY);
    let second = world.form(NAME, "+86 138 7777 6666", HOST).unwrap();
    world.desk.drain().await;
    assert_eq!(world.emulator.people(), 1, "the same person");
    let before = world.desk.kept_since().unwrap();
    assert_eq!(world.desk.purge(PurgeScope::Before(before), false).unwrap().visitors, 1);
    world.desk.drain().await;
    assert_eq!(world.emulator.people(), 1, "who is here is not forgotten");
    assert!(world.present("lift", &world.code(second.id)).accepted);
    world.desk.purge(PurgeScope::One(PHONE), false).unwrap();
    world.desk.drain().await;
    assert!(world.emulator.people() == 0);
}

#[tokio::test]
async fn a_person_whom_other_desks_know_stays_without_a_right() {
    let key = |byte: &str| Seal::from_hex(&byte.repeat(32)).unwrap();
    let world = World::with(|settings| settings.seal = Some(key("0a").at_site(&key("0c"))));
    let pass =
        world.desk.register(&RegisterForm { phone: PHONE.to_owned(), ..world.new_form(NAME) }).unwrap();
    world.desk.drain().await;
    let code = world.code(pass.id);
    assert!(world.desk.purge(PurgeScope::One(PHONE), false).unwrap().persons_stay);
    world.desk.drain().await;
    assert_eq!(world.emulator.people(), 1);
    assert!(!world.present("lift", &code).accepted);
}
