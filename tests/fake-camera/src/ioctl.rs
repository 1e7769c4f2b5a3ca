//! What the camera answers to ioctls.

use std::ffi::c_void;

use v4l2_sys_mit::{
    V4L2_BUF_CAP_SUPPORTS_MMAP, V4L2_BUF_FLAG_DONE, V4L2_BUF_FLAG_MAPPED, V4L2_BUF_FLAG_QUEUED,
    V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC, V4L2_CAP_DEVICE_CAPS, V4L2_CAP_STREAMING, V4L2_CAP_TIMEPERFRAME,
    V4L2_CAP_VIDEO_CAPTURE, V4L2_CTRL_FLAG_NEXT_COMPOUND, V4L2_CTRL_FLAG_NEXT_CTRL, timeval,
    v4l2_buf_type_V4L2_BUF_TYPE_VIDEO_CAPTURE as CAPTURE, v4l2_buffer, v4l2_capability, v4l2_captureparm,
    v4l2_ext_controls, v4l2_field_V4L2_FIELD_NONE as PROGRESSIVE, v4l2_fmtdesc, v4l2_format, v4l2_fract,
    v4l2_frmivalenum, v4l2_frmivaltypes_V4L2_FRMIVAL_TYPE_DISCRETE as DISCRETE_RATE, v4l2_frmsize_discrete,
    v4l2_frmsizeenum, v4l2_frmsizetypes_V4L2_FRMSIZE_TYPE_DISCRETE as DISCRETE_SIZE,
    v4l2_memory_V4L2_MEMORY_MMAP as MMAP, v4l2_pix_format, v4l2_query_ext_ctrl, v4l2_requestbuffers,
    v4l2_streamparm,
};

use crate::control::Control;
use crate::device::{Handle, Inner, handle, may_stream, page};
use crate::scene::Shape;

/// V4L2_CID_FOCUS_AUTO.
const FOCUS_AUTO: u32 = 0x009a_090c;

/// Answers a request, or says which error it is.
pub(crate) fn answer(fd: i32, request: libc::c_ulong, argument: *mut c_void) -> Result<(), i32> {
    let handle = handle(fd).ok_or(libc::EBADF)?;
    let control = handle.control()?;
    if (request >> 8) & 0xFF != u64::from(b'V') || argument.is_null() {
        return Err(libc::ENOTTY);
    }
    // What the argument points at is known by the number, as in a driver.
    match request & 0xFF {
        0 => capability(at(argument), &control),
        2 => describe(at(argument), &control),
        4 => get_format(at(argument), &handle.lock()),
        5 => set_format(at(argument), &handle, &control),
        64 => try_format(at(argument), &control).map(|_| ()),
        8 => request_buffers(at(argument), &handle, &control),
        9 => query_buffer(at(argument), &handle.lock()),
        15 => queue(at(argument), &handle),
        17 => dequeue(at(argument), &handle),
        18 => {
            if !may_stream(&control) {
                return Err(libc::EBUSY);
            }
            handle.start();
            Ok(())
        }
        19 => {
            handle.stop();
            Ok(())
        }
        21 | 22 => rate(at(argument), &handle.lock()),
        36 | 103 => query_control(at(argument), request & 0xFF == 103),
        71 => controls(at(argument), &handle, false),
        72 => controls(at(argument), &handle, true),
        74 => sizes(at(argument), &control),
        75 => rates(at(argument), &control),
        _ => Err(libc::ENOTTY),
    }
}

fn at<'a, T>(argument: *mut c_void) -> &'a mut T {
    // SAFETY: the number of the request says that this is what it points at, for the length of the call.
    unsafe { &mut *argument.cast::<T>() }
}

fn fill(to: &mut [u8], text: &str) {
    let length = text.len().min(to.len() - 1);
    to[..length].copy_from_slice(&text.as_bytes()[..length]);
}

fn capability(to: &mut v4l2_capability, control: &Control) -> Result<(), i32> {
    // SAFETY: all zero is a good value of a plain C structure, here and below.
    *to = unsafe { std::mem::zeroed() };
    fill(&mut to.driver, "vestibule-test");
    fill(&mut to.card, &control.name);
    fill(&mut to.bus_info, "usb-vestibule-test-4");
    to.version = 0x0006_0000;
    to.device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    to.capabilities = to.device_caps | V4L2_CAP_DEVICE_CAPS;
    Ok(())
}

fn describe(to: &mut v4l2_fmtdesc, control: &Control) -> Result<(), i32> {
    let format =
        control.formats.get(to.index as usize).filter(|_| to.type_ == CAPTURE).ok_or(libc::EINVAL)?;
    to.flags = 0;
    to.description = [0; 32];
    fill(&mut to.description, &format!("{format:?}"));
    to.pixelformat = format.code();
    Ok(())
}

fn write_format(to: &mut v4l2_format, shape: &Shape) {
    // SAFETY: as above.
    let mut pix: v4l2_pix_format = unsafe { std::mem::zeroed() };
    pix.width = shape.width;
    pix.height = shape.height;
    pix.pixelformat = shape.format.code();
    pix.field = PROGRESSIVE;
    pix.bytesperline = shape.stride();
    pix.sizeimage = shape.size();
    to.fmt.pix = pix;
}

fn get_format(to: &mut v4l2_format, inner: &Inner) -> Result<(), i32> {
    if to.type_ != CAPTURE {
        return Err(libc::EINVAL);
    }
    write_format(to, &inner.shape);
    Ok(())
}

/// The nearest that the camera has.
fn try_format(to: &mut v4l2_format, control: &Control) -> Result<Shape, i32> {
    if to.type_ != CAPTURE {
        return Err(libc::EINVAL);
    }
    // SAFETY: the type says that it is this part of the union.
    let wanted = unsafe { to.fmt.pix };
    let format = control.formats.iter().find(|format| format.code() == wanted.pixelformat);
    let format = *format.or(control.formats.first()).ok_or(libc::EINVAL)?;
    let far = |&&(width, height): &&(u32, u32)| width.abs_diff(wanted.width) + height.abs_diff(wanted.height);
    let &(width, height) = control.sizes.iter().min_by_key(far).ok_or(libc::EINVAL)?;
    let shape = Shape { format, width, height, padding: control.padding };
    write_format(to, &shape);
    Ok(shape)
}

fn set_format(to: &mut v4l2_format, handle: &Handle, control: &Control) -> Result<(), i32> {
    let shape = try_format(to, control)?;
    if !may_stream(control) || handle.taken_by_another() || handle.lock().buffers > 0 {
        return Err(libc::EBUSY);
    }
    handle.lock().shape = shape;
    Ok(())
}

fn request_buffers(to: &mut v4l2_requestbuffers, handle: &Handle, control: &Control) -> Result<(), i32> {
    if to.type_ != CAPTURE || to.memory != MMAP {
        return Err(libc::EINVAL);
    }
    let streams = handle.lock().stream % 2 == 1;
    if !may_stream(control) || streams || handle.taken_by_another() {
        return Err(libc::EBUSY);
    }
    to.count = to.count.min(8);
    to.capabilities = V4L2_BUF_CAP_SUPPORTS_MMAP;
    handle.allocate(&mut handle.lock(), to.count)
}

fn query_buffer(to: &mut v4l2_buffer, inner: &Inner) -> Result<(), i32> {
    if to.index >= inner.buffers {
        return Err(libc::EINVAL);
    }
    to.length = inner.shape.size();
    to.m.offset = to.index * page(to.length);
    to.flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    to.memory = MMAP;
    Ok(())
}

fn queue(to: &mut v4l2_buffer, handle: &Handle) -> Result<(), i32> {
    let mut inner = handle.lock();
    if to.index >= inner.buffers || inner.queued.contains(&to.index) {
        return Err(libc::EINVAL);
    }
    inner.queued.push_back(to.index);
    to.flags = V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_QUEUED | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    Ok(())
}

fn dequeue(to: &mut v4l2_buffer, handle: &Handle) -> Result<(), i32> {
    let mut inner = handle.lock();
    if inner.stream.is_multiple_of(2) {
        return Err(libc::EINVAL);
    }
    let done = inner.done.pop_front().ok_or(libc::EAGAIN)?;
    to.length = inner.shape.size();
    drop(inner);
    handle.take_one();
    to.index = done.buffer;
    to.bytesused = done.bytes;
    to.sequence = done.number;
    to.field = PROGRESSIVE;
    to.flags = V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_DONE | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    to.timestamp = timeval { tv_sec: done.at.as_secs() as i64, tv_usec: i64::from(done.at.subsec_micros()) };
    Ok(())
}

fn rate(to: &mut v4l2_streamparm, inner: &Inner) -> Result<(), i32> {
    if to.type_ != CAPTURE {
        return Err(libc::EINVAL);
    }
    // SAFETY: as above.
    let mut capture: v4l2_captureparm = unsafe { std::mem::zeroed() };
    capture.capability = V4L2_CAP_TIMEPERFRAME;
    capture.timeperframe = v4l2_fract { numerator: 1, denominator: inner.fps };
    to.parm.capture = capture;
    Ok(())
}

fn sizes(to: &mut v4l2_frmsizeenum, control: &Control) -> Result<(), i32> {
    if !control.formats.iter().any(|format| format.code() == to.pixel_format) {
        return Err(libc::EINVAL);
    }
    let &(width, height) = control.sizes.get(to.index as usize).ok_or(libc::EINVAL)?;
    to.type_ = DISCRETE_SIZE;
    to.__bindgen_anon_1.discrete = v4l2_frmsize_discrete { width, height };
    Ok(())
}

fn rates(to: &mut v4l2_frmivalenum, control: &Control) -> Result<(), i32> {
    if to.index > 0 || !control.sizes.contains(&(to.width, to.height)) {
        return Err(libc::EINVAL);
    }
    to.type_ = DISCRETE_RATE;
    to.__bindgen_anon_1.discrete = v4l2_fract { numerator: 1, denominator: control.fps };
    Ok(())
}

fn query_control(to: &mut v4l2_query_ext_ctrl, extended: bool) -> Result<(), i32> {
    if !extended {
        return Err(libc::ENOTTY);
    }
    let next = to.id & (V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND) != 0;
    let id = to.id & !(V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND);
    if !(id == FOCUS_AUTO && !next || id < FOCUS_AUTO && next) {
        return Err(libc::EINVAL);
    }
    // SAFETY: as above.
    *to = unsafe { std::mem::zeroed() };
    to.id = FOCUS_AUTO;
    to.type_ = 2; // V4L2_CTRL_TYPE_BOOLEAN
    (to.maximum, to.step, to.default_value) = (1, 1, 0);
    for (to, from) in to.name.iter_mut().zip("Focus, Automatic".bytes()) {
        *to = from as std::ffi::c_char;
    }
    Ok(())
}

fn controls(to: &mut v4l2_ext_controls, handle: &Handle, set: bool) -> Result<(), i32> {
    for i in 0..to.count as usize {
        // SAFETY: the caller says how many there are.
        let control = unsafe { &mut *to.controls.add(i) };
        if control.id != FOCUS_AUTO {
            return Err(libc::EINVAL);
        }
        let mut inner = handle.lock();
        if set {
            // SAFETY: a boolean's value is in this part of the union.
            inner.focus_auto = i64::from(unsafe { control.__bindgen_anon_1.value } != 0);
        }
        control.__bindgen_anon_1.value = inner.focus_auto as i32;
    }
    Ok(())
}
