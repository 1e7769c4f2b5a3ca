//! The command line, read by hand: five words do not need a library.

use std::str::FromStr;

use crate::failed::Failed;

pub(crate) const HELP: &str = "\
cargo xtask test [--only STEP[,STEP]] [--skip-setup] [--list]
    everything that must hold, cheap checks first; --list names the steps
cargo xtask demo [--station kiosk|reception|guard] [--tour]
    the window with a lobby inside; without a display, or with --tour, a tour that
    leaves numbered pictures and a transcript under target/tour/
cargo xtask torture [--kills N] [--seed S]
    kills a desk at work N times (2000 unless told) and holds its gateway's history
    against what people were told; then the long tests of a disk that fails
cargo xtask bench-start [--times N]
    start to first interactive screen, beside a bare window of the same toolkit
cargo xtask doctor
    looks at what is installed, changes nothing";

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Test(TestOptions),
    Demo(DemoOptions),
    BenchStart { times: u32 },
    Torture(TortureOptions),
    Doctor,
    Help,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct TestOptions {
    /// Only these steps; all when empty.
    pub(crate) only: Vec<String>,
    pub(crate) skip_setup: bool,
    pub(crate) list: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DemoOptions {
    pub(crate) station: String,
    pub(crate) tour: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TortureOptions {
    pub(crate) kills: u32,
    /// A new one every time when there is none.
    pub(crate) seed: Option<u64>,
}

pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Command, Failed> {
    let mut words = words;
    match words.next().as_deref() {
        Some("test") => parse_test(words).map(Command::Test),
        Some("demo") => parse_demo(words).map(Command::Demo),
        Some("bench-start") => parse_bench_start(words),
        Some("torture") => parse_torture(words).map(Command::Torture),
        Some("doctor") => no_more(words).map(|()| Command::Doctor),
        None | Some("help" | "--help" | "-h") => Ok(Command::Help),
        Some(other) => Err(unknown(other)),
    }
}

fn parse_test(mut words: impl Iterator<Item = String>) -> Result<TestOptions, Failed> {
    let mut options = TestOptions::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--only" => options.only.extend(value(&word, &mut words)?.split(',').map(str::to_owned)),
            "--skip-setup" => options.skip_setup = true,
            "--list" => options.list = true,
            _ => return Err(unknown(&word)),
        }
    }
    Ok(options)
}

fn parse_demo(mut words: impl Iterator<Item = String>) -> Result<DemoOptions, Failed> {
    let mut options = DemoOptions { station: "kiosk".to_owned(), tour: false };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--tour" => options.tour = true,
            "--station" => options.station = station(value(&word, &mut words)?)?,
            _ => return Err(unknown(&word)),
        }
    }
    Ok(options)
}

fn parse_torture(mut words: impl Iterator<Item = String>) -> Result<TortureOptions, Failed> {
    let mut options = TortureOptions { kills: 2000, seed: None };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--kills" => options.kills = number(&word, &mut words)?,
            "--seed" => options.seed = Some(number(&word, &mut words)?),
            _ => return Err(unknown(&word)),
        }
    }
    Ok(options)
}

fn parse_bench_start(mut words: impl Iterator<Item = String>) -> Result<Command, Failed> {
    let mut times = 7;
    while let Some(word) = words.next() {
        if word != "--times" {
            return Err(unknown(&word));
        }
        times = number(&word, &mut words)?;
    }
    Ok(Command::BenchStart { times })
}

fn number<N: FromStr>(option: &str, words: &mut impl Iterator<Item = String>) -> Result<N, Failed> {
    let number = value(option, words)?;
    number.parse().map_err(|_| Failed::new(format!("{option} wants a number, not {number:?}")))
}

fn station(word: String) -> Result<String, Failed> {
    match word.as_str() {
        "kiosk" | "reception" | "guard" => Ok(word),
        _ => Err(Failed::new(format!("there is no station {word:?}"))
            .advice("--station takes kiosk, reception or guard")),
    }
}

fn value(option: &str, words: &mut impl Iterator<Item = String>) -> Result<String, Failed> {
    words.next().ok_or_else(|| Failed::new(format!("{option} wants a value")).advice(HELP))
}

fn no_more(mut words: impl Iterator<Item = String>) -> Result<(), Failed> {
    words.next().map_or(Ok(()), |word| Err(unknown(&word)))
}

fn unknown(word: &str) -> Failed {
    Failed::new(format!("{word:?} is not understood")).advice(format!("what there is:\n{HELP}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, Failed> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn steps_may_be_chosen_in_one_word_or_several() {
        let Ok(Command::Test(options)) = parsed("test --only format,typos --only ui --skip-setup") else {
            panic!("a plain command line was refused");
        };
        assert_eq!(options.only, ["format", "typos", "ui"], "all three are wanted");
        assert!(options.skip_setup, "the second option must not be lost");
    }

    #[test]
    fn a_demo_is_a_kiosk_unless_told_otherwise() {
        let kiosk = DemoOptions { station: "kiosk".to_owned(), tour: false };
        assert_eq!(parsed("demo").ok(), Some(Command::Demo(kiosk)), "nobody is asked for a station");
        assert!(parsed("demo --station lobby").is_err(), "there is no such station");
    }

    #[test]
    fn a_run_of_kills_can_be_had_again() {
        let again = TortureOptions { kills: 5000, seed: Some(7) };
        assert_eq!(
            parsed("torture --seed 7 --kills 5000").ok(),
            Some(Command::Torture(again)),
            "both are wanted"
        );
        let new = TortureOptions { kills: 2000, seed: None };
        assert_eq!(parsed("torture").ok(), Some(Command::Torture(new)), "nobody is asked for a seed");
    }

    #[test]
    fn words_nobody_knows_are_refused() {
        for line in [
            "tset",
            "test --fast",
            "doctor now",
            "demo --station",
            "bench-start --times many",
            "torture --kills all",
        ] {
            assert!(parsed(line).is_err(), "{line:?} must not be guessed at");
        }
    }
}
