//! A V4L2 camera for one process, preloaded; for tests only.
//!
//! ```text
//! VESTIBULE_FAKE_CAMERA=/path/to/control LD_PRELOAD=/path/to/libvestibule_fake_camera.so  the-program
//! ```
//!
//! The program then finds one more camera in `/dev` and `/sys`, and opens, configures and streams it as any other:
//! the calls `open`, `openat`, `close`, `ioctl`, `syscall`, `mmap`, `readdir` and `realpath` are answered here when
//! they mean that camera, and handed to the C library when they do not. The descriptor it gets is an eventfd, so
//! `poll` and `epoll` work by themselves.
//!
//! # The control file
//!
//! Lines of `key = value`, read again at every call and every frame. Replace it as a whole (write another, rename
//! it); while it is missing, what was read last goes on.
//!
//! | key | value | default |
//! |---|---|---|
//! | `state` | see below | `ok` |
//! | `index` | the number N in `/dev/videoN` | `0` |
//! | `plug` | any number; another number is an unplug and a re-plug in one step | `0` |
//! | `name` | what the camera calls itself | `Vestibule Test Camera` |
//! | `serial` | its serial number; empty is none | `0001` |
//! | `formats` | some of `YUYV`, `MJPG`, `NV12`, `GREY`, in the order in which it lists them | `YUYV,MJPG` |
//! | `sizes` | the sizes it lists | `1280x720,640x480,1920x1080` |
//! | `fps` | frames a second, listed and kept | `30` |
//! | `picture` | a picture file, fitted into the frame on grey; may be given several times, also a folder | a grey pattern |
//! | `dwell` | how long each of several pictures stays, in milliseconds | `500` |
//! | `move` | how far the picture swings from side to side, in pixels | `0` |
//! | `padding` | bytes that are added to each row | `0` |
//!
//! | state | what happens |
//! |---|---|
//! | `ok` | a picture at a time, each with a little noise of its own |
//! | `unplugged` | gone from `/dev`; what was open says ENODEV, for ever |
//! | `stalled` | open and silent: no frame comes |
//! | `frozen` | the same bytes over and over |
//! | `black` | nothing but black |
//! | `garbage` | frames that are no pictures (`MJPG`) or noise (the others) |
//! | `busy` | EBUSY to whoever wants to stream |
//! | `denied` | EACCES at opening |
//! | `hanging` | opening does not come back until the state is another |
#![cfg(target_os = "linux")]
#![allow(
    unsafe_code,
    reason = "it plays the kernel: this is the one crate that speaks C from the other side"
)]
#![allow(clippy::missing_safety_doc, reason = "the C library's own contracts hold for every function here")]

mod calls;
mod control;
mod device;
mod ioctl;
mod real;
mod scene;
mod tree;
