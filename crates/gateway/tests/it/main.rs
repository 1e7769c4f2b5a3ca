//! The gateway client without a gateway: signatures, shapes on the wire, answers, and the socket itself.

mod answers;
mod limits;
mod shapes;
mod signatures;
mod socket;
