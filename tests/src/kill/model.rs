//! What the parent heard: what was begun, and what somebody was told.

use std::collections::{BTreeMap, BTreeSet};

use vestibule_domain::press::PressState;
use vestibule_domain::{HoldId, PassId, PressId, UtcMillis, VisitId};

use super::finding::{Findings, Wrong};
use super::word::{Deed, Told, Word};

/// What is known of a lobby from what its victims said.
#[derive(Debug, Default)]
pub struct Model {
    /// When each life opened its store.
    pub lives: Vec<UtcMillis>,
    /// The forms that were begun.
    pub forms: BTreeSet<String>,
    /// The forms whose visitor was told something, and the visit and the pass where those were named.
    pub told_forms: BTreeMap<String, Option<(VisitId, PassId)>>,
    /// The newest form that was begun and of which nobody was told.
    pub untold_form: Option<String>,
    /// The visit of each pass that was told.
    pub passes: BTreeMap<PassId, VisitId>,
    /// The code that was shown of a pass.
    pub codes: BTreeMap<PassId, String>,
    /// Passes whose end was begun by their own.
    pub revoking: BTreeSet<PassId>,
    /// Passes whose end was told.
    pub revoked: BTreeSet<PassId>,
    /// Visits whose end was begun.
    pub leaving: BTreeSet<VisitId>,
    /// Visits whose end was told.
    pub left: BTreeSet<VisitId>,
    /// Presses begun, by door.
    pub pressing: BTreeMap<String, usize>,
    /// How presses ended, as it was told.
    pub presses: BTreeMap<PressId, (String, PressState)>,
    /// Holds that were told.
    pub holds: BTreeSet<HoldId>,
    /// How many words told of something.
    pub told: usize,
}

impl Model {
    /// Takes in a word, and sees at once what cannot be.
    pub fn hear(&mut self, word: Word, findings: &mut Findings) {
        match word {
            Word::Opening(now) => self.lives.push(now),
            Word::Speaking | Word::Mended => {}
            Word::Begun(deed) => self.begun(deed),
            Word::Told(told) => {
                self.told += 1;
                self.hear_told(told, findings);
            }
            Word::ToldOfForm(form) => {
                self.told_forms.entry(form).or_default();
            }
            Word::Failed(deed, why) => match deed {
                Deed::Register(_)
                | Deed::Revoke(_)
                | Deed::SignOut(_)
                | Deed::EndHold(_)
                | Deed::Verify(_) => {
                    findings.add(Wrong::Untrue, format!("{deed:?} was refused: {why}"));
                }
                Deed::Issue(_) | Deed::Press(_) | Deed::Hold(_) => {}
            },
            Word::Stuck(what) => findings.add(Wrong::Stuck, format!("still waiting at the end: {what}")),
        }
    }

    fn begun(&mut self, deed: Deed) {
        match deed {
            Deed::Register(form) => {
                self.untold_form = Some(form.clone());
                self.forms.insert(form);
            }
            Deed::Revoke(pass) => drop(self.revoking.insert(pass)),
            Deed::SignOut(visit) => drop(self.leaving.insert(visit)),
            Deed::Press(door) => *self.pressing.entry(door).or_default() += 1,
            Deed::Issue(_) | Deed::Hold(_) | Deed::EndHold(_) | Deed::Verify(_) => {}
        }
    }

    fn hear_told(&mut self, told: Told, findings: &mut Findings) {
        match told {
            Told::Registered(form, visit, pass, code) => {
                if self.untold_form.as_ref() == Some(&form) {
                    self.untold_form = None;
                }
                let before = self.told_forms.insert(form.clone(), Some((visit, pass))).flatten();
                findings.expect(before.is_none_or(|(known, _)| known == visit), Wrong::Doubled, || {
                    format!("{form} became a second visit")
                });
                self.passes.insert(pass, visit);
                if let Some(code) = code {
                    self.shown(pass, &code, findings);
                }
            }
            Told::Issued(visit, pass) => drop(self.passes.insert(pass, visit)),
            Told::Revoked(pass) => drop(self.revoked.insert(pass)),
            Told::SignedOut(visit) => drop(self.left.insert(visit)),
            Told::Pressed(press, door, state) => drop(self.presses.insert(press, (door, state))),
            Told::Held(hold, _) | Told::HoldEnded(hold) => drop(self.holds.insert(hold)),
            Told::Verified(pass, code, let_in) => {
                let over = self.revoked.contains(&pass)
                    || self.passes.get(&pass).is_some_and(|visit| self.left.contains(visit));
                findings.expect(!(over && let_in), Wrong::Resurrected, || {
                    format!("pass {pass} was taken back, and its holder was let in")
                });
                self.shown(pass, &code, findings);
            }
        }
    }

    fn shown(&mut self, pass: PassId, code: &str, findings: &mut Findings) {
        let others = self.codes.iter().any(|(other, shown)| *other != pass && shown == code);
        findings.expect(!others, Wrong::Doubled, || format!("the code of pass {pass} was given twice"));
        let before = self.codes.insert(pass, code.to_owned());
        findings.expect(before.is_none_or(|before| before == code), Wrong::Lost, || {
            format!("pass {pass} has another code than the one that was shown")
        });
    }
}
