//! Files that are no pictures, and pictures that hold nothing.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use vestibule_qr::{FrameError, LumaFrame, PictureError, Reader, draw, read_bytes, read_file};

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encoded");
    bytes.into_inner()
}

fn gray(width: u32, height: u32) -> DynamicImage {
    GrayImage::from_pixel(width, height, Luma([128])).into()
}

#[test]
fn what_is_no_picture_says_so() {
    assert!(matches!(read_bytes(b""), Err(PictureError::Empty)));
    assert!(matches!(read_bytes(b"dear sir or madam"), Err(PictureError::NoPicture)));
    assert!(matches!(read_bytes(b"%PDF-1.7\n%\xe2\xe3"), Err(PictureError::NoPicture)));
    assert!(matches!(read_bytes(&[0; 4096]), Err(PictureError::NoPicture)));
    let missing = read_file(std::path::Path::new("/nonexistent/picture.png"));
    assert!(matches!(missing, Err(PictureError::Unreadable(_))));
    let folder = read_file(&std::env::temp_dir());
    assert!(matches!(folder, Err(PictureError::Unreadable(_))));
}

#[test]
fn a_cut_picture_is_damaged_wherever_it_is_cut() {
    let code = image::load_from_memory(&draw::png("A1B2C3D4E5F6", 6).unwrap()).unwrap();
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Gif, ImageFormat::WebP] {
        let whole = encoded(&DynamicImage::from(code.to_rgb8()), format);
        assert_eq!(read_bytes(&whole).expect("whole").len(), 1, "{format:?}");
        for parts in 1..8 {
            let cut = &whole[..whole.len() * parts / 8];
            assert!(matches!(read_bytes(cut), Err(PictureError::Damaged)), "{format:?} cut at {parts}/8");
        }
    }
    // A JPEG that is cut is a picture whose lower part is missing: half a code, or an error, but never a panic.
    let whole = encoded(&code, ImageFormat::Jpeg);
    for length in (1..whole.len()).step_by(whole.len() / 40 + 1) {
        if let Ok(readings) = read_bytes(&whole[..length]) {
            assert!(readings.iter().all(|reading| reading.text.words() == Some("A1B2C3D4E5F6")));
        }
    }
}

#[test]
fn changed_bytes_are_no_panic_and_no_wrong_text() {
    let code = image::load_from_memory(&draw::png("A1B2C3D4E5F6", 4).unwrap()).unwrap();
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::Bmp, ImageFormat::WebP]
    {
        let whole = encoded(&code.to_rgb8().into(), format);
        for at in (0..whole.len()).step_by(whole.len() / 60 + 1) {
            let mut changed = whole.clone();
            changed[at] ^= 0x55;
            for reading in read_bytes(&changed).unwrap_or_default() {
                assert_eq!(reading.text.words(), Some("A1B2C3D4E5F6"), "{format:?} at {at}");
            }
        }
    }
}

#[test]
fn odd_sizes_hold_nothing_and_harm_nothing() {
    for (width, height) in [(1, 1), (2, 3), (20_000, 1), (1, 20_000), (7, 3000), (21, 21), (64, 64)] {
        let png = encoded(&gray(width, height), ImageFormat::Png);
        assert_eq!(read_bytes(&png).expect("a picture"), Vec::new(), "{width} x {height}");
    }
}

#[test]
fn too_large_says_how_large() {
    // A PNG of 20000 x 20000 grey pixels is 400 kB of zeros; its header is enough to refuse it.
    let mut png = encoded(&gray(8, 8), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    let refused = read_bytes(&png);
    assert!(
        matches!(refused, Err(PictureError::TooManyPixels { width: 20_000, height: 20_000 })),
        "{refused:?}"
    );
    let refused = read_bytes(&vec![0; 64 * 1024 * 1024 + 1]);
    assert!(matches!(refused, Err(PictureError::TooManyBytes { .. })));
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

#[test]
fn a_frame_is_checked_once() {
    let bytes = [0u8; 100];
    assert_eq!(LumaFrame::new(0, 10, 10, &bytes).unwrap_err(), FrameError::Empty);
    assert_eq!(LumaFrame::new(10, 0, 10, &bytes).unwrap_err(), FrameError::Empty);
    assert_eq!(LumaFrame::new(10, 10, 9, &bytes).unwrap_err(), FrameError::Stride);
    assert_eq!(LumaFrame::new(10, 11, 10, &bytes).unwrap_err(), FrameError::Short);
    assert_eq!(LumaFrame::new(10, usize::MAX, usize::MAX, &bytes).unwrap_err(), FrameError::Short);
    // The last row may end where its pixels end.
    let frame = LumaFrame::new(9, 10, 10, &bytes[..99]).expect("a frame");
    assert_eq!(Reader::read_still(&frame), Vec::new());
}

#[test]
fn transparent_is_white() {
    let code = image::load_from_memory(&draw::png("A1B2C3D4E5F6", 6).unwrap()).unwrap().into_luma8();
    let ink = image::RgbaImage::from_fn(code.width(), code.height(), |x, y| {
        image::Rgba([0, 0, 0, 255 - code.get_pixel(x, y).0[0]])
    });
    let readings = read_bytes(&encoded(&ink.into(), ImageFormat::Png)).expect("a picture");
    assert_eq!(readings[0].text.words(), Some("A1B2C3D4E5F6"));
}
