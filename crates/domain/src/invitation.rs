//! An invitation: somebody is expected. Its code is no pass and opens no door; at the kiosk it is worth one visit.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::UtcMillis;
use crate::visitor::id;
use crate::window::{Place, Window};

id!(
    /// One invitation.
    InvitationId
);

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum InvitationState {
    /// Nobody has come with it yet.
    Open,
    /// Somebody came with it. It is good for one visit.
    Used,
    /// Taken back.
    Revoked,
}

/// Where an invitation stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// Whoever has it may come in.
    Good,
    /// Too early.
    Early,
    /// Too late.
    Late,
    /// Used before.
    Used,
    /// Taken back.
    Revoked,
}

/// Where an invitation stands. Whoever comes up to `early` before its window is let in as well.
#[must_use]
pub fn standing(state: InvitationState, window: Window, early: Duration, now: UtcMillis) -> Standing {
    match state {
        InvitationState::Used => Standing::Used,
        InvitationState::Revoked => Standing::Revoked,
        InvitationState::Open => match (Window { from: window.from.minus(early), ..window }).place(now) {
            Place::Before => Standing::Early,
            Place::Inside => Standing::Good,
            Place::After => Standing::Late,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_good_in_its_window_and_a_little_before() {
        let window = Window { from: UtcMillis(10_000), until: UtcMillis(20_000) };
        let at = |now| standing(InvitationState::Open, window, Duration::from_secs(2), UtcMillis(now));
        assert_eq!(
            [at(7_999), at(8_000), at(19_999), at(20_000)],
            [Standing::Early, Standing::Good, Standing::Good, Standing::Late]
        );
        for (state, expected) in
            [(InvitationState::Used, Standing::Used), (InvitationState::Revoked, Standing::Revoked)]
        {
            assert_eq!(standing(state, window, Duration::ZERO, UtcMillis(15_000)), expected);
        }
    }
}
