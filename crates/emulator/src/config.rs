//! Settings, and the switches for what the documents leave open.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use vestibule_domain::Zone;

/// How an emulator starts.
#[derive(Clone)]
pub struct EmulatorConfig {
    /// The AppKey it knows.
    pub app_key: String,
    /// Its secret.
    pub app_secret: String,
    /// The doors: `iotId` and name.
    pub doors: Vec<(String, String)>,
    /// The zone of the doors' wall clocks.
    pub zone: Zone,
    /// How long a change takes to reach a reader; each door can be set apart later.
    pub sync_delay: Duration,
    /// What the documents leave open.
    pub behaviour: Behaviour,
    /// Makes codes and chances repeatable.
    pub seed: Option<u64>,
}

impl Default for EmulatorConfig {
    fn default() -> Self {
        Self {
            app_key: "60030600".into(),
            app_secret: "emulator-secret".into(),
            doors: vec![
                ("emulator-main-entrance".into(), "正门 Main entrance".into()),
                ("emulator-turnstile".into(), "闸机 Turnstile".into()),
                ("emulator-lift".into(), "电梯厅 Lift lobby".into()),
            ],
            zone: Zone::named("Asia/Shanghai").expect("the zone data is compiled in"),
            sync_delay: Duration::ZERO,
            behaviour: Behaviour::default(),
            seed: None,
        }
    }
}

impl std::fmt::Debug for EmulatorConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EmulatorConfig({} doors, secret redacted)", self.doors.len())
    }
}

/// What nobody outside the service knows: each can be set either way, and a desk must live with both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Behaviour {
    /// A second request with the same nonce within 15 minutes is refused.
    pub nonce_once: bool,
    /// A second `qrcode/config` of a code starts its scan counts anew.
    pub config_resets_scans: bool,
    /// `user/delete` takes the person's rights as well.
    pub delete_takes_rights: bool,
    /// `card/batchdelete` takes the person's QR and PIN rights at that door as well as the cards.
    pub card_delete_takes_all: bool,
    /// `qrcode/config` takes codes that the service did not make.
    pub foreign_codes: bool,
    /// Calls about a person nobody added are refused (code 2062).
    pub people_must_exist: bool,
    /// The per-door `code` is text, as in the document's samples.
    pub door_code_as_text: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            nonce_once: true,
            config_resets_scans: false,
            delete_takes_rights: false,
            card_delete_takes_all: false,
            foreign_codes: true,
            people_must_exist: true,
            door_code_as_text: true,
        }
    }
}
