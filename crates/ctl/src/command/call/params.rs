//! The parameters of a call: from the command line, a file, or standard input.

use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::{Trouble, file};

/// The most a file of parameters may hold: the gateway takes no larger body.
const MOST: u64 = 8 << 20;

/// Reads parameters and sees that they are a JSON object.
pub(super) fn read(given: &str) -> Result<Value, Trouble> {
    let (from, text) = match given {
        "-" => ("standard input", whole(std::io::stdin().lock(), Path::new("standard input"))?),
        given => match given.strip_prefix('@') {
            Some(name) => {
                let path = Path::new(name);
                (name, whole(std::fs::File::open(path).map_err(file::trouble(path))?, path)?)
            }
            None => ("the parameters", given.to_owned()),
        },
    };
    let text = text.trim_start_matches('\u{feff}');
    let value: Value = serde_json::from_str(text).map_err(|error| {
        // The words of serde_json name a place and what was expected, never what stands there.
        Trouble(format!("{from}: no JSON: line {}, column {}", error.line(), error.column()))
    })?;
    if !value.is_object() {
        return Err(Trouble(format!("{from}: no JSON object such as {{\"pageSize\":10,\"pageNo\":1}}")));
    }
    Ok(value)
}

fn whole(reader: impl Read, path: &Path) -> Result<String, Trouble> {
    let mut text = String::new();
    let read = reader.take(MOST + 1).read_to_string(&mut text).map_err(file::trouble(path))?;
    if read as u64 > MOST {
        return Err(Trouble(format!("{}: larger than any call may be", path.display())));
    }
    Ok(text)
}
