//! What is looked at.

use std::path::Path;

use vestibule_qr::LumaFrame;
use vestibule_qr::model::{Pose, SIZES, Trouble, nobody};

/// A picture and what is true of it.
pub(crate) struct Picture {
    pub(crate) name: String,
    pub(crate) groups: Vec<String>,
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) luma: Vec<u8>,
    /// The texts that count as right; none when there is no code.
    pub(crate) texts: Vec<String>,
    /// There is a code, and its text is not known.
    pub(crate) any: bool,
}

impl Picture {
    pub(crate) fn has_code(&self) -> bool {
        self.any || !self.texts.is_empty()
    }

    pub(crate) fn frame(&self) -> LumaFrame<'_> {
        LumaFrame::new(self.width, self.height, self.width, &self.luma).unwrap()
    }
}

/// A folder with a `truth.jsonl`.
pub(crate) fn folder(folder: &Path) -> Vec<Picture> {
    let truth = std::fs::read_to_string(folder.join("truth.jsonl")).expect("truth.jsonl");
    truth
        .lines()
        .filter_map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).ok()?;
            let name = line["file"].as_str()?.to_owned();
            let picture = image::open(folder.join(&name)).ok()?.into_luma8();
            Some(Picture {
                groups: vec![line["set"].as_str().unwrap_or("").to_owned()],
                width: picture.width() as usize,
                height: picture.height() as usize,
                luma: picture.into_raw(),
                // A code whose text nobody wrote down: any text counts.
                any: line["text"].is_null(),
                texts: line["text"]
                    .as_array()
                    .map(|texts| texts.iter().filter_map(|t| t.as_str().map(str::to_owned)).collect())
                    .unwrap_or_default(),
                name,
            })
        })
        .collect()
}

/// Our own model: every trouble at every severity in every size, so many times; and empty rooms.
pub(crate) fn model(seeds: u64) -> Vec<Picture> {
    let mut pictures = Vec::new();
    for seed in 0..seeds {
        for (t, trouble) in Trouble::ALL.into_iter().enumerate() {
            for severity in 1..=5u8 {
                for (s, size) in SIZES.into_iter().enumerate() {
                    let unique = seed * 10_000 + t as u64 * 100 + u64::from(severity) * 10 + s as u64;
                    let pose = Pose { seed: unique, trouble, severity, size };
                    let canvas = pose.frame(0);
                    pictures.push(Picture {
                        name: format!("{trouble:?}-{severity}-{}-{seed}", size.1),
                        groups: vec![
                            format!("severity {severity}"),
                            format!("size {:>4}", size.1),
                            format!("{trouble:?}"),
                        ],
                        width: canvas.width,
                        height: canvas.height,
                        luma: canvas.luma(),
                        texts: vec![pose.code()],
                        any: false,
                    });
                }
            }
        }
        for empty in 0..6 {
            let canvas = nobody(seed * 100 + empty, (1280, 720), 0);
            pictures.push(Picture {
                name: format!("nobody-{seed}-{empty}"),
                groups: Vec::new(),
                width: canvas.width,
                height: canvas.height,
                luma: canvas.luma(),
                texts: Vec::new(),
                any: false,
            });
        }
    }
    pictures
}
