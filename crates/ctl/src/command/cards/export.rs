//! `cards export`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::ExitCode;

use clap::Args;
use futures_util::StreamExt as _;
use serde_json::json;
use vestibule_domain::DoorId;

use crate::open::Service;
use crate::print::progress::Progress;
use crate::table::write::Writer;
use crate::{General, Outcome, Trouble, answer, file, open, print};

/// Which doors, and where to.
#[derive(Args)]
pub(crate) struct Export {
    /// A door by its iotId; once for each.
    #[arg(long = "door", value_name = "IOTID", required = true)]
    doors: Vec<String>,
    /// The CSV file; standard output when not given. It is there when it is whole, and only its owner can read it.
    #[arg(long, value_name = "FILE.csv")]
    out: Option<PathBuf>,
    /// Replaces the file when it exists.
    #[arg(long, requires = "out")]
    replace: bool,
    /// Shows the progress also where standard error is no terminal.
    #[arg(long)]
    progress: bool,
}

impl Export {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        if let Some(out) = self.out.as_deref().filter(|out| !self.replace && out.exists()) {
            return Err(Trouble(format!("{}: is there already; --replace replaces it", out.display())));
        }
        let service = open::service(general)?;
        match &self.out {
            Some(out) => {
                let rows = self.to_file(&service, out).await?;
                let report = json!({ "rows": rows, "file": out.display().to_string() });
                answer(general, &report, |_| format!("{rows} rows: {}", out.display()));
            }
            None if general.json => self.to_lines(&service).await?,
            None => {
                let out = std::io::stdout();
                let written = match Writer::begin(out.lock()) {
                    Ok(mut writer) => self.write(&service, &mut writer).await,
                    Err(error) => Err(Ended::Write(error)),
                };
                match written {
                    // Nobody reads any more: no failure.
                    Err(Ended::Write(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
                    written => drop(written.map_err(|ended| ended.trouble(Path::new("standard output")))?),
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn to_file(&self, service: &Service, out: &Path) -> Result<usize, Trouble> {
        let part = file::unfinished(out);
        let mut writer = file::replace(&part).and_then(Writer::begin).map_err(file::trouble(&part))?;
        let written = self.write(service, &mut writer).await;
        drop(writer);
        let named = match written {
            Ok(rows) => std::fs::rename(&part, out).map(|()| rows).map_err(Ended::Write),
            Err(ended) => Err(ended),
        };
        named.map_err(|ended| {
            drop(std::fs::remove_file(&part));
            ended.trouble(out)
        })
    }

    async fn write<W: Write>(&self, service: &Service, writer: &mut Writer<W>) -> Result<usize, Ended> {
        let mut progress = Progress::new(std::sync::Arc::clone(&service.clock), self.progress, None);
        let mut rows = 0;
        for door in &self.doors {
            let mut rights = pin!(service.client.rights_at(DoorId(door.clone())));
            while let Some(right) = rights.next().await {
                writer.write(&right.map_err(Ended::Service)?).map_err(Ended::Write)?;
                rows += 1;
                progress.show(rows, 0);
            }
        }
        progress.end();
        writer.flush().map_err(Ended::Write)?;
        Ok(rows)
    }

    async fn to_lines(&self, service: &Service) -> Result<(), Trouble> {
        for door in &self.doors {
            let mut rights = pin!(service.client.rights_at(DoorId(door.clone())));
            while let Some(right) = rights.next().await {
                let right = serde_json::to_string(&right?).map_err(|error| Trouble(error.to_string()))?;
                if !print::line(&right) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// Why an export ended early.
enum Ended {
    Service(vestibule_gateway::GatewayError),
    Write(std::io::Error),
}

impl Ended {
    fn trouble(self, out: &Path) -> Trouble {
        match self {
            Self::Service(error) => error.into(),
            Self::Write(error) => file::trouble(out)(error),
        }
    }
}
