//! Every request recorded from an official client is taken as it is.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use vestibule_domain::TurnedClock;
use vestibule_emulator::Emulator;
use vestibule_gateway::Request;

use crate::world::{START, config};

#[tokio::test]
async fn every_recorded_request_is_accepted() {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("../gateway/testdata/signature");
    let mut count = 0;
    for folder in std::fs::read_dir(base).unwrap() {
        let folder = folder.unwrap().path();
        let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
        let case: Value = serde_json::from_str(&read("request.json")).unwrap();
        let mut headers = http::HeaderMap::new();
        let mut set = |name: &str, value: &str| {
            headers.insert(http::HeaderName::try_from(name).unwrap(), value.parse().unwrap());
        };
        for pair in case["headers"].as_array().unwrap() {
            set(pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
        }
        set("x-ca-signature", &read("signature.txt"));
        let request = Request {
            path: case["path"].as_str().unwrap().into(),
            headers,
            body: case["body"].as_str().unwrap().to_owned().into(),
            last_look: None,
        };
        // The recorded requests share one nonce, so each meets an emulator of its own.
        let emulator = Emulator::new(config(), Arc::new(TurnedClock::at(START)));
        let reply = emulator.transport().send(request).await.unwrap();
        assert_eq!(reply.status, 200, "{folder:?}: {:?}", reply.headers);
        count += 1;
    }
    assert!(count >= 6);
}
