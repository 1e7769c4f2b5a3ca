//! The rules of the house, as tests: who may know whom, what things are called, and what is absent.
//!
//! They only read the tree, so they run in a second and before anything is built. A rule that stands
//! here is one that a reader may rely on; `crates/README.md` says why each is there.

mod arrows;
mod commands;
mod rights;
mod sources;
mod text;
mod words;
