//! The string to sign.

use http::HeaderMap;

/// The parts of a request that are signed.
#[derive(Debug, Clone, Copy)]
pub struct Canonical<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// `Accept`, or empty.
    pub accept: &'a str,
    /// `Content-MD5`, or empty.
    pub content_md5: &'a str,
    /// `Content-Type` exactly as sent, or empty.
    pub content_type: &'a str,
    /// `Date`, or empty.
    pub date: &'a str,
    /// The signed headers, in any order: names as in `x-ca-signature-headers`, values as sent.
    pub signed: &'a [(&'a str, &'a str)],
    /// The path, then `?` and the parameters when there are any.
    pub path_and_parameters: &'a str,
}

impl Canonical<'_> {
    /// The string: the method and four headers, a line each, an empty line where one is absent; a line
    /// `name:value` for each signed header in the order of the names' bytes; the path without a line end.
    #[must_use]
    pub fn string_to_sign(&self) -> String {
        if self.signed.is_sorted() {
            return self.write(self.signed);
        }
        let mut sorted = self.signed.to_vec();
        sorted.sort_unstable();
        self.write(&sorted)
    }

    fn write(&self, sorted: &[(&str, &str)]) -> String {
        let lines = [self.method, self.accept, self.content_md5, self.content_type, self.date];
        let length = lines.iter().map(|line| line.len() + 1).sum::<usize>()
            + sorted.iter().map(|(name, value)| name.len() + value.len() + 2).sum::<usize>()
            + self.path_and_parameters.len();
        let mut out = String::with_capacity(length);
        for line in lines {
            out.push_str(line);
            out.push('\n');
        }
        for (name, value) in sorted {
            out.push_str(name);
            out.push(':');
            out.push_str(value);
            out.push('\n');
        }
        out.push_str(self.path_and_parameters);
        out
    }
}

/// Never signed as header lines, whatever the list says: they have their own lines, or carry the signature.
const NEVER: [&str; 6] =
    ["x-ca-signature", "x-ca-signature-headers", "accept", "content-md5", "content-type", "date"];

/// The string to sign of a request as it stands, from its own list of signed headers. The names keep the casing of
/// that list, because the clients that capitalise them sign them so.
#[must_use]
pub fn of_request(method: &str, path_and_parameters: &str, headers: &HeaderMap) -> String {
    let value = |name: &str| headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    let list = value("x-ca-signature-headers").unwrap_or("");
    let signed: Vec<(&str, &str)> = list
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty() && !NEVER.iter().any(|never| name.eq_ignore_ascii_case(never)))
        .map(|name| (name, value(name).unwrap_or("")))
        .collect();
    Canonical {
        method,
        accept: value("accept").unwrap_or(""),
        content_md5: value("content-md5").unwrap_or(""),
        content_type: value("content-type").unwrap_or(""),
        date: value("date").unwrap_or(""),
        signed: &signed,
        path_and_parameters,
    }
    .string_to_sign()
}
