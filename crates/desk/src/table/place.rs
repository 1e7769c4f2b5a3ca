//! Row numbers as a spreadsheet or an editor shows them. The reader's own count is off where lines end in CR LF.

/// Counts lines up to a place in a text; places only grow.
pub struct Place<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> Place<'a> {
    /// The beginning of a text.
    #[must_use]
    pub fn start(text: &'a str) -> Self {
        Self { text: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of the record that begins at or after this byte; empty lines before it are passed over.
    pub fn line_of(&mut self, byte: usize) -> u64 {
        let mut end = byte.min(self.text.len());
        while matches!(self.text.get(end), Some(b'\r' | b'\n')) {
            end += 1;
        }
        for (at, letter) in self.text.iter().enumerate().take(end).skip(self.at) {
            // A lone CR ends a line as well.
            let lone = *letter == b'\r' && self.text.get(at + 1) != Some(&b'\n');
            if *letter == b'\n' || lone {
                self.line += 1;
            }
        }
        self.at = end.max(self.at);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn every_kind_of_line_end_is_one_line() {
        for text in ["a\nb\n\nc", "a\r\nb\r\n\r\nc", "a\rb\r\rc"] {
            let mut place = Place::start(text);
            let at = |letter| text.find(letter).unwrap();
            assert_eq!(place.line_of(at('a')), 1, "{text:?}");
            assert_eq!(place.line_of(at('b') - 1), 2, "{text:?}");
            assert_eq!(place.line_of(at('b') + 1), 4, "{text:?}");
        }
    }
}
