//! A hostile network between the desk and the gateway: it breaks off at every single byte of a press and of its answer,
//! by a close and by a reset. A door opens at most once a press, and the desk never says what is not so.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use vestibule_desk::{Desk, Station};
use vestibule_domain::DoorId;
use vestibule_domain::press::{LOCK_OUT, PressReason, PressState};
use vestibule_journeys::world::World;

/// Where it breaks off.
#[derive(Debug, Clone, Copy)]
enum Cut {
    Nowhere,
    /// So many bytes of the request reach the gateway.
    Request(usize),
    /// The gateway answers, so many bytes of that reach the desk.
    Answer(usize),
}

/// How it breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Close,
    Reset,
}

/// What stands between the desk and the gateway.
struct Road {
    address: SocketAddr,
    order: Arc<Mutex<(Cut, Manner)>>,
    connections: Arc<AtomicUsize>,
    /// Bytes of the last whole request and of its answer.
    sizes: Arc<Mutex<(usize, usize)>>,
}

impl Road {
    async fn to(gateway: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let road = Self {
            address: listener.local_addr().unwrap(),
            order: Arc::new(Mutex::new((Cut::Nowhere, Manner::Close))),
            connections: Arc::default(),
            sizes: Arc::default(),
        };
        let (order, connections, sizes) = (road.order.clone(), road.connections.clone(), road.sizes.clone());
        tokio::spawn(async move {
            loop {
                let (desk, _) = listener.accept().await.unwrap();
                connections.fetch_add(1, Ordering::SeqCst);
                let ((cut, manner), sizes) = (*order.lock().unwrap(), sizes.clone());
                tokio::spawn(async move {
                    let upstream = TcpStream::connect(gateway).await.unwrap();
                    carry(desk, upstream, cut, manner, &sizes).await;
                });
            }
        });
        road
    }

    fn set(&self, cut: Cut, manner: Manner) {
        *self.order.lock().unwrap() = (cut, manner);
    }
}

/// Carries one request and its answer, as far as it goes.
async fn carry(
    mut desk: TcpStream,
    mut gateway: TcpStream,
    cut: Cut,
    manner: Manner,
    sizes: &Mutex<(usize, usize)>,
) {
    // Who closes has read everything: what is left unread would make a reset of it. Who resets stops at the byte.
    let read_at_most = match (cut, manner) {
        (Cut::Request(at), Manner::Reset) => at,
        _ => usize::MAX,
    };
    let request = message(&mut desk, read_at_most).await;
    let sent = match cut {
        Cut::Request(at) => &request[..at.min(request.len())],
        _ => &request,
    };
    gateway.write_all(sent).await.unwrap();
    let mut part = 0;
    if is_whole(sent) {
        let answer = message(&mut gateway, usize::MAX).await;
        assert!(is_whole(&answer), "the gateway answers");
        *sizes.lock().unwrap() = (request.len(), answer.len());
        part = match cut {
            Cut::Nowhere => answer.len(),
            Cut::Request(_) => 0,
            Cut::Answer(at) => at.min(answer.len()),
        };
        desk.write_all(&answer[..part]).await.unwrap();
    }
    if manner == Manner::Reset {
        desk.set_zero_linger().unwrap();
    } else if part == 0 {
        desk.shutdown().await.ok();
    }
}

/// A whole message, or its first bytes.
async fn message(from: &mut TcpStream, at_most: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while bytes.len() < at_most && !is_whole(&bytes) {
        let room = buffer.len().min(at_most - bytes.len());
        match from.read(&mut buffer[..room]).await {
            Ok(0) | Err(_) => break,
            Ok(size) => bytes.extend_from_slice(&buffer[..size]),
        }
    }
    bytes
}

fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.is_some_and(|length| body.len() >= length.parse().unwrap())
}

async fn press(desk: &Desk) -> PressState {
    let armed = desk.arm_door(Station::Guard, &DoorId("lift".to_owned())).unwrap();
    desk.press_door(Station::Guard, armed.token, PressReason::Visitor).await.unwrap().state
}

#[tokio::test]
async fn a_press_that_breaks_off_at_any_byte_opens_once_or_not_at_all() {
    let world = World::new();
    let server = world.emulator.serve("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let road = Road::to(server.address()).await;
    let desk = world.beside_at(&format!("http://{}", road.address));
    assert_eq!((press(&desk).await, world.opened("lift")), (PressState::Accepted, 1));
    let (request, answer) = *road.sizes.lock().unwrap();
    assert!(request > 500 && answer > 200, "{request} {answer}");

    let cuts = (0..=request).map(Cut::Request).chain((0..=answer).map(Cut::Answer));
    let mut seen = [0; 3];
    for (cut, manner) in cuts.flat_map(|cut| [(cut, Manner::Close), (cut, Manner::Reset)]) {
        // The desk finds out that the connection is good again.
        world.turn(LOCK_OUT);
        road.set(Cut::Nowhere, Manner::Close);
        desk.probe().await;
        road.set(cut, manner);
        let count =
            || (road.connections.load(Ordering::SeqCst), world.emulator.call_count(), world.opened("lift"));
        let before = count();
        let state = press(&desk).await;
        let after = count();
        let opened = after.2 - before.2;
        assert_eq!(after.0 - before.0, 1, "{cut:?} {manner:?}: one connection");
        assert!(after.1 - before.1 <= 1 && opened <= 1, "{cut:?} {manner:?}: sent twice");
        match state {
            PressState::Accepted => assert_eq!(opened, 1, "{cut:?} {manner:?}: called accepted"),
            PressState::Refused => assert_eq!(opened, 0, "{cut:?} {manner:?}: called refused"),
            PressState::Unknown => {}
            PressState::Asked => panic!("{cut:?} {manner:?}: no end"),
        }
        // What can be known is known: a whole answer is accepted, a request with a byte missing never opens.
        let (whole_request, whole_answer) = match cut {
            Cut::Nowhere => (true, true),
            Cut::Request(at) => (at == request, false),
            Cut::Answer(at) => (true, at == answer),
        };
        assert_eq!(opened == 1, whole_request, "{cut:?} {manner:?}");
        assert!(
            !whole_answer || state == PressState::Accepted || manner == Manner::Reset,
            "{cut:?} {manner:?}"
        );
        seen[usize::from(state == PressState::Accepted)] += 1;
        seen[2] += usize::from(opened == 1);
    }
    // Nothing of this is ever sent again.
    let opened = world.opened("lift");
    drop(desk);
    let world = world.restart();
    world.desk.drain().await;
    assert_eq!(world.opened("lift"), opened);
    assert!(seen[0] > 1000 && seen[1] > 0 && seen[2] > 400, "{seen:?}");
}
