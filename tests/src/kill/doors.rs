//! The doors' part of an audit: each opening belongs to one press that was sent in time by the process that asked.

use std::time::Duration;

use vestibule_domain::press::{PRESS_TTL, PressState};
use vestibule_domain::{DoorId, UtcMillis};
use vestibule_store::{JournalRow, PressRow};

use super::finding::{Findings, Wrong};
use super::history::{Change, What};
use super::model::Model;
use crate::world::DOORS;

/// When a press or a hold may have reached the gateway: after it was asked, before its deadline, and before the next
/// life began.
struct Chance {
    from: UtcMillis,
    until: UtcMillis,
}

impl Chance {
    fn of(at: UtcMillis, model: &Model) -> Self {
        let next_life = model.lives.iter().copied().find(|life| *life > at);
        let deadline = at.plus(PRESS_TTL);
        Self { from: at, until: next_life.map_or(deadline, |life| life.min(deadline)) }
    }

    fn has(&self, moment: UtcMillis) -> bool {
        (self.from..self.until).contains(&moment)
    }
}

/// Holds presses and holds against what the doors did.
pub fn audit(
    history: &[Change],
    presses: &[PressRow],
    journal: &[JournalRow],
    model: &Model,
    findings: &mut Findings,
) {
    for (id, (door, state)) in &model.presses {
        match presses.iter().find(|press| press.id == *id) {
            None => {
                findings.add(Wrong::Lost, format!("press {id} on {door} was told and is not in the ledger"))
            }
            Some(press) => findings.expect(press.state == *state, Wrong::Untrue, || {
                format!("press {id} was told as {state:?} and is {:?}", press.state)
            }),
        }
    }
    for (door, _) in DOORS {
        let of_door = |press: &&PressRow| press.door == DoorId(door.to_owned());
        let asked: Vec<&PressRow> = presses.iter().filter(of_door).collect();
        let begun = model.pressing.get(door).copied().unwrap_or_default();
        findings.expect(asked.len() <= begun, Wrong::Doubled, || {
            format!("{door}: {} presses are in the ledger and {begun} were begun", asked.len())
        });
        let opened = moments(history, |what| matches!(what, What::Opened(opened) if opened == door));
        presses_of_door(door, &asked, &opened, model, findings);
        let held = moments(history, |what| matches!(what, What::Held(held, true) if held == door));
        let asked: Vec<Chance> = journal
            .iter()
            .filter(|row| row.kind == "holdAsked" && row.detail["door"] == door)
            .map(|row| Chance::of(row.at, model))
            .collect();
        for moment in unmatched(&held, &asked) {
            let starts: Vec<UtcMillis> = asked.iter().map(|chance| chance.from).collect();
            findings.add(wrong_at(moment, &starts), format!("{door} was held open by nobody at {moment:?}"));
        }
        let last = history.iter().rev().find_map(|change| match &change.what {
            What::Held(held, open) if held == door => Some(*open),
            _ => None,
        });
        findings.expect(last != Some(true), Wrong::Lost, || format!("{door} is still held open"));
    }
}

fn presses_of_door(
    door: &str,
    asked: &[&PressRow],
    opened: &[UtcMillis],
    model: &Model,
    findings: &mut Findings,
) {
    for press in asked {
        findings.expect(press.state != PressState::Asked, Wrong::Stuck, || {
            format!("press {} on {door} has no end", press.id)
        });
    }
    let with = |good: fn(PressState) -> bool| -> Vec<Chance> {
        let presses = asked.iter().filter(|press| good(press.state));
        presses.map(|press| Chance::of(press.at, model)).collect()
    };
    // Every opening has a press of its own that is not called refused, and every press that is called accepted an
    // opening of its own. Where both can be had singly, they can be had together.
    let possible = with(|state| state != PressState::Refused);
    for moment in unmatched(opened, &possible) {
        let refused = with(|state| state == PressState::Refused).iter().any(|chance| chance.has(moment));
        let starts: Vec<UtcMillis> = asked.iter().map(|press| press.at).collect();
        let wrong = if refused { Wrong::Untrue } else { wrong_at(moment, &starts) };
        findings.add(wrong, format!("{door} opened at {moment:?} and no press accounts for it"));
    }
    let accepted = with(|state| state == PressState::Accepted);
    let lonely = accepted.len() - matched(opened, &accepted).iter().flatten().count();
    findings
        .expect(lonely == 0, Wrong::Untrue, || format!("{door}: {lonely} accepted presses opened nothing"));
}

/// What is wrong with something at a door that nothing accounts for: it comes late where something was asked for and is
/// over, and is otherwise one too many.
fn wrong_at(moment: UtcMillis, asked: &[UtcMillis]) -> Wrong {
    let within = |span: Duration| asked.iter().any(|at| (*at..at.plus(span)).contains(&moment));
    match (within(PRESS_TTL), within(PRESS_TTL + Duration::from_secs(60))) {
        (false, true) => Wrong::Late,
        _ => Wrong::Doubled,
    }
}

fn moments(history: &[Change], wanted: impl Fn(&What) -> bool) -> Vec<UtcMillis> {
    history.iter().filter(|change| wanted(&change.what)).map(|change| change.at).collect()
}

/// The moments for which no chance is left.
fn unmatched(moments: &[UtcMillis], chances: &[Chance]) -> Vec<UtcMillis> {
    let matched = matched(moments, chances);
    let is_free = |at: usize| !matched.contains(&Some(at));
    (0..moments.len()).filter(|at| is_free(*at)).map(|at| moments[at]).collect()
}

/// The largest pairing of moments and chances: for each chance the moment that it has.
fn matched(moments: &[UtcMillis], chances: &[Chance]) -> Vec<Option<usize>> {
    let mut of_chance = vec![None; chances.len()];
    for at in 0..moments.len() {
        let mut seen = vec![false; chances.len()];
        place(at, moments, chances, &mut of_chance, &mut seen);
    }
    of_chance
}

/// Finds a chance for a moment, moving others where that helps.
fn place(
    at: usize,
    moments: &[UtcMillis],
    chances: &[Chance],
    of_chance: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    for (number, chance) in chances.iter().enumerate() {
        if !chance.has(moments[at]) || std::mem::replace(&mut seen[number], true) {
            continue;
        }
        if of_chance[number].is_none_or(|other| place(other, moments, chances, of_chance, seen)) {
            of_chance[number] = Some(at);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chances(spans: &[(i64, i64)]) -> Vec<Chance> {
        spans
            .iter()
            .map(|(from, until)| Chance { from: UtcMillis(*from), until: UtcMillis(*until) })
            .collect()
    }

    fn left(moments: &[i64], spans: &[(i64, i64)]) -> Vec<UtcMillis> {
        let moments: Vec<UtcMillis> = moments.iter().copied().map(UtcMillis).collect();
        unmatched(&moments, &chances(spans))
    }

    #[test]
    fn two_openings_of_one_press_are_one_too_many() {
        assert_eq!(left(&[10], &[(0, 5000)]), []);
        assert_eq!(left(&[10, 20], &[(0, 5000)]).len(), 1);
        assert_eq!(left(&[10, 20], &[(0, 5000), (15, 5015)]), []);
    }

    #[test]
    fn an_opening_makes_room_for_another_where_it_can() {
        // The first could be of either press, the second only of the first press.
        assert_eq!(left(&[3500, 3200], &[(3300, 8300), (0, 3600)]), []);
        assert_eq!(left(&[3200, 3250], &[(3300, 8300), (0, 3600)]).len(), 1);
    }

    #[test]
    fn no_press_accounts_for_what_happens_before_it_or_when_it_is_over() {
        assert_eq!(left(&[99, 5100], &[(100, 5100)]), [UtcMillis(99), UtcMillis(5100)]);
    }

    #[test]
    fn a_press_is_over_with_the_life_that_asked_for_it() {
        let model = Model { lives: vec![UtcMillis(0), UtcMillis(1500)], ..Model::default() };
        let chance = Chance::of(UtcMillis(1000), &model);
        assert!(chance.has(UtcMillis(1499)) && !chance.has(UtcMillis(1500)));
        let chance = Chance::of(UtcMillis(1500), &model);
        assert!(chance.has(UtcMillis(6499)) && !chance.has(UtcMillis(6500)));
    }
}
