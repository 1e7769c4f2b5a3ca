//! Where PINs and passphrases come from: the environment, a terminal without an echo, or a line of standard input.

use std::io::IsTerminal as _;

use vestibule_desk::Pin;

use crate::Trouble;
use crate::open::environment;

/// That of whoever `--as` names.
pub(crate) fn of(name: &str) -> Result<Pin, Trouble> {
    read("VESTIBULE_PIN", &format!("PIN of {name}: "))
}

/// A new one. Typed twice where it is typed.
pub(crate) fn new() -> Result<Pin, Trouble> {
    if environment("VESTIBULE_NEW_PIN").is_none() && std::io::stdin().is_terminal() {
        let (one, two) = (ask("new PIN: ")?, ask("once more: ")?);
        return if one == two { Ok(Pin::typed(one)) } else { Err(Trouble("the two differ".to_owned())) };
    }
    read("VESTIBULE_NEW_PIN", "")
}

fn read(variable: &str, prompt: &str) -> Result<Pin, Trouble> {
    if let Some(secret) = environment(variable) {
        return Ok(Pin::typed(secret));
    }
    if std::io::stdin().is_terminal() {
        return Ok(Pin::typed(ask(prompt)?));
    }
    let mut line = String::with_capacity(256);
    std::io::stdin().read_line(&mut line).map_err(|error| Trouble(error.to_string()))?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    if line.is_empty() {
        return Err(Trouble(format!("no PIN: set {variable}, or write it to standard input")));
    }
    Ok(Pin::typed(line))
}

fn ask(prompt: &str) -> Result<String, Trouble> {
    rpassword::prompt_password(prompt).map_err(|error| Trouble(error.to_string()))
}
