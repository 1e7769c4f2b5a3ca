//! `secret status`, `secret set`, `secret make-seal-key`, `secret forget`.

use std::io::{IsTerminal, Read};
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use serde::Serialize;
use vestibule_desk::seal::Seal;
use vestibule_desk::secret::{self, KeyringError, Place, Secret};
use zeroize::Zeroizing;

use crate::{General, Outcome, Trouble, answer, open};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Where each secret is found; never the secret.
    Status,
    /// Puts a secret into the system's keyring, in place of what is there. It is asked for, or read from a pipe.
    Set {
        /// Which.
        name: Name,
    },
    /// Makes a new seal key in the system's keyring. The one that was there goes on opening what it sealed.
    MakeSealKey,
    /// Takes a secret out of the system's keyring.
    Forget {
        /// Which.
        name: Name,
    },
}

/// A secret on the command line.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Name {
    /// The AppSecret of the project at the entrance service.
    AppSecret,
    /// The key that seals what is kept of visitors, and spare passes.
    SealKey,
    /// The key before that.
    SealKeyBefore,
    /// The key that the desks of one site share.
    SiteKey,
}

impl From<Name> for Secret {
    fn from(name: Name) -> Self {
        match name {
            Name::AppSecret => Self::AppSecret,
            Name::SealKey => Self::SealKey,
            Name::SealKeyBefore => Self::SealKeyBefore,
            Name::SiteKey => Self::SiteKey,
        }
    }
}

#[derive(Serialize)]
struct Found {
    name: &'static str,
    place: Option<&'static str>,
}

impl Command {
    pub(crate) fn run(self, general: &General) -> Outcome {
        match self {
            Self::Status => {
                let settings = open::settings(general).ok();
                for name in Secret::ALL {
                    let of_settings = match name {
                        Secret::AppSecret => settings.as_ref().and_then(|said| said.gateway.secret_place),
                        Secret::SealKey => settings.as_ref().and_then(|said| said.seal_place),
                        Secret::SealKeyBefore | Secret::SiteKey => None,
                    };
                    let elsewhere = || {
                        let found = open::PLACES
                            .find(name, || Ok(None))
                            .map_err(|(which, why)| Trouble(format!("{which}: {why}")))?;
                        Ok::<_, Trouble>(found.map(|(_, place)| place))
                    };
                    let place = of_settings.map_or_else(elsewhere, |place| Ok(Some(place)))?.map(in_words);
                    answer(general, &Found { name: name.word(), place }, |found| {
                        format!("{}: {}", found.name, found.place.unwrap_or("nowhere"))
                    });
                }
            }
            Self::Set { name } => {
                let text = ask(name.into())?;
                secret::keep(name.into(), &text).map_err(|error| trouble(&error))?;
                said_elsewhere(name.into())?;
            }
            Self::MakeSealKey => {
                match open::PLACES.find(Secret::SealKey, || Ok(None)) {
                    Ok(Some((old, Place::Keyring))) => {
                        secret::keep(Secret::SealKeyBefore, &old).map_err(|error| trouble(&error))?;
                    }
                    Ok(_) => {}
                    Err((which, why)) => return Err(Trouble(format!("{which}: {why}"))),
                }
                let key = Seal::new_key().map_err(|error| Trouble(error.to_string()))?;
                secret::keep(Secret::SealKey, &key).map_err(|error| trouble(&error))?;
                said_elsewhere(Secret::SealKey)?;
            }
            Self::Forget { name } => secret::forget(name.into()).map_err(|error| trouble(&error))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Asks a person without showing what is typed; or takes what a program pipes in.
fn ask(secret: Secret) -> Result<Zeroizing<String>, Trouble> {
    let read = if std::io::stdin().is_terminal() {
        rpassword::prompt_password(format!("{}: ", secret.word())).map(Zeroizing::new)
    } else {
        let mut text = Zeroizing::new(String::new());
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    };
    let text = read.map_err(|error| Trouble(error.to_string()))?;
    let text = Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned());
    if text.is_empty() {
        return Err(Trouble(format!("{} is empty: nothing was kept", secret.word())));
    }
    if secret != Secret::AppSecret && Seal::from_hex(&text).is_none() {
        return Err(Trouble(format!("{} is no key of 64 hexadecimal digits", secret.word())));
    }
    Ok(text)
}

/// What is kept in the keyring is of no use where another place comes first.
fn said_elsewhere(secret: Secret) -> Result<(), Trouble> {
    let found =
        open::PLACES.find(secret, || Ok(None)).map_err(|(which, why)| Trouble(format!("{which}: {why}")))?;
    match found {
        Some((_, Place::Keyring)) => println!("{} is in the keyring", secret.word()),
        Some((_, place)) => println!("{} is in the keyring; {} comes first", secret.word(), in_words(place)),
        None => return Err(Trouble("the keyring took it and does not give it back".to_owned())),
    }
    Ok(())
}

fn trouble(error: &KeyringError) -> Trouble {
    Trouble(error.to_string())
}

/// A place, for a person.
pub(crate) fn in_words(place: Place) -> &'static str {
    match place {
        Place::Environment => "the environment",
        Place::Credential => "the service manager's credentials",
        Place::File => "a file in clear",
        Place::Keyring => "the system's keyring",
    }
}
