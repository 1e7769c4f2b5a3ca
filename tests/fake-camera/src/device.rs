//! The open camera: its handles, its buffers, and the thread that fills them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::control::{Control, Format, State, now};
use crate::scene::{Scene, Shape};
use crate::tree::plugged;

/// Descriptors that are ours; looked at by every `close` and every `ioctl`, so without a lock.
static OURS: [AtomicI32; 32] = [const { AtomicI32::new(-1) }; 32];
static HANDLES: Mutex<Vec<Arc<Handle>>> = Mutex::new(Vec::new());

/// One `open` of the camera.
pub(crate) struct Handle {
    fd: i32,
    /// The buffers' memory.
    memory: i32,
    plug: u64,
    inner: Mutex<Inner>,
}

/// What changes in a handle.
pub(crate) struct Inner {
    pub(crate) shape: Shape,
    pub(crate) fps: u32,
    pub(crate) buffers: u32,
    pub(crate) queued: VecDeque<u32>,
    pub(crate) done: VecDeque<Done>,
    /// The number of the stream, odd while it runs.
    pub(crate) stream: u64,
    /// Automatic focus, the one control this camera has.
    pub(crate) focus_auto: i64,
}

/// A filled buffer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Done {
    pub(crate) buffer: u32,
    pub(crate) bytes: u32,
    pub(crate) number: u32,
    pub(crate) at: Duration,
}

fn handles() -> MutexGuard<'static, Vec<Arc<Handle>>> {
    HANDLES.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn is_ours(fd: i32) -> bool {
    fd >= 0 && OURS.iter().any(|ours| ours.load(Ordering::Relaxed) == fd)
}

pub(crate) fn handle(fd: i32) -> Option<Arc<Handle>> {
    handles().iter().find(|handle| handle.fd == fd).cloned()
}

pub(crate) fn memory_of(fd: i32) -> i32 {
    handle(fd).map_or(fd, |handle| handle.memory)
}

/// Opens the camera: a descriptor, or the error.
pub(crate) fn open() -> Result<i32, i32> {
    let mut control = plugged().ok_or(libc::ENOENT)?;
    while control.state == State::Hanging {
        thread::sleep(Duration::from_millis(20));
        control = plugged().ok_or(libc::ENODEV)?;
    }
    if control.state == State::Denied {
        return Err(libc::EACCES);
    }
    let format = *control.formats.first().ok_or(libc::EIO)?;
    let (width, height) = *control.sizes.last().ok_or(libc::EIO)?;
    let slot = OURS.iter().find(|slot| slot.load(Ordering::Relaxed) == -1).ok_or(libc::EMFILE)?;
    // SAFETY: plain system calls.
    let (fd, memory) = unsafe {
        (
            libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK | libc::EFD_SEMAPHORE),
            libc::memfd_create(c"frames".as_ptr(), libc::MFD_CLOEXEC),
        )
    };
    if fd < 0 || memory < 0 {
        return Err(libc::ENOMEM);
    }
    let inner = Inner {
        shape: Shape { format, width, height, padding: control.padding },
        fps: control.fps,
        buffers: 0,
        queued: VecDeque::new(),
        done: VecDeque::new(),
        stream: 0,
        focus_auto: 0,
    };
    handles().push(Arc::new(Handle { fd, memory, plug: control.plug, inner: Mutex::new(inner) }));
    slot.store(fd, Ordering::Relaxed);
    Ok(fd)
}

/// Forgets a handle; the descriptor itself is closed by the caller.
pub(crate) fn close(fd: i32) {
    for slot in &OURS {
        if slot.compare_exchange(fd, -1, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            break;
        }
    }
    let mut handles = handles();
    let Some(at) = handles.iter().position(|handle| handle.fd == fd) else { return };
    let handle = handles.swap_remove(at);
    drop(handles);
    handle.lock().stream += 2;
    // SAFETY: the memory is this handle's alone; mappings of it stay good. The producer writes under the lock and
    // only while the stream has its number.
    unsafe { libc::close(handle.memory) };
}

impl Handle {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The control file, while this handle's camera is still plugged in.
    pub(crate) fn control(&self) -> Result<Arc<Control>, i32> {
        plugged().filter(|control| control.plug == self.plug).ok_or(libc::ENODEV)
    }

    /// Makes room for so many buffers.
    pub(crate) fn allocate(&self, inner: &mut Inner, count: u32) -> Result<(), i32> {
        let length = i64::from(count) * i64::from(page(inner.shape.size()));
        // SAFETY: a descriptor of ours.
        if unsafe { libc::ftruncate(self.memory, length) } != 0 {
            return Err(libc::ENOMEM);
        }
        inner.buffers = count;
        inner.queued.clear();
        inner.done.clear();
        Ok(())
    }

    /// Whether another handle has buffers, and with them the camera.
    pub(crate) fn taken_by_another(&self) -> bool {
        let others: Vec<_> = handles().iter().filter(|other| other.fd != self.fd).cloned().collect();
        others.iter().any(|other| other.lock().buffers > 0)
    }

    pub(crate) fn start(self: &Arc<Self>) {
        let mut inner = self.lock();
        if inner.stream % 2 == 1 {
            return;
        }
        inner.stream += 1;
        let (stream, shape, fps) = (inner.stream, inner.shape, inner.fps);
        let theirs = Arc::clone(self);
        thread::spawn(move || theirs.produce(stream, shape, fps));
    }

    pub(crate) fn stop(&self) {
        let mut inner = self.lock();
        inner.stream += inner.stream % 2;
        inner.queued.clear();
        inner.done.clear();
        drop(inner);
        self.drain();
    }

    /// Takes one off the count of filled buffers that poll looks at.
    pub(crate) fn take_one(&self) {
        let mut count = 0u64;
        // SAFETY: eight bytes from our own eventfd, which does not block.
        unsafe { libc::read(self.fd, (&raw mut count).cast(), 8) };
    }

    fn drain(&self) {
        let mut count = 0u64;
        // SAFETY: as above.
        while unsafe { libc::read(self.fd, (&raw mut count).cast(), 8) } == 8 {}
    }

    fn wake(&self) {
        let one = 1u64;
        // SAFETY: eight bytes to our own eventfd.
        unsafe { libc::write(self.fd, (&raw const one).cast(), 8) };
    }

    fn produce(&self, stream: u64, shape: Shape, fps: u32) {
        let mut scene = Scene::new(shape);
        let started = clock();
        let pause = Duration::from_secs(1) / fps;
        let mut due = started;
        for number in 0.. {
            due += pause;
            thread::sleep(due.saturating_duration_since(clock()));
            if clock().saturating_duration_since(due) > 4 * pause {
                due = clock();
            }
            let Ok(control) = self.control() else {
                // Gone: whoever polls wakes up and is told.
                if self.lock().stream == stream {
                    self.wake();
                }
                return;
            };
            if self.lock().stream != stream {
                return;
            }
            if matches!(control.state, State::Stalled | State::Hanging) {
                continue;
            }
            let frame = scene.frame(&control, number, started.elapsed());
            let mut inner = self.lock();
            if inner.stream != stream {
                return;
            }
            // No queued buffer: the frame is lost, as in a driver.
            let Some(buffer) = inner.queued.pop_front() else { continue };
            let bytes = frame.len().min(shape.size() as usize);
            let offset = i64::from(buffer) * i64::from(page(shape.size()));
            // SAFETY: so many bytes of the frame into the part of the memory that is this buffer's.
            unsafe { libc::pwrite(self.memory, frame.as_ptr().cast(), bytes, offset) };
            let bytes = if shape.format == Format::Mjpg { bytes as u32 } else { shape.size() };
            inner.done.push_back(Done { buffer, bytes, number: number as u32, at: monotonic() });
            drop(inner);
            self.wake();
        }
    }
}

/// A size in whole pages, as buffers have it.
pub(crate) fn page(size: u32) -> u32 {
    size.next_multiple_of(4096)
}

/// Whether the camera is there for streaming.
pub(crate) fn may_stream(control: &Control) -> bool {
    now().is_some() && control.state != State::Busy
}

#[expect(clippy::disallowed_methods, reason = "a camera has its own clock")]
fn clock() -> Instant {
    Instant::now()
}

fn monotonic() -> Duration {
    let mut at = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a good address.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut at) };
    Duration::new(at.tv_sec as u64, at.tv_nsec as u32)
}
