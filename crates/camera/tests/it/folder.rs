//! A folder of pictures as a camera.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use image::{GrayImage, Luma};
use vestibule_camera::{CameraFault, Choice, Eye, EyeState, Frame, Next, Settings};
use vestibule_domain::SystemClock;

fn open(path: &Path) -> Eye {
    let settings = Settings { fps: 50, dwell: Duration::from_millis(60), ..Settings::default() };
    Eye::open_with(Choice::Folder { path: path.to_owned() }, settings, Arc::new(SystemClock::new()))
}

fn put(folder: &Path, name: &str, shade: u8) {
    let next = folder.join("next.tmp");
    GrayImage::from_pixel(40, 30, Luma([shade]))
        .save_with_format(&next, image::ImageFormat::Png)
        .expect("saved");
    fs::rename(next, folder.join(name)).expect("renamed");
}

fn wait<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < Duration::from_secs(5), "not within 5 s: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn shade(frame: &Frame) -> u8 {
    frame.luma()[0]
}

#[test]
fn pictures_come_in_the_order_of_their_names_over_and_over() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, shade) in [("b.png", 20), ("a.png", 10), ("c.PNG", 30)] {
        put(folder.path(), name, shade);
    }
    fs::write(folder.path().join("notes.txt"), "no picture").expect("written");
    fs::write(folder.path().join("bb.png"), "no picture either").expect("written");
    let eye = open(folder.path());
    let mut frames = eye.frames();
    let mut shades: Vec<u8> = Vec::new();
    while shades.len() < 7 {
        match frames.next(Duration::from_secs(5)) {
            Next::Came(frame) => {
                assert_eq!((frame.width(), frame.height(), frame.stride()), (40, 30, 40));
                if shades.last() != Some(&shade(&frame)) {
                    shades.push(shade(&frame));
                }
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(shades, [10, 20, 30, 10, 20, 30, 10]);
    let name = folder.path().file_name().expect("a name").to_string_lossy().into_owned();
    assert_eq!(eye.state(), EyeState::Running { name });
}

#[test]
fn an_empty_folder_is_silent_until_a_picture_appears_and_after_it_goes() {
    let folder = tempfile::tempdir().expect("a folder");
    let eye = open(folder.path());
    let silent = EyeState::Failed { fault: CameraFault::Silent };
    wait("silent", || (eye.state() == silent).then_some(()));
    put(folder.path(), "a.png", 99);
    let mut frames = eye.frames();
    assert!(matches!(frames.next(Duration::from_secs(5)), Next::Came(frame) if shade(&frame) == 99));
    put(folder.path(), "a.png", 98);
    wait("the changed picture", || match frames.next(Duration::from_secs(1)) {
        Next::Came(frame) if shade(&frame) == 98 => Some(()),
        _ => None,
    });
    fs::remove_file(folder.path().join("a.png")).expect("removed");
    wait("silent again", || (eye.state() == silent).then_some(()));
}

#[test]
fn a_folder_that_is_not_there_is_no_camera() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("later");
    let eye = open(&path);
    wait("none", || (eye.state() == EyeState::Failed { fault: CameraFault::None }).then_some(()));
    fs::create_dir(&path).expect("made");
    put(&path, "a.png", 5);
    wait("running", || matches!(eye.state(), EyeState::Running { .. }).then_some(()));
}

#[test]
fn closing_ends_the_receivers_and_waits_for_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "a.png", 1);
    let eye = open(folder.path());
    let (mut frames, mut changes) = (eye.frames(), eye.changes());
    wait("running", || matches!(eye.state(), EyeState::Running { .. }).then_some(()));
    let started = Instant::now();
    drop(eye);
    assert!(started.elapsed() < Duration::from_millis(50));
    assert_eq!(
        wait("off", || match changes.next(Duration::ZERO) {
            Next::Came(EyeState::Off) => Some(()),
            _ => None,
        }),
        ()
    );
    assert!(matches!(changes.next(Duration::from_secs(1)), Next::Closed));
    wait("closed", || matches!(frames.next(Duration::ZERO), Next::Closed).then_some(()));
}

#[test]
fn a_slow_receiver_gets_the_latest_and_holds_up_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "a.png", 1);
    let eye = open(folder.path());
    let (mut slow, mut quick) = (eye.frames(), eye.frames());
    let mut numbers = Vec::new();
    for _ in 0..30 {
        if let Next::Came(frame) = quick.next(Duration::from_secs(5)) {
            numbers.push(frame.sequence());
        }
    }
    let Next::Came(late) = slow.next(Duration::ZERO) else { panic!("nothing") };
    assert!(late.sequence() >= *numbers.last().expect("numbers"));
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
}
