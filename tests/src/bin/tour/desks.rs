//! The part of the tour at the two desks: reception and the guard's post.

use vestibule_journeys::window::Visitor;

use crate::{Held, Tour};

pub(crate) async fn reception_takes_a_pass_back(tour: &mut Tour, visitor: Visitor) {
    tour.journal.part("Reception");
    tour.window.become_station("reception").await;
    tour.window.touch("lang-en").await;
    tour.window.see("visit-row").await;
    tour.show("reception", "Today's visits and their passes.").await;
    tour.window.type_into("search", visitor.name).await;
    tour.window.touch("revoke").await;
    tour.window.see("revoke-confirm").await;
    tour.show("revoke", "To revoke a pass is asked twice.").await;
    tour.window.touch("revoke-confirm").await;
    tour.window.until("pass-state", "data-state", "revoked").await;
    tour.window.until_there_is_no("pass-door:not([data-readiness=\"removed\"])").await;
    tour.show("revoked", "Revoked, here and at every door.").await;
}

pub(crate) async fn the_guard_looks_and_opens(tour: &mut Tour, pass: &Held, visitor: Visitor) {
    tour.journal.part("The guard");
    tour.window.become_station("guard").await;
    tour.window.see("door-tile").await;
    tour.show("guard", "The guard's post: camera, doors, and what happened last.").await;
    tour.camera.show(&pass.picture);
    tour.window.touch("scan-toggle").await;
    tour.window.until("verdict", "data-decision", "letIn").await;
    let who = tour.window.words("verdict").await;
    tour.show("let-in", "The visitor's pass is held before the camera: let in.").await;
    assert!(who.contains(visitor.name), "the verdict names whose pass it is, not {who:?}");
    let letters = pass.code.chars().count();
    tour.journal.fact(&format!(
        "Read off the picture: a code of {letters} characters, the pass of {}.",
        visitor.name
    ));
    tour.camera.show_nothing();
    let door = tour.window.attribute("door-tile", "data-door").await.expect("a tile says which door it is");
    tour.window.touch(&format!("door-tile[data-door=\"{door}\"]")).await;
    tour.window.touch("reason-visitor").await;
    tour.show("armed", "A door opens in two steps: first which and why …").await;
    tour.window.touch("release").await;
    tour.window.until("press-result", "data-state", "accepted").await;
    tour.show("opened", "… then open.").await;
    tour.window.open_service_panel().await;
    tour.window.until(&format!("demo-door[data-door=\"{door}\"]"), "data-opened", "1").await;
    tour.show("opened-once", "On the service panel: the door itself has counted one opening.").await;
    tour.window.close_service_panel().await;
}

pub(crate) async fn the_guard_stops_a_revoked_pass(tour: &mut Tour, pass: &Held) {
    tour.camera.show(&pass.picture);
    tour.window.until("verdict", "data-decision", "stop").await;
    tour.window.until("verdict", "data-reason", "revoked").await;
    tour.show("stop", "The pass that reception took back: stop.").await;
    tour.camera.show_nothing();
    tour.window.touch("dismiss").await;
    tour.window.touch("scan-toggle").await;
}

pub(crate) async fn the_guard_keeps_a_door_open(tour: &mut Tour) {
    tour.window.touch("door-tile[data-door=\"demo-lift\"]").await;
    tour.window.touch("hold-5").await;
    tour.window.until("hold", "data-state", "open").await;
    tour.show("held", "A door is kept open, with its end on every screen …").await;
    tour.window.touch("close-hold").await;
    tour.window.until_there_is_no("hold").await;
    tour.show("closed", "… and the word is gone only when the service says that it is closed.").await;
}
