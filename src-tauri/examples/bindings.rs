//! Prints the TypeScript of the border to the page.
#![expect(clippy::print_stdout, reason = "that is what it is for")]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", vestibule_shell::bindings::typescript()?);
    Ok(())
}
