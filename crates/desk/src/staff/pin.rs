//! PINs and passphrases: kept in memory that is wiped, stored as an Argon2id hash, checked off the async threads.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::{Failure, FailureCode};

/// 64 MiB and five passes, one lane: 218 ms of processor time in a release build on the machine on which this was written
/// (2026-11-24, mean of 20). Memory rather than passes, because that is what a rack of graphics cards is short of.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 5;

/// A PIN or passphrase as typed. Wiped when dropped, and never printed.
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// Takes it over. Digits of an input method (`１`) are the same as those of the pad.
    #[must_use]
    pub fn typed(text: String) -> Self {
        let text = Zeroizing::new(text);
        // As long as it can get, so that no half of it is left behind by growing.
        let mut plain = Zeroizing::new(String::with_capacity(text.len()));
        for c in text.chars() {
            let digit = (c as u32).checked_sub(0xFF10).filter(|digit| *digit < 10);
            plain.push(digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c));
        }
        Self(plain)
    }

    pub(crate) fn is_weak(&self) -> bool {
        vestibule_domain::staff::is_weak(&self.0)
    }

    /// The hash to keep, with a salt of its own.
    pub(crate) async fn hash(self) -> Result<String, Failure> {
        off_the_threads(move || {
            argon2()?.hash_password(self.0.as_bytes()).map(|hash| hash.to_string()).map_err(|_| bug())
        })
        .await
    }

    /// Whether it is the one behind the hash. Where there is no hash it takes as long, and is wrong.
    pub(crate) async fn is(self, hash: Option<String>) -> Result<bool, Failure> {
        off_the_threads(move || {
            let argon2 = argon2()?;
            match hash.as_deref().map(PasswordHash::new) {
                Some(Ok(hash)) => Ok(argon2.verify_password(self.0.as_bytes(), &hash).is_ok()),
                Some(Err(_)) => Err(bug()),
                None => argon2.hash_password(self.0.as_bytes()).map(|_| false).map_err(|_| bug()),
            }
        })
        .await
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(redacted)")
    }
}

fn argon2() -> Result<Argon2<'static>, Failure> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|_| bug())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn bug() -> Failure {
    Failure::of(FailureCode::Bug)
}

async fn off_the_threads<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|_| bug())?
}
