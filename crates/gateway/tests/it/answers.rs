//! Answers of every kind, through a transport that gives exactly what the test wants.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::HeaderMap;
use proptest::prelude::*;
use vestibule_domain::{IdentityId, TurnedClock, UtcMillis};
use vestibule_gateway::endpoint::user::get::{Get, Params};
use vestibule_gateway::transport::Sending;
use vestibule_gateway::{
    Client, Credential, Doubt, GatewayError, Options, Outcome, Rejection, Reply, Request, Transport, WhatNow,
};

struct Canned {
    reply: Reply,
    sent: Mutex<Vec<Request>>,
}

impl Transport for Canned {
    fn send(&self, request: Request) -> Sending<'_> {
        self.sent.lock().unwrap().push(request);
        let reply = self.reply.clone();
        Box::pin(async move { Ok(reply) })
    }
}

async fn answer(
    status: u16,
    headers: &[(&'static str, &str)],
    body: &[u8],
) -> (Result<(), GatewayError>, usize) {
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
    let reply = Reply { status, headers, body: Bytes::copy_from_slice(body) };
    let canned = Arc::new(Canned { reply, sent: Mutex::default() });
    let clock = Arc::new(TurnedClock::at(UtcMillis(1_700_000_000_000)));
    let client = Client::new(canned.clone(), Credential::new("k", "s".into()), clock, Options::default());
    let outcome = client.send::<Get>(&Params { identity_id: IdentityId("p".into()) }).await.map(|_| ());
    let sent = canned.sent.lock().unwrap().len();
    (outcome, sent)
}

async fn gateway_says(status: u16, message: &str, code: &str) -> GatewayError {
    let headers = [("x-ca-error-message", message), ("x-ca-error-code", code), ("x-ca-request-id", "R-1")];
    answer(status, &headers, b"").await.0.unwrap_err()
}

#[tokio::test]
async fn refusals_are_told_apart_by_message_and_code_not_by_status() {
    let cases = [
        (400, "Invalid Signature, Server StringToSign:`POST#`", "", Rejection::Signature),
        (401, "Invalid Signature, Server StringToSign:`POST#`", "", Rejection::Signature),
        (403, "", "A403IS", Rejection::Signature),
        (401, "Empty Signature", "", Rejection::Signature),
        (400, "Invalid AppKey", "A400IK", Rejection::Key),
        (403, "Invalid AppSecret", "A403IS", Rejection::Key),
        (403, "Unauthorized", "I403AA", Rejection::NotGranted),
        (403, "", "A403EP", Rejection::NotGranted),
        (400, "Nonce Used", "", Rejection::Nonce),
        (400, "Invalid Content-MD5", "I400I5", Rejection::BadRequest),
        (400, "Invalid Timestamp", "", Rejection::BadRequest),
        (400, "Invalid Url", "", Rejection::NoSuchCall),
        (404, "API Not Found", "I404NF", Rejection::NoSuchCall),
        (429, "Throttled by PLUGIN Flow Control", "T429PR", Rejection::Throttled(None)),
        (403, "Throttled by USER Flow Control", "", Rejection::Throttled(None)),
        (429, "", "", Rejection::Throttled(None)),
        (403, "Quota Exhausted", "B403MQ", Rejection::NotGranted),
        (413, "Request body too Large", "I413RL", Rejection::TooLarge),
        (413, "", "", Rejection::TooLarge),
    ];
    for (status, message, code, kind) in cases {
        let error = gateway_says(status, message, code).await;
        match &error {
            GatewayError::Rejected(rejected) => assert_eq!(rejected.kind, kind, "{status} {message} {code}"),
            other => panic!("{status} {message} {code}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn failures_behind_the_gateway_leave_the_outcome_open() {
    for (status, message, code) in [
        (502, "Failed To Invoke Backend Service", "D502FC"),
        (504, "Failed To Invoke Backend Service", "D504CO"),
        (503, "Service Unavailable", "D503BB"),
        (500, "Internal Error", "X500ER"),
        (500, "", ""),
    ] {
        let error = gateway_says(status, message, code).await;
        assert_eq!(error, GatewayError::Ambiguous(Doubt::ServerError(status)));
    }
}

#[tokio::test]
async fn words_for_people_hold_no_string_to_sign() {
    let error =
        gateway_says(400, "Invalid Signature, Server StringToSign:`POST#x-ca-key:60030600#`", "").await;
    insta::assert_snapshot!(error, @"the gateway rejected the request: the signature does not match (status 400, request R-1)");
    let GatewayError::Rejected(rejected) = error else { panic!() };
    assert_eq!(rejected.message, "Invalid Signature");
}

#[tokio::test]
async fn something_else_than_the_gateway_is_recognised() {
    let html = [("content-type", "text/html")];
    for (status, headers, body) in [
        (200, &html[..], "<html>log in</html>"),
        (200, &[], "  <!doctype html>"),
        (302, &[], ""),
        (401, &html[..], "<html>"),
        (404, &[], "404 page not found"),
        (407, &[], ""),
        (511, &html[..], "<html>"),
    ] {
        let error = answer(status, headers, body.as_bytes()).await.0.unwrap_err();
        assert!(error.is_not_the_gateway(), "{status} {body}: {error:?}");
        assert_eq!(error.outcome(), Outcome::Ambiguous);
    }
}

#[tokio::test]
async fn the_services_codes_say_what_now() {
    let refusal = async |code: &str| {
        let body = format!(r#"{{"code":{code},"id":"E-1","message":"m","localizedMsg":"消息"}}"#);
        answer(200, &[("x-ca-request-id", "R-1")], body.as_bytes()).await.0.unwrap_err()
    };
    let cases = [
        ("429", Outcome::Refused, WhatNow::RetryLater(None)),
        ("\"403\"", Outcome::Refused, WhatNow::Never),
        ("460", Outcome::Refused, WhatNow::Never),
        ("6205", Outcome::Refused, WhatNow::RetryLater(None)),
        ("29003", Outcome::Refused, WhatNow::RenewToken),
        ("500", Outcome::Ambiguous, WhatNow::UnknownOutcome),
        ("20056", Outcome::Ambiguous, WhatNow::UnknownOutcome),
        ("987654321", Outcome::Refused, WhatNow::Never),
    ];
    for (code, outcome, now) in cases {
        let error = refusal(code).await;
        assert_eq!((error.outcome(), error.what_now()), (outcome, now), "{code}");
    }
    let GatewayError::Refused(refusal) = refusal("987654321").await else { panic!() };
    insta::assert_snapshot!(refusal, @"code 987654321, request R-1");
    assert_eq!((refusal.envelope_id.as_deref(), refusal.localized.as_deref()), (Some("E-1"), Some("消息")));

    // The same numbers can come as status with an envelope.
    let body = br#"{"code":403,"message":"forbidden"}"#;
    let error = answer(403, &[], body).await.0.unwrap_err();
    assert!(matches!(&error, GatewayError::Refused(refusal) if refusal.code == 403), "{error:?}");
}

#[tokio::test]
async fn lenient_envelopes_are_read() {
    for body in [
        r#"{"code":200,"data":null}"#,
        r#"{"code":"200"}"#,
        r#"{"data":null,"localizedMsg":null,"code":200,"x":[1]}"#,
    ] {
        assert_eq!(answer(200, &[], body.as_bytes()).await.0, Ok(()), "{body}");
    }
    for body in [
        "",
        "{}",
        "[]",
        "null",
        r#"{"code":null}"#,
        r#"{"code":200,"data":{"identityId":"#,
        r#"{"code":200,"data":7}"#,
    ] {
        assert_eq!(
            answer(200, &[], body.as_bytes()).await.0,
            Err(GatewayError::Ambiguous(Doubt::Unreadable)),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_refused_time_is_tried_once_more_and_only_with_a_better_one() {
    let expired = |date: &'static str| async move {
        answer(400, &[("x-ca-error-message", "Timestamp Expired"), ("date", date)], b"").await
    };
    let (outcome, sent) = expired("Tue, 14 Nov 2023 20:13:20 GMT").await;
    assert_eq!((outcome.unwrap_err().what_now(), sent), (WhatNow::FixClock, 2));
    // The Date agrees with this PC: there is nothing to correct.
    let (outcome, sent) = expired("Tue, 14 Nov 2023 22:13:20 GMT").await;
    assert_eq!((outcome.unwrap_err().what_now(), sent), (WhatNow::FixClock, 1));
    let (_, sent) = expired("nonsense").await;
    assert_eq!(sent, 1);
}

proptest! {
    #[test]
    fn no_answer_makes_the_client_fall_over_or_call_a_failure_a_success(
        status in 100u16..600, body in proptest::collection::vec(any::<u8>(), 0..200),
        message in "[ -~]{0,40}", code in "[A-Z0-9]{0,6}",
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let headers = [("x-ca-error-message", message.as_str()), ("x-ca-error-code", code.as_str())];
        let (outcome, sent) = runtime.block_on(answer(status, &headers, &body));
        prop_assert!(outcome.is_err());
        prop_assert!(sent <= 2);
    }
}

/// Lists people newest first, and gets as many new ones after every page as the test wants.
struct NewestFirst {
    people: Mutex<u32>,
    joins: Mutex<Vec<u32>>,
    with_total: bool,
    turns_pages: bool,
}

impl Transport for NewestFirst {
    fn send(&self, request: Request) -> Sending<'_> {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let number = if self.turns_pages { body["params"]["pageNo"].as_u64().unwrap() as usize } else { 1 };
        let mut people = self.people.lock().unwrap();
        let names = (0..*people).rev().map(|n| serde_json::json!({"identityId": n.to_string(), "name": "n"}));
        let page: Vec<_> = names.skip((number - 1) * 100).take(100).collect();
        let mut data = serde_json::json!({"data": page});
        if self.with_total {
            data["total"] = (*people).into();
        }
        *people += self.joins.lock().unwrap().pop().unwrap_or(0);
        let body = serde_json::json!({"code": 200, "data": data}).to_string().into();
        Box::pin(async move { Ok(Reply { status: 200, headers: HeaderMap::new(), body }) })
    }
}

async fn people(server: NewestFirst) -> Vec<Result<u32, GatewayError>> {
    use futures_util::StreamExt as _;
    let clock = Arc::new(TurnedClock::at(UtcMillis(1_700_000_000_000)));
    let client = Client::new(Arc::new(server), Credential::new("k", "s".into()), clock, Options::default());
    client.people().map(|person| person.map(|person| person.identity_id.0.parse().unwrap())).collect().await
}

#[tokio::test]
async fn everybody_is_listed_once_although_others_are_added_in_front() {
    for with_total in [true, false] {
        for joins in [vec![], vec![100], vec![0, 100, 300], vec![7, 100, 50, 1000]] {
            let (people_at_first, joins) = (Mutex::new(450), Mutex::new(joins));
            let found =
                people(NewestFirst { people: people_at_first, joins, with_total, turns_pages: true }).await;
            let mut found: Vec<u32> = found.into_iter().map(Result::unwrap).collect();
            let all = found.len();
            found.sort_unstable();
            found.dedup();
            assert_eq!(found.len(), all, "somebody came twice");
            assert!((0..450).all(|n| found.binary_search(&n).is_ok()), "somebody is missing");
        }
    }
}

#[tokio::test]
async fn a_server_that_turns_no_pages_is_an_error_and_no_short_list() {
    let joins = Mutex::new(vec![]);
    let found =
        people(NewestFirst { people: Mutex::new(450), joins, with_total: false, turns_pages: false }).await;
    assert_eq!(found.len(), 101);
    assert_eq!(found[100], Err(GatewayError::Ambiguous(Doubt::Unreadable)));
}
