//! A disk that is really full: a small file system of its own, in a child process that may have one.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use vestibule_domain::press::{Answer, PressReason};
use vestibule_domain::{DoorId, PassCode, PressId};
use vestibule_store::{NewPress, Store, StoreError};

use crate::{TEN, pass_of, visit};

/// Where the child finds its small disk.
const SMALL: &str = "VESTIBULE_SMALL_DISK";

#[test]
fn a_full_disk_says_so_and_work_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let mount = r#"mount -t tmpfs -o size=4m tmpfs "$1" || exit 77; exec "$2" --exact disk::full::child_on_a_small_disk --ignored --nocapture"#;
    let child = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"])
        .arg(folder.path())
        .arg(std::env::current_exe().unwrap())
        .env(SMALL, folder.path())
        .output();
    let child = match child {
        Ok(child) => child,
        Err(error) => return println!("SKIPPED: there is no unshare here: {error}"),
    };
    let said =
        format!("{}{}", String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr));
    println!("{said}");
    if child.status.code() == Some(77) || said.contains("unshare failed") {
        return println!("SKIPPED: this system gives no small file system to whoever asks");
    }
    assert!(child.status.success(), "{said}");
    assert!(said.contains("1 passed"), "the child ran: {said}");
}

#[test]
#[ignore = "is run by the test above, which gives it a disk"]
fn child_on_a_small_disk() {
    let Some(folder) = std::env::var_os(SMALL).map(PathBuf::from) else { return };
    let store = Store::open(&folder, TEN).unwrap().store;
    let first = visit("form-first", TEN);
    let code = PassCode::from_service("code-of-the-first".to_owned());
    store.register(&first).unwrap();
    store.keep_code(pass_of(&first), &code).unwrap();

    store.take_ballast();
    let filler = fill(&folder);
    let mut written = 1;
    let refused = loop {
        match store.register(&visit(&format!("form-{written}"), TEN)) {
            Ok(_) => written += 1,
            Err(error) => break error,
        }
        assert!(written < 10_000, "the disk is full some time");
    };
    assert!(matches!(refused, StoreError::Full), "{refused:?}");
    println!("{written} visitors before it was full");
    // What is there can be read, and judged.
    assert!(store.pass_by_code(&code).unwrap().is_some());
    assert_eq!(store.visit(first.id).unwrap().id, first.id);
    assert_eq!(
        store.visits_since(TEN, TEN, 10_000).unwrap().len(),
        written,
        "nothing of the refused one is there"
    );
    // What must be written down takes the room that was set aside for it.
    let seen = store.mark_seen(pass_of(&first), TEN, &crate::verdict(pass_of(&first), TEN)).unwrap();
    assert_eq!((seen.before, seen.counted), (None, true));
    let one = press("a");
    store.ask_press(&one).unwrap();
    store.settle_press(one.id, Answer::Yes, None, TEN).unwrap();
    assert!(store.revoke_pass(pass_of(&first), TEN).unwrap());
    assert_eq!(store.presses(10).unwrap().len(), 1);

    // When that is used up too, a press that cannot be written down is not sent.
    let second = fill(&folder);
    let pressed = (0..10_000).take_while(|n| store.ask_press(&press(&format!("door-{n}"))).is_ok()).count();
    assert!(matches!(store.ask_press(&press("b")), Err(StoreError::Full)), "after {pressed} more presses");
    assert_eq!(store.presses(20_000).unwrap().len(), 1 + pressed);

    std::fs::remove_file(&filler).unwrap();
    std::fs::remove_file(&second).unwrap();
    store.take_ballast();
    store.register(&visit("form-again", TEN)).expect("with room it goes on without a restart");
    store.ask_press(&press("b")).expect("and a door can be pressed at once");

    // A start on a full disk.
    fill(&folder);
    drop(store);
    fill(&folder);
    match Store::open(&folder, TEN) {
        Ok(opened) => {
            assert!(opened.set_aside.is_none());
            assert!(opened.store.pass_by_code(&code).unwrap().is_some(), "passes can be judged");
            println!("a start on a full disk: opens");
        }
        Err(error) => {
            assert!(matches!(error, StoreError::Full), "{error:?}");
            println!("a start on a full disk: {error}");
        }
    }
    for name in ["filler-0", "filler-1", "filler-2"] {
        drop(std::fs::remove_file(folder.join(name)));
    }
    let opened = Store::open(&folder, TEN).unwrap();
    assert!(opened.set_aside.is_none());
    assert_eq!(opened.store.visits_since(TEN, TEN, 10_000).unwrap().len(), written + 1);
}

/// Takes all the room there is.
fn fill(folder: &Path) -> PathBuf {
    let path =
        (0..).map(|number| folder.join(format!("filler-{number}"))).find(|path| !path.exists()).unwrap();
    let mut file = File::create(&path).unwrap();
    for piece in [64 << 10, 4096, 1] {
        while file.write_all(&vec![1; piece]).is_ok() {}
    }
    path
}

fn press(door: &str) -> NewPress {
    let (id, door) = (PressId::new(TEN), DoorId(door.to_owned()));
    NewPress { id, door, at: TEN, station: "guard".to_owned(), by: None, reason: PressReason::Visitor }
}
