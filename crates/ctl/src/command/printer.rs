//! `printer test`.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use vestibule_desk::{Language, Printed, Settings};
use vestibule_domain::receipt::PrintFault;
use vestibule_domain::staff::Act;
use vestibule_domain::{Clock, SystemClock};
use vestibule_printer::{Options, Printer};

use crate::{General, Outcome, Trouble, answer, open};

/// The printer of receipts.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Prints a page that shows whether the printer prints what a receipt needs.
    Test {
        /// The language of its words; that of the settings when not given.
        #[arg(long)]
        language: Option<Tongue>,
    },
}

/// A language.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Tongue {
    /// Simplified Chinese.
    #[value(name = "zh-CN")]
    Chinese,
    /// English.
    En,
}

impl From<Tongue> for Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::Chinese => Self::Chinese,
            Tongue::En => Self::English,
        }
    }
}

impl Command {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        let Self::Test { language } = self;
        open::allow(general, Act::SeePass).await?;
        let settings = open::settings(general)?;
        let printer = of(&settings);
        let printed = on_a_thread(move || {
            let language = language.map_or(settings.language, Into::into);
            printer.print_test_page(&settings.site, SystemClock::new().now(), &settings.zone(), language)
        });
        said(general, printed.await?)
    }
}

/// The printer of the settings.
pub(crate) fn of(settings: &Settings) -> Printer {
    let set = &settings.printer;
    Printer::new(Options::new(set.at.clone(), set.dots, set.baud))
}

/// Prints where nobody else waits for it.
pub(crate) async fn on_a_thread<T: Send + 'static>(
    print: impl FnOnce() -> Result<T, PrintFault> + Send + 'static,
) -> Result<T, PrintFault> {
    tokio::task::spawn_blocking(print).await.unwrap_or(Err(PrintFault::Stuck))
}

/// What became of it.
pub(crate) fn said(general: &General, printed: Printed) -> Outcome {
    answer(general, &serde_json::json!({ "printed": printed }), |_| {
        let words = match printed {
            Printed::OnPaper => "printed",
            Printed::Sent => "sent to the printer, which does not say when it is done",
        };
        words.to_owned()
    });
    Ok(ExitCode::SUCCESS)
}

impl From<PrintFault> for Trouble {
    fn from(fault: PrintFault) -> Self {
        vestibule_desk::Failure::from(fault).into()
    }
}
