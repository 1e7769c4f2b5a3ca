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
