//! A child process with a camera of ours.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use image::{GrayImage, Luma};
use serde_json::Value;
use tempfile::TempDir;

/// The code on the picture that the camera sees.
pub(crate) const CODE: &str = "A1B2C3D4E5F6G7H8";

/// A camera, and a program that looks through it.
pub(crate) struct Stage {
    folder: TempDir,
    settings: Vec<(String, String)>,
    child: Option<Child>,
    lines: Option<Receiver<Value>>,
}

impl Stage {
    /// A camera that shows a code and is set up like this; nobody looks yet.
    pub(crate) fn set(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let picture = folder.path().join("pass.png");
        code_picture().save(&picture).expect("saved");
        let mut stage = Self { folder, settings: Vec::new(), child: None, lines: None };
        stage.settings.push(("picture".to_owned(), picture.to_string_lossy().into_owned()));
        stage.change(settings);
        stage
    }

    /// Changes the camera's settings, all at once.
    pub(crate) fn change(&mut self, settings: &[(&str, &str)]) {
        for (key, value) in settings {
            self.settings.retain(|(other, _)| other != key);
            self.settings.push(((*key).to_owned(), (*value).to_owned()));
        }
        let text: String = self.settings.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
        let next = self.path("control.next");
        fs::write(&next, text).and_then(|()| fs::rename(&next, self.path("control"))).expect("written");
    }

    /// A file of this stage.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Opens the eye, in a process of its own.
    pub(crate) fn look(&mut self, words: &[&str]) {
        let target = target_folder();
        let eye = target.join("examples/eye");
        assert!(eye.exists(), "{} is not there: cargo builds examples with the tests", eye.display());
        let mut child = Command::new(eye)
            .arg("device")
            .args(words)
            .arg("--save")
            .arg(self.path("luma.png"))
            .arg("--preview")
            .arg(self.path("preview.jpg"))
            .env("LD_PRELOAD", fake_camera(&target))
            .env("VESTIBULE_FAKE_CAMERA", self.path("control"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("started");
        let output = child.stdout.take().expect("piped");
        let (send, receive) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let value = serde_json::from_str(&line).unwrap_or(Value::Null);
                if send.send(value).is_err() {
                    return;
                }
            }
        });
        (self.child, self.lines) = (Some(child), Some(receive));
    }

    /// The first line that `wanted` likes, within this time; how long it took.
    pub(crate) fn wait(
        &self,
        within: Duration,
        what: &str,
        mut wanted: impl FnMut(&Value) -> bool,
    ) -> (Value, Duration) {
        let started = Instant::now();
        let lines = self.lines.as_ref().expect("somebody looks");
        let mut seen = Vec::new();
        loop {
            let left = within.saturating_sub(started.elapsed());
            match lines.recv_timeout(left) {
                Ok(line) if wanted(&line) => return (line, started.elapsed()),
                Ok(line) => seen.push(line),
                Err(_) => {
                    let tail = &seen[seen.len().saturating_sub(6)..];
                    panic!("not within {within:?}: {what}; the last lines were {tail:#?}");
                }
            }
        }
    }

    /// Waits for a state; how long it took.
    pub(crate) fn wait_state(&self, within: Duration, state: &str) -> Duration {
        self.wait(within, state, |line| said(line) == Some(state)).1
    }

    /// Waits for a report on frames.
    pub(crate) fn wait_frames(&self, within: Duration) -> Value {
        self.wait(within, "frames", |line| line["frames"].is_u64()).0
    }

    /// Closes the eye; the state it said last and the time it took to close.
    pub(crate) fn close(&mut self) -> (String, Duration) {
        drop(self.child.as_mut().expect("somebody looks").stdin.take());
        let (line, _) = self.wait(Duration::from_secs(5), "closed", |line| line["closed"].is_u64());
        let took = Duration::from_micros(line["closed"].as_u64().expect("a number"));
        (line["state"]["state"].as_str().unwrap_or("none").to_owned(), took)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop((child.kill(), child.wait()));
        }
    }
}

/// `running`, or the fault.
pub(crate) fn said(line: &Value) -> Option<&str> {
    let state = &line["state"];
    state["fault"].as_str().or_else(|| state["state"].as_str())
}

/// The text in a picture, by a decoder that is not the product's.
pub(crate) fn text_in(path: &Path) -> Option<String> {
    let picture = image::open(path).ok()?.into_luma8();
    let mut prepared = rqrr::PreparedImage::prepare(picture);
    prepared.detect_grids().first()?.decode().ok().map(|(_, text)| text)
}

/// A white card with the code, on a darker ground.
fn code_picture() -> GrayImage {
    let code = qrcode::QrCode::new(CODE).expect("drawn");
    let side = code.width() as u32;
    let colors = code.to_colors();
    GrayImage::from_fn(640, 360, |x, y| {
        let (x, y) = (x as i32 - 200, y as i32 - 60);
        if !(0..240).contains(&x) || !(0..240).contains(&y) {
            return Luma([90]);
        }
        let (x, y) = ((x / 8 - 4) as u32, (y / 8 - 4) as u32);
        let dark = x < side && y < side && colors[(y * side + x) as usize] == qrcode::Color::Dark;
        Luma([if dark { 25 } else { 235 }])
    })
}

/// `target/debug`, of whichever target this test was built into.
fn target_folder() -> PathBuf {
    let this = std::env::current_exe().expect("a path");
    this.ancestors().nth(2).expect("target/debug/deps/it").to_owned()
}

/// The library, built when it is not there or older than its source. `VESTIBULE_FAKE_CAMERA_SO` names another.
fn fake_camera(target: &Path) -> PathBuf {
    if let Some(path) = std::env::var_os("VESTIBULE_FAKE_CAMERA_SO") {
        return path.into();
    }
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--package", "vestibule-fake-camera", "--target-dir"]);
    build.arg(target.parent().expect("target")).current_dir(env!("CARGO_MANIFEST_DIR"));
    if target.ends_with("release") {
        build.arg("--release");
    }
    let status = build.env_remove("LD_PRELOAD").status().expect("cargo runs");
    assert!(status.success(), "cargo build -p vestibule-fake-camera failed");
    target.join("libvestibule_fake_camera.so")
}
