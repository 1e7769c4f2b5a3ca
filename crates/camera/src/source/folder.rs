//! The pictures in a folder as a camera.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use image::ImageReader;

use crate::choice::Settings;
use crate::frame::Shot;
use crate::pixels::{Layout, Luma, Raw};
use crate::source::Source;
use crate::state::CameraFault;

const ENDINGS: [&str; 6] = ["png", "jpg", "jpeg", "bmp", "gif", "webp"];

/// What tells one version of a picture from the next.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Version {
    path: PathBuf,
    changed: Option<SystemTime>,
    length: u64,
}

/// A folder that is looked through, over and over.
pub(crate) struct Folder {
    name: String,
    path: PathBuf,
    pause: Duration,
    /// Frames that each picture stays.
    stay: u32,
    stayed: u32,
    shown: Option<(Version, Raw, Luma)>,
}

impl Folder {
    pub(crate) fn open(path: &Path, settings: &Settings) -> Result<Self, CameraFault> {
        if !path.is_dir() {
            return Err(CameraFault::None);
        }
        let name = path.file_name().map_or_else(|| "/".into(), |name| name.to_string_lossy().into_owned());
        let pause = Duration::from_secs(1) / settings.fps.clamp(1, 240);
        let stay = (settings.dwell.as_nanos() / pause.as_nanos().max(1)).clamp(1, 1_000_000) as u32;
        Ok(Self { name, path: path.to_owned(), pause, stay, stayed: 0, shown: None })
    }

    fn versions(&self) -> Vec<Version> {
        let mut versions: Vec<Version> = fs::read_dir(&self.path)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| {
                let path = entry.path();
                let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
                ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
            })
            .filter_map(|entry| {
                let facts = entry.metadata().ok().filter(fs::Metadata::is_file)?;
                Some(Version { path: entry.path(), changed: facts.modified().ok(), length: facts.len() })
            })
            .collect();
        versions.sort_by(|a, b| a.path.cmp(&b.path));
        versions
    }

    /// The next picture by name after the one that is shown, round to the first; broken ones are passed over.
    fn advance(&mut self) -> Result<(), CameraFault> {
        let versions = self.versions();
        let after = match &self.shown {
            Some((shown, ..)) => versions.iter().position(|v| v.path > shown.path).unwrap_or(0),
            None => 0,
        };
        let (before, from) = versions.split_at(after.min(versions.len()));
        for version in from.iter().chain(before) {
            if self.shown.as_ref().is_some_and(|(shown, ..)| shown == version) {
                return Ok(());
            }
            if let Some((raw, luma)) = load(&version.path) {
                self.shown = Some((version.clone(), raw, luma));
                return Ok(());
            }
        }
        self.shown = None;
        Err(CameraFault::Silent)
    }
}

impl Source for Folder {
    fn name(&self) -> &str {
        &self.name
    }

    fn next(&mut self) -> Result<Shot, CameraFault> {
        sleep(self.pause);
        if self.shown.is_none() || self.stayed >= self.stay {
            self.advance()?;
            self.stayed = 0;
        }
        self.stayed += 1;
        let (_, raw, luma) = self.shown.as_ref().ok_or(CameraFault::Silent)?;
        Ok(Shot {
            luma: Luma { width: luma.width, height: luma.height, pixels: luma.pixels.clone() },
            colour: Some(raw.clone()),
        })
    }

    fn can_freeze(&self) -> bool {
        false
    }
}

fn load(path: &Path) -> Option<(Raw, Luma)> {
    let mut reader = ImageReader::open(path).ok()?.with_guessed_format().ok()?;
    let mut limits = image::Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(8192), Some(8192));
    reader.limits(limits);
    let picture = reader.decode().ok()?.into_rgb8();
    let raw = Raw {
        layout: Layout::Rgb,
        width: picture.width() as usize,
        height: picture.height() as usize,
        bytes: picture.into_raw().into(),
    };
    let luma = raw.luma()?;
    Some((raw, luma))
}
