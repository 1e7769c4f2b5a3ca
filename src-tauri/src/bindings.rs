//! The border to the page: every command, every event, and the TypeScript that is generated from them.

use specta_typescript::Typescript;
use tauri::Runtime;
use tauri_specta::{Builder, collect_commands, collect_events};

use crate::commands;
use crate::events::DeskEvent;

/// All commands and events.
#[must_use]
pub fn builder<R: Runtime>() -> Builder<R> {
    Builder::<R>::new()
        .disable_serde_phases()
        .commands(collect_commands![
            commands::station::cannot_start,
            commands::station::station_info,
            commands::station::switch_station,
            commands::station::status,
            commands::staff::session,
            commands::staff::staff_names,
            commands::staff::sign_in,
            commands::staff::sign_off,
            commands::staff::stay_active,
            commands::staff::approve_hold,
            commands::staff::staff,
            commands::staff::add_staff,
            commands::staff::set_staff_role,
            commands::staff::set_staff_secret,
            commands::staff::set_staff_disabled,
            commands::visitor::register_visitor,
            commands::visitor::todays_visits,
            commands::visitor::sign_out,
            commands::kiosk::find_hosts,
            commands::kiosk::returning,
            commands::kiosk::show_code,
            commands::kiosk::start_code_scanning,
            commands::kiosk::call_for_help,
            commands::kiosk::help_waits_since,
            commands::kiosk::help_seen,
            commands::kiosk::signature,
            commands::invitation::invitations,
            commands::invitation::invitation_screen,
            commands::invitation::invite,
            commands::invitation::revoke_invitation,
            commands::pass::pass_screen,
            commands::pass::print_pass,
            commands::pass::revoke_pass,
            commands::pass::verify_code,
            commands::pass::find_pass,
            commands::pass::send_again,
            commands::door::doors,
            commands::door::arm_door,
            commands::door::press_door,
            commands::door::note_press,
            commands::door::read_doors,
            commands::door::hold_open,
            commands::door::end_hold,
            commands::door::holds,
            commands::door::door_log,
            commands::camera::cameras,
            commands::camera::start_scanning,
            commands::camera::stop_scanning,
            commands::queue::queue,
            commands::queue::retry_row,
            commands::queue::drop_row,
            commands::queue::reserve,
            commands::demo::demo,
            commands::demo::set_network_down,
            commands::demo::present_pass,
        ])
        .events(collect_events![DeskEvent])
}

/// The generated TypeScript.
///
/// # Errors
/// A type that has no TypeScript.
pub fn typescript() -> Result<String, Box<dyn std::error::Error>> {
    let file = std::env::temp_dir().join(format!("vestibule-bindings-{}.ts", std::process::id()));
    let header = "// Generated: cargo run -p vestibule --example bindings > ui/src/bindings.gen.ts\n";
    builder::<tauri::Wry>().export(Typescript::default().header(header), &file)?;
    let text = std::fs::read_to_string(&file)?;
    std::fs::remove_file(&file)?;
    Ok(text)
}
