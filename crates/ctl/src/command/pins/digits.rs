//! PINs that are hard to guess.

/// A PIN of so many digits that is not weak. None when the system gives no random numbers.
pub(super) fn random(length: usize) -> Option<String> {
    loop {
        let mut pin = String::with_capacity(length);
        while pin.len() < length {
            let mut bytes = [0_u8; 32];
            getrandom::fill(&mut bytes).ok()?;
            // 250 to 255 would make the small digits a little likelier.
            let digits = bytes.iter().filter(|byte| **byte < 250).map(|byte| char::from(b'0' + byte % 10));
            let wanted = length - pin.len();
            pin.extend(digits.take(wanted));
        }
        if !is_weak(&pin) {
            return Some(pin);
        }
    }
}

/// Whether a PIN is among the first that people try: too short, few digits, repeats, runs, years.
pub(super) fn is_weak(pin: &str) -> bool {
    let Some(digits) = pin.chars().map(|digit| digit.to_digit(10)).collect::<Option<Vec<u32>>>() else {
        return false;
    };
    let mut different = digits.clone();
    different.sort_unstable();
    different.dedup();
    digits.len() < 4
        || different.len() < 3
        || digits.windows(3).any(|three| three[0] == three[1] && three[1] == three[2])
        || digits.windows(4).any(|four| is_run(four, 1) || is_run(four, 9))
        || is_repeated(&digits)
        || is_date(&digits)
}

/// Each digit so much more than the one before, 0 following 9.
fn is_run(digits: &[u32], step: u32) -> bool {
    digits.windows(2).all(|pair| (pair[0] + step) % 10 == pair[1])
}

/// The same few digits over and over: 123123, 4747.
fn is_repeated(digits: &[u32]) -> bool {
    (1..=digits.len() / 2).any(|part| {
        digits.len().is_multiple_of(part) && digits.chunks(part).all(|chunk| chunk == &digits[..part])
    })
}

/// A year, or a day with its year in front.
fn is_date(digits: &[u32]) -> bool {
    matches!(digits.len(), 4 | 6 | 8) && matches!(digits, [1, 9, ..] | [2, 0, ..])
}

#[cfg(test)]
mod tests {
    use super::{is_weak, random};

    #[test]
    fn what_people_try_first_is_weak() {
        for pin in [
            "123",
            "1234",
            "4321",
            "0000",
            "1111",
            "7890",
            "0987",
            "1212",
            "123123",
            "112233112233",
            "1998",
            "2024",
            "199807",
            "19980704",
            "555123",
            "912345",
            "1221",
            "901234",
        ] {
            assert!(is_weak(pin), "{pin}");
        }
        for pin in ["8305", "739164", "50718264", "a2d34f84dfafe"] {
            assert!(!is_weak(pin), "{pin}");
        }
    }

    #[test]
    fn a_random_pin_has_its_length_is_not_weak_and_seldom_comes_twice() {
        for length in 4..=12 {
            let pins: std::collections::HashSet<String> = (0..200).map(|_| random(length).unwrap()).collect();
            assert!(pins.iter().all(|pin| pin.len() == length && !is_weak(pin)));
            assert!(pins.len() > 190, "{length} digits: {} different", pins.len());
        }
    }
}
