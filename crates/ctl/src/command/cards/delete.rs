//! `cards delete`.
//!
//! The service's call names a card and takes the person: every card of that person at the door goes. So this command
//! says so, shows how many there are, and reads back afterwards.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;
use vestibule_domain::staff::Act;
use vestibule_domain::{DoorId, IdentityId};
use vestibule_gateway::Client;
use vestibule_gateway::endpoint::answer::CardRight;
use vestibule_gateway::endpoint::card::batchdelete::{BatchDelete, CardAtDoor, Params};
use vestibule_gateway::endpoint::user::perm_query;

use crate::{General, Outcome, Trouble, answer, open};

/// Whom, and where.
#[derive(Args)]
pub(crate) struct Delete {
    /// The person's identityId.
    #[arg(long, value_name = "ID")]
    person: String,
    /// A door by its iotId; once for each, at most 100.
    #[arg(long = "door", value_name = "IOTID", required = true)]
    doors: Vec<String>,
    /// Yes, take all cards of the person at these doors. Without it the command only counts them.
    #[arg(long)]
    yes: bool,
}

/// What became of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    door: String,
    /// Cards the person held there.
    cards: usize,
    /// Cards the person holds there now.
    left: usize,
}

impl Delete {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        if self.yes {
            open::allow(general, Act::ChangeService).await?;
        }
        let service = open::service(general)?;
        let person = IdentityId(self.person);
        let doors: Vec<DoorId> = self.doors.into_iter().map(DoorId).collect();
        let held = held(&service.client, &person, &doors).await?;
        let mut left = held.clone();
        if self.yes && !held.is_empty() {
            let rows = held.iter().map(|right| CardAtDoor {
                identity_id: person.clone(),
                iot_id: right.iot_id.clone(),
                card_id: right.card_id.clone(),
            });
            service.client.send::<BatchDelete>(&Params { list: rows.collect() }).await?;
            left = self::held(&service.client, &person, &doors).await?;
        }
        let at =
            |rights: &[CardRight], door: &DoorId| rights.iter().filter(|right| right.iot_id == *door).count();
        for door in &doors {
            let line = Line { door: door.0.clone(), cards: at(&held, door), left: at(&left, door) };
            answer(general, &line, |line| format!("{}  {} cards, {} left", line.door, line.cards, line.left));
        }
        if !self.yes && !held.is_empty() {
            return Err(Trouble("nothing was taken: say --yes when all of these cards are to go".to_owned()));
        }
        if !left.is_empty() {
            return Err(Trouble(
                "the service still lists cards of this person; run the same again".to_owned(),
            ));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The cards a person holds at doors.
async fn held(client: &Client, person: &IdentityId, doors: &[DoorId]) -> Result<Vec<CardRight>, Trouble> {
    let params = perm_query::Params { identity_id: person.clone(), iot_ids: doors.to_vec() };
    let rights = client.send::<perm_query::PermQuery>(&params).await?;
    Ok(rights.map(|rights| rights.data).unwrap_or_default())
}
