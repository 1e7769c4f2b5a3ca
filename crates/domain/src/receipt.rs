//! A receipt: a pass on paper. What stands on it, where it is printed, and what may keep it from the paper.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::visitor::masked_name;
use crate::{Language, PassCode, Window, Zone};

/// The port of receipt printers on a network.
const PRINTER_PORT: u16 = 9100;

/// What stands on a receipt.
#[derive(Clone)]
pub struct Receipt {
    /// What the building is called.
    pub site: String,
    /// The language of its words.
    pub language: Language,
    /// Whose it is; none where no name may stand on paper.
    pub name: Option<String>,
    /// Whom they visit; none where that is not known or may not stand on paper.
    pub host: Option<String>,
    /// From when until when.
    pub window: Window,
    /// On which clock.
    pub zone: Zone,
    /// What people call its doors.
    pub doors: Vec<String>,
    /// The short form, in two groups.
    pub short_code: String,
    /// The text in the QR code.
    pub code: PassCode,
}

impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Receipt(redacted)")
    }
}

/// How much of a name stands on paper, which others find and keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NameShown {
    /// All of it.
    #[default]
    Full,
    /// A mask.
    Masked,
    /// Nothing.
    None,
}

impl NameShown {
    /// A name as it stands on paper.
    #[must_use]
    pub fn of(self, name: &str) -> Option<String> {
        match self {
            _ if name.is_empty() => None,
            Self::Full => Some(name.to_owned()),
            Self::Masked => Some(masked_name(name)),
            Self::None => None,
        }
    }
}

/// Where receipts are printed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub enum PrinterPlace {
    /// Nowhere.
    #[default]
    None,
    /// A receipt printer on the network.
    Network {
        /// Its address.
        host: String,
        /// Its port.
        port: u16,
    },
    /// A receipt printer that is written to as a file: a USB device, or a printer that Windows shares.
    File(PathBuf),
    /// A receipt printer at a serial port.
    Serial(String),
    /// A printer of the system, by its name there.
    System(String),
}

impl TryFrom<String> for PrinterPlace {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let unknown = || {
            format!(
                "\"{text}\" is none of \"none\", \"tcp:HOST\", \"tcp:HOST:PORT\", \"file:PATH\", \"serial:PORT\", \
                 \"system:NAME\""
            )
        };
        if text.is_empty() || text == "none" {
            return Ok(Self::None);
        }
        match text.split_once(':') {
            Some((_, "")) | None => Err(unknown()),
            Some(("tcp", address)) => network(address).ok_or_else(unknown),
            Some(("file", path)) => Ok(Self::File(PathBuf::from(path))),
            Some(("serial", port)) => Ok(Self::Serial(port.to_owned())),
            // A name that looks like an option would be one to the program that prints.
            Some(("system", name)) if !name.starts_with('-') => Ok(Self::System(name.to_owned())),
            Some(_) => Err(unknown()),
        }
    }
}

fn network(address: &str) -> Option<PrinterPlace> {
    let (host, port) = match address.rsplit_once(':') {
        // An address of IPv6 holds colons, and stands in brackets before a port.
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, port.parse().ok()?),
        _ => (address, PRINTER_PORT),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    (!host.is_empty() && port != 0).then(|| PrinterPlace::Network { host: host.to_owned(), port })
}

/// What is known of a receipt that went to the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Printed {
    /// The printer said that it is on paper.
    OnPaper,
    /// The printer, or the system's queue, took all of it and says no more.
    Sent,
}

/// What keeps a receipt from the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PrintFault {
    /// There is no printer in the settings.
    #[error("there is no printer in the settings")]
    NoPrinter,
    /// It cannot be reached.
    #[error("the printer cannot be reached")]
    Unreachable,
    /// The system does not let us.
    #[error("the system does not let this program print there")]
    Denied,
    /// It is out of paper.
    #[error("the printer is out of paper")]
    NoPaper,
    /// Its cover is open.
    #[error("the printer's cover is open")]
    CoverOpen,
    /// It says that it has a fault, or takes nothing.
    #[error("the printer has a fault or takes nothing")]
    Stuck,
    /// It took a part, and nobody knows what is on paper.
    #[error("the printer took a part of it, and nobody knows what is on paper")]
    Unsure,
    /// There is no font to write the words of this language with.
    #[error("this PC has no font to print this language with")]
    NoFont,
    /// It could not be drawn.
    #[error("it could not be drawn")]
    Undrawn,
}

impl PrintFault {
    /// Whether certainly nothing of it is on paper.
    #[must_use]
    pub fn left_no_paper(self) -> bool {
        self != Self::Unsure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printer_is_named_by_kind_and_place() {
        let at = |text: &str| PrinterPlace::try_from(text.to_owned());
        let network = |host: &str, port| Ok(PrinterPlace::Network { host: host.to_owned(), port });
        assert_eq!(at("none"), Ok(PrinterPlace::None));
        assert_eq!(at("tcp:192.0.2.7"), network("192.0.2.7", 9100));
        assert_eq!(at("tcp:printer.example:515"), network("printer.example", 515));
        assert_eq!(at("tcp:[2001:db8::7]:9101"), network("2001:db8::7", 9101));
        assert_eq!(at("tcp:2001:db8::7"), network("2001:db8::7", 9100));
        assert_eq!(at("file:/dev/usb/lp0"), Ok(PrinterPlace::File("/dev/usb/lp0".into())));
        assert_eq!(at(r"file:\\here\Receipt"), Ok(PrinterPlace::File(r"\\here\Receipt".into())));
        assert_eq!(at("serial:COM3"), Ok(PrinterPlace::Serial("COM3".to_owned())));
        assert_eq!(at("system:Front desk"), Ok(PrinterPlace::System("Front desk".to_owned())));
        for wrong in ["usb", "tcp:", "tcp::9100", "tcp:a:0", "tcp:a:99999", "lpt:1", "system:-o", "file:"] {
            assert!(at(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_name_stands_on_paper_as_far_as_it_may() {
        assert_eq!(NameShown::Full.of("欧阳娜娜").as_deref(), Some("欧阳娜娜"));
        assert_eq!(NameShown::Masked.of("欧阳娜娜").as_deref(), Some("欧**娜"));
        assert_eq!(NameShown::None.of("欧阳娜娜"), None);
        assert_eq!(NameShown::Full.of(""), None);
    }
}
