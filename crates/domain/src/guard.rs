//! The guards: every rule that keeps a door from opening late, twice or without end, by name. In the product each one
//! is always on, and the compiler removes the question. The exploration of this crate's tests switches them off one at
//! a time and must find what goes wrong then; a rule whose absence nobody notices does not belong on this list.

macro_rules! guards {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// A rule that can be missed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Guard {
            $($(#[$doc])* $name,)*
        }

        #[cfg(test)]
        impl Guard {
            pub(crate) const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

guards! {
    /// A station without the right arms nothing.
    RightToArm,
    /// A station without the right releases nothing, whoever armed it.
    RightToPress,
    /// A token serves once.
    TokenOnce,
    /// A token does not serve for long.
    ArmedFor,
    /// A door that this process pressed a moment ago takes no other press.
    LockOut,
    /// Nor does one that another process pressed a moment ago.
    SharedLockOut,
    /// Nor does one whose press has no answer yet.
    OneOpenPress,
    /// Nothing leaves five seconds after the finger.
    Deadline,
    /// Nothing leaves that was pressed while the connection was lost.
    PressedOffline,
    /// Nothing leaves after the connection was lost and came back.
    LostSince,
    /// What nobody knows is not called refused.
    Doubt,
    /// What has ended stays as it ended.
    Settled,
    /// What an earlier process left open is ended at the start.
    Orphans,
    /// A hold is neither empty nor longer than the settings allow.
    Longest,
    /// A door is held once.
    OneHold,
    /// An order to open does not leave when its hold has ended.
    OverIsOver,
    /// A hold ends by the wall clock.
    EndOnWall,
    /// A hold ends by the steady clock.
    EndOnSteady,
    /// A hold that another process began gets an end on our steady clock as well.
    Adopt,
    /// Closed is what reads so.
    ReadBack,
    /// Where the order to open may still be on its way, closing is ordered again.
    CloseAgain,
    /// Such a late order is not given up for a hold that may never begin.
    LateCloseWaits,
}

/// Whether a guard is on.
#[cfg(not(test))]
pub(crate) const fn on(_: Guard) -> bool {
    true
}

#[cfg(test)]
pub(crate) use switch::on;

#[cfg(test)]
pub(crate) mod switch {
    use std::cell::Cell;

    use super::Guard;

    thread_local! {
        static OFF: Cell<Option<Guard>> = const { Cell::new(None) };
    }

    pub(crate) fn on(guard: Guard) -> bool {
        OFF.get() != Some(guard)
    }

    /// Does something without that guard.
    pub(crate) fn without<T>(guard: Guard, work: impl FnOnce() -> T) -> T {
        OFF.set(Some(guard));
        let result = work();
        OFF.set(None);
        result
    }
}
