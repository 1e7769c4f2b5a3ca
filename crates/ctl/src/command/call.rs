//! `call`.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use vestibule_domain::{Clock, SystemClock};
use vestibule_gateway::endpoint::{ENDPOINTS, find};

use crate::{General, Outcome, Trouble, open};

/// One signed call.
#[derive(Args)]
pub(crate) struct Call {
    /// The path, such as /entrance/paas/user/get, or its short name; `list` names them all.
    path: String,
    /// The parameters, a JSON object. Without them, the call's help and a sample are shown.
    params: Option<String>,
}

impl Call {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        if self.path == "list" {
            for entry in ENDPOINTS {
                println!("{:<24} {}  {}", entry.name, entry.path, entry.help);
            }
            return Ok(ExitCode::SUCCESS);
        }
        let entry = find(&self.path);
        let Some(params) = &self.params else {
            let entry = entry
                .ok_or_else(|| Trouble(format!("{}: no such call; `call list` names them", self.path)))?;
            println!("{}  {}\n{}\n{}", entry.name, entry.path, entry.help, entry.sample);
            return Ok(ExitCode::SUCCESS);
        };
        let params: serde_json::Value = serde_json::from_str(params)
            .map_err(|error| Trouble(format!("the parameters are no JSON: {error}")))?;
        if let Some(entry) = entry {
            entry.check(&params).map_err(|fault| Trouble(format!("{}: {fault}", entry.name)))?;
        }
        if entry.is_none() && !self.path.starts_with('/') {
            return Err(Trouble(format!("{}: no such call; `call list` names them", self.path)));
        }
        let settings = open::settings(general)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let client = open::client(general, &settings, clock)?;
        let answer = client.call(&self.path, params).await.map_err(|error| Trouble(error.to_string()))?;
        let body = String::from_utf8_lossy(&answer.body);
        let pretty = serde_json::from_str::<serde_json::Value>(&body)
            .and_then(|body| serde_json::to_string_pretty(&body));
        println!("{}", if general.json { body.into_owned() } else { pretty.unwrap_or_default() });
        Ok(if answer.code == 200 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
