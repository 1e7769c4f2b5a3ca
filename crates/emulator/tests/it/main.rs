//! The emulator seen by our own client, in process and over a socket.

mod doors;
mod refusals;
mod road;
mod trouble;
mod world;
