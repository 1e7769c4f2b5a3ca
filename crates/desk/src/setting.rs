//! The settings: one TOML file, every field with a default, every mistake named with its file and key.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;
use vestibule_domain::door::Door;
use vestibule_domain::pass::ScanScope;
use vestibule_domain::{Clock, DoorId, UtcMillis, Zone};
use vestibule_gateway::options::{ExpiryName, IdentityPlace, Spelling};
use vestibule_gateway::transport::http::HttpConfig;
use vestibule_gateway::{Client, Credential, GatewayError, Options};

use crate::seal::Seal;

/// The zone of a door that names none.
pub const DEFAULT_ZONE: &str = "Asia/Shanghai";

/// The small setting that holds the state of the demonstration's network: `down` or `up`. The terminal sets it too.
pub const DEMO_NETWORK: &str = "demo.network";

/// Which face a PC shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Station {
    /// Visitors register themselves.
    Kiosk,
    /// The reception desk.
    Reception,
    /// The guard's station.
    Guard,
}

impl Station {
    /// The word for it in settings, records and the terminal.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Kiosk => "kiosk",
            Self::Reception => "reception",
            Self::Guard => "guard",
        }
    }
}

/// The language of the first screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub enum Language {
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

/// All settings of a desk.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the building is called on the first screen.
    pub site: String,
    /// The language of the first screen.
    pub language: Language,
    /// Which face this PC shows.
    pub station: Station,
    /// How the gateway is reached.
    pub gateway: GatewaySettings,
    /// What a visit is like.
    pub visit: VisitSettings,
    /// How doors may be kept open.
    pub hold: HoldSettings,
    /// The passes kept ready for an outage.
    pub spare: SpareSettings,
    /// Where pictures come from.
    pub camera: CameraSettings,
    /// The doors, in the order in which they are shown.
    pub doors: Vec<Door>,
}

/// How the gateway is reached.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GatewaySettings {
    /// Its address; `demo` is a gateway inside this program, with doors that exist nowhere.
    pub url: String,
    /// The AppKey; the environment's `VESTIBULE_APP_KEY` comes first.
    pub app_key: String,
    /// The AppSecret; the environment's `VESTIBULE_APP_SECRET` comes first.
    pub app_secret: String,
    /// The stage of the API.
    pub stage: String,
    /// A proxy to go through; none when empty.
    pub proxy: String,
    /// A PEM file with one more certificate authority to trust; none when empty.
    pub ca_file: String,
    /// The project whose cloud token is sent along; none when empty.
    pub cloud_project: String,
    /// What the end of a PIN is called on the wire.
    pub pin_end: PinEnd,
    /// Where the person of a PIN is named on the wire.
    pub pin_person: PinPerson,
}

/// What the end of a PIN is called: the service's document has one name in its table and another in its sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PinEnd {
    /// As the table has it.
    #[default]
    ExpiredDate,
    /// As the sample has it.
    ExpiryDate,
    /// Both.
    Both,
}

/// Where the person of a PIN is named: in each row in the document's table, once at the top in its sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PinPerson {
    /// As the table has it.
    #[default]
    InEachRow,
    /// As the sample has it.
    AtTheTop,
}

impl Default for GatewaySettings {
    fn default() -> Self {
        Self {
            url: "https://api.link.aliyun.com".to_owned(),
            app_key: String::new(),
            app_secret: String::new(),
            stage: "RELEASE".to_owned(),
            proxy: String::new(),
            ca_file: String::new(),
            cloud_project: String::new(),
            pin_end: PinEnd::default(),
            pin_person: PinPerson::default(),
        }
    }
}

impl GatewaySettings {
    /// A client to the service at `url`.
    ///
    /// # Errors
    /// Settings that HTTP cannot use, or an authority file that cannot be read; the words name the key.
    pub fn client(&self, clock: Arc<dyn Clock>) -> Result<Client, GatewayError> {
        let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let mut config = HttpConfig::at(&self.url);
        config.proxy = some(&self.proxy);
        if let Some(file) = some(&self.ca_file) {
            config.authorities_pem = std::fs::read(&file)
                .map_err(|error| GatewayError::Setup(format!("gateway.ca_file: {file}: {error}")))?;
        }
        let options = Options {
            stage: self.stage.clone(),
            cloud_project: some(&self.cloud_project),
            spelling: Spelling {
                expiry: match self.pin_end {
                    PinEnd::ExpiredDate => ExpiryName::ExpiredDate,
                    PinEnd::ExpiryDate => ExpiryName::ExpiryDate,
                    PinEnd::Both => ExpiryName::Both,
                },
                identity: match self.pin_person {
                    PinPerson::InEachRow => IdentityPlace::InEachRow,
                    PinPerson::AtTheTop => IdentityPlace::AtTheTop,
                },
            },
            ..Options::default()
        };
        let credential = Credential::new(self.app_key.clone(), self.app_secret.clone());
        Client::over_http(&config, credential, clock, options)
    }
}

impl std::fmt::Debug for GatewaySettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GatewaySettings({}, key and secret redacted)", self.url)
    }
}

/// What a visit is like.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VisitSettings {
    /// When a pass ends, `HH:MM` on the clock of its first door. A visitor who comes later gets one until 23:59:59.
    pub until: String,
    /// How many minutes before the registration a pass begins, so that a reader whose clock is slow takes it.
    pub early_minutes: u8,
    /// How often a code is accepted.
    pub scan_times: u16,
    /// Who counts: `eachDoor` or `together`.
    pub scan_scope: ScanScope,
    /// The doors of a visit, by `id`; empty for all.
    pub doors: Vec<DoorId>,
}

impl Default for VisitSettings {
    fn default() -> Self {
        Self {
            until: "18:00".to_owned(),
            early_minutes: 5,
            scan_times: 10,
            scan_scope: ScanScope::EachDoor,
            doors: Vec::new(),
        }
    }
}

impl VisitSettings {
    /// How long before the registration a pass begins.
    #[must_use]
    pub fn early(&self) -> Duration {
        Duration::from_secs(u64::from(self.early_minutes) * 60)
    }

    /// When the pass of somebody who comes now ends.
    #[must_use]
    pub fn end_of_visit(&self, zone: &Zone, now: UtcMillis) -> UtcMillis {
        clock_time(&self.until)
            .and_then(|(hour, minute)| zone.at(now, hour, minute))
            .filter(|until| *until > now)
            .unwrap_or_else(|| zone.end_of_day(now))
    }
}

/// How doors may be kept open.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HoldSettings {
    /// The hold that is offered first, in minutes.
    pub usual_minutes: u16,
    /// The longest hold, in minutes; 0 forbids them.
    pub longest_minutes: u16,
}

impl HoldSettings {
    /// The lengths to choose from, in minutes, the shortest first; none where holds are forbidden.
    #[must_use]
    pub fn offers(&self) -> Vec<u16> {
        let mut offers = vec![5, self.usual_minutes, self.longest_minutes];
        offers.retain(|minutes| (1..=self.longest_minutes).contains(minutes));
        offers.sort_unstable();
        offers.dedup();
        offers
    }
}

impl Default for HoldSettings {
    fn default() -> Self {
        Self { usual_minutes: 30, longest_minutes: 60 }
    }
}

/// The passes kept ready for an outage.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SpareSettings {
    /// How many for each set of doors and half day; 0 for none.
    pub size: u16,
    /// How often the code of one is accepted; who counts is as with any visit.
    pub scan_times: u16,
    /// The sets of doors, each a list of ids; those of a visit when empty.
    pub door_sets: Vec<Vec<DoorId>>,
    /// A file with the key that seals their codes, on another disk than the data or readable to this program alone. The
    /// environment's `VESTIBULE_SEAL_KEY` and the service manager's credential `vestibule.seal` come first.
    pub key_file: String,
    /// The key. Without one there are no spares.
    #[serde(skip)]
    pub seal: Option<Seal>,
}

impl Default for SpareSettings {
    fn default() -> Self {
        Self { size: 10, scan_times: 4, door_sets: Vec::new(), key_file: String::new(), seal: None }
    }
}

impl SpareSettings {
    fn find_key(&mut self, environment: impl Fn(&str) -> Option<String>) -> Result<(), (String, String)> {
        let bad = "is no key of 64 hexadecimal digits";
        if let Some(key) = environment("VESTIBULE_SEAL_KEY") {
            let key = Seal::from_hex(&key).ok_or(("VESTIBULE_SEAL_KEY".to_owned(), bad.to_owned()))?;
            self.seal = Some(key);
            return Ok(());
        }
        let credential =
            environment("CREDENTIALS_DIRECTORY").map(|folder| Path::new(&folder).join("vestibule.seal"));
        let file = match credential.filter(|file| file.exists()) {
            Some(file) => file,
            None if self.key_file.is_empty() => return Ok(()),
            None => PathBuf::from(&self.key_file),
        };
        let fail = |why: String| ("spare.key_file".to_owned(), format!("{}: {why}", file.display()));
        let text = std::fs::read_to_string(&file).map_err(|error| fail(error.to_string()))?;
        self.seal = Some(Seal::from_hex(&text).ok_or_else(|| fail(bad.to_owned()))?);
        Ok(())
    }
}

/// Where pictures come from.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CameraSettings {
    /// `device` (the default), `none`, or `folder:` and a folder of pictures.
    pub source: String,
    /// The device's id; the first one when empty.
    pub device: String,
}

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
    spare: SpareSettings,
    camera: CameraSettings,
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
            spare: SpareSettings::default(),
            camera: CameraSettings::default(),
            door: Vec::new(),
        }
    }
}

impl Settings {
    /// Reads a file. `environment` looks up a variable: `VESTIBULE_APP_KEY` and `VESTIBULE_APP_SECRET` come before
    /// what the file says.
    ///
    /// # Errors
    /// The first thing that is wrong, with file and key.
    pub fn load(file: &Path, environment: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(file).map_err(|error| SettingsError {
            file: file.to_owned(),
            key: "file".to_owned(),
            problem: error.to_string(),
        })?;
        Self::from_toml(&text, file, environment)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn from_toml(
        text: &str,
        file: &Path,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, SettingsError> {
        let wrong = |key: String, problem: String| SettingsError { file: file.to_owned(), key, problem };
        let parsed = toml::Deserializer::parse(text)
            .map_err(|error| wrong(line_of(text, error.span()), error.message().to_owned()))?;
        let read: File = serde_path_to_error::deserialize(parsed).map_err(|error| {
            let path = error.path().to_string();
            let at = line_of(text, error.inner().span());
            wrong(if path == "." { at } else { path }, error.inner().message().to_owned())
        })?;
        let mut settings = Self::check(read).map_err(|(key, problem)| wrong(key, problem))?;
        if let Some(key) = environment("VESTIBULE_APP_KEY") {
            settings.gateway.app_key = key;
        }
        if let Some(secret) = environment("VESTIBULE_APP_SECRET") {
            settings.gateway.app_secret = secret;
        }
        settings.spare.find_key(&environment).map_err(|(key, problem)| wrong(key, problem))?;
        let gateway = &settings.gateway;
        if !settings.is_demo() && gateway.app_key.is_empty() {
            return Err(wrong(
                "gateway.app_key".to_owned(),
                "is missing, and VESTIBULE_APP_KEY is not set".to_owned(),
            ));
        }
        if !settings.is_demo() && gateway.app_secret.is_empty() {
            let problem = "is missing, and VESTIBULE_APP_SECRET is not set".to_owned();
            return Err(wrong("gateway.app_secret".to_owned(), problem));
        }
        Ok(settings)
    }

    /// The settings of the demonstration: a gateway inside the program and a handful of doors.
    #[must_use]
    pub fn demo(station: Station, language: Language) -> Self {
        let door = |id: &str, name: &str| Door {
            id: DoorId(id.to_owned()),
            name: name.to_owned(),
            zone: default_zone(),
        };
        let doors = match language {
            Language::Chinese => vec![
                door("demo-turnstile", "大堂闸机"),
                door("demo-lift", "电梯厅门"),
                door("demo-floor-8", "八楼东门"),
                door("demo-garage", "车库入口"),
            ],
            Language::English => vec![
                door("demo-turnstile", "Lobby turnstile"),
                door("demo-lift", "Lift hall"),
                door("demo-floor-8", "8th floor, east"),
                door("demo-garage", "Garage"),
            ],
        };
        let site = match language {
            Language::Chinese => "门厅大厦",
            Language::English => "Vestibule House",
        };
        let gateway = GatewaySettings {
            url: "demo".to_owned(),
            app_key: "demo".to_owned(),
            app_secret: uuid::Uuid::new_v4().to_string(),
            ..GatewaySettings::default()
        };
        let visit = VisitSettings {
            doors: doors.iter().take(3).map(|door| door.id.clone()).collect(),
            ..VisitSettings::default()
        };
        Self {
            site: site.to_owned(),
            language,
            station,
            gateway,
            visit,
            hold: HoldSettings::default(),
            spare: SpareSettings::default(),
            camera: CameraSettings::default(),
            doors,
        }
    }

    /// The demonstration's spares need a key like any others; as its doors exist nowhere, it may lie beside the data.
    ///
    /// # Errors
    /// When the file can neither be read nor made.
    pub fn keep_demo_key(&mut self, folder: &Path) -> std::io::Result<()> {
        let file = folder.join("demo.seal");
        self.spare.size = 1;
        if let Ok(text) = std::fs::read_to_string(&file) {
            self.spare.seal = Seal::from_hex(&text);
        }
        if self.spare.seal.is_none() {
            let key = Seal::new_key().map_err(std::io::Error::other)?;
            std::fs::create_dir_all(folder)?;
            std::fs::write(&file, key.as_bytes())?;
            self.spare.seal = Seal::from_hex(&key);
        }
        Ok(())
    }

    /// Whether the gateway is the one inside this program.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.gateway.url == "demo"
    }

    /// The doors of a visit that names none.
    #[must_use]
    pub fn default_doors(&self) -> Vec<DoorId> {
        if self.visit.doors.is_empty() {
            self.doors.iter().map(|door| door.id.clone()).collect()
        } else {
            self.visit.doors.clone()
        }
    }

    /// The zone of a door that is no longer in the settings: that of the first door.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.doors.first().map_or_else(default_zone, |door| door.zone.clone())
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
        if let Some(missing) = read.visit.doors.iter().find(|id| doors.iter().all(|door| door.id != **id)) {
            return Err((
                "visit.doors".to_owned(),
                format!("there is no [[door]] with the id \"{missing}\""),
            ));
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
            spare: read.spare,
            camera: read.camera,
            doors,
        })
    }
}

/// A file with every field, its default and what it is for; what `vestibulectl config init` writes.
pub const COMMENTED: &str = include_str!("setting/commented.toml");

#[expect(clippy::expect_used, reason = "the zone database is built in; a test reads this zone")]
fn default_zone() -> Zone {
    Zone::named(DEFAULT_ZONE).expect("the zone database is built in")
}

fn clock_time(text: &str) -> Option<(i8, i8)> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

fn line_of(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    let at = span.map_or(0, |span| span.start).min(text.len());
    format!("line {}", text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> Result<Settings, SettingsError> {
        Settings::from_toml(toml, Path::new("desk.toml"), |_| None)
    }

    #[test]
    fn the_commented_file_is_a_settings_file_and_its_comments_are_the_defaults() {
        let with_key = |toml: &str| {
            toml.replace("app_key = \"\"", "app_key = \"k\"")
                .replace("app_secret = \"\"", "app_secret = \"s\"")
        };
        let plain = read(&with_key(COMMENTED)).unwrap();
        let spoken: String = COMMENTED
            .lines()
            .map(|line| {
                let bare = line.strip_prefix("# ").unwrap_or(line);
                let is_setting =
                    bare.contains(" = ") && !bare.starts_with(char::is_uppercase) || bare == "[[door]]";
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
    fn the_environment_comes_before_the_file() {
        let toml = "[gateway]\napp_key = \"file\"\napp_secret = \"file\"";
        let look = |name: &str| (name == "VESTIBULE_APP_SECRET").then(|| "environment".to_owned());
        let settings = Settings::from_toml(toml, Path::new("desk.toml"), look).unwrap();
        assert_eq!(
            (settings.gateway.app_key.as_str(), settings.gateway.app_secret.as_str()),
            ("file", "environment")
        );
        assert!(!format!("{settings:?}").contains("environment"), "a secret is not printed");
    }

    #[test]
    fn a_visit_ends_at_its_time_or_at_the_end_of_the_day() {
        let visit = VisitSettings::default();
        let zone = default_zone();
        let ten = zone.moment("2026-11-24 10:00:00").unwrap();
        let nineteen = zone.moment("2026-11-24 19:00:00").unwrap();
        assert_eq!(zone.wall(visit.end_of_visit(&zone, ten)), "2026-11-24 18:00:00");
        assert_eq!(zone.wall(visit.end_of_visit(&zone, nineteen)), "2026-11-24 23:59:59");
    }
}
