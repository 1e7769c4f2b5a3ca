//! Device files, serial ports, and the system's printers.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use vestibule_domain::Language;
use vestibule_domain::receipt::{PrintFault, Printed, PrinterPlace};
use vestibule_printer::{Options, Printer};

use crate::world::{CODE, codes, printer, receipt};

#[test]
fn a_device_file_gets_the_commands_and_is_never_made() {
    let folder = tempfile::tempdir().unwrap();
    let device = folder.path().join("lp0");
    let place = format!("file:{}", device.display());
    assert_eq!(printer(&place).print(&receipt(Language::English)), Err(PrintFault::Unreachable));
    assert!(!device.exists(), "a printer that is not there is no file");
    fs::write(&device, "").unwrap();
    assert_eq!(printer(&place).print(&receipt(Language::English)), Ok(Printed::Sent));
    let sent = fs::read(&device).unwrap();
    assert!(sent.starts_with(b"\x1B@\x1Dv0\0") && sent.ends_with(b"\x1DVA\x01"), "from reset to cut");
}

#[test]
fn a_serial_port_that_is_not_there_is_said() {
    let printer = printer("serial:/dev/ttyNOWHERE");
    assert_eq!(printer.print(&receipt(Language::English)), Err(PrintFault::Unreachable));
}

fn program(folder: &Path, name: &str, script: &str) {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn queue(folder: &Path) -> Printer {
    let at = PrinterPlace::System("Front desk".to_owned());
    Printer::new(Options { spooler: folder.join("lp"), ..Options::new(at, 576, 1) })
}

#[test]
fn a_printer_of_the_system_gets_a_document_of_the_receipts_size() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().display();
    program(folder.path(), "lp", &format!("echo \"$@\" > {here}/said; cat > {here}/document.pdf"));
    program(folder.path(), "lpstat", "exit 0");
    let printer = queue(folder.path());
    assert_eq!(printer.look(), Ok(false), "it says nothing of its paper");
    assert_eq!(printer.print(&receipt(Language::English)), Ok(Printed::Sent));
    let said = fs::read_to_string(folder.path().join("said")).unwrap();
    assert!(said.contains("-d Front desk") && said.contains("print-scaling=none"), "{said}");

    // The document holds the dots as they were drawn.
    let document = fs::read(folder.path().join("document.pdf")).unwrap();
    let drawn = printer.draw(&receipt(Language::English)).unwrap();
    let length = (576 / 8 * drawn.dots().height()) as usize;
    let begin = document.windows(7).position(|word| word == b"stream\n").unwrap() + 7;
    let mut paper = crate::fake::Paper::default();
    paper.rows.extend(document[begin..begin + length].chunks(72).map(|row| row.iter().map(|b| !b).collect()));
    assert_eq!(codes(&paper.png()), [CODE]);
    assert!(String::from_utf8_lossy(&document).contains("MediaBox [0 0 204.09"), "72 mm wide");
}

#[test]
fn a_queue_that_does_not_exist_or_hangs_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let printer = queue(folder.path());
    assert_eq!(
        printer.print(&receipt(Language::English)),
        Err(PrintFault::Unreachable),
        "there is no program"
    );
    program(folder.path(), "lp", "exit 1");
    program(folder.path(), "lpstat", "exit 1");
    assert_eq!(printer.print(&receipt(Language::English)), Err(PrintFault::Unreachable));
    assert_eq!(printer.look(), Err(PrintFault::Unreachable));
    program(folder.path(), "lp", "exec sleep 60");
    assert_eq!(printer.print(&receipt(Language::English)), Err(PrintFault::Unsure));
}
