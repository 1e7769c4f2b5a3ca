//! The time of a lobby: it goes as it does everywhere, and can be turned forward. How far is in a file, so that every
//! victim and the gateway have the same time, and a restart does not set it back.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use vestibule_domain::{Clock, Monotonic, SystemClock, UtcMillis};

/// The clock.
pub struct SharedClock {
    real: SystemClock,
    file: Mutex<File>,
}

/// What the file says, in milliseconds.
struct Turned {
    /// How far the lobby's wall clock is ahead of the real one (mostly: behind it).
    wall: i64,
    /// How far it was turned in all.
    steady: u64,
}

impl SharedClock {
    /// A new clock that shows `now`.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn set(path: &Path, now: UtcMillis) -> std::io::Result<Self> {
        let file = File::options().create(true).truncate(true).read(true).write(true).open(path)?;
        let clock = Self { real: SystemClock::new(), file: Mutex::new(file) };
        clock.write(&Turned { wall: now.0 - clock.real.now().0, steady: 0 })?;
        Ok(clock)
    }

    /// The clock that is there.
    ///
    /// # Errors
    /// A file that is not there.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let file = File::options().read(true).write(true).open(path)?;
        Ok(Self { real: SystemClock::new(), file: Mutex::new(file) })
    }

    /// Turns it forward, for everybody.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn turn(&self, span: Duration) -> std::io::Result<()> {
        let millis = u64::try_from(span.as_millis()).unwrap_or(0);
        let turned = self.read();
        let wall = turned.wall.saturating_add_unsigned(millis);
        self.write(&Turned { wall, steady: turned.steady.saturating_add(millis) })
    }

    fn read(&self) -> Turned {
        let mut bytes = [0_u8; 16];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(0)).and_then(|_| file.read_exact(&mut bytes)).expect("the clock was set");
        let [wall, steady] = [0, 8].map(|at| {
            let mut number = [0_u8; 8];
            number.copy_from_slice(&bytes[at..at + 8]);
            number
        });
        Turned { wall: i64::from_le_bytes(wall), steady: u64::from_le_bytes(steady) }
    }

    /// In one write, which no kill and no reader sees half.
    fn write(&self, turned: &Turned) -> std::io::Result<()> {
        let bytes = [turned.wall.to_le_bytes(), turned.steady.to_le_bytes()].concat();
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&bytes)
    }
}

impl Clock for SharedClock {
    fn now(&self) -> UtcMillis {
        UtcMillis(self.real.now().0.saturating_add(self.read().wall))
    }

    fn monotonic(&self) -> Monotonic {
        self.real.monotonic().plus(Duration::from_millis(self.read().steady))
    }
}
