//! The demonstration's own switches: its network, its doors and their readers.

use serde::Serialize;
use specta::Type;
use tauri::State;
use vestibule_desk::Failure;
use vestibule_domain::{DoorId, PassId};
use vestibule_emulator::Why;

use crate::Shell;

/// The demonstration's doors and network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DemoView {
    /// Whether its network is pulled.
    pub network_down: bool,
    /// Its doors.
    pub doors: Vec<DemoDoor>,
}

/// A door of the demonstration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DemoDoor {
    /// Its `iotId`.
    pub id: DoorId,
    /// What people call it.
    pub name: String,
    /// How often it was opened from the desk.
    pub opened: u32,
    /// How often its reader let a code pass.
    pub passed_by_code: u32,
}

/// What a reader said to a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReaderAnswer {
    /// Whether it opened.
    pub accepted: bool,
    /// Why.
    pub why: ReaderWhy,
}

/// Why a reader opened or did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ReaderWhy {
    /// In its window, scans left.
    Valid,
    /// The door is held open.
    KeptOpen,
    /// The reader does not know the code.
    Unknown,
    /// The reader has not been told yet.
    NotYetAtReader,
    /// The window has not begun.
    NotYet,
    /// The window is over.
    Expired,
    /// No scan is left.
    ScansUsedUp,
    /// There is no such door.
    NoSuchDoor,
}

impl From<Why> for ReaderWhy {
    fn from(why: Why) -> Self {
        match why {
            Why::Valid => Self::Valid,
            Why::KeptOpen => Self::KeptOpen,
            Why::Unknown => Self::Unknown,
            Why::NotYetAtReader => Self::NotYetAtReader,
            Why::NotYet => Self::NotYet,
            Why::Expired => Self::Expired,
            Why::ScansUsedUp => Self::ScansUsedUp,
            Why::NoSuchDoor => Self::NoSuchDoor,
        }
    }
}

/// The demonstration's doors and network.
///
/// # Errors
/// `notADemo`.
#[tauri::command]
#[specta::specta]
pub async fn demo(shell: State<'_, Shell>) -> Result<DemoView, Failure> {
    Ok(shell.demo_only()?.view())
}

/// Pulls the demonstration's network, or plugs it in again.
///
/// # Errors
/// `notADemo`.
#[tauri::command]
#[specta::specta]
pub async fn set_network_down(shell: State<'_, Shell>, down: bool) -> Result<DemoView, Failure> {
    let demo = shell.demo_only()?;
    demo.set_network_down(down);
    demo.remember(&shell.desk)?;
    shell.desk.probe().await;
    shell.tell_demo();
    Ok(demo.view())
}

/// Holds a pass before a reader of the demonstration.
///
/// # Errors
/// `notADemo`, `notFound` when the pass may not be shown.
#[tauri::command]
#[specta::specta]
pub async fn present_pass(
    shell: State<'_, Shell>,
    door: DoorId,
    pass: PassId,
) -> Result<ReaderAnswer, Failure> {
    let answer = shell.demo_only()?.present(&shell.desk, &door, pass)?;
    shell.tell_demo();
    Ok(answer)
}
