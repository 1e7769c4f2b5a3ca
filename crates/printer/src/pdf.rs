//! A page of the picture's size, for printers of the system.

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref};

use crate::picture::{DOTS_PER_MM, Picture};

/// Points of PDF in a dot.
const POINTS: f32 = 72.0 / (25.4 * DOTS_PER_MM as f32);
const PICTURE: Name<'static> = Name(b"Picture");

/// The picture as a document of one page, each dot as large as a receipt printer's.
pub(crate) fn document(picture: &Picture) -> Vec<u8> {
    let (width, height) = (picture.width() as f32 * POINTS, picture.height() as f32 * POINTS);
    let (catalog, pages, page, image, content) =
        (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4), Ref::new(5));
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    let mut sheet = pdf.page(page);
    sheet.parent(pages).media_box(Rect::new(0.0, 0.0, width, height)).contents(content);
    sheet.resources().x_objects().pair(PICTURE, image);
    sheet.finish();
    // In a document a bit that is set is white.
    let bits: Vec<u8> = picture.rows().flatten().map(|byte| !byte).collect();
    let mut dots = pdf.image_xobject(image, &bits);
    dots.width(i32::try_from(picture.width()).unwrap_or(i32::MAX));
    dots.height(i32::try_from(picture.height()).unwrap_or(i32::MAX));
    dots.color_space().device_gray();
    dots.bits_per_component(1);
    dots.finish();
    let mut drawing = Content::new();
    drawing.save_state().transform([width, 0.0, 0.0, height, 0.0, 0.0]).x_object(PICTURE).restore_state();
    pdf.stream(content, &drawing.finish());
    pdf.finish()
}
