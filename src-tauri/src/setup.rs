//! Putting the parts together.

use std::panic::resume_unwind;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use clap::Parser;
use tauri::{AppHandle, Manager, RunEvent, Wry};
use vestibule_desk::{CodePurpose, Desk, Failure, FailureCode, Settings, Station};
use vestibule_domain::staff::Act;
use vestibule_domain::{Clock, SystemClock};
use vestibule_printer::{Options, Printer};
use vestibule_store::Store;

use crate::commands::camera::CameraState;
use crate::commands::station::{CannotStart, StationInfo};
use crate::config::Arguments;
use crate::demo::{self, Demo};
use crate::events::{self, DeskEvent, emit};
use crate::scanning::{Scanner, Tell};
use crate::{bindings, logging, preview, window};

/// How long the end of the program waits for doors to close.
const LEAVING: Duration = Duration::from_secs(3);

/// How long after a start that failed the next one is tried.
const AGAIN: Duration = Duration::from_secs(5);

/// What the commands share.
pub struct Shell {
    pub(crate) desk: Desk,
    pub(crate) scanner: Scanner,
    pub(crate) printer: Printer,
    demo: Option<Demo>,
    clock: Arc<dyn Clock>,
    tell: Tell,
    set_aside: Option<String>,
}

impl Shell {
    /// Everything but the window.
    ///
    /// # Errors
    /// Words for a person: what cannot be used and what to do.
    pub fn start(arguments: &Arguments, settings: Settings, tell: Tell) -> Result<Self, String> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let data = arguments.data_folder();
        let opened = Store::open(&data, clock.now()).map_err(|error| error.to_string())?;
        let set_aside = opened.set_aside.map(|file| file.display().to_string());
        if let Some(file) = &set_aside {
            tracing::error!(file, "the data file was damaged and set aside; a new one was begun");
        }
        let demo = settings.is_demo().then(|| Demo::start(&settings, &data, Arc::clone(&clock))).transpose();
        let demo = demo.map_err(|error| error.to_string())?;
        let client = match &demo {
            Some(demo) => demo.client(&settings, Arc::clone(&clock)),
            None => settings.gateway.client(Arc::clone(&clock)).map_err(|error| error.to_string())?,
        };
        let set = &settings.printer;
        let printer = Printer::new(Options::new(set.at.clone(), set.dots, set.baud));
        let desk = Desk::start(opened.store, client, Arc::clone(&clock), settings);
        // Beside a terminal that speaks just now it starts all the same; `run` speaks as soon as it can.
        desk.speak().map_err(|error| error.to_string())?;
        if let Some(demo) = &demo {
            demo.recall(&desk);
            demo::fill(&desk).map_err(|error| error.to_string())?;
        }
        Ok(Self { desk, scanner: Scanner::default(), printer, demo, clock, tell, set_aside })
    }

    /// The station it shows.
    pub(crate) fn station(&self) -> Station {
        self.desk.station()
    }

    pub(crate) fn show_station(&self, station: Station) -> Result<StationInfo, Failure> {
        self.desk.show_station(station)?;
        self.scanner.stop();
        self.station_info()
    }

    pub(crate) fn station_info(&self) -> Result<StationInfo, Failure> {
        let settings = self.desk.settings();
        Ok(StationInfo {
            station: self.station(),
            language: settings.language,
            demo: self.demo.is_some(),
            site: settings.site.clone(),
            doors: self.desk.doors()?,
            hold_minutes: settings.hold.offers(),
            cameras: settings.camera.source != "none",
            printer: settings.printer.is_set(),
            hosts: self.desk.has_hosts()?,
            agreement: self.desk.agreement(),
            set_aside: self.set_aside.clone(),
        })
    }

    /// The demonstration, or a refusal.
    pub(crate) fn demo_only(&self) -> Result<&Demo, Failure> {
        self.demo.as_ref().ok_or_else(|| Failure::of(FailureCode::NotADemo))
    }

    pub(crate) fn tell_demo(&self) {
        if let Some(demo) = &self.demo {
            (self.tell)(&DeskEvent::Demo { demo: demo.view() });
        }
    }

    /// Another process changed the store; in the demonstration it may have pulled the network.
    fn changed_elsewhere(&self) {
        if let Some(demo) = &self.demo {
            demo.recall(&self.desk);
        }
        self.tell_demo();
    }

    /// Opens the camera for passes, which are judged.
    pub(crate) fn start_scanning(&self, camera: Option<String>) -> Result<CameraState, Failure> {
        self.desk.check(Act::Verify)?;
        let desk = self.desk.clone();
        Ok(self.scan(camera, move |text| {
            desk.verify(text).map(|verdict| DeskEvent::Verdict { verdict: Box::new(verdict) })
        }))
    }

    /// Opens the camera for what visitors bring.
    pub(crate) fn start_code_scanning(&self, purpose: CodePurpose) -> CameraState {
        let desk = self.desk.clone();
        self.scan(None, move |text| {
            Ok(match desk.show_code(purpose, text) {
                Ok(shown) => DeskEvent::CodeShown { shown: Some(shown), failure: None },
                Err(failure) => DeskEvent::CodeShown { shown: None, failure: Some(failure) },
            })
        })
    }

    fn scan(
        &self,
        camera: Option<String>,
        judge: impl Fn(&str) -> Result<DeskEvent, Failure> + Send + 'static,
    ) -> CameraState {
        let (clock, tell) = (Arc::clone(&self.clock), Arc::clone(&self.tell));
        self.scanner.start(self.desk.settings(), camera, judge, clock, tell)
    }
}

/// Runs the window program until it is closed.
#[must_use]
pub fn run() -> ExitCode {
    logging::start();
    let arguments = Arguments::parse();
    let builder = bindings::builder::<Wry>();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| window::to_front(app)))
        .register_asynchronous_uri_scheme_protocol("preview", |context, _, responder| {
            preview::answer(&context, responder);
        })
        .invoke_handler(builder.invoke_handler())
        .setup(move |app| {
            builder.mount_events(app);
            Ok(open(app.handle(), &arguments)?)
        })
        .build(tauri::generate_context!());
    match app {
        Ok(app) => {
            app.run(|app, event| {
                if let RunEvent::Exit = event {
                    leave(app);
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            ExitCode::FAILURE
        }
    }
}

/// The last thing: doors that are kept open are closed. What the network does not take in time is closed at the next
/// start, which its rows on disk see to.
fn leave(app: &AppHandle) {
    if let Some(shell) = app.try_state::<Shell>() {
        let desk = shell.desk.clone();
        drop(tauri::async_runtime::block_on(tokio::time::timeout(
            LEAVING,
            async move { desk.leave().await },
        )));
    }
}

/// The window and the desk side by side. The page's questions come in by the loop of events, which begins when this
/// has returned, so there is always somebody to answer them.
fn open(app: &AppHandle, arguments: &Arguments) -> tauri::Result<()> {
    if arguments.bare {
        return window::open_bare(app);
    }
    let settings = match arguments.settings() {
        Ok(settings) => settings,
        Err(error) => return cannot_start(app, arguments, error.to_string()),
    };
    let started = thread::scope(|scope| {
        let starting = scope.spawn(|| Shell::start(arguments, settings.clone(), tell(app)));
        window::open(app, &settings)?;
        Ok::<_, tauri::Error>(starting.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    match started? {
        Ok(shell) => run_desk(app, shell),
        Err(words) => return cannot_start(app, arguments, words),
    }
    Ok(())
}

/// Lets the desk do its work behind the window.
fn run_desk(app: &AppHandle, shell: Shell) {
    let desk = shell.desk.clone();
    app.manage(shell);
    let (carrier, foreign, carried) = (app.clone(), app.clone(), desk.clone());
    tauri::async_runtime::spawn(async move {
        let changed = move || {
            if let Some(shell) = foreign.try_state::<Shell>() {
                shell.changed_elsewhere();
            }
        };
        events::carry(carried, carrier, changed).await;
    });
    tauri::async_runtime::spawn(async move { desk.run().await });
}

/// Says in words why the program cannot start, in a window, because nobody reads a terminal in a lobby. It goes on
/// trying: what was in the way is mended somewhere else, and nobody has to come and restart it.
fn cannot_start(app: &AppHandle, arguments: &Arguments, words: String) -> tauri::Result<()> {
    tracing::error!("{words}");
    app.manage(CannotStart(Some(words)));
    window::open_fault(app)?;
    let (app, arguments) = (app.clone(), arguments.clone());
    thread::Builder::new().name("starting".to_owned()).spawn(move || {
        loop {
            thread::sleep(AGAIN);
            let Ok(settings) = arguments.settings() else { continue };
            let kiosk = settings.station == Station::Kiosk && !settings.is_demo();
            match Shell::start(&arguments, settings, tell(&app)) {
                Ok(shell) => {
                    tracing::info!("what was in the way is gone");
                    run_desk(&app, shell);
                    return window::end_fault(&app, kiosk);
                }
                Err(words) => tracing::debug!("{words}"),
            }
        }
    })?;
    Ok(())
}

fn tell(app: &AppHandle) -> Tell {
    let app = app.clone();
    Arc::new(move |event| emit(&app, event))
}
