//! `camera list`.

use std::process::ExitCode;

use clap::Subcommand;

use crate::{General, answer};

/// Cameras.
#[derive(Subcommand)]
pub(crate) enum Camera {
    /// The cameras of this PC.
    List,
}

impl Camera {
    pub(crate) fn run(self, general: &General) -> ExitCode {
        let Self::List = self;
        let cameras = vestibule_camera::list();
        if cameras.is_empty() && !general.json {
            println!("no camera");
        }
        for camera in cameras {
            let value = serde_json::json!({ "id": camera.id.0, "name": camera.name });
            answer(general, &value, |_| format!("{}  {}", camera.id.0, camera.name));
        }
        ExitCode::SUCCESS
    }
}
