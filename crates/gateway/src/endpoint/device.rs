//! What a door holds.

pub mod perm_query;
