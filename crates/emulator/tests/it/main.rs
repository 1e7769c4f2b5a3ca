//! The emulator seen by our own client, in process and over a socket.

mod batches;
mod conformance;
mod doors;
mod recorded;
mod refusals;
mod road;
mod trouble;
mod world;
