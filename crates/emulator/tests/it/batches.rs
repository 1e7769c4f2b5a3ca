//! Lists longer than a page and batches longer than a call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use vestibule_domain::{Clock as _, DoorId, IdentityId, SystemClock};
use vestibule_emulator::{FaultKind, Trouble};
use vestibule_gateway::batch::{BatchOptions, RowOutcome};
use vestibule_gateway::endpoint::answer::CardRight;
use vestibule_gateway::endpoint::card::batchmodify::BatchModify;
use vestibule_gateway::endpoint::passwd::modify::{Modify, Password};
use vestibule_gateway::endpoint::user;
use vestibule_gateway::transport::Sending;
use vestibule_gateway::{Client, Options, Request, Transport};

use crate::world::{World, alice, credential};

fn card(n: usize) -> CardRight {
    CardRight {
        iot_id: DoorId(["gate", "lobby", "lift"][n % 3].into()),
        expiry_time: Some("2023-11-15 20:00:00".into()),
        card_id: format!("card {n}"),
        identity_id: alice(),
    }
}

fn quick() -> BatchOptions {
    BatchOptions { pause: Duration::from_millis(1), ..BatchOptions::default() }
}

#[tokio::test]
async fn failed_rows_and_only_those_are_sent_again() {
    for world in World::everywhere().await {
        world.add_alice().await;
        let fail = FaultKind::FailRows { rows_permille: 10, once: true }.always();
        let throttle = FaultKind::Throttled { code: "T429PR".into(), retry_after: None }.times(2);
        world.emulator.set_trouble(Trouble::none().and(fail).and(throttle));
        let rows = (0..2500).map(card);
        let reports: Vec<_> = world.client.batch::<BatchModify, _>(rows, quick()).collect().await;
        let mut indices: Vec<_> = reports.iter().flatten().map(|row| row.index).collect();
        indices.sort_unstable();
        assert_eq!(indices, (0..2500).collect::<Vec<_>>(), "every row is reported once");
        assert!(reports.iter().flatten().all(|row| row.outcome == RowOutcome::Done));
        assert_eq!(world.emulator.doors().iter().map(|door| door.cards).sum::<usize>(), 2500);
        // Three parts, two refused whole once, and one call for the failed rows of each.
        let batches = world.emulator.calls().iter().filter(|call| call.path.ends_with("batchmodify")).count();
        assert_eq!(batches, 3 + 2 + 3);
    }
}

#[tokio::test]
async fn rows_that_cannot_succeed_are_named_with_themselves() {
    let world = World::in_process();
    world.add_alice().await;
    let mut rows: Vec<_> = (0..5).map(card).collect();
    rows[3].iot_id = DoorId("nowhere".into());
    let reports: Vec<_> = world.client.batch::<BatchModify, _>(rows.clone(), quick()).collect().await;
    let failed: Vec<_> =
        reports.into_iter().flatten().filter(|row| row.outcome != RowOutcome::Done).collect();
    assert_eq!((failed.len(), failed[0].index, &failed[0].outcome), (1, 3, &RowOutcome::Failed));
    assert_eq!(failed[0].row.as_ref(), Some(&rows[3]));
}

#[tokio::test]
async fn a_storm_of_refusals_is_waited_out() {
    for world in World::everywhere().await {
        world.add_alice().await;
        let storm = FaultKind::Throttled { code: "T429PR".into(), retry_after: None }.times(20);
        world.emulator.set_trouble(Trouble::none().and(storm));
        let options = BatchOptions { in_flight: 1, ..quick() };
        let waiting = options.waiting.clone();
        let reports: Vec<_> =
            world.client.batch::<BatchModify, _>((0..1500).map(card), options).collect().await;
        assert_eq!(reports.iter().flatten().count(), 1500);
        assert!(reports.iter().flatten().all(|row| row.outcome == RowOutcome::Done));
        let refused = world.emulator.calls().iter().filter(|call| call.status == 429).count();
        assert_eq!((refused, waiting.parts()), (20, 0));
    }
}

#[tokio::test]
async fn the_time_that_the_gateway_names_is_kept() {
    let world = World::in_process();
    world.add_alice().await;
    let storm = FaultKind::Throttled { code: "T429PR".into(), retry_after: Some(1) }.times(1);
    world.emulator.set_trouble(Trouble::none().and(storm));
    let clock = SystemClock::new();
    let begun = clock.monotonic().0;
    let reports: Vec<_> = world.client.batch::<BatchModify, _>((0..5).map(card), quick()).collect().await;
    assert!(reports.iter().flatten().all(|row| row.outcome == RowOutcome::Done));
    let took = clock.monotonic().0 - begun;
    assert!(took >= Duration::from_secs(1), "{took:?}");
}

#[tokio::test]
async fn a_storm_that_does_not_end_is_reported_row_by_row_and_the_rest_can_be_sent_later() {
    let world = World::in_process();
    world.add_alice().await;
    let storm = FaultKind::Throttled { code: "T429PR".into(), retry_after: None }.always();
    world.emulator.set_trouble(Trouble::none().and(storm.after(1)));
    let options = BatchOptions { in_flight: 1, patience: Duration::from_millis(100), ..quick() };
    let reports: Vec<_> = world.client.batch::<BatchModify, _>((0..2500).map(card), options).collect().await;
    let (done, left): (Vec<_>, Vec<_>) =
        reports.into_iter().flatten().partition(|row| row.outcome == RowOutcome::Done);
    assert_eq!((done.len(), left.len()), (1000, 1500));
    assert!(left.iter().all(|row| matches!(row.outcome, RowOutcome::Unsettled(_))));
    assert_eq!(world.emulator.doors().iter().map(|door| door.cards).sum::<usize>(), 1000);

    world.emulator.set_trouble(Trouble::none());
    let rows = left.into_iter().filter_map(|row| row.row);
    let reports: Vec<_> = world.client.batch::<BatchModify, _>(rows, quick()).collect().await;
    assert!(reports.iter().flatten().all(|row| row.outcome == RowOutcome::Done));
    assert_eq!(world.emulator.doors().iter().map(|door| door.cards).sum::<usize>(), 2500);
}

#[tokio::test]
async fn a_batch_can_be_stopped() {
    let world = World::in_process();
    world.add_alice().await;
    let options = BatchOptions { in_flight: 1, ..quick() };
    let stop = options.stop.clone();
    let mut reports = Box::pin(world.client.batch::<BatchModify, _>((0..5000).map(card), options));
    assert_eq!(reports.next().await.unwrap().len(), 1000);
    stop.stop();
    let rest: Vec<_> = reports.collect().await;
    assert!(rest.iter().flatten().all(|row| row.outcome == RowOutcome::Skipped && row.row.is_some()));
    assert_eq!(rest.iter().flatten().count(), 4000);
}

/// Counts the calls under way.
struct Counting {
    to: Arc<dyn Transport>,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Transport for Counting {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(async move {
            self.most.fetch_max(self.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(2)).await;
            let reply = self.to.send(request).await;
            self.now.fetch_sub(1, Ordering::SeqCst);
            reply
        })
    }
}

#[tokio::test]
async fn no_more_calls_are_under_way_than_were_asked_for() {
    let world = World::in_process();
    world.add_alice().await;
    let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let counting = Arc::new(Counting { to: world.emulator.transport(), now, most });
    let client = Client::new(counting.clone(), credential(), world.clock.clone(), Options::default());
    // A part that rests because it was refused keeps its turn.
    let throttle = FaultKind::Throttled { code: "T429PR".into(), retry_after: None }.times(3);
    for (in_flight, expected) in [(1, 1), (3, 3), (0, 1)] {
        world.emulator.set_trouble(Trouble::none().and(throttle.clone()));
        let options = BatchOptions { in_flight, ..quick() };
        let reports: Vec<_> = client.batch::<BatchModify, _>((0..9000).map(card), options).collect().await;
        assert!(reports.iter().flatten().all(|row| row.outcome == RowOutcome::Done));
        assert_eq!(counting.most.swap(0, Ordering::SeqCst), expected, "{in_flight}");
    }
}

#[tokio::test]
async fn passwords_go_a_hundred_at_a_time() {
    let world = World::in_process();
    world.add_alice().await;
    let pin = |n: usize| Password {
        identity_id: alice(),
        iot_id: DoorId("gate".into()),
        password: format!("{n:06}"),
        number: Some(vestibule_gateway::endpoint::passwd::modify::Number::Integer(n as i64)),
        expired_date: None,
    };
    let reports: Vec<_> = world.client.batch::<Modify, _>((0..250).map(pin), quick()).collect().await;
    assert_eq!(reports.len(), 3);
    assert_eq!(world.emulator.door("gate").unwrap().pins, 250);
}

#[tokio::test]
async fn everybody_is_listed_while_people_are_added() {
    for world in World::everywhere().await {
        let add = async |n: usize| {
            let params = user::modify::Params {
                identity_id: IdentityId(format!("person {n}")),
                name: Some("访客".into()),
                ext_info: None,
            };
            world.client.send::<user::modify::Modify>(&params).await.unwrap();
        };
        for n in 0..200 {
            add(n).await;
        }
        let mut people = Box::pin(world.client.people());
        let mut found = Vec::new();
        while let Some(person) = people.next().await {
            found.push(person.unwrap().identity_id.0);
            if found.len() == 50 {
                for n in 200..230 {
                    add(n).await;
                }
            }
        }
        assert_eq!(found, (0..230).map(|n| format!("person {n}")).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_listing_ends_with_its_first_error() {
    let world = World::in_process();
    world.emulator.set_trouble(Trouble::down());
    let people: Vec<_> = world.client.people().collect().await;
    assert!(people.len() == 1 && people[0].is_err());
    world.emulator.set_trouble(Trouble::none());
    let rights: Vec<_> = world.client.rights_at(DoorId("gate".into())).collect().await;
    assert!(rights.is_empty());
}
