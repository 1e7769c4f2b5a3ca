//! Decoders in other processes. They are given the same luma, as PNG files, and asked for a line a picture.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Column;
use crate::pictures::Picture;

fn save(pictures: &[Picture]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().expect("a folder");
    let paths = pictures
        .iter()
        .enumerate()
        .map(|(i, picture)| {
            let path = folder.path().join(format!("{i}.png"));
            let (width, height) = (picture.width as u32, picture.height as u32);
            let luma = image::GrayImage::from_raw(width, height, picture.luma.clone()).unwrap();
            luma.save(&path).expect("saved");
            path
        })
        .collect();
    (folder, paths)
}

/// zbar, one process a picture; the time includes starting it and loading the picture.
pub(crate) fn zbar(pictures: &[Picture]) -> Option<Column> {
    Command::new("zbarimg").arg("--version").output().ok()?;
    let (_folder, paths) = save(pictures);
    let answers = paths
        .iter()
        .map(|path| {
            let started = Instant::now();
            let output = Command::new("zbarimg")
                .args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", "-Stest-inverted"])
                .arg(path)
                .output();
            let took = started.elapsed();
            let text = output.map(|o| String::from_utf8_lossy(&o.stdout).into_owned()).unwrap_or_default();
            // Several codes are several lines, and a code may have lines of its own.
            let whole = text.strip_suffix('\n').unwrap_or(&text).to_owned();
            let mut texts: Vec<String> = whole.lines().map(str::to_owned).collect();
            if !whole.is_empty() {
                texts.push(whole);
            }
            (texts, took)
        })
        .collect();
    Some(Column { name: "zbar".to_owned(), answers })
}

const SCRIPT: &str = r#"
import sys, json, time, zxingcpp
from PIL import Image
import numpy
for path in sys.stdin.read().split("\n"):
    picture = numpy.asarray(Image.open(path).convert("L"))
    start = time.perf_counter()
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    took = time.perf_counter() - start
    print(json.dumps({"texts": [f.text for f in found], "s": took}), flush=True)
"#;

/// zxing-cpp in its default mode.
pub(crate) fn zxing_cpp(python: &str, pictures: &[Picture]) -> Option<Column> {
    use std::io::Write;
    let (_folder, paths) = save(pictures);
    let mut child = Command::new(python)
        .args(["-c", SCRIPT])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .ok()?;
    let list: Vec<String> = paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    child.stdin.take()?.write_all(list.join("\n").as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    let answers: Vec<_> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).ok()?;
            let texts =
                line["texts"].as_array()?.iter().filter_map(|t| t.as_str().map(str::to_owned)).collect();
            Some((texts, Duration::from_secs_f64(line["s"].as_f64()?)))
        })
        .collect();
    (answers.len() == pictures.len()).then(|| Column { name: "zxing-cpp".to_owned(), answers })
}
