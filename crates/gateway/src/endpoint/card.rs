//! Cards.

pub mod batchdelete;
pub mod batchmodify;
