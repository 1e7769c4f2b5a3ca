//! Many lobbies, one after the other, until something is wrong or there were kills enough.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::bug::Bug;
use super::chance::Chance;
use super::finding::{Finding, Wrong};
use super::lobby::{Closed, Fault, Lobby};
use super::plan::{End, Plan};

/// What to do.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// What everything is drawn from.
    pub seed: u64,
    /// How many kills, at most.
    pub kills: u32,
    /// How many lives a lobby sees before it is looked at.
    pub lives: u32,
    /// The bug in the victim.
    pub bug: Option<Bug>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many kills there were.
    pub kills: u32,
    /// How many lobbies were looked at.
    pub lobbies: u32,
    /// How many things people were told.
    pub told: usize,
    /// How many changes the gateway carried out.
    pub changes: usize,
    /// How the lives were ended.
    pub ends: BTreeMap<String, u32>,
    /// What the ledgers tell of: how often each kind of thing happened.
    pub seen: BTreeMap<String, usize>,
    /// What was wrong in the last lobby.
    pub findings: Vec<Finding>,
    /// What the last lobby's chance was drawn from.
    pub last_seed: u64,
}

impl Outcome {
    /// Whether this is among what was wrong.
    #[must_use]
    pub fn has(&self, wrong: Wrong) -> bool {
        self.findings.iter().any(|finding| finding.wrong == wrong)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kills, lobbies, told, changes, .. } = self;
        write!(
            f,
            "{kills} kills in {lobbies} lobbies; {told} things told, {changes} changes at the gateway"
        )?;
        for (end, count) in &self.ends {
            write!(f, "\n   {count:>6} {end}")?;
        }
        let seen: Vec<String> = self.seen.iter().map(|(what, count)| format!("{count} {what}")).collect();
        write!(f, "\n   in the ledgers: {}", seen.join(", "))?;
        for finding in &self.findings {
            write!(f, "\n   {:?}: {}", finding.wrong, finding.words)?;
        }
        Ok(())
    }
}

/// Does it.
///
/// # Errors
/// What is at fault on this machine or in the harness.
pub fn run(victim: &Path, wish: Wish, mut progress: impl FnMut(&Outcome)) -> Result<Outcome, Fault> {
    let mut outcome = Outcome::default();
    let mut seeds = Chance::of(wish.seed, "lobbies");
    while outcome.kills < wish.kills && outcome.findings.is_empty() {
        outcome.last_seed = seeds.draw();
        let mut lobby = Lobby::open(victim, outcome.last_seed, wish.bug)?;
        let mut chance = Chance::of(outcome.last_seed, "plans");
        for _ in 0..wish.lives.min(wish.kills - outcome.kills) {
            let plan = Plan::draw(&mut chance);
            let by_itself = lobby.live(&plan)?;
            outcome.kills += 1;
            *outcome.ends.entry(name_of(plan.end, by_itself)).or_default() += 1;
            if lobby.is_wrong() {
                break;
            }
        }
        let Closed { findings, told, changes, seen, folder } = lobby.close()?;
        outcome.lobbies += 1;
        outcome.told += told;
        outcome.changes += changes;
        for (what, count) in seen {
            *outcome.seen.entry(what).or_default() += count;
        }
        outcome.findings = findings.0;
        if !outcome.findings.is_empty() && wish.bug.is_none() {
            let kept = folder.keep();
            std::fs::write(kept.join("findings"), outcome.to_string())?;
            eprintln!("what the victim left: {}", kept.display());
        }
        progress(&outcome);
    }
    Ok(outcome)
}

fn name_of(end: End, by_itself: bool) -> String {
    match end {
        End::Working(_) => "killed at work".to_owned(),
        End::Starting(_) => "killed while it started".to_owned(),
        End::At(crash) if by_itself => format!("at {:?}", crash.point),
        End::At(_) => "killed before it came to its point".to_owned(),
    }
}
