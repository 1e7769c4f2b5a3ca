//! Receipt printers on a network, which work and fail.

use std::net::TcpListener;
use std::time::Duration;

use vestibule_domain::clock::{Clock, SystemClock};
use vestibule_domain::receipt::{PrintFault, Printed};
use vestibule_domain::{Language, UtcMillis, Zone};

use crate::fake::{self, Manner};
use crate::world::{CODE, codes, printer, receipt};

const SOON: Duration = Duration::from_secs(20);

fn print(manner: Manner) -> (Result<Printed, PrintFault>, fake::Paper) {
    let (place, papers) = fake::printer(manner);
    let printed = printer(&place).print(&receipt(Language::Chinese));
    (printed, papers.recv_timeout(SOON).unwrap())
}

#[test]
fn what_comes_out_is_the_picture_that_was_drawn() {
    let (place, papers) = fake::printer(Manner::Well);
    let printer = printer(&place);
    assert_eq!(printer.look(), Ok(true));
    assert_eq!(papers.recv_timeout(SOON).unwrap().rows.len(), 0, "looking prints nothing");
    assert_eq!(printer.print(&receipt(Language::Chinese)), Ok(Printed::OnPaper));
    let paper = papers.recv_timeout(SOON).unwrap();
    assert!(paper.cut);
    let drawn = printer.draw(&receipt(Language::Chinese)).unwrap();
    let out = image::load_from_memory(&paper.png()).unwrap().into_luma8();
    assert!(out == *drawn.dots(), "every dot");
    assert_eq!(codes(&paper.png()), [CODE]);
}

#[test]
fn a_test_page_has_a_code_and_a_frame() {
    let (place, papers) = fake::printer(Manner::Well);
    let zone = Zone::named("Asia/Shanghai").unwrap();
    let printed = printer(&place).print_test_page("门厅大厦", UtcMillis(0), &zone, Language::Chinese);
    assert_eq!(printed, Ok(Printed::OnPaper));
    let paper = papers.recv_timeout(SOON).unwrap();
    assert_eq!(codes(&paper.png()), ["VESTIBULE-TEST-PAGE"]);
    assert!(paper.rows[0].iter().all(|byte| *byte == 0xFF), "the first row is black from end to end");
}

#[test]
fn a_printer_that_says_little_prints_all_the_same() {
    for manner in [Manner::Mute, Manner::HalfMute] {
        let (printed, paper) = print(manner);
        assert_eq!(printed, Ok(Printed::Sent), "{manner:?}");
        assert_eq!(codes(&paper.png()), [CODE]);
    }
}

#[test]
fn a_slow_printer_gets_its_time() {
    let (printed, paper) = print(Manner::Slow);
    assert_eq!(printed, Ok(Printed::OnPaper));
    assert_eq!(codes(&paper.png()), [CODE]);
}

#[test]
fn a_printer_that_cannot_print_says_why_and_gets_nothing() {
    for (manner, fault) in
        [(Manner::NoPaper, PrintFault::NoPaper), (Manner::CoverOpen, PrintFault::CoverOpen)]
    {
        let (printed, paper) = print(manner);
        assert_eq!(printed, Err(fault));
        assert!(paper.rows.is_empty() && fault.left_no_paper());
    }
}

#[test]
fn what_was_begun_and_not_ended_is_not_called_failed() {
    for manner in [Manner::Cuts(5000), Manner::Cuts(60_000), Manner::PaperEnds] {
        assert_eq!(print(manner).0, Err(PrintFault::Unsure), "{manner:?}");
    }
}

#[test]
fn a_printer_that_hangs_stops_nobody() {
    for manner in [Manner::Hangs, Manner::HangsInBetween] {
        let (place, _papers) = fake::printer(manner);
        let clock = SystemClock::new();
        let begun = clock.monotonic();
        // A network takes a whole receipt into its own buffers, so what the printer took nobody knows.
        assert_eq!(printer(&place).print(&receipt(Language::English)), Err(PrintFault::Unsure), "{manner:?}");
        assert!(clock.monotonic().since(begun) < SOON, "{manner:?}");
    }
}

/// A device file whose other end nobody reads, which blocks whoever opens it.
#[cfg(target_os = "linux")]
#[test]
fn a_driver_that_never_returns_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("lp0");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let printer = printer(&format!("file:{}", pipe.display()));
    assert_eq!(printer.print(&receipt(Language::English)), Err(PrintFault::Unreachable));
    // The thread sits in the driver still: nobody else is sent after it.
    let clock = SystemClock::new();
    let begun = clock.monotonic();
    assert_eq!(printer.print(&receipt(Language::English)), Err(PrintFault::Stuck));
    assert!(clock.monotonic().since(begun) < Duration::from_secs(2));
    // The driver comes back at last, and what was called not printed is not printed.
    let mut end = std::fs::File::open(&pipe).unwrap();
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut end, &mut out).unwrap();
    assert_eq!(out.len(), 0);
    drop(end);
}

#[test]
fn nobody_there_is_said_at_once() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let printer = printer(&format!("tcp:{free}"));
    assert_eq!(printer.print(&receipt(Language::English)), Err(PrintFault::Unreachable));
    assert_eq!(printer.look(), Err(PrintFault::Unreachable));
    let nowhere = crate::world::printer("tcp:no-such-printer.invalid");
    assert_eq!(nowhere.print(&receipt(Language::English)), Err(PrintFault::Unreachable));
    assert_eq!(crate::world::printer("none").look(), Err(PrintFault::NoPrinter));
}
