//! Where the log goes: to the terminal, at the level of `VESTIBULE_LOG` (`warn` when not set).

use tracing_subscriber::EnvFilter;

/// Starts the log. A second start changes nothing.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_env("VESTIBULE_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    drop(tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init());
}
