//! Who is signed in, and the accounts.

use std::time::Duration;

use tauri::State;
use vestibule_desk::{Failure, Pin, Proof, SessionView, StaffView};
use vestibule_domain::staff::Role;
use vestibule_domain::{DoorId, StaffId};

use crate::Shell;

/// Who is signed in, and what may be done here.
///
/// # Errors
/// What the store says.
#[tauri::command]
#[specta::specta]
pub async fn session(shell: State<'_, Shell>) -> Result<SessionView, Failure> {
    shell.desk.session()
}

/// The names to choose from; with `approvers` only of those who may approve a hold.
///
/// # Errors
/// What the store says.
#[tauri::command]
#[specta::specta]
pub async fn staff_names(shell: State<'_, Shell>, approvers: bool) -> Result<Vec<String>, Failure> {
    shell.desk.staff_names(approvers)
}

/// Signs somebody in, in the place of whoever is.
///
/// # Errors
/// `notAllowed` at the self-service station.
#[tauri::command]
#[specta::specta]
pub async fn sign_in(shell: State<'_, Shell>, name: String, secret: String) -> Result<Proof, Failure> {
    shell.desk.sign_in(&name, Pin::typed(secret)).await
}

/// Whoever is signed in leaves.
///
/// # Errors
/// None today.
#[tauri::command]
#[specta::specta]
pub async fn sign_off(shell: State<'_, Shell>) -> Result<(), Failure> {
    shell.desk.sign_off();
    Ok(())
}

/// Somebody touched something.
///
/// # Errors
/// None today.
#[tauri::command]
#[specta::specta]
pub async fn stay_active(shell: State<'_, Shell>) -> Result<(), Failure> {
    shell.desk.stay_active();
    Ok(())
}

/// A supervisor says that the next hold of a door is all right, for so many minutes at most.
///
/// # Errors
/// What keeps a hold from beginning at this station.
#[tauri::command]
#[specta::specta]
pub async fn approve_hold(
    shell: State<'_, Shell>,
    door: DoorId,
    minutes: u16,
    name: String,
    secret: String,
) -> Result<Proof, Failure> {
    let length = Duration::from_secs(u64::from(minutes) * 60);
    shell.desk.approve_hold(&door, length, &name, Pin::typed(secret)).await
}

/// The accounts.
///
/// # Errors
/// `notSignedIn`, `notAllowed`.
#[tauri::command]
#[specta::specta]
pub async fn staff(shell: State<'_, Shell>) -> Result<Vec<StaffView>, Failure> {
    shell.desk.staff()
}

/// Adds an account. The first one is an administrator's.
///
/// # Errors
/// `notSignedIn`, `notAllowed`, `badForm`, `weakSecret`, `nameTaken`.
#[tauri::command]
#[specta::specta]
pub async fn add_staff(
    shell: State<'_, Shell>,
    name: String,
    role: Role,
    secret: String,
) -> Result<StaffView, Failure> {
    shell.desk.add_staff(&name, role, Pin::typed(secret)).await
}

/// Gives an account another role.
///
/// # Errors
/// `notSignedIn`, `notAllowed`, `lastAdmin`.
#[tauri::command]
#[specta::specta]
pub async fn set_staff_role(
    shell: State<'_, Shell>,
    staff: StaffId,
    role: Role,
) -> Result<StaffView, Failure> {
    shell.desk.set_staff_role(staff, role)
}

/// Gives an account a new PIN or passphrase.
///
/// # Errors
/// `notSignedIn`, `notAllowed`, `weakSecret`.
#[tauri::command]
#[specta::specta]
pub async fn set_staff_secret(
    shell: State<'_, Shell>,
    staff: StaffId,
    secret: String,
) -> Result<StaffView, Failure> {
    shell.desk.set_staff_secret(staff, Pin::typed(secret)).await
}

/// Closes an account, or opens it again.
///
/// # Errors
/// `notSignedIn`, `notAllowed`, `lastAdmin`.
#[tauri::command]
#[specta::specta]
pub async fn set_staff_disabled(
    shell: State<'_, Shell>,
    staff: StaffId,
    disabled: bool,
) -> Result<StaffView, Failure> {
    shell.desk.set_staff_disabled(staff, disabled)
}
