//! A desk that is switched off in the middle goes on where it was.

use vestibule_journeys::window::{Display, Launch, Visitor, Window};

const VISITOR: Visitor = Visitor { name: "王小明", phone: "13800005678", host: "李女士" };

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_without_a_network_outlives_the_program_and_is_delivered_later() {
    let display = Display::open();
    let kept = tempfile::tempdir().expect("a folder under the temporary ones");
    let launch = Launch::demo("kiosk").spares(0).data(kept.path());

    let window = Window::open(&display, &launch).await;
    window.switch_network().await;
    window.introduce(VISITOR).await;
    window.touch("get-pass").await;
    window.see("pass-waiting").await;
    window.close().await;

    let window = Window::open(&display, &launch).await;
    window.open_service_panel().await;
    assert!(window.how_many("queue-row").await > 0, "what was to be told is still to be told");
    window.close_service_panel().await;
    window.switch_network().await;
    window.until("status-line", "data-waiting", "0").await;

    window.become_station("reception").await;
    window.type_into("search", VISITOR.name).await;
    window.touch("show-pass").await;
    window.see("pass-picture").await;
    assert!(window.photograph().await.qr_text().is_some(), "the pass can be read off the screen");
    window.close().await;
}
