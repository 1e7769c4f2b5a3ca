//! The printer: one job at a time, each on a thread that may get stuck in a driver.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use vestibule_domain::receipt::{PrintFault, Printed, PrinterPlace, Receipt};
use vestibule_domain::{Language, UtcMillis, Zone};

use crate::draw;
use crate::fonts::Fonts;
use crate::job::{Job, job};
use crate::line::Line;
use crate::picture::Picture;
use crate::spooler;

/// Which printer, and what is in it.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it is.
    pub at: PrinterPlace,
    /// How many dots are in a line.
    pub dots: u16,
    /// How fast a serial port is.
    pub baud: u32,
    /// The program that hands a document to a queue of the system; `lpstat` stands beside it.
    pub spooler: PathBuf,
}

impl Options {
    /// As the settings say.
    #[must_use]
    pub fn new(at: PrinterPlace, dots: u16, baud: u32) -> Self {
        Self { at, dots, baud, spooler: PathBuf::from("lp") }
    }
}

/// A printer. Cheap to clone; all clones are the same one. Its calls block for as long as something goes on, and for
/// five seconds after that.
#[derive(Clone)]
pub struct Printer {
    inner: Arc<Inner>,
}

struct Inner {
    options: Options,
    fonts: OnceLock<Mutex<Fonts>>,
    turn: Mutex<()>,
    /// A thread that was given up sits in a driver still.
    stuck: AtomicBool,
}

impl Printer {
    /// A printer, which need not be there yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let (fonts, turn, stuck) = (OnceLock::new(), Mutex::default(), AtomicBool::new(false));
        Self { inner: Arc::new(Inner { options, fonts, turn, stuck }) }
    }

    /// The picture of a receipt.
    ///
    /// # Errors
    /// [`PrintFault::NoFont`], [`PrintFault::Undrawn`].
    pub fn draw(&self, receipt: &Receipt) -> Result<Picture, PrintFault> {
        draw::receipt(receipt, self.inner.options.dots.into(), &mut self.inner.fonts())
    }

    /// Prints a receipt.
    ///
    /// # Errors
    /// What keeps it from the paper.
    pub fn print(&self, receipt: &Receipt) -> Result<Printed, PrintFault> {
        self.put(self.draw(receipt)?)
    }

    /// Prints a page that shows whether the printer prints what a receipt needs.
    ///
    /// # Errors
    /// What keeps it from the paper.
    pub fn print_test_page(
        &self,
        site: &str,
        at: UtcMillis,
        zone: &Zone,
        language: Language,
    ) -> Result<Printed, PrintFault> {
        let dots = self.inner.options.dots.into();
        let page = draw::test_page((site, at, zone), language, dots, &mut self.inner.fonts());
        self.put(page?)
    }

    /// Whether it is there and says that it can print; false when it does not say how it is.
    ///
    /// # Errors
    /// What would keep a receipt from the paper.
    pub fn look(&self) -> Result<bool, PrintFault> {
        self.inner.run(|inner, job| {
            if let PrinterPlace::System(name) = &inner.options.at {
                return spooler::look(&inner.options.spooler, name, job);
            }
            let progress = || job.progress();
            let line = inner.reach(&progress)?;
            job.reached()?;
            line.look()
        })
    }

    /// Whether the words of a language can be written.
    #[must_use]
    pub fn can_write(&self, language: Language) -> bool {
        self.inner.fonts().can_write(&crate::words::Words::of(language).all())
    }

    fn put(&self, picture: Picture) -> Result<Printed, PrintFault> {
        self.inner.run(move |inner, job| {
            if let PrinterPlace::System(name) = &inner.options.at {
                return spooler::print(&inner.options.spooler, name, &picture, job);
            }
            let progress = || job.progress();
            let line = inner.reach(&progress)?;
            job.reached()?;
            line.print(&picture, job)
        })
    }
}

impl Inner {
    fn fonts(&self) -> MutexGuard<'_, Fonts> {
        let fonts = self.fonts.get_or_init(|| Mutex::new(Fonts::of_the_system()));
        fonts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reach<'a>(&self, progress: &'a (dyn Fn() + Sync)) -> Result<Line<'a>, PrintFault> {
        match &self.options.at {
            PrinterPlace::Network { host, port } => Line::network(host, *port, progress),
            PrinterPlace::File(path) => Line::file(path, progress),
            PrinterPlace::Serial(port) => Line::serial(port, self.options.baud, progress),
            PrinterPlace::System(_) | PrinterPlace::None => Err(PrintFault::NoPrinter),
        }
    }

    /// Does something on a thread of its own, and waits for it as long as it goes on.
    fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self, &Job<T>) -> Result<T, PrintFault> + Send + 'static,
    ) -> Result<T, PrintFault> {
        if self.options.at == PrinterPlace::None {
            return Err(PrintFault::NoPrinter);
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if self.stuck.swap(true, Ordering::SeqCst) {
            return Err(PrintFault::Stuck);
        }
        let (job, waiter) = job();
        let inner = Arc::clone(self);
        let started = thread::Builder::new().name("printer".to_owned()).spawn(move || {
            let outcome = work(&inner, &job);
            inner.stuck.store(false, Ordering::SeqCst);
            job.over(outcome);
        });
        if let Err(error) = started {
            tracing::warn!(%error, "there is no thread to print on");
            self.stuck.store(false, Ordering::SeqCst);
            return Err(PrintFault::Stuck);
        }
        waiter.wait()
    }
}

impl std::fmt::Debug for Printer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Printer").field("at", &self.inner.options.at).finish_non_exhaustive()
    }
}
