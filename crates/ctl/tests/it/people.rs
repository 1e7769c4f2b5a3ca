//! `people`.

use crate::world::{Gateway, said, words};

#[test]
fn everybody_is_listed_over_pages_and_one_is_read() {
    let gateway = Gateway::new();
    gateway.add_people(250);
    let listed = gateway.run(&["people", "list"]);
    assert_eq!(said(&listed).lines().count(), 250, "{}", words(&listed));
    assert!(said(&listed).contains("person-0249  王 249\n"));
    assert_eq!(gateway.good(&["people", "list", "--limit", "3"]).len(), 3);
    assert_eq!(gateway.good(&["people", "get", "person-0007"])[0]["name"], "王 7");
    let absent = gateway.run(&["people", "get", "nobody"]);
    assert_eq!(absent.status.code(), Some(1));
    assert!(words(&absent).contains("no such person") && said(&absent).is_empty());
}

#[test]
fn a_person_goes_only_when_meant_and_not_while_cards_still_open_doors() {
    let gateway = Gateway::new();
    gateway.add_people(2);
    let file = gateway.desk.write("cards.csv", "identityId,cardId,expiryTime\nperson-0001,c1,\n");
    gateway.good(&["cards", "import", &file, "--door", "gate"]);
    let unsaid = gateway.run(&["people", "delete", "person-0000"]);
    assert!(words(&unsaid).contains("--yes") && unsaid.status.code() == Some(1));
    let holder = gateway.run(&["people", "delete", "person-0001", "--yes"]);
    assert!(words(&holder).contains("still holds cards at 1 doors"), "{}", words(&holder));
    assert_eq!(gateway.emulator.people(), 2);
    gateway.good(&["people", "delete", "person-0000", "--yes"]);
    gateway.good(&["people", "delete", "person-0001", "--yes", "--leave-cards"]);
    assert_eq!(gateway.emulator.people(), 0);
    let again = gateway.run(&["people", "delete", "person-0000", "--yes"]);
    assert!(words(&again).contains("no such person"));
}
