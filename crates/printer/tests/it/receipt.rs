//! The picture of a receipt.

use std::process::Command;

use vestibule_domain::Language;

use crate::world::{CODE, codes, is_blank, printer, receipt};

/// The black rows of a picture, in blocks with white between them.
fn blocks(picture: &vestibule_printer::Picture) -> Vec<(u32, u32)> {
    let mut blocks: Vec<(u32, u32)> = Vec::new();
    for row in (0..picture.dots().height()).filter(|row| !is_blank(picture, *row)) {
        match blocks.last_mut() {
            Some((_, end)) if *end == row => *end += 1,
            _ => blocks.push((row, row + 1)),
        }
    }
    blocks
}

#[test]
fn its_code_is_read_by_our_reader_and_by_another() {
    for language in [Language::Chinese, Language::English] {
        let picture = printer("none").draw(&receipt(language)).unwrap();
        let png = picture.png().unwrap();
        assert_eq!(codes(&png), [CODE]);
        let file = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
        std::fs::write(file.path(), &png).unwrap();
        let read = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(file.path()).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&read.stdout).trim(), CODE);
    }
}

#[test]
fn its_code_is_thirty_millimetres_wide_with_its_quiet_zone() {
    for dots in [576, 384] {
        let options = vestibule_printer::Options::new(vestibule_domain::receipt::PrinterPlace::None, dots, 1);
        let picture = vestibule_printer::Printer::new(options).draw(&receipt(Language::English)).unwrap();
        let (top, bottom) = blocks(&picture).into_iter().max_by_key(|(top, bottom)| bottom - top).unwrap();
        assert!(bottom - top >= 240, "{} dots of 8 to a millimetre", bottom - top);
        // 21 to 29 modules: four of them are white on each side.
        let module = (bottom - top).div_ceil(29);
        assert!((top - 4 * module..top).all(|row| is_blank(&picture, row)), "above");
        assert!((bottom..bottom + 4 * module).all(|row| is_blank(&picture, row)), "below");
        let black = |x: u32| (top..bottom).any(|y| picture.dots().get_pixel(x, y).0[0] == 0);
        let left = (0..u32::from(dots)).find(|x| black(*x)).unwrap();
        let right = (0..u32::from(dots)).rev().find(|x| black(*x)).unwrap();
        assert!(left >= 4 * module && u32::from(dots) - 1 - right >= 4 * module, "{left} {right}");
        assert_eq!(right + 1 - left, bottom - top, "it is square");
    }
}

#[test]
fn what_may_not_stand_on_paper_leaves_less_and_a_long_name_more() {
    let printer = printer("none");
    let height =
        |receipt: &vestibule_domain::receipt::Receipt| printer.draw(receipt).unwrap().dots().height();
    let full = receipt(Language::Chinese);
    let mut nameless = full.clone();
    (nameless.name, nameless.host) = (None, None);
    let mut long = full.clone();
    long.name = Some("欧阳".repeat(20));
    assert!(height(&nameless) < height(&full) && height(&full) < height(&long));
    let mut endless = full.clone();
    endless.name = Some("Wolfeschlegelsteinhausenbergerdorff".repeat(9));
    assert!(height(&endless) < height(&full) + 250, "three lines at most");
    let picture = printer.draw(&endless).unwrap();
    assert_eq!(codes(&picture.png().unwrap()), [CODE]);
}

#[test]
fn names_of_other_scripts_are_drawn() {
    let printer = printer("none");
    let drawn = |name: &str| {
        let mut receipt = receipt(Language::English);
        receipt.name = Some(name.to_owned());
        printer.draw(&receipt).unwrap()
    };
    // Each leaves black on the paper, and none the same as another.
    let names = ["Ünal", "单于", "Ярослав", "محمد"];
    let pictures: Vec<_> = names.iter().map(|name| drawn(name)).collect();
    for (one, name) in pictures.iter().zip(names) {
        assert_eq!(pictures.iter().filter(|other| other.dots() == one.dots()).count(), 1, "{name}");
    }
}

#[test]
fn nothing_on_it_touches_the_edges_or_is_grey() {
    for language in [Language::Chinese, Language::English] {
        let picture = printer("none").draw(&receipt(language)).unwrap();
        let (width, height) = picture.dots().dimensions();
        assert_eq!(width, 576);
        assert!(picture.dots().pixels().all(|dot| matches!(dot.0[0], 0 | 255)));
        assert!(is_blank(&picture, 0) && is_blank(&picture, height - 1));
        for x in [0, width - 1] {
            assert!((0..height).all(|y| picture.dots().get_pixel(x, y).0[0] == 255), "column {x}");
        }
        // Lines of text, two rules and more, and the code, each with white above and below it.
        assert!(blocks(&picture).len() >= 10, "{:?}", blocks(&picture));
        assert!(
            blocks(&picture).iter().filter(|(top, bottom)| bottom - top > 120).count() == 1,
            "only the code is tall"
        );
    }
}

/// Where a person looks at the pictures: `RECEIPTS=folder cargo test -p vestibule-printer`.
#[test]
#[expect(clippy::disallowed_methods, reason = "says where to put the pictures")]
fn pictures_to_look_at() {
    let Ok(folder) = std::env::var("RECEIPTS") else { return };
    for language in [Language::Chinese, Language::English] {
        let png = printer("none").draw(&receipt(language)).unwrap().png().unwrap();
        std::fs::write(format!("{folder}/receipt-{}.png", language.word()), png).unwrap();
    }
}
