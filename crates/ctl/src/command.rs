//! The commands, one file each.

pub(crate) mod call;
pub(crate) mod camera;
pub(crate) mod cards;
pub(crate) mod config;
pub(crate) mod doctor;
pub(crate) mod door;
pub(crate) mod doors;
pub(crate) mod history;
pub(crate) mod hosts;
pub(crate) mod invite;
pub(crate) mod journal;
pub(crate) mod pass;
pub(crate) mod people;
pub(crate) mod pins;
pub(crate) mod printer;
pub(crate) mod purge;
pub(crate) mod queue;
pub(crate) mod roll_call;
pub(crate) mod scan;
pub(crate) mod secret;
pub(crate) mod spare;
pub(crate) mod staff;
pub(crate) mod status;
pub(crate) mod trouble;
pub(crate) mod verify;
pub(crate) mod visitor;
