//! How long one drawing and one look take.

use std::time::Duration;

use divan::{Bencher, black_box};
use vestibule_domain::Monotonic;
use vestibule_qr::model::{Canvas, Pose, Trouble, nobody};
use vestibule_qr::{LumaFrame, Reader, draw};

fn main() {
    divan::main();
}

fn frame<'a>(canvas: &Canvas, luma: &'a [u8]) -> LumaFrame<'a> {
    LumaFrame::new(canvas.width, canvas.height, canvas.width, luma).expect("a frame")
}

#[divan::bench]
fn draw_svg() -> String {
    draw::svg(black_box("A1B2C3D4E5F6G7H8")).expect("drawn")
}

#[divan::bench]
fn draw_png() -> Vec<u8> {
    draw::png(black_box("A1B2C3D4E5F6G7H8"), 8).expect("drawn")
}

#[divan::bench]
fn read_a_plain_pass_at_720p(bencher: Bencher) {
    let pose = Pose { seed: 7, trouble: Trouble::Plain, severity: 1, size: (1280, 720) };
    let canvas = pose.frame(0);
    let luma = canvas.luma();
    bencher.bench_local(|| Reader::read_still(&frame(&canvas, &luma)));
}

#[divan::bench(args = [480, 720, 1080])]
fn a_frame_of_an_empty_lobby(bencher: Bencher, height: usize) {
    let width = if height == 480 { 640 } else { height * 16 / 9 };
    let canvas = nobody(3, (width, height), 0);
    let luma = canvas.luma();
    let (mut reader, mut number) = (Reader::live(), 0);
    bencher.bench_local(|| {
        number += 1;
        reader.look(&frame(&canvas, &luma), Monotonic(Duration::from_millis(66 * number)))
    });
}
