//! People.

pub mod delete;
pub mod get;
pub mod modify;
pub mod perm_query;
pub mod query;
