//! Which face this is, and how things stand.

use serde::Serialize;
use specta::Type;
use tauri::State;
use vestibule_desk::{AgreementView, DoorView, Failure, Language, Station, Status};

use crate::Shell;

/// What the page needs to know first.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StationInfo {
    /// Which face to show.
    pub station: Station,
    /// The language of the first screen.
    pub language: Language,
    /// Whether this is the demonstration.
    pub demo: bool,
    /// What the building is called.
    pub site: String,
    /// The doors.
    pub doors: Vec<DoorView>,
    /// For how many minutes a door may be kept open, the shortest first; empty where it may not.
    pub hold_minutes: Vec<u16>,
    /// Whether pictures can come from anywhere.
    pub cameras: bool,
    /// Whether passes can be printed.
    pub printer: bool,
    /// Whether there is a directory of hosts.
    pub hosts: bool,
    /// What visitors sign; none where nothing is asked.
    pub agreement: Option<AgreementView>,
    /// Where a damaged data file was put when the program started; what it knew is not known here.
    pub set_aside: Option<String>,
}

/// Why there is no desk behind the window.
#[derive(Default)]
pub struct CannotStart(pub(crate) Option<String>);

/// Why the program cannot start, in plain words: what a page asks that got no other answer.
///
/// # Errors
/// None of its own.
#[tauri::command]
#[specta::specta]
pub async fn cannot_start(why: State<'_, CannotStart>) -> Result<Option<String>, Failure> {
    Ok(why.0.clone())
}

/// What the page needs to know first.
///
/// # Errors
/// What the store says.
#[tauri::command]
#[specta::specta]
pub async fn station_info(shell: State<'_, Shell>) -> Result<StationInfo, Failure> {
    shell.station_info()
}

/// Shows another face, in the demonstration.
///
/// # Errors
/// `notADemo` elsewhere: the settings say which station a PC is.
#[tauri::command]
#[specta::specta]
pub async fn switch_station(shell: State<'_, Shell>, station: Station) -> Result<StationInfo, Failure> {
    shell.show_station(station)
}

/// The status line.
///
/// # Errors
/// What the store says.
#[tauri::command]
#[specta::specta]
pub async fn status(shell: State<'_, Shell>) -> Result<Status, Failure> {
    shell.desk.status()
}
