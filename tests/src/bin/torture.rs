//! `torture [--kills N] [--seed S]`: what `tests/kill` does, for as long as one likes. Built and called by
//! `cargo xtask torture`.
#![expect(clippy::print_stdout, reason = "a program of the terminal")]

use std::process::ExitCode;

use vestibule_domain::{Clock, SystemClock};
use vestibule_journeys::kill::run::{Wish, run};

/// How many lives a lobby sees: enough for its passes to end and its reserve to be made anew.
const LIVES: u32 = 25;

fn main() -> ExitCode {
    let clock = SystemClock::new();
    let mut wish = Wish { seed: clock.now().0.unsigned_abs(), kills: 2000, lives: LIVES, bug: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let number = words.next().and_then(|number| number.parse::<u64>().ok());
        match (word.as_str(), number) {
            ("--kills", Some(kills)) => wish.kills = u32::try_from(kills).unwrap_or(u32::MAX),
            ("--seed", Some(seed)) => wish.seed = seed,
            _ => {
                eprintln!("torture [--kills N] [--seed S], and not {word}");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("seed {}", wish.seed);
    let victim = std::env::current_exe()
        .map(|me| me.with_file_name(format!("victim{}", std::env::consts::EXE_SUFFIX)));
    let ended = victim.map_err(Into::into).and_then(|victim| {
        run(&victim, wish, |so_far| {
            let secs = clock.monotonic().0.as_secs();
            println!("{:>7} kills in {secs} s, {} things told", so_far.kills, so_far.told);
        })
    });
    match ended {
        Ok(outcome) if outcome.findings.is_empty() => {
            println!("{outcome}\nnothing was lost, doubled, reordered, orphaned, resurrected or late");
            ExitCode::SUCCESS
        }
        Ok(outcome) => {
            println!("{outcome}\nagain: --seed {}; the lobby's own is {}", wish.seed, outcome.last_seed);
            ExitCode::FAILURE
        }
        Err(fault) => {
            println!("the harness could not go on, with seed {}: {fault}", wish.seed);
            ExitCode::FAILURE
        }
    }
}
