//! What was drawn is what is read.

use image::{GrayImage, Luma, imageops};
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};
use vestibule_qr::{LumaFrame, Reader, Text, draw, read_bytes};

fn one(readings: &[vestibule_qr::Reading]) -> Option<&str> {
    match readings {
        [reading] => reading.text.words(),
        _ => None,
    }
}

fn picture(code: &str, module_px: u32) -> GrayImage {
    let png = draw::png(code, module_px).expect("drawn");
    image::load_from_memory(&png).expect("a PNG").into_luma8()
}

fn read(picture: &GrayImage) -> Vec<vestibule_qr::Reading> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    Reader::read_still(&LumaFrame::new(width, height, width, picture.as_raw()).expect("a frame"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn any_pass_code_is_read_from_its_png(code in "[A-Za-z0-9_-]{6,64}", module_px in 1u32..9) {
        let png = draw::png(&code, module_px).expect("drawn");
        let readings = read_bytes(&png).expect("a picture");
        prop_assert_eq!(one(&readings), Some(code.as_str()));
        prop_assert!(readings[0].text.pass_code().is_some());
    }

    #[test]
    fn any_text_is_read_from_its_png(text in "\\PC{1,200}") {
        let readings = read_bytes(&draw::png(&text, 4).expect("drawn")).expect("a picture");
        prop_assert_eq!(one(&readings), Some(text.as_str()));
    }

    #[test]
    fn any_bytes_at_all_are_no_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        drop(read_bytes(&bytes));
    }

    #[test]
    fn any_pixels_at_all_are_no_reading(
        width in 1usize..120, height in 1usize..120, extra in 0usize..5, seed in any::<u64>()
    ) {
        let stride = width + extra;
        let mut state = seed | 1;
        let pixels: Vec<u8> = (0..stride * height).map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        }).collect();
        let frame = LumaFrame::new(width, height, stride, &pixels).expect("a frame");
        prop_assert_eq!(Reader::read_still(&frame), Vec::new());
    }
}

#[test]
fn turned_mirrored_inverted_and_cut_from_a_wider_frame() {
    let code = "A1B2C3D4E5F6G7H8";
    let upright = picture(code, 5);
    let mut inverted = upright.clone();
    imageops::invert(&mut inverted);
    let mut wide = GrayImage::from_pixel(701, 503, Luma([180]));
    imageops::overlay(&mut wide, &upright, 333, 111);
    for (name, picture) in [
        ("upright", upright.clone()),
        ("a quarter", imageops::rotate90(&upright)),
        ("half", imageops::rotate180(&upright)),
        ("mirrored", imageops::flip_horizontal(&upright)),
        ("inverted", inverted),
        ("in a frame", wide),
    ] {
        assert_eq!(one(&read(&picture)), Some(code), "{name}");
    }
}

#[test]
fn corners_are_where_the_code_is() {
    let mut wide = GrayImage::from_pixel(800, 600, Luma([200]));
    let code = picture("A1B2C3D4E5F6G7H8", 4);
    imageops::overlay(&mut wide, &code, 300, 200);
    let readings = read(&wide);
    let (quiet, side) = (16.0, code.width() as f32 - 32.0);
    let [top_left, _, bottom_right, _] = readings[0].corners;
    for (corner, x, y) in
        [(top_left, 300.0 + quiet, 200.0 + quiet), (bottom_right, 300.0 + quiet + side, 200.0 + quiet + side)]
    {
        assert!((corner.x - x).abs() < 6.0 && (corner.y - y).abs() < 6.0, "{corner:?} is not near {x}, {y}");
    }
}

#[test]
fn capital_letters_and_digits_are_drawn_in_the_smallest_code() {
    // Version 1 holds 20 alphanumeric characters at level M, and only 14 bytes.
    let svg = draw::svg("A1B2C3D4E5F6G7H8").expect("drawn");
    assert!(svg.contains("viewBox=\"0 0 29 29\""), "{}", &svg[..120]);
    let svg = draw::svg("a1b2c3d4e5f6g7h8").expect("drawn");
    assert!(svg.contains("viewBox=\"0 0 33 33\""), "{}", &svg[..120]);
}

#[test]
fn the_svg_is_plain_shapes_and_says_the_same() {
    let code = "ZX81-SPECTRUM_48K";
    let svg = draw::svg(code).expect("drawn");
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
    for word in ["script", "style", "href", "on", "&", "<?", "<!"] {
        assert!(!svg.replace("version", "").contains(word), "{word} in {svg}");
    }
    let side: usize = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let mut pixels = GrayImage::from_pixel(side as u32 * 3, side as u32 * 3, Luma([255]));
    let path = svg.rsplit("d=\"").next().unwrap();
    for run in path.split('M').skip(1) {
        let (x, rest) = run.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let length = rest.split('v').next().unwrap();
        let [x, y, length]: [u32; 3] = [x, y, length].map(|n| n.parse().unwrap());
        for (dx, dy) in (0..length * 3).flat_map(|dx| (0..3).map(move |dy| (dx, dy))) {
            pixels.put_pixel(x * 3 + dx, y * 3 + dy, Luma([0]));
        }
    }
    assert_eq!(one(&read(&pixels)), Some(code));
}

#[test]
fn the_fullest_code_is_drawn_and_read() {
    let digits = "7".repeat(5596); // version 40 at level M
    assert_eq!(one(&read_bytes(&draw::png(&digits, 3).expect("drawn")).unwrap()), Some(digits.as_str()));
    let letters = "Q".repeat(4296); // version 40 at level L
    assert_eq!(one(&read_bytes(&draw::png(&letters, 3).expect("drawn")).unwrap()), Some(letters.as_str()));
}

#[test]
fn what_cannot_be_drawn_says_why() {
    assert_eq!(draw::svg(""), Err(draw::DrawError::Empty));
    assert_eq!(draw::svg(&"Q".repeat(4297)), Err(draw::DrawError::TooLong));
    assert!(matches!(draw::png("ABCDEF", 100_000), Err(draw::DrawError::TooLarge { .. })));
    assert!(matches!(draw::png("ABCDEF", u32::MAX), Err(draw::DrawError::TooLarge { .. })));
}

#[test]
fn a_code_is_not_printed_by_accident() {
    let readings = read(&picture("SECRET-CODE-42", 4));
    assert!(!format!("{readings:?}").contains("SECRET"));
    assert!(matches!(&readings[0].text, Text::Words(text) if text == "SECRET-CODE-42"));
}
