//! The control file.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

/// What is going on with the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Ok,
    Unplugged,
    Stalled,
    Frozen,
    Black,
    Garbage,
    Busy,
    Denied,
    Hanging,
}

/// How pixels are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Format {
    Yuyv,
    Mjpg,
    Nv12,
    Grey,
}

impl Format {
    /// Its four characters as V4L2 writes them.
    pub(crate) fn code(self) -> u32 {
        u32::from_le_bytes(match self {
            Self::Yuyv => *b"YUYV",
            Self::Mjpg => *b"MJPG",
            Self::Nv12 => *b"NV12",
            Self::Grey => *b"GREY",
        })
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Yuyv, Self::Mjpg, Self::Nv12, Self::Grey]
            .into_iter()
            .find(|format| format.code().to_le_bytes() == name.as_bytes())
    }
}

/// The control file as it was read last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Control {
    pub(crate) state: State,
    pub(crate) index: u32,
    pub(crate) plug: u64,
    pub(crate) name: String,
    pub(crate) serial: String,
    pub(crate) formats: Vec<Format>,
    pub(crate) sizes: Vec<(u32, u32)>,
    pub(crate) fps: u32,
    pub(crate) pictures: Vec<PathBuf>,
    pub(crate) dwell: Duration,
    pub(crate) swing: u32,
    pub(crate) padding: u32,
}

impl Default for Control {
    fn default() -> Self {
        Self {
            state: State::Ok,
            index: 0,
            plug: 0,
            name: "Vestibule Test Camera".to_owned(),
            serial: "0001".to_owned(),
            formats: vec![Format::Yuyv, Format::Mjpg],
            sizes: vec![(1280, 720), (640, 480), (1920, 1080)],
            fps: 30,
            pictures: Vec::new(),
            dwell: Duration::from_millis(500),
            swing: 0,
            padding: 0,
        }
    }
}

struct Known {
    version: Option<(SystemTime, u64, u64)>,
    control: Arc<Control>,
}

/// The control file now; none when the environment names none.
pub(crate) fn now() -> Option<Arc<Control>> {
    static PATH: OnceLock<Option<PathBuf>> = OnceLock::new();
    static KNOWN: Mutex<Option<Known>> = Mutex::new(None);
    let path = PATH.get_or_init(|| std::env::var_os("VESTIBULE_FAKE_CAMERA").map(PathBuf::from)).as_ref()?;
    let version = std::fs::metadata(path).ok().and_then(|facts| {
        use std::os::unix::fs::MetadataExt;
        Some((facts.modified().ok()?, facts.len(), facts.ino()))
    });
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = known.as_ref()
        && (version.is_none() || known.version == version)
    {
        return Some(Arc::clone(&known.control));
    }
    let control = Arc::new(parse(&std::fs::read_to_string(path).unwrap_or_default()));
    *known = Some(Known { version, control: Arc::clone(&control) });
    Some(control)
}

fn parse(text: &str) -> Control {
    let mut control = Control::default();
    for (key, value) in text.lines().filter_map(|line| line.split_once('=')) {
        let value = value.trim();
        let number = value.parse::<u32>().unwrap_or(0);
        match key.trim() {
            "state" => control.state = state(value),
            "index" => control.index = number,
            "plug" => control.plug = value.parse().unwrap_or(0),
            "name" => value.clone_into(&mut control.name),
            "serial" => value.clone_into(&mut control.serial),
            "formats" => control.formats = value.split(',').filter_map(|f| Format::named(f.trim())).collect(),
            "sizes" => control.sizes = value.split(',').filter_map(size).collect(),
            "fps" => control.fps = number.clamp(1, 240),
            "picture" => control.pictures.push(value.into()),
            "dwell" => control.dwell = Duration::from_millis(number.max(1).into()),
            "move" => control.swing = number,
            "padding" => control.padding = number,
            _ => {}
        }
    }
    control
}

fn state(value: &str) -> State {
    match value {
        "unplugged" => State::Unplugged,
        "stalled" => State::Stalled,
        "frozen" => State::Frozen,
        "black" => State::Black,
        "garbage" => State::Garbage,
        "busy" => State::Busy,
        "denied" => State::Denied,
        "hanging" => State::Hanging,
        _ => State::Ok,
    }
}

fn size(value: &str) -> Option<(u32, u32)> {
    let (width, height) = value.trim().split_once('x')?;
    let (width, height) = (width.parse().ok()?, height.parse().ok()?);
    ((1..=4096).contains(&width) && (1..=4096).contains(&height)).then_some((width, height))
}
