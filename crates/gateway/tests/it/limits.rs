//! Every limit of the document, at its edge and one beyond.

use serde_json::{Value, json};
use vestibule_domain::{UtcMillis, Zone};
use vestibule_gateway::endpoint::qrcode::perm_generate::{Params, PermGenerate};
use vestibule_gateway::endpoint::{ParamsFault, find};
use vestibule_gateway::{Endpoint, Limit, Rule};

fn check(name: &str, params: &Value) -> Result<(), Limit> {
    match find(name).unwrap().check(params) {
        Ok(_) => Ok(()),
        Err(ParamsFault::Limit(limit)) => Err(limit),
        Err(ParamsFault::Shape(words)) => panic!("{words}"),
    }
}

fn too_many(field: &'static str, limit: usize) -> Result<(), Limit> {
    Err(Limit { field, rule: Rule::AtMost { limit, got: limit + 1 } })
}

fn rows(count: usize, row: &Value) -> Value {
    Value::Array(vec![row.clone(); count])
}

#[test]
fn numbers_of_rows() {
    let card = json!({"identityId": "p", "iotId": "d", "cardId": "c"});
    let cards = |count| check("card-set", &json!({ "cards": rows(count, &card) }));
    assert_eq!((cards(1000), cards(1001)), (Ok(()), too_many("cards", 1000)));
    assert_eq!(cards(0), Err(Limit { field: "cards", rule: Rule::Empty }));
    let pin = json!({"identityId": "p", "iotId": "d", "password": "1"});
    let pins = |count| check("passwd-modify", &json!({ "passwords": rows(count, &pin) }));
    assert_eq!((pins(100), pins(101)), (Ok(()), too_many("passwords", 100)));
    let doors = |count| check("user-perm", &json!({ "identityId": "p", "iotIds": rows(count, &json!("d")) }));
    assert_eq!((doors(100), doors(101)), (Ok(()), too_many("iotIds", 100)));
    let old = |count| {
        let params = json!({"identityId": "p", "iotIds": rows(count, &json!("d")), "expiryTime": "2020-03-04 18:00:00"});
        check("qrcode-old", &params)
    };
    assert_eq!((old(500), old(501)), (Ok(()), too_many("iotIds", 500)));
}

#[test]
fn pages() {
    let page = |size: u32, number: u32| check("user-query", &json!({"pageSize": size, "pageNo": number}));
    assert_eq!((page(100, 1), page(101, 1)), (Ok(()), too_many("pageSize", 100)));
    assert_eq!(page(10, 0), Err(Limit { field: "pageNo", rule: Rule::FromOne }));
    assert_eq!(page(0, 1), Err(Limit { field: "pageSize", rule: Rule::FromOne }));
}

#[test]
fn lengths_count_characters_not_bytes() {
    let card = |text: String| {
        check("card-set", &json!({"cards": [{"identityId": "p", "iotId": "d", "cardId": text}]}))
    };
    assert_eq!((card("卡".repeat(255)), card("卡".repeat(256))), (Ok(()), too_many("cardId", 255)));
    let pin = |text: String| {
        check("passwd-modify", &json!({"passwords": [{"identityId": "p", "iotId": "d", "password": text}]}))
    };
    assert_eq!((pin("密".repeat(255)), pin("密".repeat(256))), (Ok(()), too_many("password", 255)));
}

#[test]
fn times() {
    let until = |text: &str| {
        check(
            "card-set",
            &json!({"cards": [{"identityId": "p", "iotId": "d", "cardId": "c", "expiryTime": text}]}),
        )
    };
    assert_eq!(until("2020-03-04 18:00:00"), Ok(()));
    for wrong in [
        "2020-03-04",
        "2020-3-4 18:00:00",
        "2020-02-30 18:00:00",
        "2020-03-04T18:00:00",
        "2020-03-04 24:00:00",
    ] {
        assert_eq!(until(wrong), Err(Limit { field: "expiryTime", rule: Rule::NotATime }), "{wrong}");
    }
    let window = |from: &str, until: &str| {
        let params = json!({"qrCode": "CODE12", "identityId": "p", "iotIds": ["d"], "effectiveTime": from, "expiryTime": until});
        check("qrcode-config", &params)
    };
    let before = Err(Limit { field: "expiryTime", rule: Rule::EndsBeforeStart });
    assert_eq!(window("2020-03-04 18:00:00", "2020-03-04 18:00:00"), before);
    assert_eq!(window("2020-03-04 18:00:00", "2020-03-04 18:00:01"), Ok(()));
}

#[test]
fn the_old_call_takes_a_day_and_no_past() {
    let zone = Zone::named("Asia/Shanghai").unwrap();
    // 2023-11-15 06:13:20 in Shanghai.
    let now = UtcMillis(1_700_000_000_000);
    let check = |from: Option<&str>, until: &str| {
        let params = json!({"identityId": "p", "iotIds": ["d"], "expiryTime": until, "effectiveTime": from});
        let params: Params = serde_json::from_value(params).unwrap();
        PermGenerate::check(&params).and_then(|()| PermGenerate::check_at(&params, now, Some(&zone)))
    };
    let long = Err(Limit { field: "expiryTime", rule: Rule::LongerThanADay });
    assert_eq!(check(None, "2023-11-16 06:13:20"), Ok(()));
    assert_eq!(check(None, "2023-11-16 06:13:21"), long);
    assert_eq!(check(Some("2023-12-01 00:00:00"), "2023-12-02 00:00:00"), Ok(()));
    assert_eq!(check(Some("2023-12-01 00:00:00"), "2023-12-02 00:00:01"), long);
    let past = Err(Limit { field: "effectiveTime", rule: Rule::InThePast });
    assert_eq!(check(Some("2023-11-15 06:13:19"), "2023-11-15 07:00:00"), past);
}

#[test]
fn an_open_takes_no_other_service() {
    let params = json!({"iotId": "d", "identifier": "reboot", "args": {}});
    assert_eq!(
        check("door-open", &params),
        Err(Limit { field: "identifier", rule: Rule::Fixed("remoteOpen") })
    );
}
