//! `secret`, with a keyring of the system: GNOME's, on a session bus of its own.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::world::{Desk, Gateway, lines, said, words};

/// Runs lines of a shell, in which `ctl` is our program, with an open keyring and a home of their own.
fn with_keyring(desk: &Desk, script: &str) -> Output {
    let home = desk.path("home");
    std::fs::create_dir_all(&home).unwrap();
    let script = format!(
        "printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n\
         ctl() {{ {} --data {} \"$@\"; }}\n{script}",
        env!("CARGO_BIN_EXE_vestibulectl"),
        desk.path("data"),
    );
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-e", "-c", &script]).env("HOME", &home).env("XDG_DATA_HOME", &home);
    command.env("XDG_RUNTIME_DIR", &home).env("XDG_CACHE_HOME", &home).env("XDG_CONFIG_HOME", &home);
    command.env_remove("VESTIBULE_APP_KEY").env_remove("VESTIBULE_APP_SECRET");
    command.env_remove("VESTIBULE_SEAL_KEY").env_remove("CREDENTIALS_DIRECTORY");
    command.output().expect("dbus-run-session and gnome-keyring, which are in the list of packages")
}

fn well(output: &Output) -> String {
    assert!(output.status.success(), "{}{}", said(output), words(output));
    said(output)
}

/// A settings file without the secret.
fn settings(desk: &Desk) {
    std::fs::create_dir_all(desk.path("data")).unwrap();
    desk.write("data/vestibule.toml", "[gateway]\nurl = \"http://127.0.0.1:9\"\napp_key = \"k\"\n");
}

#[test]
fn the_app_secret_is_kept_in_the_keyring_and_found_there() {
    let desk = Desk::new();
    settings(&desk);
    let missing = with_keyring(&desk, "ctl queue list");
    assert!(
        !missing.status.success() && words(&missing).contains("secret set app-secret"),
        "{}",
        words(&missing)
    );

    let kept = with_keyring(
        &desk,
        "printf 's3cret-of-the-project\\n' | ctl secret set app-secret\nctl secret status\nctl queue list\n\
         VESTIBULE_APP_SECRET=other ctl secret status",
    );
    let told = well(&kept);
    assert!(told.starts_with("app-secret is in the keyring\napp-secret: the system's keyring\n"), "{told}");
    assert!(told.contains("app-secret: the environment"), "{told}");
    assert!(!told.contains("s3cret") && !words(&kept).contains("s3cret"), "a secret is not printed");

    let gone =
        with_keyring(&desk, "ctl secret forget app-secret\nctl secret status\nctl secret forget app-secret");
    assert!(said(&gone).contains("app-secret: nowhere"), "{}", said(&gone));
    assert!(!gone.status.success() && words(&gone).contains("no such secret"), "{}", words(&gone));
}

#[test]
fn a_new_seal_key_keeps_the_one_before_it() {
    let desk = Desk::new();
    settings(&desk);
    let told = well(&with_keyring(
        &desk,
        "printf s | ctl secret set app-secret\nctl secret make-seal-key\nctl secret status\nctl secret make-seal-key\n\
         ctl --json secret status",
    ));
    assert!(told.contains("seal-key: the system's keyring\nseal-key-before: nowhere"), "{told}");
    assert!(told.contains(r#"{"name":"seal-key-before","place":"the system's keyring"}"#), "{told}");
    let refused = with_keyring(&desk, "printf 0f | ctl secret set seal-key");
    assert!(words(&refused).contains("64 hexadecimal digits"), "{}", words(&refused));
    let empty = with_keyring(&desk, "ctl secret set app-secret </dev/null");
    assert!(words(&empty).contains("empty"), "{}", words(&empty));
}

#[test]
fn without_a_keyring_it_says_what_else_serves() {
    let desk = Desk::new();
    settings(&desk);
    let mut command = desk.command(&["secret", "set", "app-secret"]);
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"s3cret").unwrap();
    let output = child.wait_with_output().unwrap();
    let words = words(&output);
    assert!(
        !output.status.success() && words.contains("systemd's credentials or the environment"),
        "{words}"
    );
    assert!(!words.contains("s3cret"), "{words}");
}

#[test]
fn the_service_manager_and_the_environment_are_asked_first() {
    let gateway = Gateway::new();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("vestibule.app-secret"), "of-systemd\n").unwrap();
    let mut command = gateway.command(&["--json", "secret", "status"]);
    let output = command.env("CREDENTIALS_DIRECTORY", folder.path()).output().unwrap();
    assert_eq!(lines(&output)[0]["place"], "the service manager's credentials", "before the file in clear");
}
