//! Printing a pass. What is on paper is found and kept by others, so it is printed once unless staff ask for one more.

use std::future::Future;

use vestibule_domain::receipt::{NameShown, PrintFault, Printed, Receipt};
use vestibule_domain::staff::Act;
use vestibule_domain::{Language, PassId};

use crate::{Desk, Failure, FailureCode};

impl Desk {
    /// Prints the receipt of a pass with whatever prints here. Asked for is written down first: what may be on paper is
    /// not printed twice by an accident. One more (`again`) is for staff to ask for.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] while its code may not be shown, [`FailureCode::PrintedBefore`], and what the printer
    /// says. None of them changes anything about the pass.
    pub async fn print_pass<F: Future<Output = Result<Printed, PrintFault>>>(
        &self,
        id: PassId,
        language: Language,
        again: bool,
        print: impl FnOnce(Receipt) -> F,
    ) -> Result<Printed, Failure> {
        self.may(if again { Act::IssuePass } else { Act::SeePass })?;
        if !self.inner.settings.printer.is_set() {
            return Err(Failure::of(FailureCode::NoPrinter));
        }
        let receipt = self.receipt(id, language)?;
        if !self.inner.store.ask_receipt(id, again, self.now())? {
            return Err(Failure::of(FailureCode::PrintedBefore));
        }
        let printed = print(receipt).await;
        if let Err(fault) = printed
            && fault.left_no_paper()
        {
            self.inner.store.receipt_failed(id, fault, self.now())?;
        }
        Ok(printed?)
    }

    fn receipt(&self, id: PassId, language: Language) -> Result<Receipt, Failure> {
        let row = self.inner.store.pass(id)?;
        let (Some(code), true) = (row.pass.code.clone(), row.pass.is_showable()) else {
            return Err(Failure::of(FailureCode::NotFound));
        };
        let view = self.view_pass(&row)?;
        let zone = row.pass.doors.first().and_then(|(door, _)| self.door(door));
        let shown = self.inner.settings.printer.name;
        // A name that the kiosk's screen masks is masked in the view already.
        let host = if shown == NameShown::None { None } else { NameShown::Full.of(&view.host) };
        Ok(Receipt {
            site: self.inner.settings.site.clone(),
            language,
            name: shown.of(&view.visitor_name),
            host,
            window: row.pass.window,
            zone: zone.map_or_else(|| self.inner.settings.zone(), |door| door.zone.clone()),
            doors: view.doors.into_iter().map(|door| door.name).collect(),
            short_code: view.short_code,
            code,
        })
    }
}

impl From<PrintFault> for Failure {
    fn from(fault: PrintFault) -> Self {
        Self::of(match fault {
            PrintFault::NoPrinter => FailureCode::NoPrinter,
            PrintFault::Unreachable => FailureCode::PrinterUnreachable,
            PrintFault::Denied => FailureCode::PrinterDenied,
            PrintFault::NoPaper => FailureCode::NoPaper,
            PrintFault::CoverOpen => FailureCode::CoverOpen,
            PrintFault::Stuck => FailureCode::PrinterStuck,
            PrintFault::Unsure => FailureCode::PrintUnsure,
            PrintFault::NoFont => FailureCode::NoFont,
            PrintFault::Undrawn => FailureCode::Bug,
        })
    }
}
