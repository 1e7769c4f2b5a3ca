//! Other programs: said before they start, judged when they end.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use crate::count::Count;
use crate::failed::Failed;
use crate::tree;

/// A program started at the root of the project, with its words in our terminal.
#[must_use]
pub(crate) struct Run {
    command: Command,
    said: String,
}

impl Run {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(&program);
        command.current_dir(tree::root());
        // By its name: where it lies is of no interest to whoever reads along.
        let name = Path::new(&program).file_name().unwrap_or(program.as_ref());
        Self { command, said: name.to_string_lossy().into_owned() }
    }

    /// cargo, the same one that runs us.
    pub(crate) fn cargo() -> Self {
        Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// npm in the folder of the page.
    pub(crate) fn npm() -> Self {
        // On Windows npm is a script, which is not found by its bare name.
        let npm = tree::which("npm").unwrap_or_else(|| "npm".into());
        Self::new(npm).within(&tree::root().join("ui"))
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        for arg in args {
            self.said.push(' ');
            self.said.push_str(&arg.as_ref().to_string_lossy());
            self.command.arg(arg);
        }
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn within(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Runs it to its end.
    pub(crate) fn go(mut self) -> Result<(), Failed> {
        self.say();
        let status = self.command.status().map_err(|error| self.did_not_start(&error))?;
        if status.success() {
            Ok(())
        } else {
            Err(Failed::new(format!("`{}` ended with {status}", self.said)))
        }
    }

    /// Runs it to its end and counts the tests in what it prints.
    pub(crate) fn counting(mut self) -> Result<Count, (Failed, Count)> {
        self.say();
        let spawned = self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|error| (self.did_not_start(&error), Count::default()))?;
        let count = Mutex::new(Count::default());
        std::thread::scope(|scope| {
            if let Some(stderr) = child.stderr.take() {
                scope.spawn(|| pass_on(stderr, std::io::stderr(), &count));
            }
            if let Some(stdout) = child.stdout.take() {
                pass_on(stdout, std::io::stdout(), &count);
            }
        });
        let count = count.into_inner().unwrap_or_default();
        match child.wait() {
            Ok(status) if status.success() => Ok(count),
            Ok(status) => Err((Failed::new(format!("`{}` ended with {status}", self.said)), count)),
            Err(error) => Err((error.into(), count)),
        }
    }

    /// What it prints, without showing it; none when it fails or is not there.
    pub(crate) fn answer(mut self) -> Option<String> {
        let output = self.command.stdin(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    fn say(&self) {
        println!("   $ {}", self.said);
    }

    fn did_not_start(&self, error: &std::io::Error) -> Failed {
        Failed::new(format!("`{}` did not start: {error}", self.said))
            .advice("`cargo xtask doctor` lists what is missing")
    }
}

fn pass_on(from: impl Read, mut to: impl Write, count: &Mutex<Count>) {
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        if let Ok(mut count) = count.lock() {
            count.read(&String::from_utf8_lossy(&line));
        }
        // A terminal that went away is no reason to stop a test run.
        to.write_all(&line).and_then(|()| to.write_all(b"\n")).ok();
    }
}
