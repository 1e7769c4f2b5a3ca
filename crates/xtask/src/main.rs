//! `cargo xtask`: set-up, tests, demo.
//!
//! Every command does all of its own set-up, says what it does and how long it took, and is quick
//! when there is nothing to do. There are no dependencies, so that it compiles in seconds on a
//! machine that has only cargo and Node.
#![expect(clippy::print_stdout, reason = "a program of the terminal")]
#![expect(clippy::disallowed_methods, reason = "a tool reads the environment and takes the time")]

mod args;
mod artefacts;
mod bench_start;
mod count;
mod debian;
mod demo;
mod doctor;
mod failed;
mod run;
mod rust_tools;
mod spelling;
mod stamp;
mod steps;
mod test;
mod torture;
mod tree;
mod ui;

use std::process::ExitCode;

use args::Command;
use failed::Failed;

fn main() -> ExitCode {
    match perform() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("\nfailed: {failed}");
            ExitCode::FAILURE
        }
    }
}

fn perform() -> Result<(), Failed> {
    match args::parse(std::env::args().skip(1))? {
        Command::Test(options) => test::run(&options),
        Command::Demo(options) => demo::run(&options),
        Command::BenchStart { times } => bench_start::run(times),
        Command::Torture(options) => torture::run(&options),
        Command::Doctor => doctor::run(),
        Command::Help => {
            println!("{}", args::HELP);
            Ok(())
        }
    }
}
