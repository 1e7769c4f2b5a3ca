//! How long the shell takes to its first screen, beside an empty window of the same toolkit.
//!
//! Both are started in turn, as a person starts them and with no driver at their side, on the same
//! display. What is taken is the time from the start of the program to the moment at which the screen
//! looks as it will stay: at least 98 of 100 points are what they are four seconds later. A screen
//! that goes on changing, such as a clock, changes less than that.
#![expect(clippy::print_stdout, reason = "a program of the terminal")]

use std::time::Duration;

use vestibule_journeys::window::{Display, Launch, Shell};

const LOOKS: Duration = Duration::from_secs(4);
const EVERY: Duration = Duration::from_millis(10);

fn main() {
    let times: usize = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(7);
    let display = Display::open();
    // Once for nothing: the first start reads the program from the disk.
    measure(&display, false);
    measure(&display, true);
    let (mut shell, mut bare) = (Vec::new(), Vec::new());
    for round in 1..=times {
        bare.push(measure(&display, true));
        shell.push(measure(&display, false));
        println!("   {round}: shell {:?}, bare {:?}", shell[round - 1], bare[round - 1]);
    }
    let (shell, bare) = (median(&mut shell), median(&mut bare));
    let ratio = shell.as_secs_f64() / bare.as_secs_f64();
    println!(
        "start to first screen, median of {times}: shell {shell:.0?}, bare window {bare:.0?}, ratio {ratio:.2}"
    );
}

fn measure(display: &Display, bare: bool) -> Duration {
    let home = tempfile::tempdir().expect("a folder under the temporary ones");
    let launch = if bare { Launch::bare() } else { Launch::demo("kiosk").data(&home.path().join("kept")) };
    let shell = Shell::alone(display, home.path(), &launch);
    let mut looks = Vec::new();
    while shell.age() < LOOKS {
        looks.push((shell.age(), display.glance()));
        std::thread::sleep(EVERY);
    }
    drop(shell);
    // The window goes with its program; the next one must not see it.
    std::thread::sleep(Duration::from_millis(300));
    let last = looks.last().map(|(_, look)| look.clone()).unwrap_or_default();
    let empty = looks.first().is_some_and(|(_, look)| alike(look, &last));
    assert!(!empty, "nothing came on the screen");
    let settled = looks.iter().find(|(_, look)| alike(look, &last));
    settled.map_or(LOOKS, |(after, _)| *after)
}

fn alike(one: &[u8], other: &[u8]) -> bool {
    let same = one.iter().zip(other).filter(|(a, b)| a == b).count();
    one.len() == other.len() && same * 100 >= other.len() * 98
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
