//! The C library's own functions, under the ones of this crate.

use std::ffi::{CStr, c_void};
use std::sync::atomic::{AtomicPtr, Ordering};

/// A function of the C library, looked up at its first use. No lock: it is called from inside of locks.
pub(crate) struct Real {
    name: &'static CStr,
    found: AtomicPtr<c_void>,
}

impl Real {
    pub(crate) const fn new(name: &'static CStr) -> Self {
        Self { name, found: AtomicPtr::new(std::ptr::null_mut()) }
    }

    /// Its address.
    pub(crate) fn address(&self) -> *mut c_void {
        let known = self.found.load(Ordering::Relaxed);
        if !known.is_null() {
            return known;
        }
        // SAFETY: the name is a C string that lives for ever.
        let found = unsafe { libc::dlsym(libc::RTLD_NEXT, self.name.as_ptr()) };
        self.found.store(found, Ordering::Relaxed);
        found
    }
}

/// Calls the C library's function of this name with this signature.
macro_rules! real {
    ($name:literal as fn($($arg:expr => $type:ty),*) -> $back:ty) => {{
        static REAL: $crate::real::Real = $crate::real::Real::new($name);
        // SAFETY: the signature is the one in the C library's header.
        let function = unsafe {
            std::mem::transmute::<*mut std::ffi::c_void, unsafe extern "C" fn($($type),*) -> $back>(REAL.address())
        };
        // SAFETY: the caller's arguments are handed on unchanged.
        unsafe { function($($arg),*) }
    }};
}
pub(crate) use real;

/// Sets `errno` and gives the usual -1.
pub(crate) fn refuse(errno: i32) -> i32 {
    // SAFETY: the address of this thread's errno is always good.
    unsafe { *libc::__errno_location() = errno };
    -1
}
