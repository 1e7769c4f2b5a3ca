//! The first account, a door that it opens, and a station that locks itself.

use std::io::Write as _;

use vestibule_journeys::window::{DOORS, Display, Gateway, Launch, Window};

const PIN: &str = "481516";

#[tokio::test(flavor = "multi_thread")]
async fn a_station_opens_doors_for_those_who_sign_in_and_locks_itself() {
    let (gateway, display) = (Gateway::start(), Display::open());
    let config = gateway.config();
    let mut file = std::fs::OpenOptions::new().append(true).open(&config).unwrap();
    file.write_all(b"\n[staff]\nidle_seconds = 20\nadmin_idle_seconds = 20\n").unwrap();
    let kept = tempfile::tempdir().expect("a folder under the temporary ones");
    let lobby = DOORS[0].0;
    let window = Window::open(&display, &Launch::desk(&config, "guard").data(kept.path())).await;

    window.open_service_panel().await;
    window.until("accounts", "data-guarded", "false").await;
    window.touch("add-account").await;
    for (field, text) in [("account-name", "王芳"), ("account-secret", PIN), ("account-again", PIN)] {
        window.type_into(field, text).await;
    }
    window.touch("account-save").await;
    window.until("accounts", "data-guarded", "true").await;
    window.close_service_panel().await;
    window.see("locked").await;
    assert_eq!(window.how_many("door-tile").await, 0, "no door without a name");

    sign_in(&window, "735194").await;
    window.see("sign-in-fault").await;
    for digit in PIN.chars() {
        window.touch(&format!("digit-{digit}")).await;
    }
    window.touch("sign-in-go").await;
    window.until("who", "data-role", "admin").await;
    window.release(lobby).await;
    window.until("press-result", "data-state", "accepted").await;
    assert_eq!(gateway.opened(lobby), 1);

    // Nobody touches anything: more than the twenty seconds, less than the test's patience for one thing.
    tokio::time::sleep(std::time::Duration::from_secs(18)).await;
    window.see("locked").await;
    assert!(!window.sees("who").await && window.how_many("door-log-row").await == 0, "nor anything to read");
    window.close().await;
}

/// Chooses the one name there is and types a PIN on the pad.
async fn sign_in(window: &Window, pin: &str) {
    window.touch("sign-in-open").await;
    window.touch("staff-name").await;
    for digit in pin.chars() {
        window.touch(&format!("digit-{digit}")).await;
    }
    window.touch("sign-in-go").await;
}
