//! `roll-call show`, `begin`, `tick`, `untick`, `end`: who is inside when everybody has to leave.

use std::process::ExitCode;

use clap::Subcommand;
use vestibule_desk::{Desk, RollCallPerson, RollCallView};
use vestibule_domain::VisitId;

use crate::{General, Outcome, answer, open, print};

/// The roll call.
#[derive(Subcommand)]
pub(crate) enum RollCall {
    /// Who is inside as far as this desk knows; while one is under way, also who was seen outside.
    Show,
    /// Begins one; where one is under way, that goes on.
    Begin,
    /// Somebody was seen outside.
    Tick {
        /// Their visit.
        visit: VisitId,
    },
    /// Takes that back; of the newest when none is named.
    Untick {
        /// Their visit.
        visit: Option<VisitId>,
    },
    /// Ends it.
    End,
}

impl RollCall {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let desk = open::desk(general).await?;
        let called = match self {
            Self::Show => desk.roll_call()?,
            Self::Begin => desk.begin_roll_call()?,
            Self::Tick { visit } => desk.tick(visit)?,
            Self::Untick { visit } => desk.untick(visit)?,
            Self::End => desk.end_roll_call()?,
        };
        answer(general, &called, |called| in_words(&desk, called));
        Ok(ExitCode::SUCCESS)
    }
}

fn in_words(desk: &Desk, called: &RollCallView) -> String {
    let zone = desk.settings().zone();
    let begun = match called.begun_at {
        Some(at) => format!("roll call since {}", zone.wall(at)),
        None => "no roll call is under way".to_owned(),
    };
    let mut lines = vec![format!("{}, as of {} ({})", begun, zone.wall(called.at), called.zone)];
    lines.extend(called.people.iter().map(|person| {
        let mark = match person {
            RollCallPerson { ticked_at: Some(_), .. } => "[x]",
            RollCallPerson { left_at: Some(_), .. } => "[left]",
            _ => "[ ]",
        };
        let (came, name) = (zone.wall(person.came_at), &person.visitor_name);
        print::plain(&format!("{mark} {}  {came}  {name}  {}", person.visit, person.host))
    }));
    lines.push(format!("{} missing, {} ticked off", called.missing, called.ticked));
    lines.push(format!(
        "a guard let {} of these {} in; the others registered, and nobody knows whether they went in",
        called.seen,
        called.people.len()
    ));
    lines
        .push("not on it: staff, whoever did not register, and whoever was let in without a pass".to_owned());
    if called.left_open > 0 {
        lines.push(format!("not on it: {} earlier visits that were never signed out", called.left_open));
    }
    if let Some(newest) = called.newest {
        lines.push(format!("the newest arrival or departure that this desk knows of: {}", zone.wall(newest)));
    }
    lines.join("\n")
}
