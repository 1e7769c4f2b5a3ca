//! What a screen or the terminal is told when something did not work: a code and, for a form, its fields. A code
//! exists only where a screen behaves differently for it. The words stand in the UI and in the terminal.

use serde::{Deserialize, Serialize};
use specta::Type;
use vestibule_domain::visitor::{Field, FieldFault};
use vestibule_gateway::{Doubt, GatewayError, NotSent, Outcome, Rejection};
use vestibule_store::StoreError;

use crate::OfflineWhy;
use crate::connection::Met;

/// What did not work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// The code.
    pub code: FailureCode,
    /// The fields that are wrong, for [`FailureCode::BadForm`].
    pub fields: Vec<FieldProblem>,
    /// Whether the same again may work.
    pub retry: bool,
}

/// A field that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldProblem {
    /// Which.
    pub field: Field,
    /// What is wrong with it.
    pub fault: FieldFault,
}

/// The codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FailureCode {
    /// Fields are wrong; see `fields`.
    BadForm,
    /// A pass cannot have this window or number of scans.
    BadWindow,
    /// The service cannot be reached.
    NoConnection,
    /// It was asked, and nothing certain came back.
    NoAnswer,
    /// The service refused.
    RefusedByService,
    /// The service does not take our key or signature.
    RefusedUs,
    /// Five seconds passed; nothing was sent.
    TooLate,
    /// The door was pressed a moment ago.
    LockedOut,
    /// The door is held open already, or still closing.
    AlreadyHeld,
    /// Whoever is here may not do that.
    NotAllowed,
    /// Nobody is signed in.
    NotSignedIn,
    /// A supervisor has to say so.
    NeedsApproval,
    /// The PIN or passphrase is too easy to guess.
    WeakSecret,
    /// An account has this name already.
    NameTaken,
    /// Nobody would be left to answer for this PC.
    LastAdmin,
    /// The first step is missing or too long ago.
    NotArmed,
    /// There is no such thing.
    NotFound,
    /// Too often in a short time.
    TooMany,
    /// The program was restarted while it was on its way.
    Restarted,
    /// The disk is full.
    DiskFull,
    /// The data file cannot be used.
    StoreFailed,
    /// What is kept of visitors is sealed with a key that is not here.
    KeyMissing,
    /// The clock of this PC is too far off.
    ClockOff,
    /// There is no camera.
    NoCamera,
    /// Another program uses the camera.
    CameraBusy,
    /// The system does not let us use the camera.
    CameraDenied,
    /// The camera was unplugged.
    CameraLost,
    /// The camera sends no picture.
    CameraSilent,
    /// The camera sees nothing but black.
    CameraDark,
    /// Too many tries at the kiosk: wait a moment.
    SlowDown,
    /// The invitation is for later.
    TooEarly,
    /// The invitation is over.
    Over,
    /// The invitation was used before.
    Used,
    /// The invitation was taken back.
    Revoked,
    /// The visitor has left already.
    AlreadyLeft,
    /// The agreement was not signed, or not properly.
    NotSigned,
    /// There is no printer in the settings.
    NoPrinter,
    /// The printer cannot be reached.
    PrinterUnreachable,
    /// The system does not let us print there.
    PrinterDenied,
    /// The printer is out of paper.
    NoPaper,
    /// The printer's cover is open.
    CoverOpen,
    /// The printer has a fault or takes nothing.
    PrinterStuck,
    /// The printer took a part, and nobody knows what is on paper.
    PrintUnsure,
    /// There is no font to print this language with.
    NoFont,
    /// It was printed before, or may have been.
    PrintedBefore,
    /// The file could not be written.
    NotSaved,
    /// Only in the demonstration.
    NotADemo,
    /// A fault of the program.
    Bug,
}

impl FailureCode {
    /// The word as it is stored and shown to staff.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::BadForm => "badForm",
            Self::BadWindow => "badWindow",
            Self::NoConnection => "noConnection",
            Self::NoAnswer => "noAnswer",
            Self::RefusedByService => "refusedByService",
            Self::RefusedUs => "refusedUs",
            Self::TooLate => "tooLate",
            Self::LockedOut => "lockedOut",
            Self::AlreadyHeld => "alreadyHeld",
            Self::NotAllowed => "notAllowed",
            Self::NotSignedIn => "notSignedIn",
            Self::NeedsApproval => "needsApproval",
            Self::WeakSecret => "weakSecret",
            Self::NameTaken => "nameTaken",
            Self::LastAdmin => "lastAdmin",
            Self::NotArmed => "notArmed",
            Self::NotFound => "notFound",
            Self::TooMany => "tooMany",
            Self::Restarted => "restarted",
            Self::DiskFull => "diskFull",
            Self::StoreFailed => "storeFailed",
            Self::KeyMissing => "keyMissing",
            Self::ClockOff => "clockOff",
            Self::NoCamera => "noCamera",
            Self::CameraBusy => "cameraBusy",
            Self::CameraDenied => "cameraDenied",
            Self::CameraLost => "cameraLost",
            Self::CameraSilent => "cameraSilent",
            Self::CameraDark => "cameraDark",
            Self::SlowDown => "slowDown",
            Self::TooEarly => "tooEarly",
            Self::Over => "over",
            Self::Used => "used",
            Self::Revoked => "revoked",
            Self::AlreadyLeft => "alreadyLeft",
            Self::NotSigned => "notSigned",
            Self::NoPrinter => "noPrinter",
            Self::PrinterUnreachable => "printerUnreachable",
            Self::PrinterDenied => "printerDenied",
            Self::NoPaper => "noPaper",
            Self::CoverOpen => "coverOpen",
            Self::PrinterStuck => "printerStuck",
            Self::PrintUnsure => "printUnsure",
            Self::NoFont => "noFont",
            Self::PrintedBefore => "printedBefore",
            Self::NotSaved => "notSaved",
            Self::NotADemo => "notADemo",
            Self::Bug => "bug",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
    }

    /// The code for what the gateway said.
    pub(crate) fn of_gateway(error: &GatewayError) -> Self {
        match error {
            GatewayError::NotSent(NotSent::TooLate) => Self::TooLate,
            GatewayError::NotSent(NotSent::WrongWay | NotSent::Malformed)
            | GatewayError::Limit(_)
            | GatewayError::Setup(_) => Self::Bug,
            GatewayError::NotSent(_) => Self::NoConnection,
            GatewayError::Ambiguous(_) => Self::NoAnswer,
            GatewayError::Rejected(rejected) => match rejected.kind {
                Rejection::Clock => Self::ClockOff,
                Rejection::Nonce => Self::NoAnswer,
                Rejection::Throttled(_) => Self::TooMany,
                Rejection::Signature | Rejection::Key | Rejection::NotGranted => Self::RefusedUs,
                Rejection::NoSuchCall | Rejection::TooLarge | Rejection::BadRequest => Self::RefusedByService,
            },
            GatewayError::Refused(_) if error.outcome() == Outcome::Ambiguous => Self::NoAnswer,
            GatewayError::Refused(_) => Self::RefusedByService,
        }
    }
}

/// What a call that failed says about the connection. A refusal that concerns one call (not granted, wrong
/// parameters) is the service speaking; a gateway that fails says nothing about the line.
pub(crate) fn met_by(error: &GatewayError) -> Met {
    match error {
        GatewayError::NotSent(
            NotSent::TooLate | NotSent::LineLost | NotSent::WrongWay | NotSent::Malformed,
        )
        | GatewayError::Limit(_)
        | GatewayError::Setup(_) => Met::Nothing,
        GatewayError::NotSent(NotSent::BadCertificate) => Met::Trouble(OfflineWhy::BadCertificate),
        GatewayError::NotSent(NotSent::Dns) => Met::Trouble(OfflineWhy::NoName),
        GatewayError::NotSent(NotSent::Tls) => Met::Trouble(OfflineWhy::NoSecureConnection),
        GatewayError::NotSent(_) => Met::Trouble(OfflineWhy::NoNetwork),
        GatewayError::Ambiguous(Doubt::NotTheGateway(_)) => Met::Trouble(OfflineWhy::NotTheService),
        GatewayError::Ambiguous(Doubt::Timeout | Doubt::ConnectionLost) => Met::Trouble(OfflineWhy::NoAnswer),
        GatewayError::Ambiguous(Doubt::TooSlow) => Met::Trouble(OfflineWhy::TooSlow),
        GatewayError::Ambiguous(_) => Met::Stumbled(None),
        GatewayError::Rejected(rejected) => match rejected.kind {
            Rejection::Signature | Rejection::Key => Met::Trouble(OfflineWhy::RefusedUs),
            Rejection::Clock => Met::Trouble(OfflineWhy::ClockOff),
            Rejection::Throttled(asked) => Met::Stumbled(Some(asked.unwrap_or_default())),
            Rejection::NotGranted
            | Rejection::Nonce
            | Rejection::NoSuchCall
            | Rejection::TooLarge
            | Rejection::BadRequest => Met::Service,
        },
        GatewayError::Refused(_) => Met::Service,
    }
}

impl Failure {
    /// A failure with this code and nothing more.
    #[must_use]
    pub fn of(code: FailureCode) -> Self {
        let retry = matches!(
            code,
            FailureCode::NoConnection
                | FailureCode::LockedOut
                | FailureCode::NotArmed
                | FailureCode::TooMany
                | FailureCode::SlowDown
                | FailureCode::DiskFull
                | FailureCode::CameraBusy
                | FailureCode::CameraLost
                | FailureCode::CameraSilent
                | FailureCode::PrinterUnreachable
                | FailureCode::NoPaper
                | FailureCode::CoverOpen
                | FailureCode::PrinterStuck
        );
        Self { code, fields: Vec::new(), retry }
    }

    pub(crate) fn bad_form(faults: Vec<(Field, FieldFault)>) -> Self {
        let fields = faults.into_iter().map(|(field, fault)| FieldProblem { field, fault }).collect();
        Self { code: FailureCode::BadForm, fields, retry: true }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::NotFound => FailureCode::NotFound,
            StoreError::Full => FailureCode::DiskFull,
            StoreError::AlreadyHeld => FailureCode::AlreadyHeld,
            StoreError::LockedOut => FailureCode::LockedOut,
            StoreError::Used => FailureCode::Used,
            StoreError::NameTaken => FailureCode::NameTaken,
            StoreError::LastAdmin => FailureCode::LastAdmin,
            StoreError::Sealed => FailureCode::KeyMissing,
            StoreError::Disk(_)
            | StoreError::Newer { .. }
            | StoreError::Foreign { .. }
            | StoreError::Busy
            | StoreError::Corrupt
            | StoreError::NoChance
            | StoreError::Folder { .. }
            | StoreError::Sqlite(_) => {
                tracing::error!(%error, "the store failed");
                FailureCode::StoreFailed
            }
        };
        Self::of(code)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code.word())?;
        for problem in &self.fields {
            write!(f, " {:?}: {:?}", problem.field, problem.fault)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
