//! Nobody's name leaves the building.

use std::time::Duration;

use vestibule_journeys::world::World;

#[tokio::test]
async fn no_typed_word_is_in_any_byte_that_leaves() {
    let world = World::new();
    let typed = ["王小明秘密", "13877776666", "李经理办公室"];
    let pass = world.form(typed[0], typed[1], typed[2]).unwrap();
    world.visitor_comes("Somebody Else");
    world.desk.drain().await;
    world.turn(Duration::from_secs(60));
    world.desk.sign_out(pass.visit).unwrap();
    world.desk.drain().await;
    let sent = world.road.everything_sent();
    assert!(sent.windows(11).any(|part| part == b"user/modify".as_slice()), "the record is not empty");
    for word in typed.iter().chain(&["Somebody", "Wang Fang"]) {
        let escaped: String = word.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        for form in [word.as_bytes(), escaped.as_bytes()] {
            assert!(!sent.windows(form.len()).any(|part| part == form), "{word} left the building");
        }
    }
}
