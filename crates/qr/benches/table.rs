//! Which decoder reads how many pictures, how fast: one table, the same pictures, the same run.
//!
//! ```text
//! cargo bench -p vestibule-qr --bench table                        # our picture model, a small part of it
//! cargo bench -p vestibule-qr --bench table -- --images FOLDER     # a folder with truth.jsonl
//! cargo bench -p vestibule-qr --bench table -- --seeds 20          # more of the model
//! cargo bench -p vestibule-qr --bench table -- --rungs …           # what each rung of our ladder adds
//! cargo bench -p vestibule-qr --bench table -- --live --seeds 3    # frames until a code is read, and their time
//! ```
//!
//! zbar is asked through Debian's `zbarimg`, zxing-cpp through a Python that has its wheel
//! (`--python PATH`); each is left out when it is not there.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a bench prints, and measures time"
)]

#[path = "table/live.rs"]
mod live;
#[path = "table/outside.rs"]
mod outside;
#[path = "table/pictures.rs"]
mod pictures;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use pictures::Picture;
use rxing::common::HybridBinarizer;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{
    BarcodeFormat, BinaryBitmap, DecodeHints, FilteredImageReader, Luma8Source, MultiFormatReader,
    Reader as _,
};
use vestibule_qr::{Reader, Reading};

/// What a decoder said of each picture.
struct Column {
    name: String,
    answers: Vec<(Vec<String>, Duration)>,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let value = |name: &str| words.iter().position(|w| w == name).and_then(|at| words.get(at + 1)).cloned();
    let flag = |name: &str| words.iter().any(|w| w == name);
    std::panic::set_hook(Box::new(|_| ()));
    if flag("--live") {
        return live::run(value("--seeds").and_then(|n| n.parse().ok()).unwrap_or(1));
    }
    let pictures = match value("--images") {
        Some(folder) => pictures::folder(folder.as_ref()),
        None => pictures::model(value("--seeds").and_then(|n| n.parse().ok()).unwrap_or(2)),
    };
    if flag("--rungs") {
        return rungs(&pictures);
    }
    let mut columns = vec![ask("ours", &pictures, |p| texts(&Reader::read_still(&p.frame())))];
    if !flag("--ours") {
        columns.push(ask("rqrr", &pictures, rqrr));
        columns.push(ask("rxing", &pictures, rxing_plain));
        columns.push(ask("rxing filtered", &pictures, rxing_filtered));
        columns.extend(outside::zbar(&pictures));
        if let Some(python) = value("--python") {
            columns.extend(outside::zxing_cpp(&python, &pictures));
        }
    }
    table(&pictures, &columns);
    if flag("--missed") {
        missed(&pictures, &columns);
    }
}

fn ask(name: &str, pictures: &[Picture], look: impl Fn(&Picture) -> Vec<String>) -> Column {
    let answers = pictures
        .iter()
        .map(|picture| {
            let started = Instant::now();
            // rqrr has assertions that some pictures reach.
            let texts = catch_unwind(AssertUnwindSafe(|| look(picture))).unwrap_or_default();
            (texts, started.elapsed())
        })
        .collect();
    Column { name: name.to_owned(), answers }
}

fn texts(readings: &[Reading]) -> Vec<String> {
    readings.iter().filter_map(|reading| reading.text.words().map(str::to_owned)).collect()
}

fn rqrr(picture: &Picture) -> Vec<String> {
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(picture.width, picture.height, |x, y| {
        picture.luma[y * picture.width + x]
    });
    prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}

fn rxing_plain(picture: &Picture) -> Vec<String> {
    let source =
        Luma8Source::new_with_slice(&picture.luma, picture.width as u32, picture.height as u32).unwrap();
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let hints = DecodeHints { TryHarder: Some(true), ..DecodeHints::default() };
    QrReader.decode_with_hints(&mut bitmap, &hints).map(|r| vec![r.getText().to_owned()]).unwrap_or_default()
}

fn rxing_filtered(picture: &Picture) -> Vec<String> {
    let source =
        Luma8Source::new_with_slice(&picture.luma, picture.width as u32, picture.height as u32).unwrap();
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let hints = DecodeHints {
        TryHarder: Some(true),
        AlsoInverted: Some(true),
        PossibleFormats: Some([BarcodeFormat::QR_CODE].into()),
        ..DecodeHints::default()
    };
    FilteredImageReader::new(MultiFormatReader::default())
        .decode_with_hints(&mut bitmap, &hints)
        .map(|r| vec![r.getText().to_owned()])
        .unwrap_or_default()
}

fn right(picture: &Picture, texts: &[String]) -> bool {
    texts.iter().any(|text| picture.any || picture.texts.contains(text))
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

fn table(pictures: &[Picture], columns: &[Column]) {
    let with = pictures.iter().filter(|p| p.has_code()).count();
    println!("\n{} pictures, {with} with a code\n", pictures.len());
    println!("| decoder | read | of all | wrong text | median ms with | p99 ms with | median ms without |");
    println!("|---|---|---|---|---|---|---|");
    let mut union = BTreeSet::new();
    let mut others = BTreeSet::new();
    for column in columns {
        let (mut read, mut wrong, mut times_with, mut times_without) = (0, 0, Vec::new(), Vec::new());
        for (i, (picture, (texts, time))) in pictures.iter().zip(&column.answers).enumerate() {
            if right(picture, texts) {
                read += 1;
                union.insert(i);
                if column.name != "ours" {
                    others.insert(i);
                }
            } else if !texts.is_empty() {
                wrong += 1;
            }
            if !picture.has_code() { &mut times_without } else { &mut times_with }.push(*time);
        }
        times_with.sort();
        let p99 = times_with.get(times_with.len() * 99 / 100).map_or(0.0, |t| t.as_secs_f64() * 1e3);
        println!(
            "| {} | {read} | {:.1} % | {wrong} | {:.1} | {p99:.1} | {:.1} |",
            column.name,
            100.0 * read as f64 / with.max(1) as f64,
            median(times_with),
            median(times_without)
        );
    }
    println!(
        "| all together | {} | {:.1} % | | | | |",
        union.len(),
        100.0 * union.len() as f64 / with.max(1) as f64
    );
    println!("| all others together | {} | | | | | |\n", others.len());
    groups(pictures, columns);
}

fn groups(pictures: &[Picture], columns: &[Column]) {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, picture) in pictures.iter().enumerate().filter(|(_, p)| p.has_code()) {
        for group in &picture.groups {
            groups.entry(group).or_default().push(i);
        }
    }
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    println!("| group | pictures | {} |\n|---|---|{}", names.join(" | "), "---|".repeat(columns.len()));
    for (group, members) in groups {
        let shares: Vec<String> = columns
            .iter()
            .map(|column| {
                let read = members.iter().filter(|&&i| right(&pictures[i], &column.answers[i].0)).count();
                format!("{:.0}", 100.0 * read as f64 / members.len() as f64)
            })
            .collect();
        println!("| {group} | {} | {} |", members.len(), shares.join(" | "));
    }
}

fn missed(pictures: &[Picture], columns: &[Column]) {
    println!("\nread by another and not by ours, or read wrong by ours:");
    for (i, picture) in pictures.iter().enumerate() {
        let ours = &columns[0].answers[i].0;
        let by: Vec<&str> = columns[1..]
            .iter()
            .filter(|column| right(picture, &column.answers[i].0))
            .map(|column| column.name.as_str())
            .collect();
        let wrong = !ours.is_empty() && !right(picture, ours);
        if wrong || (!right(picture, ours) && !by.is_empty()) {
            println!(
                "{} {by:?} {}",
                picture.name,
                if wrong { format!("WRONG {ours:?}") } else { String::new() }
            );
        }
    }
}

/// Greedily: which rung adds the most pictures to those before it, and what it costs.
fn rungs(pictures: &[Picture]) {
    let names = vestibule_qr::model::ladder::names();
    let columns: Vec<Column> = (0..names.len())
        .map(|rung| {
            ask(&names[rung], pictures, |p| texts(&vestibule_qr::model::ladder::look(rung, &p.frame())))
        })
        .collect();
    let mut have = BTreeSet::new();
    let mut left: Vec<&Column> = columns.iter().collect();
    while !left.is_empty() {
        let gain = |column: &Column| -> usize {
            column
                .answers
                .iter()
                .enumerate()
                .filter(|(i, (texts, _))| !have.contains(i) && right(&pictures[*i], texts))
                .count()
        };
        let best = (0..left.len()).max_by_key(|&i| gain(left[i])).unwrap();
        let column = left.remove(best);
        let before = have.len();
        let mut alone = 0;
        let mut wrong = 0;
        for (i, (texts, _)) in column.answers.iter().enumerate() {
            if right(&pictures[i], texts) {
                have.insert(i);
                alone += 1;
            } else if !texts.is_empty() {
                wrong += 1;
            }
        }
        let times: Vec<Duration> = column.answers.iter().map(|(_, time)| *time).collect();
        println!(
            "+{:<4} = {:<5} alone {alone:<5} wrong {wrong:<3} {:>6.1} ms  {}",
            have.len() - before,
            have.len(),
            median(times),
            column.name
        );
    }
}
