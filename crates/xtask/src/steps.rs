//! Steps: named, timed, and summed up at the end.

use std::time::{Duration, Instant};

use crate::count::Count;
use crate::failed::Failed;

/// How a step ended.
enum End {
    Done,
    Skipped,
    Failed(Failed),
}

struct Line {
    name: &'static str,
    took: Duration,
    count: Count,
    end: End,
}

/// The steps of one run.
pub(crate) struct Steps {
    only: Vec<String>,
    lines: Vec<Line>,
    started: Instant,
}

impl Steps {
    /// With names, only the steps so named are done.
    pub(crate) fn new(only: &[String]) -> Self {
        Self { only: only.to_vec(), lines: Vec::new(), started: Instant::now() }
    }

    /// A step that others cannot do without: the run ends when it fails.
    pub(crate) fn must(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<(), Failed>,
    ) -> Result<(), Failed> {
        self.check(name, work);
        match self.lines.last() {
            Some(Line { name: last, end: End::Failed(failed), .. }) if *last == name => Err(failed.clone()),
            _ => Ok(()),
        }
    }

    /// A step after whose failure the others are still worth doing.
    pub(crate) fn check(&mut self, name: &'static str, work: impl FnOnce() -> Result<(), Failed>) {
        self.count(name, || match work() {
            Ok(()) => Ok(Count::default()),
            Err(failed) => Err((failed, Count::default())),
        });
    }

    /// A step that runs tests.
    pub(crate) fn count(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<Count, (Failed, Count)>,
    ) {
        if !self.wants(name) {
            return;
        }
        println!("\n── {name}");
        let begun = Instant::now();
        let (count, end) = match work() {
            Ok(count) => (count, End::Done),
            Err((failed, count)) => (count, End::Failed(failed)),
        };
        let took = begun.elapsed();
        match &end {
            End::Failed(failed) => println!("   FAILED after {}: {failed}", in_words(took)),
            _ => println!("   done in {}", in_words(took)),
        }
        self.lines.push(Line { name, took, count, end });
    }

    /// A step that cannot be done on this machine, which is said and is no failure.
    pub(crate) fn skip(&mut self, name: &'static str, why: &str) {
        if self.wants(name) {
            println!("\n── {name}\n   left out: {why}");
            self.lines.push(Line { name, took: Duration::ZERO, count: Count::default(), end: End::Skipped });
        }
    }

    /// The table of all steps, the sum of all tests, and the verdict.
    pub(crate) fn finish(self) -> Result<(), Failed> {
        let mut all = Count::default();
        println!();
        for line in &self.lines {
            all.add(line.count);
            println!("{}", row(line));
        }
        println!("   {:<14} {:>9}", "all", in_words(self.started.elapsed()));
        let broken: Vec<&str> = self
            .lines
            .iter()
            .filter(|line| matches!(line.end, End::Failed(_)))
            .map(|line| line.name)
            .collect();
        println!("\n{} passed, {} failed", all.passed, all.failed);
        if broken.is_empty() {
            return Ok(());
        }
        Err(Failed::new(broken.join(", "))
            .advice(format!("again, only this: cargo xtask test --only {}", broken.join(","))))
    }

    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|wanted| wanted == name)
    }
}

fn row(line: &Line) -> String {
    let Count { passed, failed } = line.count;
    let tests = match (passed, failed) {
        (0, 0) => String::new(),
        (passed, 0) => format!("{passed} passed"),
        (passed, failed) => format!("{passed} passed, {failed} failed"),
    };
    let (mark, took) = match line.end {
        End::Done => ("✓", in_words(line.took)),
        End::Skipped => ("·", "left out".to_owned()),
        End::Failed(_) => ("✗", in_words(line.took)),
    };
    format!(" {mark} {:<14} {took:>9}   {tests}", line.name).trim_end().to_owned()
}

/// A time as a person says it.
pub(crate) fn in_words(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds >= 60 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}
