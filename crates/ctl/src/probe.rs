//! Asks every door whether it is held open: the one question that each of them answers and that changes nothing.

use std::sync::Arc;

use futures_util::{Stream, StreamExt as _, stream};
use vestibule_domain::Clock;
use vestibule_domain::door::Door;
use vestibule_gateway::endpoint::keepopen::get;
use vestibule_gateway::{Client, GatewayError};

/// How many doors are asked at once.
const AT_ONCE: usize = 8;

/// A door and what came back.
pub(crate) struct Probe {
    /// The door.
    pub(crate) door: Door,
    /// How long the answer took, in milliseconds.
    pub(crate) ms: u64,
    /// Whether it is held open, or why nobody knows.
    pub(crate) held_open: Result<bool, GatewayError>,
}

/// Asks the doors; the answers come in the order of the doors.
pub(crate) fn doors(
    client: &Client,
    clock: &Arc<dyn Clock>,
    doors: &[Door],
) -> impl Stream<Item = Probe> + use<> {
    let (client, clock) = (client.clone(), Arc::clone(clock));
    stream::iter(doors.to_vec())
        .map(move |door| ask(client.clone(), Arc::clone(&clock), door))
        .buffered(AT_ONCE)
}

async fn ask(client: Client, clock: Arc<dyn Clock>, door: Door) -> Probe {
    let begun = clock.monotonic();
    let held_open = client.send::<get::Get>(&get::Params { iot_id: door.id.clone() }).await;
    let ms = u64::try_from(clock.monotonic().since(begun).as_millis()).unwrap_or(u64::MAX);
    Probe { door, ms, held_open }
}
