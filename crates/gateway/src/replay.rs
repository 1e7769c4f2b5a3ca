//! What sending a call a second time does.

/// The replay class of a call. It decides who may repeat it: nobody in this crate does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Replay {
    /// Changes nothing: free to repeat.
    Read,
    /// Sets something to a given state: a second time changes nothing more.
    Same,
    /// Makes something new each time. Repeating is harmless where what was made is inert (a code without rights),
    /// and it is never right for the old `perm/qrcode/generate`, whose code is live at once.
    NewEachTime,
    /// Acts on a door. It leaves at once or never, and it is never repeated by a program.
    NowOrNever,
}

impl Replay {
    /// Whether a call of this class may be sent again after an answer that left its outcome open.
    #[must_use]
    pub fn may_repeat(self) -> bool {
        match self {
            Self::Read | Self::Same => true,
            Self::NewEachTime | Self::NowOrNever => false,
        }
    }
}
