//! Pictures of the screen, and the QR code in them as somebody else's program reads it.

use std::path::Path;
use std::process::Command;

use image::{ImageFormat, RgbImage};

/// A picture of a page or of the whole screen.
pub struct Picture {
    png: Vec<u8>,
}

impl Picture {
    /// A wall with nothing on it.
    pub(crate) fn of_a_wall() -> Self {
        Self::draw(&RgbImage::from_pixel(640, 480, image::Rgb([120, 124, 120])))
            .expect("a small picture fits")
    }

    /// Reads the screen of an X server: the head says where the lines begin and how long they are.
    pub(crate) fn from_xwd(dump: &[u8]) -> Option<Self> {
        let number = |field: usize| {
            let bytes = dump.get(field * 4..field * 4 + 4)?;
            Some(u32::from_be_bytes(bytes.try_into().ok()?) as usize)
        };
        let (head, width, height) = (number(0)?, number(4)?, number(5)?);
        let (line, colours) = (number(12)?, number(19)?);
        let pixels = dump.get(head + colours * 12..)?;
        let mut picture = RgbImage::new(u32::try_from(width).ok()?, u32::try_from(height).ok()?);
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            let at = y as usize * line + x as usize * 4;
            let [blue, green, red, _] = *pixels.get(at..at + 4)? else { return None };
            pixel.0 = [red, green, blue];
        }
        Self::draw(&picture)
    }

    fn draw(picture: &RgbImage) -> Option<Self> {
        let mut png = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut png, ImageFormat::Png).ok()?;
        Some(Self { png: png.into_inner() })
    }

    /// The picture as a PNG file's bytes.
    #[must_use]
    pub fn png(&self) -> &[u8] {
        &self.png
    }

    /// Puts it into a file, in one move, so that nobody sees half of it.
    ///
    /// # Panics
    /// When the folder cannot be written to.
    pub fn save(&self, file: &Path) {
        let half = file.with_extension("part");
        std::fs::write(&half, &self.png).expect("a picture into a folder of ours");
        std::fs::rename(&half, file).expect("a new name in the same folder");
    }

    /// The text of the QR code in it, read by zbarimg.
    #[must_use]
    pub fn qr_text(&self) -> Option<String> {
        let dir = tempfile::tempdir().ok()?;
        let file = dir.path().join("picture.png");
        std::fs::write(&file, &self.png).ok()?;
        qr_text(&file)
    }
}

/// The text of the QR code in a picture file, read by zbarimg.
///
/// # Panics
/// When zbarimg is not installed.
#[must_use]
pub fn qr_text(file: &Path) -> Option<String> {
    let mut reader = Command::new("zbarimg");
    reader.args(["--quiet", "--raw", "--oneshot", "-Sdisable", "-Sqrcode.enable"]).arg(file);
    let output = reader.output().expect("zbarimg is on the list of packages");
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.trim_end_matches('\n').to_owned())
}
