//! What this PC is told to be: the command line, the environment, the settings file.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use vestibule_desk::secret::Places;
use vestibule_desk::setting::SettingsError;
use vestibule_desk::{Language, Settings, Station};

/// Vestibule: the lobby desk.
#[derive(Debug, Clone, Parser)]
#[command(name = "vestibule", version)]
pub struct Arguments {
    /// A gateway and doors inside the program; nothing needs to be set up.
    #[arg(long)]
    pub demo: bool,
    /// Which face this PC shows.
    #[arg(long)]
    pub station: Option<StationName>,
    /// The language of the first screen.
    #[arg(long)]
    pub language: Option<LanguageName>,
    /// The folder for everything that is kept.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The settings; `vestibule.toml` in the data folder when not given.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where pictures come from: `device`, `none` or `folder:DIR`.
    #[arg(long, value_name = "SOURCE")]
    pub camera: Option<String>,
    /// How many spare passes are kept ready for each half day, in place of what the settings say.
    #[arg(long, value_name = "NUMBER")]
    pub spares: Option<u16>,
    /// An empty window, to measure the start against.
    #[arg(long, hide = true)]
    pub bare: bool,
}

/// A station on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum StationName {
    /// Visitors register themselves.
    Kiosk,
    /// The reception desk.
    Reception,
    /// The guard's station.
    Guard,
}

/// A language on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LanguageName {
    /// Simplified Chinese.
    #[value(name = "zh-CN")]
    Chinese,
    /// English.
    En,
}

impl Arguments {
    /// The folder for everything that is kept. The demonstration has one of its own.
    #[must_use]
    pub fn data_folder(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| {
            let home = dirs::data_dir().unwrap_or_else(std::env::temp_dir);
            home.join("vestibule").join(if self.demo { "demo" } else { "desk" })
        })
    }

    /// The settings.
    ///
    /// # Errors
    /// The file, the key, and what is wrong.
    pub fn settings(&self) -> Result<Settings, SettingsError> {
        let mut settings = if self.demo {
            let language = self.language.map_or(Language::Chinese, Into::into);
            let mut settings = Settings::demo(Station::Kiosk, language);
            let folder = self.data_folder();
            settings.keep_demo_key(&folder).map_err(|error| SettingsError {
                file: folder.join("demo.seal"),
                key: "file".to_owned(),
                problem: error.to_string(),
            })?;
            settings
        } else {
            let file = self.config.clone().unwrap_or_else(|| self.data_folder().join("vestibule.toml"));
            let places = Places { environment, keyring: true };
            let mut settings = Settings::load(&file, &places)?;
            let kept = settings.keep_seal(&self.data_folder(), &places);
            kept.map_err(|(key, problem)| SettingsError { file, key, problem })?;
            settings
        };
        if let Some(station) = self.station {
            settings.station = station.into();
        }
        if let Some(language) = self.language {
            settings.language = language.into();
        }
        if let Some(spares) = self.spares {
            settings.spare.size = spares;
        }
        if let Some(camera) = &self.camera {
            settings.camera.source.clone_from(camera);
        }
        Ok(settings)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl From<StationName> for Station {
    fn from(name: StationName) -> Self {
        match name {
            StationName::Kiosk => Self::Kiosk,
            StationName::Reception => Self::Reception,
            StationName::Guard => Self::Guard,
        }
    }
}

impl From<LanguageName> for Language {
    fn from(name: LanguageName) -> Self {
        match name {
            LanguageName::Chinese => Self::Chinese,
            LanguageName::En => Self::English,
        }
    }
}
