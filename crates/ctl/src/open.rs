//! Opening the desk that a command works on.

use std::path::PathBuf;
use std::sync::Arc;

use vestibule_desk::seal::Seal;
use vestibule_desk::secret::Places;
use vestibule_desk::{DEMO_NETWORK, Desk, Language, Proof, Settings, Station};
use vestibule_domain::staff::Act;
use vestibule_domain::{Clock, SystemClock};
use vestibule_emulator::{Emulator, EmulatorConfig};
use vestibule_gateway::{Client, Credential, Options};
use vestibule_store::{Lease, Store};

use crate::{General, Trouble, pin};

/// The folder for everything that is kept; the same as the window's.
pub(crate) fn data_folder(general: &General) -> PathBuf {
    general.data.clone().unwrap_or_else(|| {
        let home = dirs::data_dir().unwrap_or_else(std::env::temp_dir);
        home.join("vestibule").join(if general.demo { "demo" } else { "desk" })
    })
}

/// The settings file.
pub(crate) fn settings_file(general: &General) -> PathBuf {
    general.config.clone().unwrap_or_else(|| data_folder(general).join("vestibule.toml"))
}

/// The settings.
pub(crate) fn settings(general: &General) -> Result<Settings, Trouble> {
    if general.demo {
        let mut settings = Settings::demo(Station::Reception, Language::English);
        let folder = data_folder(general);
        settings.keep_demo_key(&folder).map_err(|error| Trouble(format!("{}: {error}", folder.display())))?;
        return Ok(settings);
    }
    let file = settings_file(general);
    if !file.exists() {
        let file = file.display();
        return Err(Trouble(format!(
            "{file} is not there: `vestibulectl config init` writes one, `--demo` needs none"
        )));
    }
    let mut settings = Settings::load(&file, &PLACES).map_err(|error| Trouble(error.to_string()))?;
    let kept = settings.keep_seal(&data_folder(general), &PLACES);
    kept.map_err(|(which, why)| Trouble(format!("{which}: {why}")))?;
    Ok(settings)
}

/// Where secrets are looked for.
pub(crate) const PLACES: Places = Places { environment, keyring: true };

#[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A client to the service of the settings.
pub(crate) fn client(
    general: &General,
    settings: &Settings,
    clock: Arc<dyn Clock>,
) -> Result<Client, Trouble> {
    if !settings.is_demo() {
        return settings.gateway.client(clock).map_err(|error| Trouble(error.to_string()));
    }
    let gateway = &settings.gateway;
    let config = EmulatorConfig {
        app_key: gateway.app_key.clone(),
        app_secret: gateway.app_secret.clone(),
        doors: settings.doors.iter().map(|door| (door.id.0.clone(), door.name.clone())).collect(),
        ..EmulatorConfig::default()
    };
    let folder = data_folder(general);
    std::fs::create_dir_all(&folder).map_err(|error| Trouble(format!("{}: {error}", folder.display())))?;
    let emulator = Emulator::with_data(config, Arc::clone(&clock), &folder.join("emulator.jsonl"))
        .map_err(|error| Trouble(error.to_string()))?;
    let opened = Store::open(&folder, clock.now()).map_err(|error| Trouble(error.to_string()))?;
    let network = opened.store.setting(DEMO_NETWORK).map_err(|error| Trouble(error.to_string()))?;
    if network.as_deref() == Some("down") {
        emulator.set_trouble(vestibule_emulator::Trouble::down());
    }
    let credential = Credential::new(gateway.app_key.clone(), gateway.app_secret.clone());
    Ok(Client::new(emulator.transport(), credential, clock, Options::default()))
}

/// The desk, with whoever `--as` names signed in. It reads and adds; it speaks for the data folder only once a command
/// tells the service something.
pub(crate) async fn desk(general: &General) -> Result<Desk, Trouble> {
    let settings = settings(general)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let opened =
        Store::open(&data_folder(general), clock.now()).map_err(|error| Trouble(error.to_string()))?;
    if let Some(aside) = opened.set_aside {
        eprintln!(
            "vestibulectl: the data file was damaged; it was kept as {} and a new one begun",
            aside.display()
        );
    }
    let client = client(general, &settings, Arc::clone(&clock))?;
    let desk = Desk::start(opened.store, client, clock, settings);
    desk.sit_at_terminal();
    if let Some(name) = &general.who {
        let refused = match desk.sign_in(name, pin::of(name)?).await? {
            Proof::Right => return Ok(desk),
            Proof::Wrong | Proof::NotEnough => "name and PIN do not belong together".to_owned(),
            Proof::Wait { seconds } => format!("too soon after a wrong PIN: wait {seconds} s"),
            Proof::UsedUp => {
                "the tries of this day are used up: an administrator gives a new PIN with `staff set-pin`"
                    .to_owned()
            }
        };
        return Err(Trouble(refused));
    }
    Ok(desk)
}

/// Asks the desk for a command that works past it.
pub(crate) async fn allow(general: &General, act: Act) -> Result<(), Trouble> {
    if data_folder(general).join("vestibule.db").exists() {
        desk(general).await?.check(act)?;
    }
    Ok(())
}

/// The service, for commands that need no ledger.
pub(crate) struct Service {
    /// The settings.
    pub(crate) settings: Settings,
    /// The client.
    pub(crate) client: Client,
    /// The clock of both.
    pub(crate) clock: Arc<dyn Clock>,
    /// Keeps other processes away from the demonstration's doors while this one uses them.
    _lease: Option<Lease>,
}

/// The service of the settings. In the demonstration only where no other process runs it.
pub(crate) fn service(general: &General) -> Result<Service, Trouble> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let settings = settings(general)?;
    let lease = if settings.is_demo() {
        let words = |error: vestibule_store::StoreError| Trouble(error.to_string());
        let opened = Store::open(&data_folder(general), clock.now()).map_err(words)?;
        opened.store.chain_with(settings.seal.as_ref().map(Seal::chain_keys).unwrap_or_default());
        Some(opened.store.take_lease(clock.now()).map_err(words)?.ok_or_else(elsewhere)?)
    } else {
        None
    };
    let client = client(general, &settings, Arc::clone(&clock))?;
    Ok(Service { settings, client, clock, _lease: lease })
}

/// Refuses where only the process that runs the demonstration can reach its doors.
pub(crate) fn reachable(desk: &Desk) -> Result<(), Trouble> {
    if desk.settings().is_demo() && !desk.has_lease() {
        return Err(elsewhere());
    }
    Ok(())
}

fn elsewhere() -> Trouble {
    Trouble("the demonstration's doors are inside the window that runs: use them there".to_owned())
}
