//! The transcript, written as the tour goes on, so that it also tells where a tour ended early.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use vestibule_journeys::window::Picture;

/// A folder with numbered pictures and `transcript.md`.
pub(crate) struct Journal {
    folder: PathBuf,
    text: String,
    pictures: u32,
}

impl Journal {
    /// Begins anew: pictures of an earlier tour would be mistaken for this one's.
    pub(crate) fn begin(folder: &Path, opened_after: Duration) -> Self {
        fs::create_dir_all(folder).expect("a folder for the tour");
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().extension().is_some_and(|kind| kind == "png") {
                fs::remove_file(entry.path()).expect("an old picture may be removed");
            }
        }
        let text =
            "# A tour of the lobby\n\nThe real window, driven as people would; pictures are of the page.\n";
        let mut journal = Self { folder: folder.to_owned(), text: text.to_owned(), pictures: 0 };
        journal.fact(&format!(
            "The window could be used {:.1} s after it was asked for.",
            opened_after.as_secs_f64()
        ));
        journal
    }

    /// A new part of the tour.
    pub(crate) fn part(&mut self, title: &str) {
        println!("\n   {title}");
        self.write(&format!("\n## {title}\n"));
    }

    /// Something that was seen.
    pub(crate) fn fact(&mut self, sentence: &str) {
        println!("     {sentence}");
        self.write(&format!("\n{sentence}\n"));
    }

    /// A numbered picture and what is to be seen on it.
    pub(crate) fn picture(&mut self, name: &str, sentence: &str, picture: &Picture) {
        self.pictures += 1;
        let file = format!("{:02}-{name}.png", self.pictures);
        picture.save(&self.folder.join(&file));
        println!("     {file}  {sentence}");
        self.write(&format!("\n{}. {sentence}\n\n![{name}]({file})\n", self.pictures));
    }

    /// The last line.
    pub(crate) fn finish(&mut self) {
        let pictures = self.pictures;
        self.fact(&format!("The end: {pictures} pictures."));
    }

    fn write(&mut self, more: &str) {
        self.text.write_str(more).expect("memory takes text");
        fs::write(self.folder.join("transcript.md"), &self.text).expect("the transcript may be written");
    }
}
