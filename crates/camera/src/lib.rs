//! Frames from a device or a folder of pictures; survives unplugging.
