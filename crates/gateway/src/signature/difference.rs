//! Where the gateway's string to sign differs from ours.
//!
//! The gateway echoes its own string with `#` for every line end; an older form drops line ends altogether.

/// What a signature refusal is about, from our string and the gateway's message. `None` when the message holds no
/// string. Neither string holds the secret.
#[must_use]
pub fn difference(ours: &str, message: &str) -> Option<String> {
    let (_, rest) = message.split_once("StringToSign:")?;
    let theirs = rest.trim().trim_matches('`');
    if theirs == ours.replace('\n', "#") || theirs == ours.replace('\n', "") {
        return Some("both sides signed the same text: the AppSecret is wrong".into());
    }
    if !theirs.contains('#') {
        return Some("the gateway signed another text (it shows no line ends)".into());
    }
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (ours.split('\n').collect(), theirs.split('#').collect());
    let lines = (0..ours.len().max(theirs.len()))
        .filter(|&n| ours.get(n) != theirs.get(n))
        .map(|n| format!("line {}: ours {}, gateway's {}", n + 1, shown(ours.get(n)), shown(theirs.get(n))));
    Some(lines.collect::<Vec<_>>().join("\n"))
}

fn shown(line: Option<&&str>) -> String {
    line.map_or_else(|| "nothing".into(), |line| format!("{line:?}"))
}

#[cfg(test)]
mod tests {
    use super::difference;

    const OURS: &str = "POST\napplication/json\n\n\n\nx-ca-key:1\n/p";

    #[test]
    fn the_same_text_blames_the_secret() {
        let message = format!("Invalid Signature, Server StringToSign:`{}`", OURS.replace('\n', "#"));
        assert_eq!(
            difference(OURS, &message).as_deref(),
            Some("both sides signed the same text: the AppSecret is wrong")
        );
    }

    #[test]
    fn other_lines_are_named() {
        let message = "Invalid Signature, Server StringToSign:`POST#*/*####x-ca-key:1#/p`";
        insta::assert_snapshot!(difference(OURS, message).unwrap(), @r#"line 2: ours "application/json", gateway's "*/*""#);
        assert_eq!(difference(OURS, "Invalid Signature"), None);
    }
}
