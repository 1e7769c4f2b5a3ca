//! The visitors' part of the tour.

use vestibule_journeys::window::Visitor;

use crate::{ADA, Held, LI, Tour, WANG};

/// How often the time from "get my pass" to the picture is taken once more.
const TIMES: usize = 6;

pub(crate) async fn a_visitor_gets_a_pass(tour: &mut Tour) -> Held {
    tour.journal.part("A visitor gets a pass");
    tour.show("kiosk", "The kiosk, as it waits for the next visitor.").await;
    tour.window.touch("lang-en").await;
    tour.show("english", "One touch, and it speaks English.").await;
    tour.window.touch("kiosk-start").await;
    tour.window.type_into("field-phone", ADA.phone).await;
    tour.window.touch("next").await;
    tour.window.type_into("field-name", ADA.name).await;
    tour.show("name", "One question at a time: the name.").await;
    tour.window.touch("next").await;
    tour.window.type_into("field-host", ADA.host).await;
    tour.window.touch("next").await;
    tour.window.see("get-pass").await;
    tour.show("check", "Everything once more, before anything is sent.").await;
    tour.window.touch("get-pass").await;
    tour.window.see("pass-picture").await;
    tour.window.until_every_door_is_ready().await;
    let picture = tour.show("pass", "The pass, with its doors and the short code.").await;
    let code = picture.qr_text().expect("zbarimg reads the code off the picture");
    tour.journal.fact(&format!("zbarimg, which is not ours, reads on that picture: `{code}`"));
    let until = tour.window.words("pass-window").await;
    let doors = tour.window.how_many("pass-door").await;
    tour.journal.fact(&format!("The pass says: {until}. All {doors} doors say that they take it."));
    Held { picture, code }
}

pub(crate) async fn the_visitor_walks_in(tour: &mut Tour) {
    tour.journal.part("The visitor walks in");
    tour.window.open_service_panel().await;
    tour.window.touch("demo-door [data-test=\"present-pass\"]").await;
    tour.window.until("reader-answer", "data-accepted", "true").await;
    tour.show(
        "walks-in",
        "On the service panel: the pass held before the reader of the first door, which takes it.",
    )
    .await;
    tour.window.close_service_panel().await;
    tour.window.touch("done").await;
}

pub(crate) async fn without_a_network(tour: &mut Tour) -> Held {
    tour.journal.part("Without a network");
    tour.window.become_station("reception").await;
    tour.window.until_spares_are_ready(2).await;
    tour.window.become_station("kiosk").await;
    tour.window.switch_network().await;
    // One spare pass is kept for each half day; around noon two half days count.
    for number in 1.. {
        tour.window.introduce(LI).await;
        tour.window.touch("get-pass").await;
        let is_spare = tour.window.see_which("pass-picture", "pass-waiting").await;
        assert!(is_spare || number > 1, "the reserve was ready");
        if is_spare && number == 1 {
            let words = "The network is pulled. The readers know the codes of the reserve already, and a visitor gets one of them.";
            tour.show("spare", words).await;
        }
        tour.window.touch("done").await;
        if !is_spare {
            break;
        }
    }
    tour.window.introduce(WANG).await;
    tour.window.touch("get-pass").await;
    tour.window.see("pass-waiting").await;
    tour.window.until("status-line", "data-state", "offline").await;
    tour.show(
        "waiting",
        "When the reserve is used up, visitors are registered all the same; the pass will come.",
    )
    .await;
    tour.window.switch_network().await;
    tour.window.see("pass-picture").await;
    tour.window.until_every_door_is_ready().await;
    let picture = tour.show("came-by-itself", "The network is back, and the pass came by itself.").await;
    let code = picture.qr_text().expect("zbarimg reads the code off the picture");
    tour.window.touch("done").await;
    Held { picture, code }
}

pub(crate) async fn how_long_a_pass_takes(tour: &mut Tour, visitor: Visitor) {
    tour.journal.part("How long a pass takes");
    tour.window.become_station("kiosk").await;
    for _ in 0..TIMES {
        tour.window.get_a_pass(visitor).await;
        tour.window.touch("done").await;
    }
    let mut times = tour.window.pass_milliseconds().await;
    times.sort_by(f64::total_cmp);
    let Some(median) = times.get(times.len() / 2) else {
        tour.journal.fact("The page has measured nothing.");
        return;
    };
    let all: Vec<String> = times.iter().map(|time| format!("{time:.0}")).collect();
    tour.journal.fact(&format!(
        "get my pass → QR on screen: median {median:.0} ms of {} (sorted: {})",
        times.len(),
        all.join(" ")
    ));
}
