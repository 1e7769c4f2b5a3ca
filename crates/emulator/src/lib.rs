//! A gateway with its doors and readers on this machine, for tests, demo and rehearsal.
//!
//! It answers the sixteen calls of the service and `/cloud/token` with the limits, partial failures and refusals of
//! the documents, checks every signature, and has doors whose readers decide by the permission file they were last
//! given. What the documents leave open is a switch in [`Behaviour`]; what can go wrong is a [`Fault`].
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use vestibule_emulator::{Emulator, EmulatorConfig};
//! let clock = Arc::new(vestibule_domain::SystemClock::new());
//! let emulator = Emulator::new(EmulatorConfig::default(), clock);
//! let transport = emulator.transport(); // no port is opened
//! ```

mod admin;
mod answer;
mod app;
mod authorise;
mod calls;
mod config;
mod doors;
mod emulator;
mod exchange;
mod in_process;
mod journal;
mod readers;
mod routes;
mod serve;
mod state;
mod trouble;

pub use calls::CallRecord;
pub use config::{Behaviour, EmulatorConfig};
pub use doors::{DoorSettings, DoorState, RemoteOpen};
pub use emulator::Emulator;
pub use journal::JournalError;
pub use readers::{Credential, ReaderAnswer, Why};
pub use serve::{Listening, ServeError, Server, ServerTls};
pub use trouble::{Fault, FaultKind, Trouble};
