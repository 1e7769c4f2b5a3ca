//! How long the shell takes to its first screen, beside an empty window of the same toolkit.
//!
//! Both are started in turn, as a person starts them and with no driver at their side, on the same
//! display. What is taken is the time from the start of the program to the moment at which the screen
//! looks as it will stay: at least 98 of 100 points are what they are when nothing more has happened
//! for a while. A screen that goes on changing, such as a clock, changes less than that.
#![expect(clippy::print_stdout, reason = "a program of the terminal")]

use std::time::Duration;

use vestibule_journeys::window::{Display, Launch, Shell};

const EVERY: Duration = Duration::from_millis(10);
const QUIET: Duration = Duration::from_secs(3);
const LONGEST: Duration = Duration::from_secs(40);

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
        println!(
            "   {round}: shell {} ms, bare {} ms",
            shell[round - 1].as_millis(),
            bare[round - 1].as_millis()
        );
    }
    let (shell, bare) = (median(&mut shell), median(&mut bare));
    let ratio = shell.as_secs_f64() / bare.as_secs_f64();
    let (shell, bare) = (shell.as_millis(), bare.as_millis());
    println!(
        "start to first screen, median of {times}: shell {shell} ms, bare window {bare} ms, ratio {ratio:.2}"
    );
}

fn measure(display: &Display, bare: bool) -> Duration {
    let home = tempfile::tempdir().expect("a folder under the temporary ones");
    let launch = if bare { Launch::bare() } else { Launch::demo("kiosk").data(&home.path().join("kept")) };
    let mut looks = vec![(Duration::ZERO, display.glance())];
    let shell = Shell::alone(display, home.path(), &launch);
    while shell.age() < LONGEST {
        let now = (shell.age(), display.glance());
        let (since, last) = looks.last().expect("the empty screen is the first");
        if !alike(&now.1, last, 1000) {
            looks.push(now);
        } else if looks.len() > 1 && now.0.saturating_sub(*since) > QUIET {
            break;
        }
        std::thread::sleep(EVERY);
    }
    drop(shell);
    // The window goes with its program; the next one must not see it.
    std::thread::sleep(Duration::from_millis(300));
    let (_, last) = looks.last().expect("the empty screen is the first");
    let settled = looks.iter().skip(1).find(|(_, look)| alike(look, last, 980));
    settled.expect("something came on the screen").0
}

/// Whether so many of a thousand points are the same.
fn alike(one: &[u8], other: &[u8], of_a_thousand: usize) -> bool {
    let same = one.iter().zip(other).filter(|(a, b)| a == b).count();
    one.len() == other.len() && same * 1000 >= other.len() * of_a_thousand
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
