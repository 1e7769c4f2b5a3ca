//! `scan`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;
use vestibule_domain::{Clock, SystemClock};
use vestibule_qr::Reading;

use crate::{General, answer};

/// Which pictures.
#[derive(Args)]
pub(crate) struct Scan {
    /// Picture files: PNG, JPEG, BMP, GIF, WebP.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// What one file holds.
#[derive(Serialize)]
struct Found {
    file: String,
    /// The first code's text; none where there is no code, or none with text.
    text: Option<String>,
    ms: f64,
    /// All texts, where a picture holds several codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    texts: Vec<String>,
    /// What is wrong with the file, or odd about the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl Scan {
    /// The rest of the files is read whatever is wrong with one; the exit code then says that something was.
    pub(crate) fn run(self, general: &General) -> ExitCode {
        let clock = SystemClock::new();
        let mut code = ExitCode::SUCCESS;
        for file in &self.files {
            let (found, readable) = look(file, &clock);
            if !readable {
                code = ExitCode::FAILURE;
            }
            answer(general, &found, |found| {
                let text = match (&found.text, &found.note) {
                    (Some(text), _) => text.escape_debug().to_string(),
                    (None, Some(note)) => format!("- ({note})"),
                    (None, None) => "-".to_owned(),
                };
                format!("{}: {text}", found.file)
            });
        }
        code
    }
}

fn look(file: &Path, clock: &SystemClock) -> (Found, bool) {
    let begun = clock.monotonic();
    let outcome = vestibule_qr::read_file(file);
    let ms = clock.monotonic().since(begun).as_secs_f64() * 1000.0;
    let mut found = Found { file: file.display().to_string(), text: None, ms, texts: Vec::new(), note: None };
    let readable = outcome.is_ok();
    match outcome {
        Err(error) => found.note = Some(error.to_string()),
        Ok(readings) => {
            let texts: Vec<String> = readings.iter().filter_map(words).collect();
            found.text = texts.first().cloned();
            if texts.is_empty() && !readings.is_empty() {
                found.note = Some("a code with binary content".to_owned());
            }
            if texts.len() > 1 {
                found.texts = texts;
            }
        }
    }
    (found, readable)
}

fn words(reading: &Reading) -> Option<String> {
    reading.text.words().map(str::to_owned)
}
