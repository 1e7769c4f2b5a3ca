//! A printer of the system: a document is handed to its queue by the program that every Linux system with one has.

use std::io::{ErrorKind, Seek, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use vestibule_domain::receipt::{PrintFault, Printed};

use crate::job::Job;
use crate::pdf;
use crate::picture::Picture;

/// How often, and how long each, the program is waited for.
const LOOKS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// Hands a picture to the queue of a printer.
pub(crate) fn print(
    program: &Path,
    name: &str,
    picture: &Picture,
    job: &Job<Printed>,
) -> Result<Printed, PrintFault> {
    let document = nameless(&pdf::document(picture)).map_err(|error| cannot(&error))?;
    let mut command = Command::new(program);
    // As large as it is: a code that is fitted to a sheet is no longer made of whole dots.
    command.args(["-d", name, "-t", "Vestibule", "-o", "print-scaling=none"]).stdin(document);
    let child = spawn(command, job)?;
    let done = job.begin().and_then(|()| end(child, || job.progress()));
    if done? { Ok(Printed::Sent) } else { Err(PrintFault::Unreachable) }
}

/// Whether the queue of a printer takes documents. What it prints, it does not say.
pub(crate) fn look(program: &Path, name: &str, job: &Job<bool>) -> Result<bool, PrintFault> {
    let mut command = Command::new(program.with_file_name("lpstat"));
    command.args(["-a", name]).stdin(Stdio::null());
    let child = spawn(command, job)?;
    if end(child, || job.progress())? { Ok(false) } else { Err(PrintFault::Unreachable) }
}

fn spawn<T>(mut command: Command, job: &Job<T>) -> Result<Child, PrintFault> {
    job.reached()?;
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(|error| cannot(&error))
}

/// Waits for a program; one that hangs is ended. Says whether it did what it was told.
fn end(mut child: Child, progress: impl Fn()) -> Result<bool, PrintFault> {
    for _ in 0..LOOKS {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) => sleep(PAUSE),
            Err(error) => return Err(cannot(&error)),
        }
        progress();
    }
    drop(child.kill());
    drop(child.wait());
    Err(PrintFault::Unsure)
}

/// A file that no name leads to: what stands on a receipt does not stay on the disk.
fn nameless(document: &[u8]) -> std::io::Result<Stdio> {
    let mut file = tempfile::tempfile()?;
    file.write_all(document)?;
    file.rewind()?;
    Ok(file.into())
}

fn cannot(error: &std::io::Error) -> PrintFault {
    tracing::warn!(%error, "the system's printers cannot be used");
    if error.kind() == ErrorKind::PermissionDenied { PrintFault::Denied } else { PrintFault::Unreachable }
}
