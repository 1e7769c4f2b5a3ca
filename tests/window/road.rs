//! The whole road, from a stranger at the kiosk to a door that has opened exactly once.

use vestibule_journeys::window::{Camera, DOORS, Display, Gateway, Launch, Visitor, Window};

const VISITOR: Visitor = Visitor { name: "Ada Lovelace", phone: "13800005678", host: "Charles Babbage" };

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_gets_a_pass_walks_in_and_the_door_opens_exactly_once() {
    let (gateway, camera, display) = (Gateway::start(), Camera::new(), Display::open());
    let (lobby, lift) = (DOORS[0].0, DOORS[1].0);
    let window = Window::open(&display, &station("kiosk", &gateway, &camera)).await;

    window.get_a_pass(VISITOR).await;
    window.until_every_door_is_ready().await;
    let pass = window.photograph().await;
    let code = pass.qr_text().expect("another program than ours reads the code off the screen");
    assert!(!code.is_empty(), "a pass carries the service's own string");
    assert_eq!(window.how_many("pass-door").await, DOORS.len(), "the visitor sees every door of the visit");

    let reader = gateway.present(lobby, &code);
    assert_eq!(
        reader["accepted"], true,
        "the door's own reader takes the very string on the screen: {reader}"
    );
    assert_eq!(gateway.opened(lobby), 0, "and nobody has pressed anything yet");

    window.close().await;
    let window = Window::open(&display, &station("guard", &gateway, &camera)).await;
    camera.show(&pass);
    window.touch("scan-toggle").await;
    window.until("verdict", "data-decision", "letIn").await;
    assert!(window.words("verdict").await.contains(VISITOR.name), "the guard sees whose pass it is");

    window.release(lobby).await;
    window.until("press-result", "data-state", "accepted").await;
    assert_eq!(gateway.opened(lobby), 1, "one press opens one door once");
    assert_eq!(gateway.opened(lift), 0, "and no other");
    assert_eq!(window.how_many("door-log-row").await, 1, "and it stands in the log once");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_pass_is_stopped_by_the_guard_and_by_the_door() {
    let (gateway, camera, display) = (Gateway::start(), Camera::new(), Display::open());
    let window = Window::open(&display, &station("kiosk", &gateway, &camera)).await;

    window.get_a_pass(VISITOR).await;
    window.until_every_door_is_ready().await;
    let pass = window.photograph().await;
    let code = pass.qr_text().expect("another program than ours reads the code off the screen");

    window.close().await;
    let window = Window::open(&display, &station("reception", &gateway, &camera)).await;
    window.touch("revoke").await;
    window.touch("revoke-confirm").await;
    window.until("pass-state", "data-state", "revoked").await;
    window.until_there_is_no("pass-door:not([data-readiness=\"removed\"])").await;
    let reader = gateway.present(DOORS[0].0, &code);
    assert_eq!(reader["accepted"], false, "a reader must not take what reception took back: {reader}");

    window.close().await;
    let window = Window::open(&display, &station("guard", &gateway, &camera)).await;
    camera.show(&pass);
    window.touch("scan-toggle").await;
    window.until("verdict", "data-decision", "stop").await;
    window.until("verdict", "data-reason", "revoked").await;
    assert_eq!(gateway.opened(DOORS[0].0), 0, "no door has opened for it");
    window.close().await;
}

/// The same desk, started as another station: outside the demo nobody turns a kiosk into a guard's post by touch.
fn station(name: &str, gateway: &Gateway, camera: &Camera) -> Launch {
    let desk = Launch::desk(&gateway.config(), name).language("en").data(&gateway.home().join("desk"));
    desk.camera_folder(camera.dir())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_door_is_on_every_screen_and_closes_with_the_program() {
    let (gateway, camera, display) = (Gateway::start(), Camera::new(), Display::open());
    let window = Window::open(&display, &station("guard", &gateway, &camera)).await;
    window.touch("door-tile").await;
    window.touch("hold-5").await;
    window.until("hold", "data-state", "open").await;
    assert!(gateway.is_held(DOORS[0].0), "the door is held open");
    assert!(!gateway.is_held(DOORS[1].0), "and no other");
    window.close().await;
    let window = Window::open(&display, &station("kiosk", &gateway, &camera)).await;
    window.until_there_is_no("hold").await;
    assert!(!gateway.is_held(DOORS[0].0), "whoever held it is gone, and the next start has closed it");
    window.close().await;
}
