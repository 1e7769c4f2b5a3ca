//! A receipt, and what is read out of a picture.

use vestibule_domain::receipt::{PrinterPlace, Receipt};
use vestibule_domain::{Language, PassCode, Window, Zone};
use vestibule_printer::{Options, Picture, Printer};

pub(crate) const CODE: &str = "A1B2C3D4E5F6G7H8";

pub(crate) fn receipt(language: Language) -> Receipt {
    let zone = Zone::named("Asia/Shanghai").unwrap();
    let at = |wall: &str| zone.moment(wall).unwrap();
    let (site, name, host, doors) = match language {
        Language::Chinese => {
            ("门厅大厦", "欧阳娜娜", "王小明（市场部）", ["大堂闸机", "电梯厅门", "八楼东门"])
        }
        Language::English => (
            "Vestibule House",
            "Zoë O'Neil",
            "William Wang",
            ["Lobby turnstile", "Lift hall", "8th floor, east"],
        ),
    };
    Receipt {
        site: site.to_owned(),
        language,
        name: Some(name.to_owned()),
        host: Some(host.to_owned()),
        window: Window { from: at("2026-11-24 09:55:00"), until: at("2026-11-24 18:00:00") },
        zone,
        doors: doors.map(str::to_owned).to_vec(),
        short_code: "K7WM 3QXT".to_owned(),
        code: PassCode::from_service(CODE.to_owned()),
    }
}

pub(crate) fn printer(at: &str) -> Printer {
    Printer::new(Options::new(PrinterPlace::try_from(at.to_owned()).unwrap(), 576, 115_200))
}

/// What our own reader finds in a picture.
pub(crate) fn codes(png: &[u8]) -> Vec<String> {
    let readings = vestibule_qr::read_bytes(png).unwrap();
    readings.iter().filter_map(|reading| reading.text.words().map(str::to_owned)).collect()
}

/// Whether every dot of a row is white.
pub(crate) fn is_blank(picture: &Picture, row: u32) -> bool {
    (0..picture.dots().width()).all(|x| picture.dots().get_pixel(x, row).0[0] == 255)
}
