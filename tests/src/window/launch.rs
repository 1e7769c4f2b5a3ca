//! With what the shell is started.

use std::path::Path;

/// The arguments of the shell.
#[derive(Debug, Clone, Default)]
pub struct Launch {
    args: Vec<String>,
}

impl Launch {
    /// The demo with its own lobby, at a station.
    #[must_use]
    pub fn demo(station: &str) -> Self {
        Self::default().with("--demo", None).with("--station", Some(station))
    }

    /// A desk as it is installed: with a configuration file, at a station.
    #[must_use]
    pub fn desk(config: &Path, station: &str) -> Self {
        Self::default().with_path("--config", config).with("--station", Some(station))
    }

    /// An empty window of the same toolkit.
    #[must_use]
    pub fn bare() -> Self {
        Self::default().with("--bare", None)
    }

    /// Keeps so many spare passes ready for each half day.
    #[must_use]
    pub fn spares(self, size: u16) -> Self {
        self.with("--spares", Some(&size.to_string()))
    }

    /// Keeps what the desk knows in a folder.
    #[must_use]
    pub fn data(self, dir: &Path) -> Self {
        self.with_path("--data", dir)
    }

    /// Looks at the pictures of a folder as if they came from a camera.
    #[must_use]
    pub fn camera_folder(self, dir: &Path) -> Self {
        self.with("--camera", Some(&format!("folder:{}", dir.display())))
    }

    /// Begins in a language.
    #[must_use]
    pub fn language(self, language: &str) -> Self {
        self.with("--language", Some(language))
    }

    /// The arguments in their order.
    #[must_use]
    pub fn args(&self) -> &[String] {
        &self.args
    }

    fn with_path(self, option: &str, path: &Path) -> Self {
        self.with(option, Some(&path.display().to_string()))
    }

    fn with(mut self, option: &str, value: Option<&str>) -> Self {
        self.args.push(option.to_owned());
        self.args.extend(value.map(str::to_owned));
        self
    }
}
