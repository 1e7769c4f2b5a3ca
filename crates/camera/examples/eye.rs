//! Opens an eye and says what it sees, a line of JSON each: for a person at a terminal, and for the tests, which
//! start it with a camera of their own preloaded. Ends when its input does.
//!
//! `eye device [ID]` · `eye folder PATH`, with `--save FILE` to keep the latest luma as a PNG and
//! `--preview FILE` to keep the latest preview.
#![allow(clippy::print_stdout, reason = "a program with a terminal")]

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use vestibule_camera::{CameraId, Choice, Eye, Frame, Next, list};
use vestibule_domain::{Clock, SystemClock};

fn main() {
    let mut words = std::env::args().skip(1);
    let (kind, mut place) = (words.next(), None);
    let (mut save, mut preview) = (None, None);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--save" => save = words.next().map(PathBuf::from),
            "--preview" => preview = words.next().map(PathBuf::from),
            _ => place = Some(word),
        }
    }
    let choice = match kind.as_deref() {
        Some("folder") => Choice::Folder { path: place.unwrap_or_else(|| ".".to_owned()).into() },
        _ => Choice::Device { id: place.map(CameraId) },
    };
    let clock = Arc::new(SystemClock::new());
    let ended = std::thread::spawn(|| std::io::stdin().read_to_end(&mut Vec::new()));
    say(&json!({ "cameras": list() }));

    let eye = Eye::open(choice, Arc::clone(&clock) as Arc<dyn Clock>);
    let (mut changes, mut frames) = (eye.changes(), eye.frames());
    let (mut count, mut told) = (0u64, clock.monotonic());
    while !ended.is_finished() {
        while let Next::Came(state) = changes.next(Duration::ZERO) {
            say(&json!({ "state": state, "at": clock.monotonic().0.as_millis() }));
        }
        if let Next::Came(frame) = frames.next(Duration::from_millis(20)) {
            count += 1;
            if clock.monotonic().since(told) > Duration::from_millis(100) {
                told = clock.monotonic();
                keep(&frame, save.as_deref(), preview.as_deref());
                say(&json!({
                    "frames": count, "sequence": frame.sequence(),
                    "width": frame.width(), "height": frame.height(),
                    "at": frame.at().0.as_millis(), "process": process(),
                }));
            }
        }
    }
    let before = clock.monotonic();
    drop(eye);
    let took = clock.monotonic().since(before);
    let mut last = None;
    while let Next::Came(state) = changes.next(Duration::ZERO) {
        last = Some(state);
    }
    say(&json!({ "closed": took.as_micros(), "state": last }));
}

fn say(line: &Value) {
    println!("{line}");
    std::io::stdout().flush().unwrap_or_default();
}

/// Writes files whole: whoever reads them never sees a half.
fn keep(frame: &Frame, save: Option<&Path>, preview: Option<&Path>) {
    let put = |path: &Path, bytes: &[u8]| {
        let next = path.with_extension("next");
        std::fs::write(&next, bytes).and_then(|()| std::fs::rename(&next, path)).unwrap_or_default();
    };
    if let Some(path) = save {
        let (width, height) = (frame.width() as u32, frame.height() as u32);
        let mut png = std::io::Cursor::new(Vec::new());
        let luma = image::GrayImage::from_raw(width, height, frame.luma().to_vec()).unwrap_or_default();
        luma.write_to(&mut png, image::ImageFormat::Png).unwrap_or_default();
        put(path, png.get_ref());
    }
    if let Some(path) = preview {
        put(path, &frame.preview_jpeg(640));
    }
}

/// What the process holds: memory in kB, threads, descriptors.
fn process() -> Value {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let number = |name: &str| -> Option<u64> {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    let files = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    json!({ "memory": number("VmRSS:"), "threads": number("Threads:"), "files": files })
}
