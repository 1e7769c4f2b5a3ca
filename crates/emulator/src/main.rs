//! The emulator as a program.
//!
//! Prints one line, `listening on http://ADDR`, when it is ready, and nothing else on standard output.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use vestibule_domain::{SystemClock, Zone};
use vestibule_emulator::{Emulator, EmulatorConfig, Listening, ServerTls};

/// A local gateway with doors and readers: signed calls in, doors out. Watch it at http://ADDR/_emulator.
#[derive(Parser)]
#[command(name = "vestibule-emulator", version)]
struct Args {
    /// Where to listen; port 0 takes any free one.
    #[arg(long, default_value = "127.0.0.1:8711")]
    listen: SocketAddr,
    /// The AppKey it knows.
    #[arg(long)]
    app_key: String,
    /// The secret of that key.
    #[arg(long, env = "VESTIBULE_EMULATOR_APP_SECRET", hide_env_values = true)]
    app_secret: String,
    /// A door; may be given many times. Three made-up doors without any.
    #[arg(long = "door", value_name = "IOTID=NAME", value_parser = door)]
    doors: Vec<(String, String)>,
    /// The zone of the doors' clocks, by its IANA name.
    #[arg(long, default_value = "Asia/Shanghai", value_parser = zone)]
    zone: Zone,
    /// How long a change takes to reach a reader, in milliseconds.
    #[arg(long, default_value_t = 0)]
    sync_delay_ms: u64,
    /// A file in which it remembers.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Makes codes and chances repeatable.
    #[arg(long)]
    seed: Option<u64>,
    /// Shows the admin pages at this address as well. A network that is scripted to be gone is then really gone at
    /// the other one: nobody listens.
    #[arg(long, value_name = "ADDR")]
    admin: Option<SocketAddr>,
    /// A certificate chain as PEM; listens with TLS.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The key of that certificate as PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Allows an address that other machines can reach.
    #[arg(long)]
    allow_remote: bool,
}

fn door(text: &str) -> Result<(String, String), String> {
    let (iot_id, name) = text.split_once('=').unwrap_or((text, text));
    if iot_id.is_empty() || name.is_empty() {
        return Err("write IOTID=NAME".into());
    }
    Ok((iot_id.into(), name.into()))
}

fn zone(text: &str) -> Result<Zone, String> {
    Zone::named(text).ok_or_else(|| "no such zone; write an IANA name such as Asia/Shanghai".into())
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            let mut err = std::io::stderr();
            // Nobody is left to tell when standard error is gone too.
            writeln!(err, "vestibule-emulator: {words}").ok();
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), String> {
    for address in [Some(args.listen), args.admin].into_iter().flatten() {
        if !address.ip().is_loopback() && !args.allow_remote {
            return Err(format!(
                "{address} can be reached from other machines; add --allow-remote if that is meant"
            ));
        }
    }
    let tls = match (&args.tls_cert, &args.tls_key) {
        (Some(chain), Some(key)) => {
            Some(ServerTls::from_pem(&read(chain)?, &read(key)?).map_err(|e| e.to_string())?)
        }
        _ => None,
    };
    let mut config = EmulatorConfig {
        app_key: args.app_key,
        app_secret: args.app_secret,
        zone: args.zone,
        sync_delay: Duration::from_millis(args.sync_delay_ms),
        seed: args.seed,
        ..EmulatorConfig::default()
    };
    if !args.doors.is_empty() {
        config.doors = args.doors;
    }
    let clock = Arc::new(SystemClock::new());
    let emulator = match &args.data {
        Some(file) => Emulator::with_data(config, clock, file)
            .map_err(|error| format!("{}: {error}", file.display()))?,
        None => Emulator::new(config, clock),
    };
    let listening = Listening { address: args.listen, tls, vanishes: args.admin.is_some() };
    let server = emulator.serve_with(listening).await.map_err(|error| error.to_string())?;
    let admin = match args.admin {
        Some(address) => Some(emulator.serve(address).await.map_err(|error| error.to_string())?),
        None => None,
    };
    let mut out = std::io::stdout();
    writeln!(out, "listening on {}", server.url())
        .and_then(|()| out.flush())
        .map_err(|error| error.to_string())?;
    tokio::signal::ctrl_c().await.map_err(|error| error.to_string())?;
    server.stop().await;
    if let Some(admin) = admin {
        admin.stop().await;
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
}
