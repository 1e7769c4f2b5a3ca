//! Work is done again only when what it was made from has changed.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::failed::Failed;
use crate::tree;

/// The fingerprint of what a piece of work was made from.
#[must_use]
pub(crate) struct Stamp {
    file: PathBuf,
    print: String,
}

impl Stamp {
    /// Of files, and of folders with everything in them, but for names to be passed over.
    pub(crate) fn of(work: &str, sources: &[PathBuf], pass_over: &[&str]) -> Result<Self, Failed> {
        let mut hasher = DefaultHasher::new();
        let mut files = Vec::new();
        for source in sources {
            gather(source, pass_over, &mut files)?;
        }
        files.sort();
        for file in files {
            file.hash(&mut hasher);
            fs::read(&file)?.hash(&mut hasher);
        }
        let file = tree::notes().join(format!("{work}.stamp"));
        Ok(Self { file, print: format!("{:016x}", hasher.finish()) })
    }

    /// Whether the work was done for exactly these sources.
    pub(crate) fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|known| known == self.print)
    }

    /// To be called when the work is done.
    pub(crate) fn set(&self) -> Result<(), Failed> {
        fs::create_dir_all(tree::notes())?;
        Ok(fs::write(&self.file, &self.print)?)
    }
}

fn gather(path: &Path, pass_over: &[&str], files: &mut Vec<PathBuf>) -> Result<(), Failed> {
    let name = path.file_name().unwrap_or_default();
    if pass_over.iter().any(|passed| name == *passed) {
        return Ok(());
    }
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            gather(&entry?.path(), pass_over, files)?;
        }
    } else if path.exists() {
        files.push(path.to_path_buf());
    }
    Ok(())
}
