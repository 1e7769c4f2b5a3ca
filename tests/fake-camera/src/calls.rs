//! The functions of the C library that are answered here.

#![allow(unreachable_pub, reason = "the whole program calls them by name")]

use std::ffi::{CStr, c_char, c_int, c_long, c_uint, c_void};
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::device;
use crate::ioctl;
use crate::real::{real, refuse};
use crate::tree;

/// The answer to opening a path, when it is the camera's.
fn opened(path: *const c_char) -> Option<c_int> {
    if path.is_null() {
        return None;
    }
    // SAFETY: the caller hands a C string.
    let path = unsafe { CStr::from_ptr(path) };
    if tree::is_node(path) {
        return Some(device::open().unwrap_or_else(refuse));
    }
    tree::open_fact(path)
}

/// `open(2)`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    opened(path).unwrap_or_else(
        || real!(c"open" as fn(path => *const c_char, flags => c_int, mode => c_uint) -> c_int),
    )
}

/// `open(2)` with large files.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    opened(path).unwrap_or_else(
        || real!(c"open64" as fn(path => *const c_char, flags => c_int, mode => c_uint) -> c_int),
    )
}

/// `openat(2)`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn openat(at: c_int, path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    opened(path).unwrap_or_else(|| {
        real!(c"openat" as fn(at => c_int, path => *const c_char, flags => c_int, mode => c_uint) -> c_int)
    })
}

/// `close(2)`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn close(fd: c_int) -> c_int {
    if device::is_ours(fd) {
        device::close(fd);
    }
    real!(c"close" as fn(fd => c_int) -> c_int)
}

/// `ioctl(2)`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ioctl(fd: c_int, request: libc::c_ulong, argument: *mut c_void) -> c_int {
    if device::is_ours(fd) {
        return ioctl::answer(fd, request, argument).map_or_else(refuse, |()| 0);
    }
    real!(c"ioctl" as fn(fd => c_int, request => libc::c_ulong, argument => *mut c_void) -> c_int)
}

/// `syscall(2)`: the camera library makes its ioctls through it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn syscall(
    number: c_long,
    a: c_long,
    b: c_long,
    c: c_long,
    d: c_long,
    e: c_long,
    f: c_long,
) -> c_long {
    if number == libc::SYS_ioctl && device::is_ours(a as c_int) {
        let argument = c as *mut c_void;
        return ioctl::answer(a as c_int, b as libc::c_ulong, argument).map_or_else(refuse, |()| 0).into();
    }
    real!(c"syscall" as fn(
        number => c_long, a => c_long, b => c_long, c => c_long, d => c_long, e => c_long, f => c_long
    ) -> c_long)
}

/// `mmap(2)`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mmap(
    address: *mut c_void,
    length: usize,
    protection: c_int,
    flags: c_int,
    fd: c_int,
    offset: libc::off_t,
) -> *mut c_void {
    let fd = if device::is_ours(fd) { device::memory_of(fd) } else { fd };
    real!(c"mmap" as fn(
        address => *mut c_void, length => usize, protection => c_int, flags => c_int, fd => c_int,
        offset => libc::off_t
    ) -> *mut c_void)
}

/// `mmap(2)` with large files.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mmap64(
    address: *mut c_void,
    length: usize,
    protection: c_int,
    flags: c_int,
    fd: c_int,
    offset: libc::off64_t,
) -> *mut c_void {
    let fd = if device::is_ours(fd) { device::memory_of(fd) } else { fd };
    real!(c"mmap64" as fn(
        address => *mut c_void, length => usize, protection => c_int, flags => c_int, fd => c_int,
        offset => libc::off64_t
    ) -> *mut c_void)
}

/// `realpath(3)`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn realpath(path: *const c_char, resolved: *mut c_char) -> *mut c_char {
    if !path.is_null() && resolved.is_null() {
        // SAFETY: the caller hands a C string.
        if let Some(found) = tree::resolve(unsafe { CStr::from_ptr(path) }) {
            // SAFETY: a C string; the caller frees the copy, as realpath says.
            return unsafe { libc::strdup(found.as_ptr()) };
        }
    }
    real!(c"realpath" as fn(path => *const c_char, resolved => *mut c_char) -> *mut c_char)
}

/// A listing of `/dev` that has not yet shown the camera. The entry lives as long as the listing.
struct Listing {
    directory: usize,
    entry: Option<Box<libc::dirent64>>,
    shown: bool,
}

static LISTINGS: Mutex<Vec<Listing>> = Mutex::new(Vec::new());

/// `opendir(3)`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn opendir(path: *const c_char) -> *mut libc::DIR {
    let directory = real!(c"opendir" as fn(path => *const c_char) -> *mut libc::DIR);
    // SAFETY: the caller hands a C string.
    let is_dev = !path.is_null() && matches!(unsafe { CStr::from_ptr(path) }.to_bytes(), b"/dev" | b"/dev/");
    if is_dev && !directory.is_null() {
        let listing = Listing { directory: directory as usize, entry: None, shown: false };
        LISTINGS.lock().unwrap_or_else(PoisonError::into_inner).push(listing);
    }
    directory
}

/// `readdir(3)` with large files, which is the one that Rust uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn readdir64(directory: *mut libc::DIR) -> *mut libc::dirent64 {
    let mut listings = LISTINGS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(listing) = listings.iter_mut().find(|l| l.directory == directory as usize && !l.shown) {
        listing.shown = true;
        if let Some(control) = tree::plugged() {
            // SAFETY: all zero is a directory entry without a name.
            let mut entry: Box<libc::dirent64> = Box::new(unsafe { std::mem::zeroed() });
            entry.d_ino = 0xCA5E;
            entry.d_type = libc::DT_CHR;
            entry.d_reclen = size_of::<libc::dirent64>() as u16;
            for (to, from) in entry.d_name.iter_mut().zip(format!("video{}", control.index).bytes()) {
                *to = from as c_char;
            }
            return &raw mut **listing.entry.insert(entry);
        }
    }
    drop(listings);
    real!(c"readdir64" as fn(directory => *mut libc::DIR) -> *mut libc::dirent64)
}

/// `closedir(3)`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn closedir(directory: *mut libc::DIR) -> c_int {
    let mut listings = LISTINGS.lock().unwrap_or_else(PoisonError::into_inner);
    listings.retain(|listing| listing.directory != directory as usize);
    drop(listings);
    real!(c"closedir" as fn(directory => *mut libc::DIR) -> c_int)
}
