//! A tour of the window, as a visitor, a receptionist and a guard would take it: numbered pictures and
//! a transcript in a folder. `cargo xtask demo --tour` builds what it needs and starts it.
#![expect(clippy::print_stdout, reason = "a program of the terminal")]

mod desks;
mod journal;
mod kiosk;

use std::path::PathBuf;

use vestibule_journeys::window::{Camera, Display, Launch, Picture, Visitor, Window, made};

use journal::Journal;

const ADA: Visitor = Visitor { name: "Ada Lovelace", phone: "+44 20 7946 0018", host: "Charles Babbage" };
const WANG: Visitor = Visitor { name: "王小明", phone: "13800005678", host: "李女士" };
const LI: Visitor = Visitor { name: "李雷", phone: "13900001234", host: "韩梅梅" };
const MORE: Visitor = Visitor { name: "Grace Hopper", phone: "13800001111", host: "" };

/// What every part of the tour has at hand.
struct Tour {
    window: Window,
    camera: Camera,
    journal: Journal,
}

/// A pass on paper, as it were: its picture and what another program reads in it.
struct Held {
    picture: Picture,
    code: String,
}

// One thread: what is started here must not outlive it, and must not end before it.
#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    let folder = std::env::args_os().nth(1).map_or_else(|| made("tour"), PathBuf::from);
    let display = Display::open();
    let kept = tempfile::tempdir().expect("a folder under the temporary ones");
    let camera = Camera::new();
    let launch = Launch::demo("kiosk").spares(1).data(kept.path()).camera_folder(camera.dir());
    let window = Window::open(&display, &launch).await;
    let journal = Journal::begin(&folder, window.age());
    let mut tour = Tour { window, camera, journal };

    let ada = kiosk::a_visitor_gets_a_pass(&mut tour).await;
    kiosk::the_visitor_walks_in(&mut tour).await;
    let wang = kiosk::without_a_network(&mut tour).await;
    desks::reception_takes_a_pass_back(&mut tour, WANG).await;
    desks::the_guard_looks_and_opens(&mut tour, &ada, ADA).await;
    desks::the_guard_stops_a_revoked_pass(&mut tour, &wang).await;
    desks::the_guard_keeps_a_door_open(&mut tour).await;
    kiosk::how_long_a_pass_takes(&mut tour, MORE).await;

    tour.journal.finish();
    tour.window.close().await;
    std::process::ExitCode::SUCCESS
}

impl Tour {
    /// A picture of what the person sees now, with a sentence under it.
    async fn show(&mut self, name: &str, sentence: &str) -> Picture {
        let picture = self.window.photograph().await;
        self.journal.picture(name, sentence, &picture);
        picture
    }
}
