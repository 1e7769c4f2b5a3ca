//! A tour of the window, as a visitor, a receptionist and a guard would take it.
fn main() {}
