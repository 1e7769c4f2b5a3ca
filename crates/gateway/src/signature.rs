//! The signature: pure functions of a request, a time and a number used once.
//!
//! ```text
//! request ──canonical──► string to sign ──HMAC-SHA256, Base64──► signature ──headers──► signed request
//! ```
//!
//! Source: help.aliyun.com 143207 and alibabacloud.com doc-detail 29475; checked against requests recorded from four
//! official clients (`testdata/signature`).

mod canonical;
mod difference;
mod headers;

pub use canonical::{Canonical, of_request};
pub use difference::difference;
pub use headers::{ACCEPT, CONTENT_TYPE, Profile, sign_hashed, sign_request};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};

use crate::credential::Credential;

/// The signature of a string to sign.
#[must_use]
pub fn sign(credential: &Credential, string_to_sign: &str) -> String {
    STANDARD.encode(credential.hmac(string_to_sign.as_bytes()))
}

/// Whether a signature is right, compared in constant time.
#[must_use]
pub fn verify(credential: &Credential, string_to_sign: &str, signature: &str) -> bool {
    let wanted = credential.hmac(string_to_sign.as_bytes());
    let Ok(found) = STANDARD.decode(signature) else { return false };
    found.len() == wanted.len()
        && found.iter().zip(wanted).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

/// `Content-MD5` of a body: Base64 of the MD5 of its bytes.
#[must_use]
pub fn content_md5(body: &[u8]) -> String {
    STANDARD.encode(Md5::digest(body))
}
