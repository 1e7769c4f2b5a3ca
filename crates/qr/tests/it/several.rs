//! Several codes in view, and codes that say something else.

use image::{GrayImage, Luma, imageops};
use vestibule_qr::{LumaFrame, Reader, Text, draw};

fn read(picture: &GrayImage) -> Vec<vestibule_qr::Reading> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    Reader::read_still(&LumaFrame::new(width, height, width, picture.as_raw()).expect("a frame"))
}

#[test]
fn all_codes_in_view_come_back_each_once() {
    let mut wide = GrayImage::from_pixel(900, 500, Luma([230]));
    for (code, x) in [("FIRST-1", 20), ("SECOND-2", 320), ("FIRST-1", 620)] {
        let png = draw::png(code, 6).expect("drawn");
        imageops::overlay(&mut wide, &image::load_from_memory(&png).unwrap().into_luma8(), x, 150);
    }
    let mut texts: Vec<String> =
        read(&wide).iter().filter_map(|reading| reading.text.words().map(str::to_owned)).collect();
    texts.sort();
    assert_eq!(texts, ["FIRST-1", "SECOND-2"]);
}

#[test]
fn what_is_no_pass_code_is_text_and_no_more() {
    for text in [
        "https://example.org/?a=b",
        "javascript:alert(1)",
        "АВСDЕF12",
        "A1B2\u{200b}C3D4",
        "A1B2C3\r\nX",
        "'; DROP TABLE pass; --",
        "SHORT",
    ] {
        let png = draw::png(text, 4).expect("drawn");
        let readings = read(&image::load_from_memory(&png).unwrap().into_luma8());
        assert_eq!(readings.len(), 1, "{text}");
        assert_eq!(readings[0].text.words(), Some(text));
        assert_eq!(readings[0].text.pass_code(), None, "{text}");
    }
}

#[test]
fn binary_is_binary() {
    let bytes: Vec<u8> = vec![0x00, 0xff, 0xfe, 0x80, 0x01, 0x9d, 0xc3, 0x28];
    let code = qrcode::QrCode::new(&bytes).expect("drawn");
    let side = code.width() as u32;
    let mut picture = GrayImage::from_pixel((side + 8) * 5, (side + 8) * 5, Luma([255]));
    for (i, color) in code.to_colors().into_iter().enumerate() {
        let (x, y) = (i as u32 % side + 4, i as u32 / side + 4);
        if color == qrcode::Color::Dark {
            for (dx, dy) in (0..5).flat_map(|dx| (0..5).map(move |dy| (dx, dy))) {
                picture.put_pixel(x * 5 + dx, y * 5 + dy, Luma([0]));
            }
        }
    }
    let readings = read(&picture);
    assert_eq!(readings.len(), 1);
    assert_eq!(readings[0].text, Text::Binary(bytes));
    assert_eq!(readings[0].text.pass_code(), None);
}
