//! `trouble`.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use vestibule_desk::DEMO_NETWORK;
use vestibule_domain::staff::Act;

use crate::{General, Outcome, Trouble as Wrong, open};

/// The network of the demonstration or of an emulator.
#[derive(Args)]
pub(crate) struct Trouble {
    /// Pull it, or plug it in again.
    network: Network,
    /// A running emulator, such as http://127.0.0.1:8080; the demonstration when not given.
    #[arg(long, value_name = "URL")]
    emulator: Option<String>,
}

/// The network.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Network {
    /// Pulled.
    Down,
    /// Plugged in.
    Up,
}

impl Trouble {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        if let Some(emulator) = &self.emulator {
            let down = matches!(self.network, Network::Down);
            let trouble =
                if down { vestibule_emulator::Trouble::down() } else { vestibule_emulator::Trouble::none() };
            post(emulator, &trouble).await.map_err(|error| Wrong(format!("{emulator}: {error}")))?;
            return Ok(ExitCode::SUCCESS);
        }
        let desk = open::desk(general).await?;
        if !desk.settings().is_demo() {
            return Err(Wrong(
                "only the demonstration (--demo) or an emulator (--emulator URL) has such a switch"
                    .to_owned(),
            ));
        }
        desk.check(Act::ChangeSettings)?;
        desk.remember(
            DEMO_NETWORK,
            match self.network {
                Network::Down => "down",
                Network::Up => "up",
            },
        )?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn post(
    emulator: &str,
    trouble: &vestibule_emulator::Trouble,
) -> Result<(), Box<dyn std::error::Error>> {
    // The client wants a TLS provider even where the address is a plain one; a second installation is no matter.
    drop(rustls::crypto::ring::default_provider().install_default());
    let url = format!("{}/_emulator/trouble", emulator.trim_end_matches('/'));
    let client = reqwest::Client::builder().no_proxy().build()?;
    client
        .post(url)
        .body(serde_json::to_string(trouble)?)
        .header("content-type", "application/json")
        .send()
        .await?
        .error_for_status()?;
    Ok(())
}
