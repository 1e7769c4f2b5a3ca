//! What a signature costs. Goal: under 1.5 µs for a body of 300 bytes.

use divan::{Bencher, black_box};
use vestibule_domain::UtcMillis;
use vestibule_gateway::Credential;
use vestibule_gateway::signature::{self, Canonical, Profile};

const PATH: &str = "/entrance/paas/perm/qrcode/config";
const NONCE: &str = "0f8b5c1e-6d3a-4e27-9b1f-2a7c4d5e6f70";

fn main() {
    divan::main();
}

fn credential() -> Credential {
    Credential::new("60030600", "3c9d7a1e5b2f4860a1c3e5f708192a3b".into())
}

/// MD5 of the body, string to sign, HMAC, Base64.
#[divan::bench(args = [300, 4096, 131_072])]
fn signature_of_a_body(bencher: Bencher<'_, '_>, bytes: usize) {
    let (credential, body) = (credential(), vec![b'x'; bytes]);
    bencher.bench(|| {
        let md5 = signature::content_md5(black_box(&body));
        let signed = [
            ("x-ca-key", credential.app_key()),
            ("x-ca-nonce", NONCE),
            ("x-ca-signature-method", "HmacSHA256"),
            ("x-ca-stage", "RELEASE"),
            ("x-ca-timestamp", "1700000000000"),
        ];
        let string = Canonical {
            method: "POST",
            accept: signature::ACCEPT,
            content_md5: &md5,
            content_type: signature::CONTENT_TYPE,
            date: "",
            signed: &signed,
            path_and_parameters: PATH,
        }
        .string_to_sign();
        signature::sign(&credential, &string)
    });
}

/// The same, and all headers in a map.
#[divan::bench(args = [300])]
fn signed_headers(bencher: Bencher<'_, '_>, bytes: usize) {
    let (credential, body) = (credential(), vec![b'x'; bytes]);
    let profile = Profile { stage: "RELEASE", time: UtcMillis(1_700_000_000_000), nonce: NONCE };
    bencher.bench(|| signature::sign_request(&credential, PATH, black_box(&body), &profile));
}
