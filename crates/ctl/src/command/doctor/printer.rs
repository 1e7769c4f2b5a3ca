//! The printer of the settings, and the fonts it needs.

use vestibule_desk::{Failure, Settings};

use super::finding::Finding;
use crate::command::printer::{of, on_a_thread};
use crate::words;

/// Whether receipts would come out; nothing is printed.
pub(super) async fn look(settings: &Settings) -> Vec<Finding> {
    if !settings.printer.is_set() {
        return vec![Finding::good("printer", "none wanted")];
    }
    let (printer, language) = (of(settings), settings.language);
    let seen = on_a_thread(move || Ok((printer.look(), printer.can_write(language)))).await;
    let Ok((there, can_write)) = seen else { return Vec::new() };
    let mut found = vec![match there {
        Ok(true) => Finding::good("printer", "ready"),
        Ok(false) => Finding::good("printer", "there; it does not say whether it has paper"),
        Err(fault) => {
            let words = words::of_code(Failure::from(fault).code);
            let todo = "look at the printer and at printer.at; `vestibulectl printer test` prints a page";
            Finding::bad("printer", words, todo)
        }
    }];
    if !can_write {
        let todo = "install a font that has this language, such as Debian's fonts-noto-cjk";
        found.push(Finding::bad("receipts", &format!("no font for {}", language.word()), todo));
    }
    found
}
