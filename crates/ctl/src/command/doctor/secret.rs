//! Where the secrets lie.

use vestibule_desk::Settings;
use vestibule_desk::secret::Place;

use super::finding::Finding;
use crate::command::secret::in_words;

/// A warning where a thief of the PC has a secret by reading a file.
pub(super) fn look(settings: &Settings) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(place) = settings.gateway.secret_place {
        found.push(said(
            "AppSecret",
            place,
            "`vestibulectl secret set app-secret`, then take it out of the settings file",
        ));
    }
    match settings.seal_place {
        Some(place) => found.push(said(
            "seal key",
            place,
            "a thief of the PC has it with the data it seals: `vestibulectl secret make-seal-key` makes one in the keyring",
        )),
        None if settings.is_demo() => {}
        None => {
            let todo = "what is kept of visitors is sealed, and its key is not here: bring it back";
            found.push(Finding::warning("seal key", "nowhere", todo));
        }
    }
    found
}

fn said(name: &str, place: Place, todo: &str) -> Finding {
    match place {
        Place::File => Finding::warning(name, in_words(place), todo),
        Place::Environment | Place::Credential | Place::Keyring => Finding::good(name, in_words(place)),
    }
}
