//! The picture of a receipt: strips one below the other, so that nothing lies on anything else.

use image::{GrayImage, Luma, imageops};
use vestibule_domain::receipt::{PrintFault, Receipt};
use vestibule_domain::{Language, UtcMillis, Zone};

use crate::fonts::{Fonts, Style};
use crate::picture::{BLACK, DOTS_PER_MM, Picture, WHITE};
use crate::words::{self, Words};

/// The code itself is at least this wide, in millimetres: readers at doors see it well from 30 on.
const CODE_MM: u32 = 34;
/// What is left free on both sides, in dots.
const MARGIN: u32 = 8;

/// The picture of a receipt.
pub(crate) fn receipt(receipt: &Receipt, dots: u32, fonts: &mut Fonts) -> Result<Picture, PrintFault> {
    let words = Words::of(receipt.language);
    let mut page = Page::new(words, dots, fonts)?;
    page.text(&format!("{} · {}", receipt.site, words.title), small(2));
    page.rule();
    if let Some(name) = &receipt.name {
        page.text(name, Style { size: 58.0, bold: true, lines: 3 });
    }
    if let Some(host) = &receipt.host {
        page.text(&format!("{}{host}", words.visiting), Style { size: 32.0, bold: false, lines: 2 });
    }
    page.code(receipt.code.reveal())?;
    page.text(words.short_code, small(1));
    page.text(&receipt.short_code, Style { size: 48.0, bold: true, lines: 1 });
    page.rule();
    let window = words::window(receipt.window, &receipt.zone, receipt.language);
    page.text(&window, Style { size: 40.0, bold: true, lines: 4 });
    page.text(
        &format!("{}{}", words.doors, receipt.doors.join(words.between)),
        Style { lines: 6, ..small(6) },
    );
    page.rule();
    page.text(words.next, small(6));
    Ok(page.done())
}

/// A page that shows whether a printer prints what a receipt needs.
pub(crate) fn test_page(
    (site, at, zone): (&str, UtcMillis, &Zone),
    language: Language,
    dots: u32,
    fonts: &mut Fonts,
) -> Result<Picture, PrintFault> {
    let words = Words::of(language);
    let mut page = Page::new(words, dots, fonts)?;
    page.frame();
    page.text(site, Style { size: 44.0, bold: true, lines: 2 });
    page.text(&words::moment(at, zone, language), small(1));
    page.code("VESTIBULE-TEST-PAGE")?;
    page.text(words.test, small(6));
    page.frame();
    Ok(page.done())
}

fn small(lines: u16) -> Style {
    Style { size: 28.0, bold: false, lines }
}

struct Page<'a> {
    fonts: &'a mut Fonts,
    dots: u32,
    strips: Vec<GrayImage>,
}

impl<'a> Page<'a> {
    fn new(words: &Words, dots: u32, fonts: &'a mut Fonts) -> Result<Self, PrintFault> {
        if !fonts.can_write(&words.all()) {
            return Err(PrintFault::NoFont);
        }
        Ok(Self { fonts, dots, strips: Vec::new() })
    }

    fn text(&mut self, text: &str, style: Style) {
        let strip = self.fonts.write(text, style, self.dots - 2 * MARGIN);
        self.strips.push(strip);
    }

    /// A code, with its quiet zone.
    fn code(&mut self, text: &str) -> Result<(), PrintFault> {
        let smallest = drawn(text, 1)?;
        let quiet = 8;
        let modules = smallest.width() - quiet;
        let most = (self.dots / smallest.width()).max(1);
        let scale = (CODE_MM * DOTS_PER_MM).div_ceil(modules).min(most);
        self.strips.push(drawn(text, scale)?);
        Ok(())
    }

    fn rule(&mut self) {
        let mut strip = GrayImage::from_pixel(self.dots - 2 * MARGIN, 20, Luma([WHITE]));
        for y in 9..12 {
            for x in 0..strip.width() {
                strip.put_pixel(x, y, Luma([BLACK]));
            }
        }
        self.strips.push(strip);
    }

    /// A bar from the first dot of the line to the last.
    fn frame(&mut self) {
        self.strips.push(GrayImage::from_pixel(self.dots, 6, Luma([BLACK])));
    }

    fn done(self) -> Picture {
        let height = self.strips.iter().map(GrayImage::height).sum();
        let mut page = GrayImage::from_pixel(self.dots, height, Luma([WHITE]));
        let mut top = 0;
        for strip in self.strips {
            let left = (self.dots - strip.width()) / 2;
            imageops::replace(&mut page, &strip, i64::from(left), top);
            top += i64::from(strip.height());
        }
        Picture(page)
    }
}

fn drawn(text: &str, scale: u32) -> Result<GrayImage, PrintFault> {
    let png = vestibule_qr::draw::png(text, scale).map_err(|error| {
        tracing::error!(%error, "a code could not be drawn");
        PrintFault::Undrawn
    })?;
    Ok(image::load_from_memory(&png).map_err(|_| PrintFault::Undrawn)?.into_luma8())
}
