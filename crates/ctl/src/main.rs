//! `vestibulectl`: the desk from a terminal, for IT staff and scripts.
//!
//! It works on the same data folder as the window, also while that runs: what it adds is then told by the window.
//! With `--json` every answer is JSON on standard output, one object a line where there are several; words about
//! what went wrong go to standard error. Exit codes: 0 done, 1 it did not work, 2 the command line is wrong,
//! 3 `verify` says stop, 4 `verify` cannot tell, 130 ended by Ctrl+C.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod command;
mod file;
mod open;
mod pin;
mod print;
mod probe;
mod stop;
mod table;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use command::{
    call, camera, cards, config, doctor, door, doors, history, hosts, invite, journal, pass, people, pins,
    printer, purge, queue, roll_call, scan, secret, spare, staff, status, trouble, verify, visitor,
};

/// The lobby desk from a terminal.
#[derive(Parser)]
#[command(name = "vestibulectl", version)]
struct Line {
    #[command(flatten)]
    general: General,
    #[command(subcommand)]
    command: Command,
}

/// Where the desk is, and how to answer.
#[derive(Parser)]
struct General {
    /// The folder for everything that is kept.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The settings; `vestibule.toml` in the data folder when not given.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The demonstration: a gateway and doors inside the program.
    #[arg(long, global = true)]
    demo: bool,
    /// Who does it. The PIN is asked for, or taken from VESTIBULE_PIN or the first line of standard input. Needed once
    /// there are accounts (`staff add`).
    #[arg(long = "as", global = true, value_name = "NAME")]
    who: Option<String>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Visitors.
    #[command(subcommand)]
    Visitor(visitor::Visitor),
    /// Passes.
    #[command(subcommand)]
    Pass(pass::Pass),
    /// Whom people visit.
    #[command(subcommand)]
    Hosts(hosts::Hosts),
    /// Who is expected.
    #[command(subcommand)]
    Invite(invite::Invite),
    /// Who came and went on earlier days.
    History(history::History),
    /// Who is inside when everybody has to leave, and who was seen outside.
    #[command(subcommand)]
    RollCall(roll_call::RollCall),
    /// Judges a code or its short form. Exit code 0: let in, 3: stop, 4: cannot tell.
    Verify(verify::Verify),
    /// Reads the codes in picture files, a line a file.
    Scan(scan::Scan),
    /// Doors.
    #[command(subcommand)]
    Door(door::Door),
    /// The printer of receipts.
    #[command(subcommand)]
    Printer(printer::Command),
    /// What the service has still to be told.
    #[command(subcommand)]
    Queue(queue::Queue),
    /// What happened at this desk, and whether it is as it was written.
    #[command(subcommand)]
    Journal(journal::Journal),
    /// Passes kept ready for an outage.
    #[command(subcommand)]
    Spare(spare::Spare),
    /// Destroys what is kept of visitors: what is too old, or one of them.
    Purge(purge::Purge),
    /// What must not be read by others, and where it is kept.
    #[command(subcommand)]
    Secret(secret::Command),
    /// The accounts of the people who work here.
    #[command(subcommand)]
    Staff(staff::Staff),
    /// One signed call to the service, and its answer.
    Call(call::Call),
    /// Card rights at doors, by the table.
    #[command(subcommand)]
    Cards(cards::Cards),
    /// The people the service knows.
    #[command(subcommand)]
    People(people::People),
    /// PINs at doors.
    #[command(subcommand)]
    Pins(pins::Pins),
    /// All doors at once.
    #[command(subcommand)]
    Doors(doors::Doors),
    /// Looks at everything a desk needs, and says what to do about what is wrong. Exit code 1 when something is bad.
    Doctor,
    /// How things stand: the connection, what waits, the clock.
    Status,
    /// The settings file.
    #[command(subcommand)]
    Config(config::Config),
    /// Cameras.
    #[command(subcommand)]
    Camera(camera::Camera),
    /// Pulls the network of the demonstration or of an emulator, or plugs it in again.
    Trouble(trouble::Trouble),
}

#[tokio::main]
async fn main() -> ExitCode {
    let Line { general, command } = Line::parse();
    let outcome = match command {
        Command::Visitor(visitor) => visitor.run(&general).await,
        Command::Pass(pass) => pass.run(&general).await,
        Command::Hosts(hosts) => hosts.run(&general).await,
        Command::Invite(invite) => invite.run(&general).await,
        Command::History(history) => history.run(&general).await,
        Command::RollCall(call) => call.run(&general).await,
        Command::Secret(secret) => secret.run(&general),
        Command::Verify(verify) => verify.run(&general).await,
        Command::Scan(scan) => Ok(scan.run(&general)),
        Command::Door(door) => door.run(&general).await,
        Command::Printer(printer) => printer.run(&general).await,
        Command::Queue(queue) => queue.run(&general).await,
        Command::Journal(journal) => journal.run(&general).await,
        Command::Spare(spare) => spare.run(&general).await,
        Command::Purge(purge) => purge.run(&general).await,
        Command::Staff(staff) => staff.run(&general).await,
        Command::Call(call) => call.run(&general).await,
        Command::Cards(cards) => cards.run(&general).await,
        Command::People(people) => people.run(&general).await,
        Command::Pins(pins) => pins.run(&general).await,
        Command::Doors(doors) => doors.run(&general).await,
        Command::Doctor => doctor::run(&general).await,
        Command::Status => status::run(&general).await,
        Command::Config(config) => config.run(&general),
        Command::Camera(camera) => Ok(camera.run(&general)),
        Command::Trouble(trouble) => trouble.run(&general).await,
    };
    outcome.unwrap_or_else(|trouble| {
        if general.json {
            print::line(&serde_json::json!({ "error": trouble.0 }).to_string());
        }
        eprintln!("vestibulectl: {}", trouble.0);
        ExitCode::FAILURE
    })
}

/// Why it did not work, in words for the person at the terminal.
#[derive(Debug)]
struct Trouble(String);

impl From<vestibule_desk::Failure> for Trouble {
    fn from(failure: vestibule_desk::Failure) -> Self {
        Self(words::of_failure(&failure))
    }
}

/// What every command gives back.
type Outcome = Result<ExitCode, Trouble>;

/// Prints an answer: as JSON, or the words for people. False when nobody reads any more.
fn answer<T: serde::Serialize>(general: &General, value: &T, words: impl FnOnce(&T) -> String) -> bool {
    if !general.json {
        return print::line(&words(value));
    }
    match serde_json::to_string(value) {
        Ok(json) => print::line(&json),
        Err(error) => {
            eprintln!("vestibulectl: {error}");
            true
        }
    }
}
