//! vestibulectl: the desk from a terminal.
fn main() {}
