//! `purge`, `visitor export`, `visitor erase`.

use serde_json::Value;

use crate::world::{Gateway, said, words};

/// At the kiosk's own PC nobody may do this.
fn reception() -> Gateway {
    let gateway = Gateway::new();
    let settings = gateway.desk.read("desk.toml");
    gateway.desk.write("desk.toml", format!("station = \"reception\"\n{settings}"));
    gateway
}

#[test]
fn a_visitor_gets_what_is_kept_of_them_and_has_it_destroyed() {
    let gateway = reception();
    let add = |name: &str, phone: &str| {
        let output =
            gateway.run(&["visitor", "add", "--name", name, "--phone", phone, "--host", "Wang Fang"]);
        assert!(output.status.success(), "{}", words(&output));
    };
    add("Marked One", "13877776666");
    add("Marked Two", "13866665555");
    let export = gateway.run(&["visitor", "export", "+86 138 7777 6666"]);
    let visits: Value = serde_json::from_str(&said(&export)).unwrap();
    assert_eq!((visits[0]["name"].as_str(), visits.as_array().unwrap().len()), (Some("Marked One"), 1));

    let dry = gateway.run(&["purge", "--visitor", "13877776666", "--dry-run"]);
    assert!(said(&dry).contains("would be destroyed: 1 visitors"), "{}", said(&dry));
    let none = gateway.run(&["purge"]);
    assert!(said(&none).contains("destroyed: 0 visitors"), "nobody is older than 30 days: {}", said(&none));
    let day = gateway.run(&["purge", "--before", "yesterday"]);
    assert!(!day.status.success() && words(&day).contains("no day such as"), "{}", words(&day));
    assert_eq!(gateway.emulator.people(), 2);

    let erased = gateway.run(&["visitor", "erase", "13877776666"]);
    assert!(said(&erased).contains("destroyed: 1 visitors"), "{}", said(&erased));
    assert_eq!(gateway.emulator.people(), 1, "the service was told");
    let gone = gateway.run(&["visitor", "export", "13877776666"]);
    assert!(!gone.status.success());
    assert!(gateway.run(&["visitor", "export", "13866665555"]).status.success(), "the other is kept");
    assert!(gateway.run(&["journal", "verify"]).status.success(), "the journal is whole");
}

#[test]
fn a_key_is_made_once_beside_the_data_and_a_lost_one_changes_nothing() {
    let gateway = reception();
    let add = || gateway.run(&["visitor", "add", "--name", "Wei", "--phone", "13877776666"]);
    let key = std::path::PathBuf::from(gateway.desk.path("data.seal"));
    assert!(add().status.success());
    let text = std::fs::read_to_string(&key).unwrap();
    assert_eq!(text.len(), 64);
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&key).unwrap().permissions()) & 0o777,
        0o600
    );
    std::fs::remove_file(&key).unwrap();
    let refused = add();
    assert!(
        !refused.status.success() && words(&refused).contains("bring the seal key back"),
        "{}",
        words(&refused)
    );
    assert!(!key.exists(), "no other is made");
    let looked = gateway.run(&["doctor"]);
    assert!(said(&looked).contains("its key is not here"), "{}{}", said(&looked), words(&looked));
    std::fs::write(&key, text).unwrap();
    assert!(add().status.success());
    assert!(gateway.run(&["visitor", "export", "13877776666"]).status.success());
}
