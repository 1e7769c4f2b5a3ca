//! request → string to sign → signature → signed request, for every folder of `testdata/signature`.

use std::path::PathBuf;

use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;
use serde::Deserialize;
use vestibule_domain::UtcMillis;
use vestibule_gateway::Credential;
use vestibule_gateway::signature::{self, Canonical, Profile};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    app_key: String,
    app_secret: String,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

fn folders() -> Vec<PathBuf> {
    let base = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/signature");
    let mut folders: Vec<_> = std::fs::read_dir(base).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn read(folder: &std::path::Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap()
}

fn headers(case: &Case) -> HeaderMap {
    let header = |(name, value): &(String, String)| {
        (HeaderName::try_from(name.as_str()).unwrap(), HeaderValue::try_from(value.as_str()).unwrap())
    };
    case.headers.iter().map(header).collect()
}

#[test]
fn every_recorded_request_is_signed_as_its_client_signed_it() {
    let folders = folders();
    assert!(folders.len() >= 6);
    for folder in folders {
        let case: Case = serde_json::from_str(&read(&folder, "request.json")).unwrap();
        let (string, wanted) = (read(&folder, "string-to-sign.txt"), read(&folder, "signature.txt"));
        let headers = headers(&case);
        assert_eq!(signature::of_request(&case.method, &case.path, &headers), string, "{folder:?}");
        let credential = Credential::new(case.app_key, case.app_secret);
        assert_eq!(signature::sign(&credential, &string), wanted, "{folder:?}");
        assert!(signature::verify(&credential, &string, &wanted), "{folder:?}");
        assert_eq!(headers["content-md5"], signature::content_md5(case.body.as_bytes()), "{folder:?}");
    }
}

/// Our own profile is the Java client's with its `date` and `ca_version` left away.
#[test]
fn our_profile_differs_from_the_java_client_only_as_decided() {
    let folder =
        folders().into_iter().find(|folder| folder.ends_with("java-02-qrcode-config-stage")).unwrap();
    let case: Case = serde_json::from_str(&read(&folder, "request.json")).unwrap();
    let credential = Credential::new(case.app_key.clone(), case.app_secret.clone());
    let nonce = "0f8b5c1e-6d3a-4e27-9b1f-2a7c4d5e6f70";
    let profile = Profile { stage: "RELEASE", time: UtcMillis(1_700_000_000_000), nonce };
    let ours = signature::sign_request(&credential, &case.path, case.body.as_bytes(), &profile).unwrap();
    let string = signature::of_request("POST", &case.path, &ours);
    let theirs = read(&folder, "string-to-sign.txt").replace("Tue, 14 Nov 2023 22:13:20 GMT", "");
    assert_eq!(string, theirs);
    assert!(signature::verify(&credential, &string, ours["x-ca-signature"].to_str().unwrap()));
}

#[test]
fn secrets_are_not_shown() {
    let credential = Credential::new("key", "a secret".into());
    assert_eq!(format!("{credential:?}"), "Credential(redacted)");
}

#[test]
fn what_no_header_can_carry_is_refused_instead_of_sent() {
    let credential = Credential::new("bad\nkey", "s".into());
    let profile = Profile { stage: "RELEASE", time: UtcMillis(0), nonce: "n" };
    assert!(signature::sign_request(&credential, "/p", b"{}", &profile).is_none());
}

fn sign(secret: &str, body: &[u8], path: &str, time: i64, nonce: &str) -> HeaderMap {
    let credential = Credential::new("key", secret.into());
    let profile = Profile { stage: "RELEASE", time: UtcMillis(time), nonce };
    signature::sign_request(&credential, path, body, &profile).unwrap()
}

proptest! {
    #[test]
    fn signing_is_a_function_and_whatever_is_signed_verifies(
        secret in ".{0,80}", body in proptest::collection::vec(any::<u8>(), 0..600), time in any::<i64>(),
        nonce in "[0-9a-f-]{1,36}", path in "/[a-z/]{0,40}",
    ) {
        let headers = sign(&secret, &body, &path, time, &nonce);
        prop_assert_eq!(&headers, &sign(&secret, &body, &path, time, &nonce));
        let string = signature::of_request("POST", &path, &headers);
        let credential = Credential::new("key", secret);
        prop_assert!(signature::verify(&credential, &string, headers["x-ca-signature"].to_str().unwrap()));
        prop_assert_eq!(headers["content-md5"].to_str().unwrap(), signature::content_md5(&body));
    }

    #[test]
    fn any_change_breaks_the_signature(body in "[ -~]{1,300}", at in any::<prop::sample::Index>(), time in 0..i64::MAX) {
        let signed = sign("secret", body.as_bytes(), "/p", time, "nonce");
        let mut other = body.clone().into_bytes();
        other[at.index(body.len())] ^= 1;
        let differs = |headers: &HeaderMap| headers["x-ca-signature"] != signed["x-ca-signature"];
        prop_assert!(differs(&sign("secret", &other, "/p", time, "nonce")));
        prop_assert!(differs(&sign("secret", body.as_bytes(), "/p", time, "nonce2")));
        prop_assert!(differs(&sign("secret", body.as_bytes(), "/p", time - 1, "nonce")));
        prop_assert!(differs(&sign("secret", body.as_bytes(), "/q", time, "nonce")));
        prop_assert!(differs(&sign("Secret", body.as_bytes(), "/p", time, "nonce")));
    }

    #[test]
    fn the_order_of_the_list_plays_no_part(mut names in proptest::collection::btree_set("x-[a-z]{1,8}", 1..8)
        .prop_map(|names| names.into_iter().collect::<Vec<_>>()), turn in any::<usize>()) {
        let string = |names: &[String]| {
            let signed: Vec<_> = names.iter().map(|name| (name.as_str(), "v")).collect();
            let canonical = Canonical { method: "POST", accept: "", content_md5: "", content_type: "", date: "",
                signed: &signed, path_and_parameters: "/" };
            canonical.string_to_sign()
        };
        let sorted = string(&names);
        let turn = turn % names.len();
        names.rotate_left(turn);
        prop_assert_eq!(string(&names), sorted);
    }
}
