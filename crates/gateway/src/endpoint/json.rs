//! Rows written by hand: a batch holds a thousand of them, and letter by letter they cost half as much as their hash.

/// Writes a part of JSON that is the same each time.
pub(super) fn fixed(out: &mut Vec<u8>, part: &str) {
    out.extend_from_slice(part.as_bytes());
}

/// Writes text as JSON. Text without anything to escape is copied whole.
pub(super) fn text(out: &mut Vec<u8>, text: &str) -> serde_json::Result<()> {
    // Without an early end, so that the compiler can look at many letters at once.
    let plain =
        text.bytes().fold(true, |plain, byte| plain & (byte >= b' ') & (byte != b'"') & (byte != b'\\'));
    if !plain {
        return serde_json::to_writer(out, text);
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::text;

    proptest! {
        #[test]
        fn text_is_written_as_serde_json_writes_it(words in "\\PC*|[\u{0}-\u{ff}]*|[a-z\"\\\\]*") {
            let mut out = Vec::new();
            text(&mut out, &words).unwrap();
            prop_assert_eq!(out, serde_json::to_vec(&words).unwrap());
        }
    }
}
