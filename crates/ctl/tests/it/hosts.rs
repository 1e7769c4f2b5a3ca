//! Whom people visit, and who is expected.

use crate::world::{Desk, said, text, words};

const FILE: &str = "\u{feff}Name;Id;Department;Phone;Email\n王小明;17;市场部;13800005678;w@example.com\nMaria Schmidt;18;;;\n";

#[test]
fn a_list_is_imported_twice_and_changes_nothing_the_second_time() {
    let desk = Desk::new();
    let file = desk.write("hosts.csv", FILE);
    let dry = desk.demo(&["hosts", "import", &file, "--dry-run"]);
    assert_eq!((dry[0]["added"].as_u64(), dry[0]["dryRun"].as_bool()), (Some(2), Some(true)));
    assert!(desk.demo(&["hosts", "list"]).is_empty());
    assert_eq!(desk.demo(&["hosts", "import", &file])[0]["added"], 2);
    let again = &desk.demo(&["hosts", "import", &file])[0];
    assert_eq!((again["added"].as_u64(), again["same"].as_u64()), (Some(0), Some(2)));
    desk.demo(&["hosts", "add", "--id", "19", "--name", "单雄信"]);
    assert_eq!(desk.demo(&["hosts", "import", &file])[0]["missing"], 1);
    assert_eq!(desk.demo(&["hosts", "list"]).len(), 3, "nobody vanishes unasked");
    desk.demo(&["hosts", "import", &file, "--replace"]);
    let left = desk.demo(&["hosts", "list"]);
    assert_eq!(left.iter().map(|host| text(&host["id"])).collect::<Vec<_>>(), ["17", "18"]);
    desk.demo(&["hosts", "remove", "17"]);
    assert!(!desk.run(&["--demo", "hosts", "remove", "17"]).status.success());
}

#[test]
fn a_bad_list_changes_nothing_and_names_each_row() {
    let desk = Desk::new();
    let file = desk.write(
        "hosts.csv",
        "id,name,phone,email\n1,A,12345678,\n,B,,\n3,,,\n4,D,1.38E+10,\n5,E,,nobody\n1,F,,\n",
    );
    let output = desk.run(&["--demo", "hosts", "import", &file]);
    assert!(!output.status.success() && said(&output).is_empty());
    let words = words(&output);
    for line in [
        "row 3: id: is empty",
        "row 4: name: is empty",
        "row 5: phone: was shortened by a spreadsheet",
        "row 6: email: is no e-mail address",
        "row 7: id: is that of row 2",
        "5 rows are not right; nothing was changed",
    ] {
        assert!(words.contains(line), "{line} in {words}");
    }
    assert!(desk.demo(&["hosts", "list"]).is_empty());
    for (bytes, line) in
        [(&b""[..], "the file is empty"), (b"name\nA\n", "names no id"), (b"id,name\n1,\xff\n", "UTF-8")]
    {
        let file = desk.write("other.csv", bytes);
        let output = desk.run(&["--demo", "hosts", "import", &file]);
        assert!(crate::world::words(&output).contains(line), "{line}");
    }
}

#[test]
fn somebody_is_invited_and_told_not_to_come() {
    let desk = Desk::new();
    let picture = desk.path("invitation.png");
    let line = ["invite", "add", "--name", "Ada", "--host", "Grace", "--day", "2099-01-01"];
    assert!(!desk.run(&[&["--demo"], &line[..]].concat()).status.success(), "too far away");
    let made = &desk.demo(&["invite", "add", "--name", "Ada", "--host", "Grace", "--qr", &picture])[0];
    assert_eq!((text(&made["standing"]), text(&made["visitorName"])), ("good", "Ada"));
    let scanned = desk.run(&["--json", "scan", &picture]);
    let code = text(&made["shortCode"]).replace(' ', "");
    assert!(said(&scanned).contains(&code), "the picture holds the code: {}", said(&scanned));
    assert_eq!(desk.demo(&["invite", "list"]).len(), 1);
    assert_eq!(desk.demo(&["invite", "revoke", text(&made["id"])])[0]["standing"], "revoked");
}

/// A list for a year that is not over: the days are those of this one.
fn list(day: &str, until: &str) -> String {
    format!(
        "\u{feff}Name;Day;Phone;Host;From;Until;Repeat;RepeatUntil\r\n\
         王小明;{day};13800005678;李经理;09:00;12:00;;\r\n\r\n\
         Ada;{day};;Grace;;;weekly;{until}\r\nAda;2020-01-01;;Grace;;;;\r\n"
    )
}

#[test]
fn a_list_of_invitations_is_imported_twice_and_invites_nobody_twice() {
    let desk = Desk::new();
    let zone = vestibule_domain::Zone::named("Asia/Shanghai").unwrap();
    let now = vestibule_domain::Clock::now(&vestibule_domain::SystemClock::new());
    let in_days =
        |days: u64| zone.wall(now.plus(std::time::Duration::from_secs(days * 24 * 3600)))[..10].to_owned();
    let file = desk.write("list.csv", list(&in_days(1), &in_days(15)));
    let dry = &desk.demo(&["invite", "import", &file, "--dry-run"])[0];
    assert_eq!(
        (dry["added"].as_u64(), dry["over"].as_u64(), dry["dryRun"].as_bool()),
        (Some(4), Some(1), Some(true))
    );
    assert!(desk.demo(&["invite", "list"]).is_empty());
    assert_eq!(desk.demo(&["invite", "import", &file])[0]["added"], 4);
    let made = desk.demo(&["invite", "list"]);
    assert_eq!(made.iter().filter(|one| one["visitorName"] == "Ada").count(), 3, "every week until the day");
    let wang = made.iter().find(|one| one["visitorName"] == "王小明").unwrap();
    let from = zone.moment(&format!("{} 09:00:00", in_days(1))).unwrap();
    assert_eq!((&wang["window"]["from"], text(&wang["host"])), (&from.0.into(), "李经理"));
    desk.demo(&["invite", "revoke", text(&wang["id"])]);
    let again = &desk.demo(&["invite", "import", &file])[0];
    assert_eq!(
        (&again["added"], &again["same"]),
        (&0.into(), &4.into()),
        "who was told not to come stays so"
    );
    let longer = desk.write(
        "longer.csv",
        format!("{}Bo;{};;;;;daily;{}\n", list(&in_days(1), &in_days(15)), in_days(2), in_days(4)),
    );
    assert_eq!(desk.demo(&["invite", "import", &longer])[0]["added"], 3);
}

#[test]
fn a_bad_list_of_invitations_invites_nobody_and_names_each_row() {
    let desk = Desk::new();
    let rows = "name,day,phone,from,until,repeat,repeatUntil\n\
        ,2026-11-24,,,,,\nA,tomorrow,,,,,\nB,2026-02-30,,,,,\nC,2026-11-24,1.38E+10,,,,\nD,2026-11-24,12,,,,\n\
        E,2026-11-24,,9am,,,\nF,2026-11-24,,12:00,09:00,,\nG,2026-11-24,,,,monthly,2026-12-24\n\
        H,2026-11-24,,,,weekly,\nI,2026-11-24,,,,,2026-12-24\nJ,2026-11-24,,,,daily,2026-11-01\n\
        K,2026-11-24,,,,,\nK,2026-11-24,,,,,\nL,2999-01-01,,,,,\n";
    let file = desk.write("list.csv", rows);
    let output = desk.run(&["--demo", "invite", "import", &file]);
    assert!(!output.status.success() && said(&output).is_empty());
    let words = words(&output);
    for line in [
        "row 2: name: is empty",
        "row 3: day: is no day",
        "row 4: day: is no day",
        "row 5: phone: was shortened",
        "row 6: phone: is no phone number",
        "row 7: from: is no time",
        "row 8: until: is not after from",
        "row 9: repeat: is neither daily nor weekly",
        "row 10: repeatUntil: is no day",
        "row 11: repeat: is empty",
        "row 12: repeatUntil: is before the first day",
        "row 14: is the same as row 13",
        "row 15: day: is before the first day, or more than a year away",
        "13 rows are not right; nothing was changed",
    ] {
        assert!(words.contains(line), "{line} in {words}");
    }
    assert!(desk.demo(&["invite", "list"]).is_empty());
    for (bytes, line) in [
        ("", "is empty"),
        ("name\nA\n", "names no day"),
        ("name,day,day\n", "twice"),
        ("name,day\nA,2026-11-24,x\n", "more cells"),
    ] {
        let output = desk.run(&["--demo", "invite", "import", &desk.write("other.csv", bytes)]);
        assert!(crate::world::words(&output).contains(line), "{line}");
    }
}
