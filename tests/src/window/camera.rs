//! A camera made of a folder: whatever picture is in it is what the camera sees.

use std::path::Path;

use super::picture::Picture;

/// A folder of pictures for the shell's `--camera folder:`.
pub struct Camera {
    dir: tempfile::TempDir,
    shown: std::cell::Cell<u32>,
}

impl Camera {
    /// A camera in front of which nothing is held.
    ///
    /// # Panics
    /// When no folder can be made.
    #[must_use]
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder for pictures under the temporary ones");
        let camera = Self { dir, shown: std::cell::Cell::new(0) };
        camera.show_nothing();
        camera
    }

    /// Where the pictures are.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Holds a picture in front of the camera, in place of what was there.
    pub fn show(&self, picture: &Picture) {
        let number = self.shown.get() + 1;
        self.shown.set(number);
        let file = self.dir().join(format!("{number:04}.png"));
        picture.save(&file);
        // The new one first: a camera that sees nothing at all is a broken one.
        for entry in std::fs::read_dir(self.dir()).into_iter().flatten().flatten() {
            if entry.path() != file {
                std::fs::remove_file(entry.path()).ok();
            }
        }
    }

    /// Takes everything away from the camera: it looks at a wall.
    pub fn show_nothing(&self) {
        self.show(&Picture::of_a_wall());
    }
}

impl Default for Camera {
    fn default() -> Self {
        Self::new()
    }
}
