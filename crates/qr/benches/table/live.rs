//! The live reader: how many frames it takes, and what a frame costs.

use std::time::{Duration, Instant};

use vestibule_domain::Monotonic;
use vestibule_qr::model::{Canvas, Pose, SIZES, Trouble, nobody};
use vestibule_qr::{LumaFrame, Reader};

/// A frame a fifteenth of a second.
fn at(number: u64) -> Monotonic {
    Monotonic(Duration::from_millis(number * 66))
}

fn look(reader: &mut Reader, canvas: &Canvas, number: u64) -> (Vec<String>, Duration) {
    let luma = canvas.luma();
    let frame = LumaFrame::new(canvas.width, canvas.height, canvas.width, &luma).unwrap();
    let started = Instant::now();
    let seen = reader.look(&frame, at(number));
    let took = started.elapsed();
    (seen.readings.iter().filter_map(|r| r.text.words().map(str::to_owned)).collect(), took)
}

fn ms(times: &mut [Duration], part: f64) -> f64 {
    times.sort();
    let at = ((times.len() as f64 * part) as usize).min(times.len().saturating_sub(1));
    times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

/// Prints two tables.
pub(crate) fn run(seeds: u64) {
    println!("\n| severity | shown | read in 10 frames | median frames | wrong |\n|---|---|---|---|---|");
    let mut verdicts: Vec<(usize, Duration)> = Vec::new();
    for severity in 1..=5u8 {
        let (mut shown, mut read, mut wrong, mut counts) = (0, 0, 0, Vec::new());
        for seed in 0..seeds {
            for (t, trouble) in Trouble::ALL.into_iter().enumerate() {
                for (s, size) in SIZES.into_iter().enumerate() {
                    let unique = 900_000 + seed * 1000 + t as u64 * 10 + s as u64;
                    let pose = Pose { seed: unique, trouble, severity, size };
                    let mut reader = Reader::live();
                    shown += 1;
                    for number in 0..10 {
                        let (texts, took) = look(&mut reader, &pose.frame(number), number);
                        verdicts.push((s, took));
                        if let Some(text) = texts.first() {
                            if *text == pose.code() {
                                read += 1;
                                counts.push(number + 1);
                            } else {
                                wrong += 1;
                            }
                            break;
                        }
                    }
                }
            }
        }
        counts.sort_unstable();
        let median = counts.get(counts.len() / 2).copied().unwrap_or(0);
        println!(
            "| {severity} | {shown} | {read} ({:.1} %) | {median} | {wrong} |",
            100.0 * f64::from(read) / f64::from(shown)
        );
    }
    println!(
        "\n| size | with a code: median ms | p99 ms | without: median ms | mean ms | p99 ms |\n|---|---|---|---|---|---|"
    );
    for (s, size) in SIZES.into_iter().enumerate() {
        let mut with: Vec<Duration> =
            verdicts.iter().filter(|(of, _)| *of == s).map(|(_, took)| *took).collect();
        let mut without = Vec::new();
        for room in 0..3 {
            let mut reader = Reader::live();
            let rooms: Vec<Canvas> = (0..4).map(|number| nobody(room, size, number)).collect();
            for number in 0..260u64 {
                let (texts, took) = look(&mut reader, &rooms[number as usize % 4], number);
                assert!(texts.is_empty());
                // The first seconds belong to a camera that was just opened.
                if number > 200 {
                    without.push(took);
                }
            }
        }
        let mean = without.iter().sum::<Duration>().as_secs_f64() * 1e3 / without.len() as f64;
        println!(
            "| {}x{} | {:.1} | {:.1} | {:.1} | {mean:.1} | {:.1} |",
            size.0,
            size.1,
            ms(&mut with, 0.5),
            ms(&mut with, 0.99),
            ms(&mut without, 0.5),
            ms(&mut without, 0.99)
        );
    }
}
