//! Where the secrets of this PC are kept, and how they are found.
//!
//! A secret is looked for in the environment, among the service manager's credentials (systemd's
//! `LoadCredentialEncrypted` ties a file to the PC's security chip), and in the system's keyring (Secret Service on
//! Linux, the Credential Manager on Windows). The settings file can hold the AppSecret too, in clear; it comes before
//! the keyring, so that what one reads there is what is used.

use std::path::Path;

use zeroize::Zeroizing;

/// Under this name the keyring keeps what is ours.
const SERVICE: &str = "dev.vestibule.desk";

/// A secret of a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// The AppSecret of the project at the entrance service.
    AppSecret,
    /// The key that seals what must not be read off a stolen disk.
    SealKey,
    /// The key before that: what it sealed is still opened.
    SealKeyBefore,
    /// The key that the desks of one site share, so that they know a phone number as the same person.
    SiteKey,
}

impl Secret {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::AppSecret, Self::SealKey, Self::SealKeyBefore, Self::SiteKey];

    /// Its name at the terminal and in the keyring.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::AppSecret => "app-secret",
            Self::SealKey => "seal-key",
            Self::SealKeyBefore => "seal-key-before",
            Self::SiteKey => "site-key",
        }
    }

    /// The variable of the environment.
    #[must_use]
    pub fn variable(self) -> &'static str {
        match self {
            Self::AppSecret => "VESTIBULE_APP_SECRET",
            Self::SealKey => "VESTIBULE_SEAL_KEY",
            Self::SealKeyBefore => "VESTIBULE_SEAL_KEY_BEFORE",
            Self::SiteKey => "VESTIBULE_SITE_KEY",
        }
    }

    /// The file among the service manager's credentials.
    fn credential(self) -> &'static str {
        match self {
            Self::AppSecret => "vestibule.app-secret",
            Self::SealKey => "vestibule.seal",
            Self::SealKeyBefore => "vestibule.seal-before",
            Self::SiteKey => "vestibule.site",
        }
    }
}

/// Where a secret was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A variable of the environment.
    Environment,
    /// The service manager's credentials.
    Credential,
    /// A file that the settings name, or the settings themselves.
    File,
    /// The system's keyring.
    Keyring,
}

/// A secret, and where it was found.
pub type Found = (Zeroizing<String>, Place);

/// Where to look beside the settings.
#[derive(Clone, Copy)]
pub struct Places {
    /// Looks up a variable of the environment; none where it is empty.
    pub environment: fn(&str) -> Option<String>,
    /// Whether the system's keyring is asked.
    pub keyring: bool,
}

impl Places {
    /// Nowhere: what the settings say is all there is.
    pub const NONE: Self = Self { environment: |_| None, keyring: false };

    /// Finds a secret. `in_file` is what the settings have for it, asked before the keyring.
    ///
    /// # Errors
    /// What was wrong with a place that should have it: which, and why.
    pub fn find(
        &self,
        secret: Secret,
        in_file: impl FnOnce() -> Result<Option<Zeroizing<String>>, (String, String)>,
    ) -> Result<Option<Found>, (String, String)> {
        if let Some(text) = (self.environment)(secret.variable()) {
            return Ok(Some((Zeroizing::new(text), Place::Environment)));
        }
        if let Some(folder) = (self.environment)("CREDENTIALS_DIRECTORY") {
            let file = Path::new(&folder).join(secret.credential());
            if file.exists() {
                return Ok(Some((read(&file)?, Place::Credential)));
            }
        }
        if let Some(text) = in_file()? {
            return Ok(Some((text, Place::File)));
        }
        // A keyring that is not there or is locked has nothing; what is missing then is said by whoever needs it.
        let kept =
            if self.keyring { entry(secret).and_then(|entry| entry.get_password()).ok() } else { None };
        Ok(kept.map(|text| (Zeroizing::new(text), Place::Keyring)))
    }
}

/// The text of a file with one secret, without the end of its line.
pub(crate) fn read(file: &Path) -> Result<Zeroizing<String>, (String, String)> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| (file.display().to_string(), error.to_string()))
        .map(Zeroizing::new)?;
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// A file that only its owner reads, there or made.
pub(crate) fn owners_file(file: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Why the keyring did not do it.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// There is none, or nobody unlocked it.
    #[error(
        "this system has no keyring that is open: {0}. systemd's credentials or the environment serve too"
    )]
    None(String),
    /// It has no such secret.
    #[error("the keyring has no such secret")]
    Missing,
    /// It refused.
    #[error("the keyring refused: {0}")]
    Refused(String),
}

impl From<keyring::Error> for KeyringError {
    fn from(error: keyring::Error) -> Self {
        match error {
            keyring::Error::NoEntry => Self::Missing,
            keyring::Error::NoDefaultStore | keyring::Error::NoStorageAccess(_) => {
                Self::None(error.to_string())
            }
            other => Self::Refused(other.to_string()),
        }
    }
}

/// Puts a secret into the keyring, in place of what is there.
///
/// # Errors
/// When there is no keyring, or it refuses.
pub fn keep(secret: Secret, text: &str) -> Result<(), KeyringError> {
    Ok(entry(secret)?.set_password(text)?)
}

/// Takes a secret out of the keyring.
///
/// # Errors
/// When there is no keyring, or nothing in it.
pub fn forget(secret: Secret) -> Result<(), KeyringError> {
    Ok(entry(secret)?.delete_credential()?)
}

fn entry(secret: Secret) -> Result<keyring::v1::Entry, keyring::Error> {
    keyring::v1::Entry::new(SERVICE, secret.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing() -> Result<Option<Zeroizing<String>>, (String, String)> {
        Ok(None)
    }

    #[test]
    fn the_environment_comes_before_a_file_and_a_file_before_nothing() {
        let file = || Ok(Some(Zeroizing::new("file".to_owned())));
        let set = Places {
            environment: |name| (name == "VESTIBULE_APP_SECRET").then(|| "environment".to_owned()),
            keyring: false,
        };
        let found = |places: &Places| places.find(Secret::AppSecret, file).unwrap().unwrap();
        assert_eq!((found(&set).0.as_str(), found(&set).1), ("environment", Place::Environment));
        assert_eq!((found(&Places::NONE).0.as_str(), found(&Places::NONE).1), ("file", Place::File));
        assert!(set.find(Secret::SealKey, nothing).unwrap().is_none(), "each has a variable of its own");
    }

    #[test]
    fn a_secret_is_one_line_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, " s3cret \r\n").unwrap();
        assert_eq!(read(&file).unwrap().as_str(), " s3cret ");
        let (which, why) = read(&folder.path().join("none")).unwrap_err();
        assert!(which.ends_with("none") && !why.is_empty());
    }
}
