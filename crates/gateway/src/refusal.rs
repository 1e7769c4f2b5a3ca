//! The service's own codes: what each says about the outcome and what to do next.
//!
//! Sources: help.aliyun.com 127995 (platform codes), the neighbouring service documents 195213 and 177857, and codes
//! seen in public reports of the same gateway family. A code that is not listed is kept as it is and never repeated.

use crate::error::WhatNow;

/// Codes after which the call may have been carried out: the backend failed (500, 503, 20004, 20055) or did not
/// answer in time (20056) after the gateway had passed the call on.
pub(crate) fn leaves_outcome_open(code: i64) -> bool {
    matches!(code, 500 | 503 | 20004 | 20055 | 20056)
}

pub(crate) fn what_now(code: i64) -> WhatNow {
    match code {
        // 429 throttled; 6205 and 6221 the device is offline; 20003 the backend is not there.
        429 | 6205 | 6221 | 20003 => WhatNow::RetryLater(None),
        // Tokens: refresh token invalid, token unknown, session gone.
        2401 | 2402 | 29003 => WhatNow::RenewToken,
        code if leaves_outcome_open(code) => WhatNow::UnknownOutcome,
        _ => WhatNow::Never,
    }
}

/// Whether the code says that the door itself is not reachable.
pub(crate) fn is_device_offline(code: i64) -> bool {
    matches!(code, 6205 | 6221)
}

impl crate::error::Refusal {
    /// Whether the door itself is not reachable: the cloud knows it as offline.
    #[must_use]
    pub fn is_device_offline(&self) -> bool {
        is_device_offline(self.code)
    }
}
