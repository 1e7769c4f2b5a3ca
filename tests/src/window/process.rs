//! Programs started for a test: each in a group of its own, all of it ended with the value.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A program, and whatever it started in turn.
///
/// It is killed when the thread that started it ends, so it must be started from the test's own
/// thread and not from a task that may move.
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program whose words go to a log file in a folder.
    pub(crate) fn start(name: &str, command: &Command, dir: &Path) -> Self {
        let log = dir.join(format!("{name}.log"));
        let file = File::create(&log).expect("a log file in the test's own folder");
        let twin = file.try_clone().expect("one more handle of an open file");
        let child = bound_to_us(command).stdout(file).stderr(twin).spawn();
        let child = child.unwrap_or_else(|error| panic!("{name} did not start: {error}"));
        Self { child, log }
    }

    /// Starts a program that says in its first line when it is ready, and gives that line.
    pub(crate) fn start_and_listen(name: &str, command: &Command, dir: &Path) -> (Self, String) {
        let log = dir.join(format!("{name}.log"));
        let file = File::create(&log).expect("a log file in the test's own folder");
        let mut out = file.try_clone().expect("one more handle of an open file");
        let child = bound_to_us(command).stdout(Stdio::piped()).stderr(file).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{name} did not start: {error}"));
        let stdout = child.stdout.take().expect("the pipe asked for above");
        let (first, line) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // Only the first line is waited for, and the log is for people.
                writeln!(out, "{line}").ok();
                first.send(line).ok();
            }
        });
        let process = Self { child, log };
        match line.recv_timeout(Duration::from_secs(20)) {
            Ok(line) => (process, line),
            Err(_) => panic!("{name} did not become ready:\n{}", process.log()),
        }
    }

    /// How it ended, if it has.
    pub(crate) fn try_wait(&mut self) -> std::io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// Everything it has said.
    pub(crate) fn log(&self) -> String {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The whole group first; it may be gone already, which is as good.
        let group = format!("-{}", self.child.id());
        Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status().ok();
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The same command in a group of its own, which the kernel ends with us.
fn bound_to_us(command: &Command) -> Command {
    let mut bound = Command::new("setpriv");
    bound.args(["--pdeathsig", "KILL", "--"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => bound.env(name, value),
            None => bound.env_remove(name),
        };
    }
    bound.stdin(Stdio::null()).process_group(0);
    bound
}
