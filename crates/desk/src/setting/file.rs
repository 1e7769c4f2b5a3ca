//! The settings file: reading it, and naming what is wrong with it.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use vestibule_domain::door::Door;
use vestibule_domain::{DoorId, Language, Zone};

use super::{
    AgreementSettings, CameraSettings, DEFAULT_ZONE, GatewaySettings, GuardSettings, HoldSettings,
    PrinterSettings, RetentionSettings, Settings, SpareSettings, StaffSettings, Station, VisitSettings,
    clock_time,
};
use crate::secret::Places;

/// A file of settings that cannot be used: which file, which key, and what is wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("{}: {key}: {problem}", file.display())]
pub struct SettingsError {
    /// The file.
    pub file: PathBuf,
    /// The key, such as `door[1].zone`; the line where no key can be named.
    pub key: String,
    /// What is wrong.
    pub problem: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    site: String,
    language: Language,
    station: Station,
    gateway: GatewaySettings,
    visit: VisitSettings,
    hold: HoldSettings,
    guard: GuardSettings,
    spare: SpareSettings,
    agreement: AgreementSettings,
    staff: StaffSettings,
    camera: CameraSettings,
    printer: PrinterSettings,
    retention: RetentionSettings,
    door: Vec<FileDoor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileDoor {
    id: String,
    name: String,
    #[serde(default)]
    zone: Option<String>,
}

impl Default for File {
    fn default() -> Self {
        Self {
            site: "Vestibule".to_owned(),
            language: Language::Chinese,
            station: Station::Kiosk,
            gateway: GatewaySettings::default(),
            visit: VisitSettings::default(),
            hold: HoldSettings::default(),
            guard: GuardSettings::default(),
            spare: SpareSettings::default(),
            agreement: AgreementSettings::default(),
            staff: StaffSettings::default(),
            camera: CameraSettings::default(),
            printer: PrinterSettings::default(),
            retention: RetentionSettings::default(),
            door: Vec::new(),
        }
    }
}

impl Settings {
    /// Reads a file. `VESTIBULE_APP_KEY` in the environment comes before what the file says; secrets are looked for in
    /// `places`.
    ///
    /// # Errors
    /// The first thing that is wrong, with file and key.
    pub fn load(file: &Path, places: &Places) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(file).map_err(|error| SettingsError {
            file: file.to_owned(),
            key: "file".to_owned(),
            problem: error.to_string(),
        })?;
        Self::from_toml(&text, file, places)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn from_toml(text: &str, file: &Path, places: &Places) -> Result<Self, SettingsError> {
        let wrong = |key: String, problem: String| SettingsError { file: file.to_owned(), key, problem };
        let parsed = toml::Deserializer::parse(text)
            .map_err(|error| wrong(line_of(text, error.span()), error.message().to_owned()))?;
        let read: File = serde_path_to_error::deserialize(parsed).map_err(|error| {
            let path = error.path().to_string();
            let at = line_of(text, error.inner().span());
            wrong(if path == "." { at } else { path }, error.inner().message().to_owned())
        })?;
        let mut settings = Self::check(read).map_err(|(key, problem)| wrong(key, problem))?;
        if let Some(key) = (places.environment)("VESTIBULE_APP_KEY") {
            settings.gateway.app_key = key;
        }
        let demo = settings.is_demo();
        if !demo && settings.gateway.app_key.is_empty() {
            let problem = "is missing, and VESTIBULE_APP_KEY is not set".to_owned();
            return Err(wrong("gateway.app_key".to_owned(), problem));
        }
        let named = |(key, problem)| wrong(key, problem);
        settings.find_key(places).map_err(named)?;
        if !demo && !settings.gateway.find_secret(places).map_err(named)? {
            let problem = "is missing: `vestibulectl secret set app-secret` keeps it in the system's keyring; \
                           VESTIBULE_APP_SECRET or the systemd credential vestibule.app-secret serve too";
            return Err(wrong("gateway.app_secret".to_owned(), problem.to_owned()));
        }
        Ok(settings)
    }

    fn check(read: File) -> Result<Self, (String, String)> {
        let mut doors: Vec<Door> = Vec::new();
        for (index, door) in read.door.into_iter().enumerate() {
            let key = |field: &str| format!("door[{index}].{field}");
            if door.id.trim().is_empty() {
                return Err((key("id"), "is empty".to_owned()));
            }
            if doors.iter().any(|known| known.id.0 == door.id) {
                return Err((key("id"), "is there twice".to_owned()));
            }
            let zone = door.zone.as_deref().unwrap_or(DEFAULT_ZONE);
            let zone = Zone::named(zone).ok_or_else(|| {
                (key("zone"), format!("\"{zone}\" is no IANA zone such as \"{DEFAULT_ZONE}\""))
            })?;
            doors.push(Door { id: DoorId(door.id), name: door.name, zone });
        }
        if clock_time(&read.visit.until).is_none() {
            let problem = format!("\"{}\" is no time such as \"18:00\"", read.visit.until);
            return Err(("visit.until".to_owned(), problem));
        }
        if read.visit.scan_times == 0 {
            return Err(("visit.scan_times".to_owned(), "must be at least 1".to_owned()));
        }
        for (key, ids) in [("visit.doors", &read.visit.doors), ("guard.doors", &read.guard.doors)] {
            if let Some(missing) = ids.iter().find(|id| doors.iter().all(|door| door.id != **id)) {
                return Err((key.to_owned(), format!("there is no [[door]] with the id \"{missing}\"")));
            }
        }
        let staff = &read.staff;
        for (key, seconds) in
            [("idle_seconds", staff.idle_seconds), ("admin_idle_seconds", staff.admin_idle_seconds)]
        {
            if !(20..=3600).contains(&seconds) {
                return Err((format!("staff.{key}"), format!("{seconds} is not between 20 and 3600")));
            }
        }
        if read.spare.scan_times == 0 {
            return Err(("spare.scan_times".to_owned(), "must be at least 1".to_owned()));
        }
        for (index, set) in read.spare.door_sets.iter().enumerate() {
            let key = format!("spare.door_sets[{index}]");
            if set.is_empty() {
                return Err((key, "is empty".to_owned()));
            }
            if let Some(missing) = set.iter().find(|id| doors.iter().all(|door| door.id != **id)) {
                return Err((key, format!("there is no [[door]] with the id \"{missing}\"")));
            }
        }
        read.agreement.check()?;
        read.printer.check()?;
        let source = read.camera.source.as_str();
        if !(matches!(source, "" | "device" | "none") || source.starts_with("folder:")) {
            let problem = format!("\"{source}\" is none of \"device\", \"none\", \"folder:PATH\"");
            return Err(("camera.source".to_owned(), problem));
        }
        let url = &read.gateway.url;
        // Without TLS, codes would cross the network in clear; an emulator on this PC is the exception.
        let here =
            ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|here| url.starts_with(here));
        if !(url == "demo" || url.starts_with("https://") || here) {
            let problem =
                format!("\"{url}\" is neither an https:// address, nor one on this PC, nor \"demo\"");
            return Err(("gateway.url".to_owned(), problem));
        }
        Ok(Self {
            site: read.site,
            language: read.language,
            station: read.station,
            gateway: read.gateway,
            visit: read.visit,
            hold: read.hold,
            guard: read.guard,
            spare: read.spare,
            agreement: read.agreement,
            staff: read.staff,
            camera: read.camera,
            printer: read.printer,
            retention: read.retention,
            doors,
            seal: None,
            seal_place: None,
        })
    }
}

fn line_of(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    let at = span.map_or(0, |span| span.start).min(text.len());
    format!("line {}", text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::super::COMMENTED;
    use super::*;

    fn read(toml: &str) -> Result<Settings, SettingsError> {
        Settings::from_toml(toml, Path::new("desk.toml"), &Places::NONE)
    }

    #[test]
    fn the_commented_file_is_a_settings_file_and_its_comments_are_the_defaults() {
        let with_key = |toml: &str| {
            toml.replace("app_key = \"\"", "app_key = \"k\"\napp_secret = \"s\"")
                .replace("\napp_secret = \"\"", "")
        };
        let plain = read(&with_key(COMMENTED)).unwrap();
        let spoken: String = COMMENTED
            .lines()
            .map(|line| {
                let bare = line.strip_prefix("# ").unwrap_or(line);
                let is_setting =
                    bare.contains(" = ") && !bare.starts_with(char::is_uppercase) || bare.starts_with("[[");
                if is_setting { bare } else { line }
            })
            .map(|line| format!("{line}\n"))
            .collect();
        let spoken = read(&with_key(&spoken)).unwrap();
        assert_eq!(spoken.doors.len(), 1, "the sample door was read");
        assert_eq!(format!("{:?}", spoken.visit), format!("{:?}", plain.visit));
        assert_eq!(
            (spoken.language, spoken.station, spoken.site),
            (plain.language, plain.station, plain.site)
        );
        assert_eq!(spoken.gateway.url, plain.gateway.url);
    }

    #[test]
    fn a_post_can_only_watch_doors_that_there_are() {
        let toml = |watched: &str| {
            format!(
                "[gateway]\nurl = \"demo\"\n[guard]\ndoors = [\"{watched}\"]\n[[door]]\nid = \"a\"\nname = \"A\""
            )
        };
        assert_eq!(read(&toml("a")).unwrap().guard.doors, [DoorId("a".to_owned())]);
        let error = read(&toml("b")).unwrap_err().to_string();
        assert!(error.contains("guard.doors") && error.contains("\"b\""), "{error}");
    }

    #[test]
    fn an_agreement_has_a_version_a_summary_and_a_text() {
        let demo = "[gateway]\nurl = \"demo\"\n[agreement]\nversion = \"2026-11\"\n";
        let text = "[[agreement.text]]\nlanguage = \"en\"\ntitle = \"House rules\"\nfull = \"Be kind.\"\n";
        let key = |toml: String| read(&toml).unwrap_err().key;
        assert_eq!(key(demo.to_owned()), "agreement.text");
        assert_eq!(key(format!("{demo}{text}summary = []")), "agreement.text[0].summary");
        let settings = read(&format!("{demo}{text}summary = [\"Be kind\"]")).unwrap();
        assert!(settings.agreement.is_asked());
    }

    #[test]
    fn a_printer_that_cannot_be_is_named_with_its_key() {
        let printer = |line: &str| read(&format!("[gateway]\nurl = \"demo\"\n[printer]\n{line}"));
        assert!(printer("at = \"tcp:192.0.2.7\"").unwrap().printer.is_set());
        assert!(!printer("").unwrap().printer.is_set());
        for (line, key) in
            [("at = \"lpt:1\"", "printer.at"), ("dots = 577", "printer.dots"), ("baud = 0", "printer.baud")]
        {
            let error = printer(line).unwrap_err();
            assert_eq!(error.key, key, "{error}");
        }
        assert!(printer("at = \"lpt:1\"").unwrap_err().problem.contains("tcp:HOST"));
    }

    #[test]
    fn the_environment_comes_before_the_file() {
        let toml = "[gateway]\napp_key = \"file\"\napp_secret = \"file\"";
        let places = Places {
            environment: |name| (name == "VESTIBULE_APP_SECRET").then(|| "environment".to_owned()),
            keyring: false,
        };
        let settings = Settings::from_toml(toml, Path::new("desk.toml"), &places).unwrap();
        assert_eq!(
            (settings.gateway.app_key.as_str(), settings.gateway.app_secret.as_str()),
            ("file", "environment")
        );
        assert!(!format!("{settings:?}").contains("environment"), "a secret is not printed");
    }
}
