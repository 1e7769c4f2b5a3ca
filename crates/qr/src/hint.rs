//! What the person before the camera could do better.

/// One piece of advice, from the reader's own statistics of the last frames. Never shown together with a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// A code is there but too small to read.
    Closer,
    /// A code is there but too large: it is cut, or out of focus.
    Further,
    /// A code is there but blurred by motion.
    HoldStill,
    /// The picture is too dark: turn the phone's brightness up, or the light on.
    TooDark,
    /// A bright reflection lies on the code: tilt it.
    Glare,
}
