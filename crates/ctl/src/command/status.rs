//! `status`.

use std::process::ExitCode;

use vestibule_desk::ConnectionState;

use crate::{General, Outcome, answer, open};

/// Asks the service, and shows how things stand.
pub(crate) async fn run(general: &General) -> Outcome {
    let desk = open::desk(general).await?;
    desk.probe().await;
    let status = desk.status()?;
    answer(general, &status, |status| {
        let connection = match status.connection.state {
            ConnectionState::Unknown => "not tried: there is no door to ask about",
            ConnectionState::Online => "good",
            ConnectionState::Offline => "lost",
        };
        let why = serde_json::to_string(&status.connection.why).unwrap_or_default();
        let skew =
            status.skew_ms.map_or("not measured".to_owned(), |ms| format!("{ms} ms ahead of the service"));
        let why = if why == "null" { String::new() } else { format!(" ({})", why.trim_matches('"')) };
        format!(
            "connection: {connection}{why}\nwaiting: {}\nset aside: {}\nclock: {skew}",
            status.waiting, status.wedged
        )
    });
    Ok(if status.connection.state == ConnectionState::Offline {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
