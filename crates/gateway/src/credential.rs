//! AppKey and AppSecret.
//!
//! The secret is the key of the whole tenant, not of one door. Its text is wiped as soon as what signs with it has been
//! made (HMAC with both key blocks prepared, which also saves half the work of a signature), and that is wiped when
//! the last holder lets go. Neither appears in `Debug`.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// An AppKey with its secret. Cheap to clone.
#[derive(Clone)]
pub struct Credential {
    inner: Arc<Inner>,
}

struct Inner {
    app_key: String,
    /// Wipes itself: `hmac` and `sha2` are built with `zeroize`.
    prepared: Hmac<Sha256>,
}

impl Credential {
    /// A credential. The secret's buffer is taken over and wiped.
    #[must_use]
    pub fn new(app_key: impl Into<String>, app_secret: String) -> Self {
        let secret = Zeroizing::new(app_secret);
        let prepared = prepare(secret.as_bytes());
        Self { inner: Arc::new(Inner { app_key: app_key.into(), prepared }) }
    }

    /// The AppKey. Not a secret, but not for everybody's eyes either.
    #[must_use]
    pub fn app_key(&self) -> &str {
        &self.inner.app_key
    }

    /// HMAC-SHA256 of a message.
    pub(crate) fn hmac(&self, message: &[u8]) -> [u8; 32] {
        let mut mac = self.inner.prepared.clone();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

fn prepare(secret: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as KeyInit>::new_from_slice(secret).expect("HMAC takes a key of any length")
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(redacted)")
    }
}
