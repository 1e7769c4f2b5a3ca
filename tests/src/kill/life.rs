//! The life of a victim: a desk over a store in a folder, and what comes after the last kill.

use std::sync::Arc;
use std::time::Duration;

use vestibule_desk::seal::Seal;
use vestibule_desk::{Desk, Language, Settings, Station};
use vestibule_domain::door::Door;
use vestibule_domain::{Clock, DoorId, Zone};
use vestibule_gateway::endpoint::service::invoke::{Invoke, Params};
use vestibule_gateway::transport::http;
use vestibule_gateway::{Client, Credential, HttpConfig, Options, Transport};
use vestibule_store::Store;

use super::bug::{Bug, presses_of_the_dead};
use super::clock::SharedClock;
use super::orders::{Orders, Point};
use super::road::Road;
use super::script::Script;
use super::word::Word;
use crate::world::DOORS;

/// The key of a lobby's desk at its gateway, and its secret.
pub const KEY: (&str, &str) = ("kill", "a secret of no worth");

/// Why a life cannot begin.
pub type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// The settings of a lobby's desk.
#[must_use]
pub fn settings(spares: u16) -> Settings {
    let mut settings = Settings::demo(Station::Reception, Language::English);
    let zone = Zone::named("Asia/Shanghai").expect("the zone database is built in");
    let door = |(id, name): (&str, &str)| Door {
        id: DoorId(id.to_owned()),
        name: name.to_owned(),
        zone: zone.clone(),
    };
    settings.doors = DOORS.into_iter().map(door).collect();
    settings.visit.doors = Vec::new();
    settings.visit.until = "23:30".to_owned();
    settings.spare.size = spares;
    settings.seal = Some(seal());
    settings
}

/// The key of every life, and of whoever looks into its file.
///
/// # Panics
/// Never: it is a key.
#[must_use]
pub fn seal() -> Seal {
    Seal::from_hex(&"5e".repeat(32)).expect("64 hexadecimal digits")
}

/// Lives until somebody ends it, or as the last one until nothing waits any more.
///
/// # Errors
/// What keeps a desk from starting.
pub async fn live(orders: Orders) -> Result<(), Trouble> {
    let clock = Arc::new(SharedClock::open(&orders.clock)?);
    let as_clock: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
    let way = http::transport(&HttpConfig::at(orders.gateway.clone()), Arc::clone(&as_clock))?;
    let road = Road::over(way, Arc::clone(&clock), orders.crash, orders.bug);
    let transport: Arc<dyn Transport> = Arc::new(road.clone());
    let credential = Credential::new(KEY.0.to_owned(), KEY.1.to_owned());
    let client = Client::new(transport, credential, Arc::clone(&as_clock), Options::default());

    Word::Opening(clock.now()).say();
    let store = Store::open(&orders.folder, clock.now())?.store;
    let mut dead = Vec::new();
    if let Some(bug) = orders.bug {
        bug.plant(&orders.folder)?;
        dead = presses_of_the_dead(&orders.folder)?;
    }
    road.come_by(Point::Opened);
    let desk = Desk::start(store, client.clone(), Arc::clone(&as_clock), settings(orders.spares));
    if !desk.speak()? {
        return Err("another process speaks for this store".into());
    }
    road.come_by(Point::Recovered);
    Word::Speaking.say();
    if orders.bug == Some(Bug::PressesSentAgain) {
        for door in dead {
            let not_after = clock.monotonic().plus(Duration::from_secs(5));
            drop(client.send_now::<Invoke>(&Params::remote_open(DoorId(door)), not_after).await);
        }
    }
    if orders.mend {
        return mend(&desk, &clock).await;
    }
    Script::new(desk, road, clock, orders).play().await
}

/// Lets time pass until nothing waits any more.
async fn mend(desk: &Desk, clock: &SharedClock) -> Result<(), Trouble> {
    for _ in 0..60 {
        desk.probe().await;
        desk.keep_house();
        desk.drain().await;
        let (status, reserve) = (desk.status()?, desk.reserve()?);
        if status.waiting == 0 && status.wedged == 0 && reserve.in_between == 0 && desk.holds()?.is_empty() {
            Word::Mended.say();
            return Ok(());
        }
        clock.turn(Duration::from_secs(61))?;
    }
    let rows = desk.queue()?;
    let rows: Vec<String> =
        rows.iter().map(|row| format!("{:?} {:?} {:?}", row.kind, row.state, row.last_answer)).collect();
    Word::Stuck(rows.join(", ")).say();
    Ok(())
}
