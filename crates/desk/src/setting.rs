//! The settings: one TOML file, every field with a default, every mistake named with its file and key.

mod file;
mod gateway;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;
use vestibule_domain::door::Door;
use vestibule_domain::pass::ScanScope;
use vestibule_domain::receipt::{NameShown, PrinterPlace};
use vestibule_domain::{DoorId, Language, UtcMillis, Zone};
use vestibule_store::Store;

pub use file::SettingsError;
pub use gateway::{GatewaySettings, PinEnd, PinPerson};

use crate::seal::Seal;
use crate::secret::{self, Found, Place, Places, Secret};

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
    /// What this post watches.
    pub guard: GuardSettings,
    /// The passes kept ready for an outage.
    pub spare: SpareSettings,
    /// What visitors agree to.
    pub agreement: AgreementSettings,
    /// When people are signed out.
    pub staff: StaffSettings,
    /// Where pictures come from.
    pub camera: CameraSettings,
    /// Where receipts are printed.
    pub printer: PrinterSettings,
    /// What is kept of visitors, and for how long.
    pub retention: RetentionSettings,
    /// The doors, in the order in which they are shown.
    pub doors: Vec<Door>,
    /// The key of this PC, which seals what is kept of visitors and spares, and chains the journal.
    pub seal: Option<Seal>,
    /// Where it was found.
    pub seal_place: Option<Place>,
}

/// What is kept of visitors, and for how long.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionSettings {
    /// For how many days after they came; 0 for ever.
    pub days: u16,
}

impl Default for RetentionSettings {
    fn default() -> Self {
        Self { days: 30 }
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
    /// For how many days the kiosk knows a visitor again by their phone number; 0 for never.
    pub returning_days: u16,
    /// How many minutes before its window an invitation is taken.
    pub invited_early_minutes: u16,
}

impl Default for VisitSettings {
    fn default() -> Self {
        Self {
            until: "18:00".to_owned(),
            early_minutes: 5,
            scan_times: 10,
            scan_scope: ScanScope::EachDoor,
            doors: Vec::new(),
            returning_days: 90,
            invited_early_minutes: 30,
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
        let mut offers = vec![5, 15, 30, 60, self.usual_minutes, self.longest_minutes];
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

/// What this post watches.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GuardSettings {
    /// The doors people come to from here, by `id`; empty for all.
    pub doors: Vec<DoorId>,
}

/// When people are signed out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StaffSettings {
    /// After how many seconds without a touch.
    pub idle_seconds: u16,
    /// After how many, for an administrator.
    pub admin_idle_seconds: u16,
}

impl Default for StaffSettings {
    fn default() -> Self {
        Self { idle_seconds: 120, admin_idle_seconds: 300 }
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
    /// A file with the key that seals their codes, on another disk than the data or readable to this program alone; see
    /// [`secret`](crate::secret) for better places.
    pub key_file: String,
}

impl Default for SpareSettings {
    fn default() -> Self {
        Self { size: 10, scan_times: 4, door_sets: Vec::new(), key_file: String::new() }
    }
}

impl Settings {
    /// Finds the key of this PC, the one before it, and that of the site.
    fn find_key(&mut self, places: &Places) -> Result<(), (String, String)> {
        let file = Some(&self.spare.key_file).filter(|file| !file.is_empty());
        let in_file = || file.map(|file| secret::read(Path::new(file))).transpose();
        let read = |(text, _): Found| Seal::from_hex(&text);
        let bad =
            |secret: Secret| (secret.word().to_owned(), "is no key of 64 hexadecimal digits".to_owned());
        let Some(found) = places.find(Secret::SealKey, in_file)? else { return Ok(()) };
        self.seal_place = Some(found.1);
        let key = read(found).ok_or_else(|| bad(Secret::SealKey))?;
        let other = |secret| {
            let found = places.find(secret, || Ok(None))?;
            found.map(|found| read(found).ok_or_else(|| bad(secret))).transpose()
        };
        let key = key.after(other(Secret::SealKeyBefore)?);
        self.seal = Some(match other(Secret::SiteKey)? {
            Some(site) => key.at_site(&site),
            None => key,
        });
        Ok(())
    }

    /// Makes sure that there is a key to seal what is kept in a data folder with. Where none was found, one is made at
    /// the first start: in the system's keyring, or where there is none, in a file beside the folder that only its owner
    /// reads. For a file that is sealed none is ever made: its own has to come back.
    ///
    /// # Errors
    /// When a key is needed and can be kept nowhere; which file, and why.
    pub fn keep_seal(&mut self, folder: &Path, places: &Places) -> Result<(), (String, String)> {
        let (key, place) = match (self.seal.take(), seal_beside(folder)?) {
            (Some(key), before) => (key.after(before), self.seal_place),
            (None, Some(key)) => (key, Some(Place::File)),
            (None, None) if Store::is_sealed(folder) => return Ok(()),
            (None, None) => {
                make_seal(folder, places)?;
                self.find_key(places)?;
                match self.seal.take() {
                    Some(key) => (key, self.seal_place),
                    None => (seal_beside(folder)?.ok_or_else(|| lost(folder))?, Some(Place::File)),
                }
            }
        };
        (self.seal, self.seal_place) = (Some(key), place);
        Ok(())
    }
}

/// The file beside a data folder that holds its key where there is no better place.
#[must_use]
pub fn seal_file(folder: &Path) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(".seal");
    PathBuf::from(name)
}

fn lost(folder: &Path) -> (String, String) {
    (seal_file(folder).display().to_string(), "is no key of 64 hexadecimal digits".to_owned())
}

/// The key in the file beside a folder. An empty one says that a better place took it.
fn seal_beside(folder: &Path) -> Result<Option<Seal>, (String, String)> {
    let file = seal_file(folder);
    if !file.exists() {
        return Ok(None);
    }
    let text = secret::read(&file)?;
    if text.is_empty() {
        return Ok(None);
    }
    Seal::from_hex(&text).map(Some).ok_or_else(|| lost(folder))
}

/// One process at a time, so that two of them do not make two.
fn make_seal(folder: &Path, places: &Places) -> Result<(), (String, String)> {
    let file = seal_file(folder);
    let fail = |error: std::io::Error| (file.display().to_string(), error.to_string());
    std::fs::create_dir_all(folder).map_err(fail)?;
    let mut open = secret::owners_file(&file).map_err(fail)?;
    open.lock().map_err(fail)?;
    let known = places.find(Secret::SealKey, || Ok(None))?.is_some() || seal_beside(folder)?.is_some();
    if known {
        return Ok(());
    }
    let key = Seal::new_key().map_err(|error| (file.display().to_string(), error.to_string()))?;
    let in_keyring = places.keyring && secret::keep(Secret::SealKey, &key).is_ok();
    if in_keyring && places.find(Secret::SealKey, || Ok(None))?.is_some_and(|(kept, _)| *kept == *key) {
        return Ok(());
    }
    std::io::Write::write_all(&mut open, key.as_bytes()).and_then(|()| open.sync_all()).map_err(fail)
}

/// What visitors agree to at the kiosk before they get a pass.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgreementSettings {
    /// What this version of the text is called; empty where nothing is asked.
    pub version: String,
    /// The text in each language; a language without one is shown the first.
    pub text: Vec<AgreementText>,
}

/// The agreement in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct AgreementText {
    /// Which language.
    pub language: Language,
    /// What it is called.
    pub title: String,
    /// What it says, in at most three lines.
    pub summary: Vec<String>,
    /// The whole of it.
    pub full: String,
}

impl AgreementSettings {
    /// Whether something is asked.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        !self.version.is_empty()
    }

    fn check(&self) -> Result<(), (String, String)> {
        if self.is_asked() && self.text.is_empty() {
            return Err(("agreement.text".to_owned(), "is missing: the agreement has a version".to_owned()));
        }
        for (index, text) in self.text.iter().enumerate() {
            let key = |field: &str| format!("agreement.text[{index}].{field}");
            if !(1..=3).contains(&text.summary.len()) {
                return Err((key("summary"), "must have one to three lines".to_owned()));
            }
            if text.full.trim().is_empty() {
                return Err((key("full"), "is empty".to_owned()));
            }
        }
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

/// Where receipts are printed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PrinterSettings {
    /// Which printer.
    pub at: PrinterPlace,
    /// How many dots are in a line: 576 on a roll of 80 mm, 384 on one of 58 mm.
    pub dots: u16,
    /// How fast a serial port is, in bits a second.
    pub baud: u32,
    /// How much of the visitor's name stands on paper. At the self-service station it is a mask at most.
    pub name: NameShown,
}

impl PrinterSettings {
    /// Whether there is a printer.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.at != PrinterPlace::None
    }

    fn check(&self) -> Result<(), (String, String)> {
        let wrong = |key: &str, problem: String| Err((format!("printer.{key}"), problem));
        // Eight dots are a byte, and less than 384 leave no room for the code.
        if !(384..=832).contains(&self.dots) || !self.dots.is_multiple_of(8) {
            return wrong("dots", format!("{} is no multiple of 8 between 384 and 832", self.dots));
        }
        if self.baud == 0 {
            return wrong("baud", "must be at least 1".to_owned());
        }
        Ok(())
    }
}

impl Default for PrinterSettings {
    fn default() -> Self {
        Self { at: PrinterPlace::None, dots: 576, baud: 115_200, name: NameShown::Full }
    }
}

impl Settings {
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
            guard: GuardSettings::default(),
            spare: SpareSettings::default(),
            agreement: AgreementSettings::default(),
            staff: StaffSettings::default(),
            camera: CameraSettings::default(),
            printer: PrinterSettings::default(),
            retention: RetentionSettings::default(),
            doors,
            seal: None,
            seal_place: None,
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
            self.seal = Seal::from_hex(&text);
        }
        if self.seal.is_none() {
            let key = Seal::new_key().map_err(std::io::Error::other)?;
            std::fs::create_dir_all(folder)?;
            std::fs::write(&file, key.as_bytes())?;
            self.seal = Seal::from_hex(&key);
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
}

/// A file with every field, its default and what it is for; what `vestibulectl config init` writes.
pub const COMMENTED: &str = include_str!("setting/commented.toml");

#[expect(clippy::expect_used, reason = "the zone database is built in; a test reads this zone")]
fn default_zone() -> Zone {
    Zone::named(DEFAULT_ZONE).expect("the zone database is built in")
}

pub(crate) fn clock_time(text: &str) -> Option<(i8, i8)> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

#[cfg(test)]
mod tests {
    use super::*;

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
