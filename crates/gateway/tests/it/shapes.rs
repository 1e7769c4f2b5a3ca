//! The samples of the service document, as parameters and as answers.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use vestibule_gateway::endpoint::passwd::modify::{Modify, Number};
use vestibule_gateway::endpoint::qrcode::config::Config;
use vestibule_gateway::endpoint::{ENDPOINTS, cloud, find, keepopen, qrcode, service, user};
use vestibule_gateway::options::{ExpiryName, IdentityPlace, Spelling};
use vestibule_gateway::{Endpoint, Replay};

fn written<E: Endpoint>(sample: &Value, spelling: Spelling) -> Value {
    let params: E::Params = serde_json::from_value(sample.clone()).unwrap();
    let mut bytes = Vec::new();
    E::write(&params, spelling, &mut bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn read<E: Endpoint>(data: &str) -> Result<E::Data, String> {
    let raw: Option<Box<RawValue>> = (!data.is_empty()).then(|| RawValue::from_string(data.into()).unwrap());
    E::read(raw.as_deref()).map_err(|error| error.to_string())
}

#[test]
fn the_table_holds_the_sixteen_with_the_documents_versions() {
    let table: Vec<_> =
        ENDPOINTS.iter().map(|e| format!("{} {} {:?}", e.path, e.version, e.replay)).collect();
    insta::assert_snapshot!(table.join("\n"), @"
    /entrance/paas/user/modify 1.0.0 Same
    /entrance/paas/user/delete 1.0.0 Same
    /entrance/paas/user/get 1.0.0 Read
    /entrance/paas/user/query 1.0.0 Read
    /entrance/paas/perm/card/batchmodify 1.0.2 Same
    /entrance/paas/perm/card/batchdelete 1.0.1 Same
    /entrance/paas/user/perm/query 1.0.0 Read
    /entrance/paas/device/perm/query 1.0.0 Read
    /entrance/paas/keepopen/get 1.0.0 Read
    /entrance/paas/keepopen/set 1.0.0 Same
    /homelink/common/qrcode/generate 1.0.1 NewEachTime
    /entrance/paas/perm/qrcode/config 1.0.1 Same
    /entrance/paas/perm/qrcode/remove 1.0.1 Same
    /entrance/paas/perm/qrcode/generate 1.0.1 NewEachTime
    /entrance/paas/perm/passwd/modify 1.0.0 Same
    /cloud/thing/service/invoke 1.0.1 NowOrNever
    ");
    let discouraged: Vec<_> =
        ENDPOINTS.iter().filter(|entry| entry.discouraged).map(|entry| entry.name).collect();
    assert_eq!(discouraged, ["qrcode-old"]);
}

#[test]
fn every_sample_passes_its_own_check_and_names_are_unique() {
    for entry in &ENDPOINTS {
        let sample: Value = serde_json::from_str(entry.sample).unwrap();
        let replay = entry.check(&sample).unwrap_or_else(|fault| panic!("{}: {fault}", entry.name));
        // Only holding a door open is handled with more care than its table row says.
        let careful = if entry.name == "keepopen-set" { Replay::NowOrNever } else { entry.replay };
        assert_eq!(replay, careful, "{}", entry.name);
        assert!(std::ptr::eq(find(entry.name).unwrap(), find(entry.path).unwrap()));
        assert!(entry.check(&json!({})).is_err(), "{}", entry.name);
    }
    assert!(find("/nothing").is_none());
}

#[test]
fn samples_go_out_as_they_stand() {
    for entry in ENDPOINTS.iter().filter(|entry| entry.name != "passwd-modify") {
        let sample: Value = serde_json::from_str(entry.sample).unwrap();
        let out = match entry.name {
            "user-modify" => written::<user::modify::Modify>(&sample, Spelling::default()),
            "user-query" => written::<user::query::Query>(&sample, Spelling::default()),
            "keepopen-set" => written::<keepopen::set::Set>(&sample, Spelling::default()),
            "qrcode-config" => written::<Config>(&sample, Spelling::default()),
            "qrcode-remove" => written::<qrcode::remove::Remove>(&sample, Spelling::default()),
            "qrcode-old" => written::<qrcode::perm_generate::PermGenerate>(&sample, Spelling::default()),
            "door-open" => written::<service::invoke::Invoke>(&sample, Spelling::default()),
            _ => continue,
        };
        assert_eq!(out, sample, "{}", entry.name);
    }
}

#[test]
fn an_object_as_ext_info_is_read_and_goes_out_as_text() {
    let sample = json!({"identityId": "1", "name": "王先生", "extInfo": {}});
    assert_eq!(written::<user::modify::Modify>(&sample, Spelling::default())["extInfo"], "{}");
}

#[test]
fn passwords_are_spelt_as_chosen() {
    let sample = json!({"passwords": [
        {"identityId": "a", "iotId": "d", "password": "p", "number": "030", "expiryDate": "2020-03-04 18:00:00"}]});
    let spelt = |expiry, identity| written::<Modify>(&sample, Spelling { expiry, identity }).to_string();
    insta::assert_snapshot!(spelt(ExpiryName::ExpiredDate, IdentityPlace::InEachRow), @r#"{"identityId":"a","passwords":[{"expiredDate":"2020-03-04 18:00:00","identityId":"a","iotId":"d","number":"030","password":"p"}]}"#);
    insta::assert_snapshot!(spelt(ExpiryName::ExpiryDate, IdentityPlace::AtTheTop), @r#"{"identityId":"a","passwords":[{"expiryDate":"2020-03-04 18:00:00","iotId":"d","number":"030","password":"p"}]}"#);
    insta::assert_snapshot!(spelt(ExpiryName::Both, IdentityPlace::AtTheTop), @r#"{"identityId":"a","passwords":[{"expiredDate":"2020-03-04 18:00:00","expiryDate":"2020-03-04 18:00:00","iotId":"d","number":"030","password":"p"}]}"#);

    let number = |number: Number| serde_json::to_value(number).unwrap();
    assert_eq!((number(Number::Integer(30)), number(Number::Text("030".into()))), (json!(30), json!("030")));
}

#[test]
fn passwords_of_two_people_cannot_share_a_person_at_the_top() {
    let row = |id: &str| json!({"identityId": id, "iotId": "d", "password": "p"});
    let params = serde_json::from_value(json!({"passwords": [row("a"), row("b")]})).unwrap();
    let spelling = Spelling { identity: IdentityPlace::AtTheTop, ..Spelling::default() };
    assert!(Modify::write(&params, spelling, &mut Vec::new()).is_err());
    let mut bytes = Vec::new();
    Modify::write(&params, Spelling::default(), &mut bytes).unwrap();
    assert!(!String::from_utf8(bytes).unwrap().starts_with("{\"identityId\""));
}

#[test]
fn answers_of_the_document_are_read_with_all_their_faults() {
    let doors =
        read::<Config>(r#"[{"iotId":"p2","code":"200"},{"iotId":"p3","code":6205,"message":"x"}]"#).unwrap();
    assert_eq!(
        doors.iter().map(|door| (door.code, door.is_ok())).collect::<Vec<_>>(),
        [(200, true), (6205, false)]
    );
    assert_eq!(read::<Config>("").unwrap(), vec![]);
    assert_eq!(read::<Config>("null").unwrap(), vec![]);
    assert!(read::<Config>(r#"[{"iotId":"p2","code":"ok"}]"#).is_err());

    let page = read::<user::query::Query>(
        r#"{"total":1,"data":[{"identityId":"5","name":"馄饨面","extInfo":{"a":1}}]}"#,
    )
    .unwrap();
    assert_eq!((page.total, page.page_size, page.page_no), (Some(1), None, None));
    assert_eq!(page.data[0].ext_info.as_ref().unwrap().0, r#"{"a":1}"#);
    assert!(read::<user::get::Get>("null").unwrap().is_none());
    let person = read::<user::get::Get>(r#"{"identityId":"5"}"#).unwrap().unwrap();
    assert_eq!((person.name, person.ext_info), (None, None));

    let failed = |data| read::<Modify>(data).unwrap().into_iter().map(|door| door.0).collect::<Vec<_>>();
    assert_eq!(failed(r#"[{"iotId":"p2","identityId":"x"}]"#), ["p2"]);
    assert_eq!(failed(r#"["p2"]"#), ["p2"]);
    assert!(failed("").is_empty());

    assert!(!read::<keepopen::get::Get>("false").unwrap());
    assert!(read::<keepopen::get::Get>("").is_err(), "an absent state is not a closed door");
    assert!(read::<qrcode::generate::Generate>("null").is_err(), "no code is no success");
    read::<service::invoke::Invoke>(r#"{"whatever":1}"#).unwrap();

    let token = read::<cloud::token::Token>(r#"{"iotToken":"t","expireIn":7200}"#).unwrap();
    assert_eq!((token.cloud_token.as_str(), token.expires_in), ("t", Some(7200)));
    assert_eq!(format!("{token:?}"), "Granted(redacted)");
}

#[test]
fn nothing_private_is_shown() {
    fn shown<T: std::fmt::Debug + Serialize>(value: &T) -> String {
        format!("{value:?}")
    }
    let person =
        serde_json::from_value(json!({"identityId": "1", "name": "王先生", "extInfo": "秘"})).unwrap();
    let password = json!({"passwords": [{"identityId": "1", "iotId": "d", "password": "246810"}]});
    let code = json!({"qrCode": "24DD9END8CD3", "identityId": "1", "iotIds": ["d"]});
    let all = [
        shown::<user::modify::Params>(&person),
        shown::<<Modify as Endpoint>::Params>(&serde_json::from_value(password).unwrap()),
        shown::<<Config as Endpoint>::Params>(&serde_json::from_value(code).unwrap()),
    ]
    .concat();
    for private in ["王", "秘", "246810", "24DD9END8CD3"] {
        assert!(!all.contains(private), "{all}");
    }
}
