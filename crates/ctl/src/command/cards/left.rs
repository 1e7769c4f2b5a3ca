//! The file of what was not taken: written row by row, so that it is there however the program ends.

use std::fs::File;
use std::path::{Path, PathBuf};

use vestibule_gateway::endpoint::answer::CardRight;

use crate::table::write::Writer;
use crate::{Trouble, file};

/// The file of what was not taken.
pub(super) struct Left {
    path: PathBuf,
    part: PathBuf,
    writer: Writer<File>,
    rows: usize,
}

impl Left {
    /// Begins it, before anything is sent: a place that cannot be written to is no surprise afterwards.
    pub(super) fn begin(path: &Path, source: &Path) -> Result<Self, Trouble> {
        let same =
            |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
        if same(path, source) {
            return Err(Trouble(format!("--failed: {} is the file that is imported", path.display())));
        }
        let part = file::unfinished(path);
        let fail = file::trouble(&part);
        let mut writer = file::replace(&part).and_then(Writer::begin).map_err(&fail)?;
        writer.flush().map_err(fail)?;
        Ok(Self { path: path.to_owned(), part, writer, rows: 0 })
    }

    /// One more row.
    pub(super) fn write(&mut self, right: &CardRight) -> Result<(), Trouble> {
        self.rows += 1;
        self.writer.write(right).map_err(file::trouble(&self.part))
    }

    /// Gives it its name; without any row there is no file, also none of an earlier run.
    pub(super) fn end(mut self) -> Result<Option<String>, Trouble> {
        self.writer.flush().map_err(file::trouble(&self.part))?;
        drop(self.writer);
        let fail = file::trouble(&self.path);
        if self.rows > 0 {
            std::fs::rename(&self.part, &self.path).map_err(fail)?;
            return Ok(Some(self.path.display().to_string()));
        }
        std::fs::remove_file(&self.part).map_err(file::trouble(&self.part))?;
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(fail(error)),
            _ => Ok(None),
        }
    }
}
