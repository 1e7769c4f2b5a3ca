//! `doctor`: everything a desk needs, looked at one after the other, with what to do about each.

mod camera;
mod finding;
mod folder;
mod printer;
mod queue;
mod road;
mod secret;
mod staff;
mod zone;

use std::process::ExitCode;

use finding::{Finding, Grade};

use crate::{General, Outcome, answer, open};

/// Looks at everything. What cannot be looked at because something before it is wrong is left out.
pub(crate) async fn run(general: &General) -> Outcome {
    let mut worst = Grade::Good;
    let mut tell = |findings: Vec<Finding>| {
        for finding in findings {
            worst = worst.max(finding.grade);
            answer(general, &finding, Finding::in_words);
        }
    };
    let settings = match open::settings(general) {
        Ok(settings) => {
            let found = format!("{} doors, {}", settings.doors.len(), settings.gateway.url);
            tell(vec![if settings.doors.is_empty() {
                Finding::warning("settings", &found, "add a [[door]] for every door of this desk")
            } else {
                Finding::good("settings", &found)
            }]);
            Some(settings)
        }
        Err(trouble) => {
            let todo = "put the settings right; `vestibulectl config init` writes a file to begin with";
            tell(vec![Finding::bad("settings", &trouble.0, todo)]);
            None
        }
    };
    let folder = open::data_folder(general);
    tell(folder::look(&folder));
    tell(queue::look(&folder));
    tell(staff::look(&folder));
    if let Some(settings) = &settings {
        tell(secret::look(settings));
        match open::service(general) {
            Ok(service) => road::look(&service, &mut tell).await,
            Err(trouble) => {
                tell(vec![Finding::bad("gateway", &trouble.0, "put right what this line says")]);
            }
        }
        tell(zone::look(settings));
    }
    if let Some(settings) = &settings {
        tell(printer::look(settings).await);
    }
    tell(camera::look(settings.as_ref().map(|settings| &settings.camera)));
    Ok(if worst == Grade::Bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
