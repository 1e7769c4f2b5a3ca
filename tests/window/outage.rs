//! Visitors who come while the network is gone.

use vestibule_journeys::window::{Display, Launch, Visitor, Window};

const FIRST: Visitor = Visitor { name: "王小明", phone: "13800005678", host: "李女士" };

#[tokio::test(flavor = "multi_thread")]
async fn a_spare_opens_the_doors_without_a_network_and_whoever_finds_none_left_is_sent_to_people() {
    let display = Display::open();
    let kept = tempfile::tempdir().expect("a folder under the temporary ones");
    let launch = Launch::demo("reception").spares(1).data(kept.path());
    let window = Window::open(&display, &launch).await;
    window.until_spares_are_ready(2).await;
    window.switch_network().await;
    window.become_station("kiosk").await;

    window.introduce(FIRST).await;
    window.touch("get-pass").await;
    window.see("pass-picture").await;
    window.see("spare").await;
    assert!(window.photograph().await.qr_text().is_some(), "it can be read off the screen");
    window.open_service_panel().await;
    window.touch("demo-door [data-test=\"present-pass\"]").await;
    window.until("reader-answer", "data-accepted", "true").await;
    window.close_service_panel().await;
    window.touch("done").await;

    // Around noon two half days count at once, and so there is one more.
    let mut given = 1;
    let next = Visitor { name: "李雷", ..FIRST };
    window.introduce(next).await;
    window.touch("get-pass").await;
    while window.see_which("pass-picture", "pass-waiting").await {
        given += 1;
        assert!(given <= 2, "there were two");
        window.touch("done").await;
        window.introduce(next).await;
        window.touch("get-pass").await;
    }
    window.switch_network().await;
    window.see("pass-picture").await;
    window.until("status-line", "data-waiting", "0").await;
    window.touch("done").await;
    window.become_station("reception").await;
    window.until_spares_are_ready(2).await;
    window.close().await;
}
