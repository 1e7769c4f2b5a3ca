//! The service's own limits, checked before anything is sent.
//!
//! Source: the tables of the service document (help.aliyun.com 216031).

/// A request that the service would refuse, found before it left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct Limit {
    /// The field, by its name on the wire.
    pub field: &'static str,
    /// The rule it breaks.
    pub rule: Rule,
}

/// A rule of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// More entries or characters than the service takes.
    #[error("at most {limit}, not {got}")]
    AtMost {
        /// The largest number allowed.
        limit: usize,
        /// The number found.
        got: usize,
    },
    /// Nothing where something is required.
    #[error("must not be empty")]
    Empty,
    /// Counting starts at one.
    #[error("must be 1 or more")]
    FromOne,
    /// Not written `yyyy-MM-dd HH:mm:ss`.
    #[error("must be written yyyy-MM-dd HH:mm:ss")]
    NotATime,
    /// A start that has passed.
    #[error("must not lie in the past")]
    InThePast,
    /// The end is not after the start.
    #[error("must lie after the start")]
    EndsBeforeStart,
    /// The end is more than a day after the start.
    #[error("must lie within 24 hours of the start")]
    LongerThanADay,
    /// A fixed value was changed.
    #[error("must be {0}")]
    Fixed(&'static str),
}

pub(crate) fn at_most(field: &'static str, limit: usize, got: usize) -> Result<(), Limit> {
    if got > limit { Err(Limit { field, rule: Rule::AtMost { limit, got } }) } else { Ok(()) }
}

/// At most so many characters. Counted only where the bytes are more: a batch holds a thousand texts.
pub(crate) fn at_most_letters(field: &'static str, limit: usize, text: &str) -> Result<(), Limit> {
    if text.len() <= limit { Ok(()) } else { at_most(field, limit, text.chars().count()) }
}

pub(crate) fn not_empty(field: &'static str, text: &str) -> Result<(), Limit> {
    if text.is_empty() { Err(Limit { field, rule: Rule::Empty }) } else { Ok(()) }
}

/// Between one and `limit` entries.
pub(crate) fn some(field: &'static str, limit: usize, got: usize) -> Result<(), Limit> {
    if got == 0 { Err(Limit { field, rule: Rule::Empty }) } else { at_most(field, limit, got) }
}

/// A page: size 1 to 100, number from 1.
pub(crate) fn page(size: u32, number: u32) -> Result<(), Limit> {
    if size == 0 {
        return Err(Limit { field: "pageSize", rule: Rule::FromOne });
    }
    at_most("pageSize", 100, size as usize)?;
    if number == 0 { Err(Limit { field: "pageNo", rule: Rule::FromOne }) } else { Ok(()) }
}

/// A zone-less time of the service. Read by hand: a batch holds a thousand of them.
pub(crate) fn civil(field: &'static str, text: &str) -> Result<jiff::civil::DateTime, Limit> {
    read_civil(text.as_bytes()).ok_or(Limit { field, rule: Rule::NotATime })
}

fn read_civil(text: &[u8]) -> Option<jiff::civil::DateTime> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b' ', h1, h2, b':', n1, n2, b':', s1, s2] = *text else {
        return None;
    };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
    let two = |tens: u8, ones: u8| i8::try_from(digit(tens)? * 10 + digit(ones)?).ok();
    let year = i16::from(two(y1, y2)?) * 100 + i16::from(two(y3, y4)?);
    jiff::civil::DateTime::new(year, two(m1, m2)?, two(d1, d2)?, two(h1, h2)?, two(n1, n2)?, two(s1, s2)?, 0)
        .ok()
}
