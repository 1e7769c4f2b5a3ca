//! `people list`, `people get`, `people delete`.

use std::pin::pin;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use futures_util::StreamExt as _;
use vestibule_domain::staff::Act;
use vestibule_domain::{DoorId, IdentityId};
use vestibule_gateway::Client;
use vestibule_gateway::endpoint::person::Person;
use vestibule_gateway::endpoint::user::{delete, get, perm_query};

use crate::open::Service;
use crate::{General, Outcome, Trouble, answer, open, print};

/// How many doors one question about rights may name.
const DOORS_A_CALL: usize = 100;

/// The people the service knows.
#[derive(Subcommand)]
pub(crate) enum People {
    /// Everybody, printed as they come: id and name. With --json one object a line.
    List {
        /// Ends after so many.
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
    },
    /// One person. Exit code 1 when there is none.
    Get {
        /// The person's identityId.
        person: String,
    },
    /// Removes a person from the service. Their PINs and QR codes are not looked up: no call lists them.
    Delete(Delete),
}

/// Whom to remove.
#[derive(Args)]
pub(crate) struct Delete {
    /// The person's identityId.
    person: String,
    /// Yes, remove this person.
    #[arg(long)]
    yes: bool,
    /// Also where the person still holds cards at doors of the settings. Those may go on opening doors.
    #[arg(long)]
    leave_cards: bool,
}

impl People {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        match self {
            Self::List { limit } => list(general, limit.unwrap_or(usize::MAX)).await,
            Self::Get { person } => {
                let service = open::service(general)?;
                let person = read(&service.client, &IdentityId(person)).await?;
                answer(general, &person, in_words);
                Ok(ExitCode::SUCCESS)
            }
            Self::Delete(delete) => delete.run(general).await,
        }
    }
}

async fn list(general: &General, limit: usize) -> Outcome {
    let service = open::service(general)?;
    let mut people = pin!(service.client.people().take(limit));
    while let Some(person) = people.next().await {
        if !answer(general, &person?, in_words) {
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Delete {
    async fn run(self, general: &General) -> Outcome {
        if !self.yes {
            return Err(Trouble("nobody was removed: say --yes when this person is to go".to_owned()));
        }
        open::allow(general, Act::ChangeService).await?;
        let service = open::service(general)?;
        let person = IdentityId(self.person);
        read(&service.client, &person).await?;
        let doors = doors_with_cards(&service, &person).await?;
        if !doors.is_empty() && !self.leave_cards {
            return Err(Trouble(format!(
                "nobody was removed: this person still holds cards at {} doors; \
                 `cards delete` takes them, --leave-cards removes the person all the same",
                doors.len()
            )));
        }
        service.client.send::<delete::Delete>(&delete::Params { identity_id: person.clone() }).await?;
        let removed = serde_json::json!({ "identityId": person.0, "removed": true });
        answer(general, &removed, |_| format!("{person}  removed"));
        Ok(ExitCode::SUCCESS)
    }
}

async fn read(client: &Client, person: &IdentityId) -> Result<Person, Trouble> {
    let params = get::Params { identity_id: person.clone() };
    let found = client.send::<get::Get>(&params).await?;
    found.ok_or_else(|| Trouble("the service knows no such person".to_owned()))
}

/// The doors of the settings at which the person holds a card.
async fn doors_with_cards(service: &Service, person: &IdentityId) -> Result<Vec<DoorId>, Trouble> {
    let mut found: Vec<DoorId> = Vec::new();
    for doors in service.settings.doors.chunks(DOORS_A_CALL) {
        let iot_ids = doors.iter().map(|door| door.id.clone()).collect();
        let params = perm_query::Params { identity_id: person.clone(), iot_ids };
        let rights = service.client.send::<perm_query::PermQuery>(&params).await?;
        found.extend(rights.into_iter().flat_map(|rights| rights.data).map(|right| right.iot_id));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn in_words(person: &Person) -> String {
    let name = person.name.as_deref().map(print::plain).unwrap_or_default();
    format!("{}  {name}", print::plain(&person.identity_id.0)).trim_end().to_owned()
}
