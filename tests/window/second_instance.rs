//! Started twice, there is still one desk.

use std::time::{Duration, Instant};

use vestibule_journeys::window::{Display, Launch, Window};

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "waits for a real program")]
async fn the_second_instance_brings_the_first_to_the_front_and_ends() {
    let display = Display::open();
    let kept = tempfile::tempdir().expect("a folder under the temporary ones");
    let launch = Launch::demo("reception").data(kept.path());
    let window = Window::open(&display, &launch).await;
    window.hide().await;
    let bare = display.photograph();

    let mut second = window.start_second(&display, &launch);
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = second.try_wait().unwrap() {
            break status;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "a second instance must not stay");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(status.success(), "that there is a first one is no error: {status}");

    let begun = Instant::now();
    while display.photograph().png() == bare.png() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the first window must come to the front");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(window.sees("visit-row").await, "and it goes on with its work");
    window.close().await;
}
