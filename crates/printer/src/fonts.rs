//! The fonts of the system, and text as dots.

use cosmic_text::{
    Align, Attrs, Buffer, Color, Ellipsize, EllipsizeHeightLimit, Family, FontSystem, Metrics, Shaping,
    SwashCache, Weight, Wrap, fontdb,
};
use image::{GrayImage, Luma};

use crate::picture::{BLACK, WHITE};

/// The families that are tried first, the best known of each system.
const FAMILIES: [&str; 10] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "SimHei",
    "Noto Sans",
    "DejaVu Sans",
];
/// How dark a dot has to be to become black.
const HALF: u8 = 110;
/// The height of a line, in sizes of its letters.
const LINE: f32 = 1.3;

/// How text is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    /// The size of its letters, in dots.
    pub(crate) size: f32,
    /// Whether it is bold.
    pub(crate) bold: bool,
    /// The number of lines it gets; what is longer ends in an ellipsis.
    pub(crate) lines: u16,
}

/// The fonts of the system.
pub(crate) struct Fonts {
    system: FontSystem,
    glyphs: SwashCache,
}

impl Fonts {
    /// Looks the fonts of the system up, which takes a moment.
    pub(crate) fn of_the_system() -> Self {
        let mut found = fontdb::Database::new();
        found.load_system_fonts();
        Self::of(found)
    }

    fn of(mut found: fontdb::Database) -> Self {
        let is_there =
            |name: &str| found.faces().any(|face| face.families.iter().any(|(family, _)| family == name));
        if let Some(family) = FAMILIES.into_iter().find(|family| is_there(family)) {
            found.set_sans_serif_family(family);
        }
        let system = FontSystem::new_with_locale_and_db("zh-CN".to_owned(), found);
        Self { system, glyphs: SwashCache::new() }
    }

    /// Whether every letter of a text can be written.
    pub(crate) fn can_write(&mut self, text: &str) -> bool {
        if self.system.db().is_empty() {
            return false;
        }
        let set = self.set(text, Style { size: 20.0, bold: false, lines: 99 }, 10_000);
        set.layout_runs().all(|run| run.glyphs.iter().all(|glyph| glyph.glyph_id != 0))
    }

    /// Text in the middle of a strip of that width, and as high as it needs.
    pub(crate) fn write(&mut self, text: &str, style: Style, width: u32) -> GrayImage {
        let mut set = self.set(text, style, width);
        let lines = set.layout_runs().count();
        // Marks above and below a letter may reach out of its line.
        let rim = (style.size / 4.0).ceil() as i32;
        let height = (style.size * LINE * lines as f32).ceil() as i32 + 2 * rim;
        let mut strip = GrayImage::from_pixel(width, u32::try_from(height).unwrap_or(1), Luma([WHITE]));
        let black = Color::rgb(0, 0, 0);
        set.draw(&mut self.system, &mut self.glyphs, black, |x, y, _, _, color| {
            let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y + rim)) else { return };
            if color.a() >= HALF && x < strip.width() && y < strip.height() {
                strip.put_pixel(x, y, Luma([BLACK]));
            }
        });
        strip
    }

    fn set(&mut self, text: &str, style: Style, width: u32) -> Buffer {
        let mut buffer = Buffer::new(&mut self.system, Metrics::relative(style.size, LINE));
        let weight = if style.bold { Weight::BOLD } else { Weight::MEDIUM };
        let attributes = Attrs::new().family(Family::SansSerif).weight(weight);
        buffer.set_wrap(Wrap::WordOrGlyph);
        buffer.set_ellipsize(Ellipsize::End(EllipsizeHeightLimit::Lines(usize::from(style.lines))));
        buffer.set_size(Some(width as f32), None);
        buffer.set_text(text, &attributes, Shaping::Advanced, Some(Align::Center));
        buffer.shape_until_scroll(&mut self.system, false);
        buffer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;
    use vestibule_domain::Language;

    #[test]
    fn where_no_font_knows_a_language_it_is_said() {
        let all = Words::of(Language::Chinese).all();
        assert!(!Fonts::of(fontdb::Database::new()).can_write(&all));
        assert!(Fonts::of_the_system().can_write(&all));
        let mut latin = fontdb::Database::new();
        latin.load_fonts_dir("/usr/share/fonts/truetype/dejavu");
        let mut latin = Fonts::of(latin);
        assert!(latin.can_write(&Words::of(Language::English).all()) && !latin.can_write(&all));
    }
}
