//! Holds what the gateway did, what the ledger says and what people were told against each other, after the last victim
//! has told everything.

use std::collections::{BTreeMap, BTreeSet};

use vestibule_domain::pass::{PassState, Readiness};
use vestibule_domain::spare::{LATE_REQUESTS, SpareState};
use vestibule_domain::{DoorId, UtcMillis, Window, Zone};
use vestibule_store::{PassRow, SpareRow, Store, StoreError, VisitRow};

use super::doors;
use super::finding::{Findings, Wrong};
use super::history::{Change, Right, What, rights};
use super::model::Model;

/// Everything there is to look at.
pub struct Audit<'a> {
    model: &'a Model,
    history: &'a [Change],
    rights: BTreeMap<(String, String), Right>,
    visits: Vec<(VisitRow, Vec<PassRow>)>,
    spares: Vec<SpareRow>,
    now: UtcMillis,
    zone: Zone,
}

/// Looks at everything.
///
/// # Errors
/// What the store says.
pub fn audit(
    model: &Model,
    history: &[Change],
    store: &Store,
    now: UtcMillis,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let visits = store.visits_since(UtcMillis(0), now, u32::MAX)?;
    let visits = visits.into_iter().map(|visit| Ok((store.passes_of(visit.id)?, visit)));
    let visits: Vec<(VisitRow, Vec<PassRow>)> = visits
        .map(|both: Result<_, StoreError>| both.map(|(passes, visit)| (visit, passes)))
        .collect::<Result<_, _>>()?;
    let zone = Zone::named("Asia/Shanghai").expect("the zone database is built in");
    let audit = Audit { model, history, rights: rights(history), visits, spares: store.spares()?, now, zone };
    audit.what_was_told(findings);
    audit.what_doors_take(findings);
    audit.what_nobody_owns(findings);
    audit.people(findings);
    audit.order(findings);
    let mut journal = store.journal(u32::MAX)?;
    journal.reverse();
    let gap = journal.iter().zip(1..).find(|(row, number)| row.sequence != *number);
    findings
        .expect(gap.is_none(), Wrong::Gap, || format!("the journal has a gap at {:?}", gap.map(|gap| gap.1)));
    doors::audit(history, &store.presses(u32::MAX)?, &journal, model, findings);
    let holds = store.holds()?;
    findings.expect(holds.is_empty(), Wrong::Stuck, || format!("{} holds are not closed", holds.len()));
    Ok(())
}

impl Audit<'_> {
    fn passes(&self) -> impl Iterator<Item = (&VisitRow, &PassRow)> {
        self.visits.iter().flat_map(|(visit, passes)| passes.iter().map(move |pass| (visit, pass)))
    }

    /// What somebody was told is in the ledger, and nothing that nobody began.
    fn what_was_told(&self, findings: &mut Findings) {
        let model = self.model;
        let of_ledger: BTreeMap<_, _> = self.visits.iter().map(|(visit, _)| (visit.id, visit)).collect();
        for (form, told) in &model.told_forms {
            let known = told.is_none_or(|(visit, _)| of_ledger.contains_key(&visit));
            findings.expect(known, Wrong::Lost, || format!("the visit of {form} is gone"));
        }
        let (forms, told) = (model.forms.len(), model.told_forms.len());
        findings.expect(of_ledger.len() <= forms, Wrong::Doubled, || {
            format!("{forms} forms became {} visits", of_ledger.len())
        });
        findings.expect(of_ledger.len() >= told, Wrong::Lost, || {
            format!("{told} visitors were told that they are registered, {} are", of_ledger.len())
        });
        for visit in &model.left {
            let left = of_ledger.get(visit).is_some_and(|visit| visit.left_at.is_some());
            findings.expect(left, Wrong::Lost, || format!("visit {visit} was signed out"));
        }
        let passes: BTreeMap<_, _> =
            self.passes().map(|(visit, pass)| (pass.pass.id, (visit, pass))).collect();
        for pass in model.passes.keys() {
            findings.expect(passes.contains_key(pass), Wrong::Lost, || format!("pass {pass} is gone"));
        }
        for (pass, code) in &model.codes {
            let kept = passes.get(pass).and_then(|(_, row)| row.pass.code.as_ref());
            findings.expect(kept.is_some_and(|kept| kept.reveal() == code), Wrong::Lost, || {
                format!("pass {pass} lost the code that was shown")
            });
        }
        for (id, (visit, row)) in passes {
            let revoked = row.pass.state == PassState::Revoked;
            let told = model.revoked.contains(&id) || model.left.contains(&visit.id);
            findings.expect(revoked || !told, Wrong::Resurrected, || {
                format!("pass {id} was taken back and counts")
            });
            let begun = model.revoking.contains(&id) || model.leaving.contains(&visit.id);
            findings.expect(!revoked || begun, Wrong::Lost, || format!("pass {id} was taken back by nobody"));
        }
    }

    /// Each pass that counts is taken by its doors as the ledger has it, and no other is.
    fn what_doors_take(&self, findings: &mut Findings) {
        for (visit, row) in self.passes() {
            let (id, pass) = (row.pass.id, &row.pass);
            if pass.state == PassState::Revoked {
                self.what_was_taken_back(row, findings);
                continue;
            }
            if pass.window.until <= self.now {
                for (door, _) in &pass.doors {
                    let taken = pass.code.as_ref().and_then(|code| self.right(code.reveal(), door));
                    findings.expect(!taken.is_some_and(|right| self.counts(right)), Wrong::Orphan, || {
                        format!("pass {id} is over, and {door:?} takes it: {taken:?}")
                    });
                }
                continue;
            }
            let Some(code) = &pass.code else {
                findings.add(Wrong::Lost, format!("pass {id} has no code"));
                continue;
            };
            let wanted = self.right_of(&visit.identity.0, pass.window, pass.limit.times);
            for (door, readiness) in &pass.doors {
                findings.expect(*readiness == Readiness::Ready, Wrong::Stuck, || {
                    format!("pass {id} is {readiness:?} at {door:?}")
                });
                let taken = self.right(code.reveal(), door);
                findings.expect(taken == Some(&wanted), Wrong::Lost, || {
                    format!("{door:?} has pass {id} as {taken:?}, and not as {wanted:?}")
                });
            }
        }
        for spare in self.spares.iter().filter(|spare| spare.state == SpareState::Ready) {
            let terms = &spare.terms;
            let wanted = self.right_of(&spare.identity.0, terms.window, terms.limit.times);
            for door in &terms.doors {
                let taken = self.rights.iter().any(|((_, at), right)| *at == door.0 && *right == wanted);
                findings.expect(taken, Wrong::Lost, || format!("{door:?} does not take spare {}", spare.id));
            }
        }
    }

    /// A pass that was taken back is at no door, and its owner knows that. Where its time was over before a door could
    /// be told, no reader takes it any more and nobody tells the door.
    fn what_was_taken_back(&self, row: &PassRow, findings: &mut Findings) {
        let (id, pass) = (row.pass.id, &row.pass);
        for (door, readiness) in &pass.doors {
            let taken = pass.code.as_ref().and_then(|code| self.right(code.reveal(), door));
            findings.expect(!taken.is_some_and(|right| self.counts(right)), Wrong::Resurrected, || {
                format!("pass {id} was taken back, and {door:?} takes it: {taken:?}")
            });
            let over = pass.window.until.plus(LATE_REQUESTS) <= self.now;
            findings.expect(over || *readiness == Readiness::Removed, Wrong::Stuck, || {
                format!("pass {id} was taken back and is {readiness:?} at {door:?}")
            });
        }
    }

    fn counts(&self, right: &Right) -> bool {
        self.zone.moment(&right.until).is_none_or(|until| until > self.now)
    }

    fn right(&self, code: &str, door: &DoorId) -> Option<&Right> {
        self.rights.get(&(code.to_owned(), door.0.clone()))
    }

    fn right_of(&self, person: &str, window: Window, times: u16) -> Right {
        let wall = |moment| self.zone.wall(moment);
        Right {
            person: person.to_owned(),
            from: wall(window.from),
            until: wall(window.until),
            times: i64::from(times),
        }
    }

    /// No right that still counts is at a door where neither a pass nor a spare has it.
    fn what_nobody_owns(&self, findings: &mut Findings) {
        let mut owned: BTreeSet<(String, String)> = BTreeSet::new();
        for (_, row) in self.passes() {
            let code = row.pass.code.as_ref().map(|code| code.reveal().to_owned()).unwrap_or_default();
            owned.extend(row.pass.doors.iter().map(|(door, _)| (code.clone(), door.0.clone())));
        }
        let spares: BTreeSet<&str> = self.spares.iter().map(|spare| spare.identity.0.as_str()).collect();
        for ((code, door), right) in &self.rights {
            let counts = self.counts(right);
            let known =
                owned.contains(&(code.clone(), door.clone())) || spares.contains(right.person.as_str());
            findings.expect(!counts || known, Wrong::Orphan, || {
                format!("{door} takes a code of {} that nobody has, until {}", right.person, right.until)
            });
        }
        let armed: BTreeSet<(&str, &str)> = self
            .rights
            .iter()
            .filter(|(_, right)| spares.contains(right.person.as_str()))
            .map(|((code, _), right)| (right.person.as_str(), code.as_str()))
            .collect();
        findings.expect(armed.len() <= spares.len(), Wrong::Orphan, || {
            format!("{} spares have {} codes at doors", spares.len(), armed.len())
        });
    }

    /// The gateway knows everybody who was registered, and every spare's person.
    fn people(&self, findings: &mut Findings) {
        let mut known = BTreeSet::new();
        for change in self.history {
            match &change.what {
                What::Person(person) => drop(known.insert(person.as_str())),
                What::NoPerson(person) => drop(known.remove(person.as_str())),
                _ => {}
            }
        }
        let mut owners: BTreeSet<&str> =
            self.visits.iter().map(|(visit, _)| visit.identity.0.as_str()).collect();
        owners.extend(self.spares.iter().map(|spare| spare.identity.0.as_str()));
        for person in known.difference(&owners) {
            findings.add(Wrong::Orphan, format!("the gateway knows {person}, who is nobody"));
        }
        for (visit, _) in &self.visits {
            findings.expect(known.contains(visit.identity.0.as_str()), Wrong::Lost, || {
                format!("the gateway does not know the visitor of {}", visit.id)
            });
        }
        for spare in self.spares.iter().filter(|spare| spare.state == SpareState::Ready) {
            findings.expect(known.contains(spare.identity.0.as_str()), Wrong::Lost, || {
                format!("the gateway does not know the person of spare {}", spare.id)
            });
        }
    }

    /// In what order things happened at the gateway, and not only how they ended.
    fn order(&self, findings: &mut Findings) {
        let mut people: BTreeMap<&str, bool> = BTreeMap::new();
        let mut made: BTreeMap<&str, &str> = BTreeMap::new();
        let mut removed: BTreeSet<&str> = BTreeSet::new();
        let mut ends: BTreeMap<(&str, &str), &str> = BTreeMap::new();
        for change in self.history {
            match &change.what {
                What::Person(person) => {
                    let before = people.insert(person, true);
                    findings.expect(before != Some(false), Wrong::Resurrected, || {
                        format!("{person} was taken away and is known again at {:?}", change.at)
                    });
                }
                What::NoPerson(person) => drop(people.insert(person, false)),
                What::Made { code, person } => {
                    made.insert(code, person);
                    findings.expect(people.get(person.as_str()) == Some(&true), Wrong::Reordered, || {
                        format!("a code was made for {person} who was not known, at {:?}", change.at)
                    });
                }
                What::Granted { code, doors, right } => {
                    let person = right.person.as_str();
                    findings.expect(people.get(person) == Some(&true), Wrong::Reordered, || {
                        format!("a code was granted to {person} who was not known, at {:?}", change.at)
                    });
                    findings.expect(made.get(code.as_str()) == Some(&person), Wrong::Reordered, || {
                        format!(
                            "a code was granted to {person} that was not made for them, at {:?}",
                            change.at
                        )
                    });
                    findings.expect(!removed.contains(code.as_str()), Wrong::Resurrected, || {
                        format!("a code of {person} was granted after it was removed, at {:?}", change.at)
                    });
                    for door in doors {
                        // On the clock of the wall, whose texts are in the order of their moments.
                        let before = ends.insert((code, door), &right.until);
                        findings.expect(
                            before.is_none_or(|before| before >= right.until.as_str()),
                            Wrong::Reordered,
                            || {
                                format!(
                                    "a code of {person} lasts longer at {door} than it did, from {:?}",
                                    change.at
                                )
                            },
                        );
                    }
                }
                What::Removed { code, .. } => drop(removed.insert(code)),
                What::Opened(_) | What::Held(..) => {}
            }
        }
    }
}
