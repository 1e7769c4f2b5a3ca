//! The words that are printed around what a receipt is about.

use vestibule_domain::{Language, UtcMillis, Window, Zone};

/// The words of a language.
pub(crate) struct Words {
    /// What the paper is.
    pub(crate) title: &'static str,
    /// Before whom somebody visits.
    pub(crate) visiting: &'static str,
    /// Before the short form of the code.
    pub(crate) short_code: &'static str,
    /// Before the doors.
    pub(crate) doors: &'static str,
    /// Between two doors.
    pub(crate) between: &'static str,
    /// What to do with it.
    pub(crate) next: &'static str,
    /// What a test page says.
    pub(crate) test: &'static str,
}

const CHINESE: Words = Words {
    title: "访客通行证",
    visiting: "到访：",
    short_code: "短码",
    doors: "可通行：",
    between: "、",
    next: "请将二维码对准门口的读头。离开时请在前台或自助机签退。",
    test: "打印机工作正常。二维码应清晰可扫，左右边框都应完整。",
};
const ENGLISH: Words = Words {
    title: "Visitor pass",
    visiting: "Visiting: ",
    short_code: "Short code",
    doors: "Doors: ",
    between: " · ",
    next: "Hold the code to the reader of a door. Please sign out at reception or the kiosk when you leave.",
    test: "The printer works. The code can be scanned, and the frame is whole on both sides.",
};
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Words {
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::Chinese => &CHINESE,
            Language::English => &ENGLISH,
        }
    }

    /// All letters of the words themselves, which a font has to have.
    pub(crate) fn all(&self) -> String {
        [self.title, self.visiting, self.short_code, self.doors, self.between, self.next, self.test].concat()
    }
}

/// When a pass counts. Paper is looked at on other days too, so it names the day.
pub(crate) fn window(window: Window, zone: &Zone, language: Language) -> String {
    let (from, until) = (zone.wall(window.from), zone.wall(window.until));
    let moments = (day(&from, language), clock(&from), day(&until, language), clock(&until));
    let one_day = zone.start_of_day(window.from) == zone.start_of_day(window.until);
    match (language, moments) {
        (Language::Chinese, (_, _, day, clock)) if one_day => format!("{day}\n{clock} 前有效"),
        (Language::Chinese, (first, from, last, until)) => {
            format!("{first} {from} 起\n{last} {until} 前有效")
        }
        (Language::English, (_, _, day, clock)) if one_day => format!("{day}\nuntil {clock}"),
        (Language::English, (first, from, last, until)) => {
            format!("from {first}, {from}\nuntil {last}, {until}")
        }
    }
}

/// A moment, for a test page.
pub(crate) fn moment(at: UtcMillis, zone: &Zone, language: Language) -> String {
    let wall = zone.wall(at);
    format!("{} {}", day(&wall, language), clock(&wall))
}

/// The day of `yyyy-MM-dd HH:mm:ss`.
fn day(wall: &str, language: Language) -> String {
    let mut parts = wall.get(..10).unwrap_or_default().split('-');
    let mut next = || parts.next().and_then(|part| part.parse::<usize>().ok()).unwrap_or_default();
    let (year, month, day) = (next(), next(), next());
    match language {
        Language::Chinese => format!("{year}年{month}月{day}日"),
        Language::English => {
            let month = MONTHS.get(month.wrapping_sub(1)).copied().unwrap_or_default();
            format!("{day} {month} {year}")
        }
    }
}

fn clock(wall: &str) -> String {
    wall.get(11..16).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_names_its_days() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let at = |wall: &str| zone.moment(wall).unwrap();
        let today = Window { from: at("2026-11-24 09:05:00"), until: at("2026-11-24 18:00:00") };
        assert_eq!(window(today, &zone, Language::English), "24 Nov 2026\nuntil 18:00");
        assert_eq!(window(today, &zone, Language::Chinese), "2026年11月24日\n18:00 前有效");
        let days = Window { until: at("2026-12-01 23:59:59"), ..today };
        assert_eq!(
            window(days, &zone, Language::English),
            "from 24 Nov 2026, 09:05\nuntil 1 Dec 2026, 23:59"
        );
    }
}
