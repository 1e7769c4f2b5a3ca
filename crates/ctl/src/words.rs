//! What went wrong, in words for the person at the terminal.

pub(crate) mod gateway;
pub(crate) mod journal;

use vestibule_desk::{Failure, FailureCode};

/// The words, with the fields of a form.
pub(crate) fn of_failure(failure: &Failure) -> String {
    let mut words = of_code(failure.code).to_owned();
    for problem in &failure.fields {
        words.push_str(&format!("; {} is {}", word(problem.field), of_fault(problem.fault)));
    }
    words
}

/// The word of an enum without data.
pub(crate) fn word<T: serde::Serialize>(value: T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn of_fault(fault: vestibule_domain::visitor::FieldFault) -> &'static str {
    use vestibule_domain::visitor::FieldFault;
    match fault {
        FieldFault::Missing => "missing",
        FieldFault::TooLong => "too long",
        FieldFault::Unprintable => "not all printable characters",
        FieldFault::NotAPhone => "not a phone number",
    }
}

/// The words for a code.
pub(crate) fn of_code(code: FailureCode) -> &'static str {
    match code {
        FailureCode::BadForm => "the form is not right",
        FailureCode::BadWindow => "it cannot have this day, these times or that number of scans",
        FailureCode::NoConnection => "the service cannot be reached; nothing was sent",
        FailureCode::NoAnswer => "the service gave no clear answer: it may have happened",
        FailureCode::RefusedByService => "the service refused",
        FailureCode::RefusedUs => "the service does not take this AppKey or its signature",
        FailureCode::TooLate => "five seconds had passed; nothing was sent",
        FailureCode::LockedOut => "the door was pressed less than three seconds ago",
        FailureCode::AlreadyHeld => "the door is held open already, or still closing",
        FailureCode::NotAllowed => "this account or station may not do that",
        FailureCode::NotSignedIn => "there are accounts here: say who you are with --as NAME",
        FailureCode::NeedsApproval => "a supervisor has to approve it, which the guard's post asks for",
        FailureCode::WeakSecret => {
            "too easy to guess: six digits or more without a pattern, or ten characters or more"
        }
        FailureCode::NameTaken => "an account has this name already",
        FailureCode::LastAdmin => "the last administrator stays one",
        FailureCode::NotArmed => "the first step is missing or too long ago",
        FailureCode::NotFound => "there is no such thing",
        FailureCode::TooMany => "the service has too many requests; try again later",
        FailureCode::Restarted => "the program was restarted meanwhile",
        FailureCode::KeyMissing => {
            "what is kept of visitors is sealed with a key that is not on this PC: bring the seal key back; nothing was changed"
        }
        FailureCode::DiskFull => "the disk is full; nothing was written",
        FailureCode::StoreFailed => "the data file cannot be used",
        FailureCode::ClockOff => "the clock of this PC is too far off",
        FailureCode::NoCamera => "there is no camera",
        FailureCode::CameraBusy => "another program uses the camera",
        FailureCode::CameraDenied => "the system does not allow the camera",
        FailureCode::CameraLost => "the camera was unplugged",
        FailureCode::CameraSilent => "the camera sends no picture",
        FailureCode::CameraDark => "the camera sees nothing but black",
        FailureCode::SlowDown => "too many tries in a short time; wait a moment",
        FailureCode::TooEarly => "the invitation is for later",
        FailureCode::Over => "the invitation is over",
        FailureCode::Used => "the invitation was used before",
        FailureCode::Revoked => "the invitation was taken back",
        FailureCode::AlreadyLeft => "the visitor has left already",
        FailureCode::NotSigned => "the agreement was not signed",
        FailureCode::NoPrinter => "there is no printer in the settings",
        FailureCode::PrinterUnreachable => {
            "the printer cannot be reached: is it on, and its cable in? Nothing was printed"
        }
        FailureCode::PrinterDenied => {
            "the system does not let this account use the printer; nothing was printed"
        }
        FailureCode::NoPaper => "the printer is out of paper; nothing was printed",
        FailureCode::CoverOpen => "the printer's cover is open; nothing was printed",
        FailureCode::PrinterStuck => "the printer has a fault or takes nothing: switch it off and on again",
        FailureCode::PrintUnsure => {
            "the printer took a part of it: look at the paper before printing once more"
        }
        FailureCode::NoFont => {
            "there is no font here for this language: install one, such as Debian's fonts-noto-cjk"
        }
        FailureCode::PrintedBefore => "it was printed before, or may have been; --again prints one more",
        FailureCode::NotSaved => "the file could not be written",
        FailureCode::NotADemo => "only in the demonstration",
        FailureCode::Bug => "a fault of this program",
    }
}
