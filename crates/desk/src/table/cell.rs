//! What a spreadsheet does to a cell, undone; and cells that a spreadsheet would take for a formula, made safe.

use vestibule_domain::Zone;

/// Characters with which a spreadsheet begins a formula.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A cell without the blanks around it, wide ones included, and without the mark that [`safe`] adds.
#[must_use]
pub fn tidy(cell: &str) -> &str {
    let is_blank =
        |letter: char| letter.is_whitespace() || matches!(letter, '\u{200b}' | '\u{2060}' | '\u{feff}');
    let cell = cell.trim_matches(is_blank);
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => cell,
    }
}

/// A cell that no spreadsheet takes for a formula; [`tidy`] gives back what it was.
#[must_use]
pub fn safe(cell: &str) -> std::borrow::Cow<'_, str> {
    if is_formula(cell) { format!("'{cell}").into() } else { cell.into() }
}

fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(FORMULA)
}

/// Whether a spreadsheet took a long number for a quantity and threw its end away.
#[must_use]
pub fn is_shortened(cell: &str) -> bool {
    let Some((digits, exponent)) = cell.split_once(['E', 'e']) else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or_default();
    let all = |text: &str, also: &str| {
        !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit() || also.contains(letter))
    };
    all(digits, ".") && all(exponent, "")
}

/// A time as the service writes it. What a spreadsheet makes of one is read as well: slashes, no leading zeros, no
/// seconds, wide characters. The year comes first or it is no time.
#[must_use]
pub fn time(cell: &str, zone: &Zone) -> Option<String> {
    let narrow: String = cell.chars().map(narrow).collect();
    let mut parts = narrow.split_whitespace();
    let (date, clock) = (parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let [year, month, day] = numbers(date, ['-', '/'])?;
    let clock = if clock.matches(':').count() == 1 { format!("{clock}:0") } else { clock.to_owned() };
    let [hour, minute, second] = numbers(&clock, [':', ':'])?;
    if year < 1000 || second > 59 {
        return None;
    }
    let text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    zone.moment(&text).map(|_| text)
}

fn numbers(text: &str, between: [char; 2]) -> Option<[u16; 3]> {
    let mut parts = text.split(between);
    let mut next = || {
        let part = parts.next()?;
        let is_number = !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { part.parse().ok() } else { None }
    };
    let numbers = [next()?, next()?, next()?];
    parts.next().is_none().then_some(numbers)
}

/// The narrow form of a wide digit, sign or space.
fn narrow(letter: char) -> char {
    match letter {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xff01 + 0x21).unwrap_or(letter),
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use vestibule_domain::Zone;

    use super::{is_shortened, safe, tidy, time};

    #[test]
    fn blanks_go_and_what_is_inside_stays() {
        assert_eq!(tidy("\u{feff}\u{3000} a b\u{a0}\u{200b} "), "a b");
        assert_eq!(tidy("'quoted"), "'quoted", "not every quote is ours");
    }

    #[test]
    fn a_formula_is_disarmed_and_comes_back_as_it_was() {
        for cell in ["=1+1", "+1", "-1", "@a", "＝1", "'=1", "''=1", "plain", "'", "", "王"] {
            let written = safe(cell);
            assert!(!written.starts_with(['=', '+', '-', '@', '＝']), "{written}");
            assert_eq!(tidy(&written), cell);
        }
    }

    #[test]
    fn a_shortened_number_is_seen() {
        assert!(is_shortened("3.20E+11") && is_shortened("1e+20"));
        assert!(!is_shortened("3d8deae9402d38adfji38") && !is_shortened("12E4") && !is_shortened("E+1"));
    }

    #[test]
    fn times_of_spreadsheets_are_read_and_others_are_not() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        for text in [
            "2026-03-04 18:05:00",
            "2026/3/4 18:05",
            "2026-03-04　18:05:00",
            "２０２６－０３－０４ １８：０５",
        ] {
            assert_eq!(time(text, &zone).as_deref(), Some("2026-03-04 18:05:00"), "{text}");
        }
        for text in [
            "",
            "2026-03-04",
            "4/3/2026 18:05",
            "2026-02-30 10:00:00",
            "2026-03-04 24:00:00",
            "46085.75",
            "2026-03-04T18:05:00Z",
            "2026-03-04 23:59:60",
        ] {
            assert_eq!(time(text, &zone), None, "{text}");
        }
    }
}
