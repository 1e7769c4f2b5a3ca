//! What is looked up later, and who is inside when everybody has to leave.

use std::time::Duration;

use vestibule_desk::{Desk, ExportFormat, FailureCode, HistoryAsk, HistoryState, RollCallPerson};
use vestibule_domain::verdict::Decision;
use vestibule_journeys::world::{TEN, World};
use vestibule_store::Store;

const DAY: Duration = Duration::from_secs(24 * 3600);

fn names(desk: &Desk, ask: &HistoryAsk) -> Vec<String> {
    desk.history(ask).unwrap().visits.into_iter().map(|visit| visit.visitor_name).collect()
}

fn search(text: &str) -> HistoryAsk {
    HistoryAsk { search: text.to_owned(), ..HistoryAsk::default() }
}

#[tokio::test]
async fn visits_are_found_by_name_host_phone_code_day_and_state() {
    let world = World::new();
    let desk = &world.desk;
    let wang = world.form("王小明", "138 0000 5678", "李经理").unwrap();
    world.turn(DAY);
    let unal = world.form("Ünal Çelik", "+44 20 7946 0958", "Facilities").unwrap();
    desk.sign_out(unal.visit).unwrap();
    world.turn(DAY * 3);
    world.form("Ada", "", "李经理").unwrap();
    for (typed, found) in [
        ("", vec!["Ada", "Ünal Çelik", "王小明"]),
        ("unal", vec!["Ünal Çelik"]),
        ("经理", vec!["Ada", "王小明"]),
        ("00005678", vec!["王小明"]),
        (wang.short_code.as_str(), vec!["王小明"]),
        ("nobody", vec![]),
    ] {
        assert_eq!(names(desk, &search(typed)), found, "{typed}");
    }
    let on = |from: &str, until: &str| {
        names(desk, &HistoryAsk { from: from.to_owned(), until: until.to_owned(), ..HistoryAsk::default() })
    };
    assert_eq!(on("2026-11-25", "2026-11-25"), ["Ünal Çelik"], "the days are those of the doors");
    assert_eq!(on("2026-11-24", "2026-11-25"), ["Ünal Çelik", "王小明"]);
    assert_eq!(on("2026-11-26", "2026-11-27"), [""; 0]);
    let state = |state| names(desk, &HistoryAsk { state, ..HistoryAsk::default() });
    assert_eq!(state(HistoryState::Left), ["Ünal Çelik"]);
    assert_eq!(state(HistoryState::Open), ["Ada", "王小明"]);
    let host = HistoryAsk { host: "经理".to_owned(), ..search("a") };
    assert_eq!(names(desk, &host), ["Ada"]);
    for (from, until) in [("soon", ""), ("2026-13-01", ""), ("2026-11-26", "2026-11-25"), ("2020-01-01", "")]
    {
        let ask = HistoryAsk { from: from.to_owned(), until: until.to_owned(), ..HistoryAsk::default() };
        let refused = desk.history(&ask).err().map(|failure| failure.code);
        assert_eq!(refused, Some(FailureCode::BadWindow), "{from} {until}");
    }
}

#[tokio::test]
async fn a_long_history_has_pages_that_leave_nobody_out() {
    let world = World::new();
    for n in 0..120 {
        world.form(&format!("Visitor {n:03}"), "", "").unwrap();
        world.turn(Duration::from_secs(1));
    }
    let mut all = Vec::new();
    for page in 0..3 {
        let shown = world.desk.history(&HistoryAsk { page, ..HistoryAsk::default() }).unwrap();
        assert_eq!((shown.found, shown.pages, shown.page), (120, 3, page));
        all.extend(shown.visits.into_iter().map(|visit| visit.visitor_name));
    }
    assert_eq!((all.len(), all[0].as_str(), all[119].as_str()), (120, "Visitor 119", "Visitor 000"));
    let beyond = world.desk.history(&HistoryAsk { page: 99, ..HistoryAsk::default() }).unwrap();
    assert_eq!((beyond.page, beyond.visits.len()), (2, 20), "a page that is gone is the last one");
}

#[tokio::test]
async fn whoever_takes_the_history_along_is_in_the_journal_and_what_was_looked_for_is_not() {
    let world = World::new();
    world.form("王小明", "13800005678", "=1+1").unwrap();
    let ask = search("王小明");
    let table = world.desk.export_history(&ask, ExportFormat::Csv).unwrap();
    assert_eq!(table.name, "vestibule-visits-2026-11-24-100000.csv");
    assert!(
        table.text.starts_with("\u{feff}came,left,zone,name,phone,host,signed,visit\r\n"),
        "{}",
        table.text
    );
    assert!(table.text.contains("2026-11-24 10:00:00,,Asia/Shanghai,王小明,13800005678,'=1+1,no,"));
    let json = world.desk.export_history(&ask, ExportFormat::Json).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!(json["visits"][0]["phone"], "13800005678");
    assert_eq!(json["visits"][0]["host"], "=1+1", "a program runs no cells");
    let journal = Store::open(world.folder(), TEN).unwrap().store.journal(10).unwrap();
    let exports: Vec<_> = journal.iter().filter(|row| row.kind == "historyExported").collect();
    assert_eq!(exports.len(), 2);
    assert!(journal.iter().all(|row| !row.detail.to_string().contains("王小明")));
}

fn missing(people: &[RollCallPerson]) -> Vec<&str> {
    let missing = people.iter().filter(|person| person.ticked_at.is_none() && person.left_at.is_none());
    missing.map(|person| person.visitor_name.as_str()).collect()
}

#[tokio::test]
async fn a_roll_call_survives_a_restart_and_its_ticks_can_be_taken_back_one_by_one() {
    let world = World::new();
    let desk = &world.desk;
    let old = world.form("Stays since Monday", "", "").unwrap();
    world.turn(DAY * 3);
    let [ada, ben, cy] = ["Ada", "Ben", "Cy"].map(|name| {
        world.turn(Duration::from_secs(1));
        world.form(name, "", "Grace").unwrap()
    });
    let gone = world.form("Gone before", "", "").unwrap();
    desk.sign_out(gone.visit).unwrap();
    desk.drain().await;
    assert_eq!(world.show(&world.code(ada.id)).decision, Decision::LetIn);
    let before = desk.roll_call().unwrap();
    assert_eq!(before.begun_at, None);
    assert_eq!(missing(&before.people), ["Cy", "Ben", "Ada"]);
    assert_eq!((before.seen, before.left_open), (1, 1), "one was let in; one of Monday never signed out");
    assert_eq!(before.newest, Some(before.at));
    assert_eq!(desk.tick(ada.visit).err().map(|failure| failure.code), Some(FailureCode::NotFound));
    desk.begin_roll_call().unwrap();
    for visit in [ada.visit, ben.visit, old.visit] {
        desk.tick(visit).unwrap();
    }
    world.turn(Duration::from_secs(600));
    let world = world.restart();
    let desk = &world.desk;
    let called = desk.begin_roll_call().unwrap();
    assert_eq!(called.begun_at, Some(before.at), "the one that is under way goes on");
    assert_eq!((missing(&called.people), called.ticked), (vec!["Cy"], 3), "{called:?}");
    assert_eq!(called.left_open, 0, "whoever was ticked off is on the list, whenever they came");
    desk.sign_out(cy.visit).unwrap();
    let called = desk.roll_call().unwrap();
    assert_eq!(called.missing, 0, "who signs out meanwhile is outside");
    assert_eq!(called.newest, Some(called.at));
    desk.untick(Some(ben.visit)).unwrap();
    for ticked in [1, 0, 0] {
        assert_eq!(desk.untick(None).unwrap().ticked, ticked);
    }
    assert_eq!(missing(&desk.roll_call().unwrap().people), ["Ben", "Ada"]);
    assert_eq!(desk.end_roll_call().unwrap().begun_at, None);
    let journal = Store::open(world.folder(), TEN).unwrap().store.journal(500).unwrap();
    let kinds: Vec<&str> = journal
        .iter()
        .rev()
        .map(|row| row.kind.as_str())
        .filter(|kind| kind.starts_with("rollCall"))
        .collect();
    assert_eq!(
        kinds,
        [&["rollCallBegun"][..], &["rollCallTicked"; 3], &["rollCallUnticked"; 3], &["rollCallEnded"]]
            .concat()
    );
    assert_eq!(journal.iter().find(|row| row.kind == "rollCallEnded").unwrap().detail["missing"], 2);
    assert!(desk.verify_journal(None).unwrap().is_good());
}
