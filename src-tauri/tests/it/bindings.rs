//! The committed TypeScript is what the Rust says today.

#[test]
fn the_committed_bindings_are_up_to_date() {
    let committed = include_str!("../../../ui/src/bindings.gen.ts");
    let current = vestibule_shell::bindings::typescript().expect("every type has a TypeScript");
    assert!(
        committed == current,
        "ui/src/bindings.gen.ts is out of date; write it anew:\n  cargo run -p vestibule --example bindings > ui/src/bindings.gen.ts"
    );
}
