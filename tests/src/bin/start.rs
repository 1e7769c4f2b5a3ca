//! Start to first interactive screen.
fn main() {}
