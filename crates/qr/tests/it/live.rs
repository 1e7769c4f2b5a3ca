//! Frame by frame.

use std::time::Duration;

use vestibule_domain::Monotonic;
use vestibule_qr::model::{Pose, Trouble, nobody};
use vestibule_qr::{Hint, LumaFrame, Reader};

/// A frame's moment, at 15 a second.
fn at(number: u64) -> Monotonic {
    Monotonic(Duration::from_millis(number * 66))
}

/// The number of frames until the code is read; none within `most`.
fn frames_until_read(pose: &Pose, most: u64) -> Option<u64> {
    let mut reader = Reader::live();
    for number in 0..most {
        let canvas = pose.frame(number);
        let luma = canvas.luma();
        let frame = LumaFrame::new(canvas.width, canvas.height, canvas.width, &luma).expect("a frame");
        let look = reader.look(&frame, at(number));
        if let Some(reading) = look.readings.first() {
            assert_eq!(reading.text.words(), Some(pose.code().as_str()), "{pose:?}");
            return Some(number + 1);
        }
    }
    None
}

#[test]
fn every_trouble_of_little_severity_is_read_within_a_second() {
    for (seed, trouble) in (500..).zip(Trouble::ALL) {
        let pose = Pose { seed, trouble, severity: 2, size: (640, 480) };
        assert!(frames_until_read(&pose, 15).is_some(), "{pose:?}");
    }
}

#[test]
fn a_plain_code_is_read_in_the_first_frames_in_every_size() {
    for size in vestibule_qr::model::SIZES {
        let pose = Pose { seed: 77, trouble: Trouble::Plain, severity: 1, size };
        assert!(frames_until_read(&pose, 2).is_some(), "{size:?}");
    }
}

#[test]
fn an_empty_lobby_says_nothing_at_all() {
    let mut reader = Reader::live();
    for number in 0..60 {
        let canvas = nobody(5, (640, 480), number);
        let luma = canvas.luma();
        let frame = LumaFrame::new(canvas.width, canvas.height, canvas.width, &luma).expect("a frame");
        let look = reader.look(&frame, at(number));
        assert!(look.readings.is_empty());
    }
}

#[test]
fn a_dark_frame_asks_for_light() {
    let mut reader = Reader::live();
    let mut hints = Vec::new();
    for number in 0..40u64 {
        // Something moves in the dark.
        let luma: Vec<u8> =
            (0..640 * 480).map(|i| if (i as u64 / 64 + number) % 10 < 4 { 18 } else { 1 }).collect();
        let frame = LumaFrame::new(640, 480, 640, &luma).expect("a frame");
        hints.extend(reader.look(&frame, at(number)).hint);
    }
    assert!(hints.contains(&Hint::TooDark), "{hints:?}");
}

#[test]
fn a_frame_of_another_size_is_no_surprise() {
    let mut reader = Reader::live();
    for (number, (width, height)) in
        [(640, 480), (1280, 720), (1, 1), (20_000, 1), (33, 4000), (640, 480)].into_iter().enumerate()
    {
        let luma = vec![120; width * height];
        let frame = LumaFrame::new(width, height, width, &luma).expect("a frame");
        assert!(reader.look(&frame, at(number as u64)).readings.is_empty());
    }
}
