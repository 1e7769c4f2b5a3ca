//! nokhwa, really: it lists, opens, configures and streams a V4L2 camera that is ours to break.

use std::time::Duration;

use crate::stage::{CODE, Stage, said, text_in};

const SOON: Duration = Duration::from_secs(2);
const PATIENT: Duration = Duration::from_secs(8);

fn streams(settings: &[(&str, &str)], width: u64, height: u64) {
    let mut stage = Stage::set(settings);
    stage.look(&[]);
    stage.wait_state(PATIENT, "running");
    stage.wait_frames(SOON);
    let line = stage.wait_frames(SOON);
    assert_eq!(
        (line["width"].as_u64(), line["height"].as_u64()),
        (Some(width), Some(height)),
        "{settings:?}"
    );
    assert_eq!(text_in(&stage.path("luma.png")).as_deref(), Some(CODE), "{settings:?}");
    assert_eq!(text_in(&stage.path("preview.jpg")).as_deref(), Some(CODE), "{settings:?}");
    let (state, took) = stage.close();
    assert_eq!(state, "off");
    assert!(took < Duration::from_millis(50), "closing took {took:?}");
}

#[test]
fn yuyv_in_three_sizes() {
    streams(&[("formats", "YUYV")], 1280, 720);
    streams(&[("formats", "YUYV"), ("sizes", "640x480")], 640, 480);
    streams(&[("formats", "YUYV"), ("sizes", "1920x1080"), ("fps", "15")], 1920, 1080);
}

#[test]
fn mjpeg_in_three_sizes() {
    streams(&[("formats", "MJPG")], 1280, 720);
    streams(&[("formats", "MJPG"), ("sizes", "640x480")], 640, 480);
    streams(&[("formats", "MJPG"), ("sizes", "1920x1080"), ("fps", "15")], 1920, 1080);
}

#[test]
fn nv12_and_rows_with_padding() {
    streams(&[("formats", "NV12")], 1280, 720);
    streams(&[("formats", "NV12"), ("sizes", "1272x720"), ("padding", "8")], 1272, 720);
    streams(&[("formats", "YUYV"), ("sizes", "636x480"), ("padding", "8")], 636, 480);
}

#[test]
fn a_moving_picture_moves() {
    let mut stage = Stage::set(&[("move", "200")]);
    stage.look(&[]);
    stage.wait_state(PATIENT, "running");
    for _ in 0..4 {
        stage.wait_frames(SOON);
        assert_eq!(text_in(&stage.path("luma.png")).as_deref(), Some(CODE));
    }
}

#[test]
fn it_is_listed_by_a_name_that_outlasts_its_number() {
    let mut ids = Vec::new();
    for (index, serial) in [("0", "77"), ("5", "77"), ("0", "")] {
        let mut stage = Stage::set(&[("index", index), ("serial", serial), ("name", "Door Eye")]);
        stage.look(&[]);
        let (line, _) = stage.wait(PATIENT, "cameras", |line| line["cameras"].is_array());
        let cameras = line["cameras"].as_array().expect("a list");
        let ours = cameras.iter().find(|camera| camera["name"] == "Door Eye").expect("listed");
        ids.push(ours["id"].as_str().expect("an id").to_owned());
    }
    assert_eq!(ids, ["usb:1d6b:0104:77", "usb:1d6b:0104:77", "usb:1d6b:0104@1-4"]);
}

#[test]
fn unplugged_and_plugged_in_again_under_another_number() {
    let mut stage = Stage::set(&[]);
    stage.look(&["usb:1d6b:0104:0001"]);
    stage.wait_state(PATIENT, "running");
    stage.change(&[("state", "unplugged")]);
    stage.wait_state(SOON, "lost");
    stage.change(&[("state", "ok"), ("index", "3")]);
    stage.wait_state(Duration::from_secs(4), "running");
    stage.wait_frames(SOON);
    // Pulled and put back before anybody could see that it was gone.
    stage.change(&[("plug", "1"), ("index", "1")]);
    stage.wait_state(SOON, "lost");
    stage.wait_state(Duration::from_secs(4), "running");
}

#[test]
fn no_camera_and_then_one() {
    let mut stage = Stage::set(&[("state", "unplugged")]);
    stage.look(&[]);
    stage.wait_state(SOON, "none");
    stage.change(&[("state", "ok")]);
    stage.wait_state(Duration::from_secs(4), "running");
}

#[test]
fn busy_and_denied_say_so_and_pass() {
    for fault in ["busy", "denied"] {
        let mut stage = Stage::set(&[("state", fault)]);
        stage.look(&[]);
        stage.wait_state(SOON, fault);
        stage.change(&[("state", "ok")]);
        stage.wait_state(Duration::from_secs(4), "running");
    }
}

#[test]
fn a_stall_is_silence_and_passes_short_or_long() {
    let mut stage = Stage::set(&[]);
    stage.look(&[]);
    for length in [2, 8] {
        stage.wait_state(PATIENT, "running");
        stage.wait_frames(SOON);
        stage.change(&[("state", "stalled")]);
        stage.wait_state(SOON + Duration::from_millis(200), "silent");
        std::thread::sleep(Duration::from_secs(length));
        stage.change(&[("state", "ok")]);
    }
    stage.wait_state(Duration::from_secs(4), "running");
    // And pulled in the middle of a stall.
    stage.change(&[("state", "stalled")]);
    stage.wait_state(SOON + Duration::from_millis(200), "silent");
    stage.change(&[("state", "unplugged")]);
    stage.wait_state(SOON, "lost");
    stage.change(&[("state", "ok")]);
    stage.wait_state(Duration::from_secs(4), "running");
}

#[test]
fn a_driver_that_hangs_holds_up_nobody() {
    let mut stage = Stage::set(&[("state", "hanging")]);
    stage.look(&[]);
    stage.wait_state(SOON + Duration::from_millis(300), "silent");
    stage.change(&[("state", "ok")]);
    stage.wait_state(Duration::from_secs(4), "running");
    stage.change(&[("state", "stalled")]);
    std::thread::sleep(Duration::from_millis(300));
    let (state, took) = stage.close();
    assert_eq!(state, "off");
    assert!(took < Duration::from_millis(50), "closing a stuck camera took {took:?}");
}

#[test]
fn frozen_and_black_pictures_are_no_pictures() {
    let mut stage = Stage::set(&[("formats", "YUYV")]);
    stage.look(&[]);
    for (state, fault) in [("frozen", "frozen"), ("black", "dark")] {
        stage.wait_state(PATIENT, "running");
        stage.wait_frames(SOON);
        stage.change(&[("state", state)]);
        stage.wait_state(SOON + Duration::from_millis(300), fault);
        stage.change(&[("state", "ok")]);
    }
    stage.wait_state(SOON, "running");
}

#[test]
fn frames_that_are_no_pictures() {
    let mut stage = Stage::set(&[("formats", "MJPG"), ("state", "garbage")]);
    stage.look(&[]);
    stage.wait(PATIENT, "broken or silent", |line| matches!(said(line), Some("broken" | "silent")));
    stage.change(&[("state", "ok")]);
    stage.wait_state(PATIENT, "running");
}

#[test]
fn another_format_after_plugging_in_another_camera() {
    let mut stage = Stage::set(&[("formats", "YUYV")]);
    stage.look(&[]);
    stage.wait_state(PATIENT, "running");
    stage.change(&[("plug", "9"), ("formats", "MJPG"), ("sizes", "640x480"), ("serial", "other")]);
    stage.wait_state(SOON, "lost");
    stage.wait_state(Duration::from_secs(4), "running");
    let (line, _) = stage.wait(SOON, "a small frame", |line| line["width"] == 640);
    assert_eq!(line["height"], 480);
}

#[test]
fn thirty_plug_cycles_leave_nothing_behind() {
    let mut stage = Stage::set(&[("sizes", "640x480")]);
    stage.look(&[]);
    stage.wait_state(PATIENT, "running");
    let held = |line: &serde_json::Value, what: &str| line["process"][what].as_u64().expect("a number");
    let mut before = stage.wait_frames(SOON);
    for cycle in 0..30u32 {
        let (plug, index) = (cycle.to_string(), (cycle % 7).to_string());
        stage.change(&[("plug", &format!("1{plug}")), ("index", &index)]);
        stage.wait_state(SOON, "lost");
        stage.wait_state(Duration::from_secs(4), "running");
        if cycle == 5 {
            before = stage.wait_frames(SOON);
        }
    }
    let after = stage.wait_frames(SOON);
    assert!(held(&after, "threads") <= held(&before, "threads") + 1, "{before} {after}");
    assert!(held(&after, "files") <= held(&before, "files") + 2, "{before} {after}");
    assert!(held(&after, "memory") <= held(&before, "memory") + 12_000, "{before} {after}");
}
