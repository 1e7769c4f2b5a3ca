//! Where a PIN comes from: a file, standard input, or chance. Never the command line, which every process can read.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use super::digits;
use crate::{Trouble, file};

/// The most characters the service takes.
const MOST: usize = 255;

/// Where the PIN comes from.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(super) struct Source {
    /// A file that holds the PIN and nothing else; `-` for standard input.
    #[arg(long, value_name = "FILE")]
    pin_file: Option<PathBuf>,
    /// Makes a PIN that is hard to guess, and shows it once. How many digits: 4 to 12, 6 when not given.
    #[arg(long, value_name = "DIGITS", num_args = 0..=1, default_missing_value = "6",
          value_parser = clap::value_parser!(u8).range(4..=12))]
    random: Option<u8>,
}

impl Source {
    /// The PIN, and whether it was made here.
    pub(super) fn pin(&self) -> Result<(String, bool), Trouble> {
        let Some(path) = &self.pin_file else {
            let pin = digits::random(usize::from(self.random.unwrap_or(6)));
            return Ok((pin.ok_or_else(|| Trouble("the system gives no random numbers".to_owned()))?, true));
        };
        let pin = read(path)?;
        if digits::is_weak(&pin) {
            eprintln!("vestibulectl: this PIN is easily guessed; --random makes a better one");
        }
        Ok((pin, false))
    }
}

fn read(path: &Path) -> Result<String, Trouble> {
    let wrong = |what: &str| Trouble(format!("--pin-file: {}: {what}", path.display()));
    // More than the service takes is read, so that too long is told from just right.
    let limit = 4 * (MOST as u64 + 2);
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().lock().take(limit).read_to_string(&mut text)
    } else {
        let open = std::fs::File::open(path).map_err(file::trouble(path))?;
        if file::others_read(&open) {
            eprintln!("vestibulectl: {}: others on this PC can read it", path.display());
        }
        open.take(limit).read_to_string(&mut text)
    };
    read.map_err(|_| wrong("cannot be read as text"))?;
    let pin = text.trim_start_matches('\u{feff}').trim();
    match pin.chars().count() {
        0 => Err(wrong("is empty")),
        long if long > MOST => Err(wrong("holds more than 255 characters")),
        _ if pin.chars().any(|letter| letter.is_whitespace() || letter.is_control()) => {
            Err(wrong("must hold one PIN and nothing else"))
        }
        _ => Ok(pin.to_owned()),
    }
}
