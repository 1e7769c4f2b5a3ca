//! The socket itself, watched byte by byte.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use vestibule_domain::press::Void;
use vestibule_domain::{Clock, DoorId, IdentityId, Monotonic, TurnedClock, UtcMillis};
use vestibule_gateway::endpoint::service::invoke::{Invoke, Params};
use vestibule_gateway::endpoint::user;
use vestibule_gateway::{Client, Credential, Doubt, GatewayError, HttpConfig, LastLook, NotSent, Options};

/// A server that counts connections and bytes, and does with each connection what the test says.
struct Watched {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    bytes: Arc<AtomicUsize>,
}

#[derive(Clone, Copy)]
enum Manner {
    CloseAfter(usize),
    Say(&'static str),
}

async fn watched(manner: Manner) -> Watched {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (connections, bytes) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (count, sum) = (connections.clone(), bytes.clone());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            let sum = sum.clone();
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                let mut read = 0;
                loop {
                    let limit =
                        if let Manner::CloseAfter(limit) = manner { limit - read } else { buffer.len() };
                    if limit == 0 {
                        return;
                    }
                    let size = limit.min(buffer.len());
                    match stream.read(&mut buffer[..size]).await {
                        Ok(0) | Err(_) => return,
                        Ok(size) => {
                            read += size;
                            sum.fetch_add(size, Ordering::SeqCst);
                        }
                    }
                    if let Manner::Say(words) = manner
                        && buffer[..size.min(read)].contains(&b'}')
                        && stream.write_all(words.as_bytes()).await.is_err()
                    {
                        return;
                    }
                }
            });
        }
    });
    Watched { address, connections, bytes }
}

fn client(config: &HttpConfig, clock: Arc<dyn Clock>) -> Client {
    Client::over_http(config, Credential::new("k", "s".into()), clock, Options::default()).unwrap()
}

fn config(address: SocketAddr) -> HttpConfig {
    HttpConfig {
        total_timeout: Duration::from_millis(400),
        door_total_timeout: Duration::from_millis(400),
        ..HttpConfig::at(format!("http://{address}"))
    }
}

/// A clock whose steady side is past the deadline from the second look on: the first look is at the caller's, the
/// connection then stands, and the last look finds it too late.
struct LateAtTheLastLook(AtomicUsize);

impl Clock for LateAtTheLastLook {
    fn now(&self) -> UtcMillis {
        UtcMillis(1_700_000_000_000)
    }

    fn monotonic(&self) -> Monotonic {
        let looks = self.0.fetch_add(1, Ordering::SeqCst);
        Monotonic(Duration::from_secs(if looks == 0 { 0 } else { 60 }))
    }
}

#[tokio::test]
async fn a_late_door_call_sends_no_byte() {
    let server = watched(Manner::Say("")).await;
    let clock = Arc::new(LateAtTheLastLook(AtomicUsize::new(0)));
    let deadline = clock.monotonic().plus(Duration::from_secs(5));
    let client = client(&config(server.address), clock);
    let error =
        client.send_now::<Invoke>(&Params::remote_open(DoorId("d".into())), deadline).await.unwrap_err();
    assert_eq!(error, GatewayError::NotSent(NotSent::TooLate));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.connections.load(Ordering::SeqCst), 1, "the connection stood");
    assert_eq!(server.bytes.load(Ordering::SeqCst), 0, "and not one byte was written");
}

#[tokio::test]
async fn a_door_call_whose_line_was_lost_sends_no_byte() {
    let server = watched(Manner::Say("")).await;
    let client = client(&config(server.address), Arc::new(TurnedClock::at(UtcMillis(1_700_000_000_000))));
    let look = LastLook::new(|_| Err(Void::LineLost));
    let error = client.send_now::<Invoke>(&Params::remote_open(DoorId("d".into())), look).await.unwrap_err();
    assert_eq!(error, GatewayError::NotSent(NotSent::LineLost));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.connections.load(Ordering::SeqCst), 1, "the connection stood");
    assert_eq!(server.bytes.load(Ordering::SeqCst), 0, "and not one byte was written");
}

#[tokio::test]
async fn a_connection_that_dies_at_any_byte_is_never_used_twice() {
    let clock = Arc::new(TurnedClock::at(UtcMillis(1_700_000_000_000)));
    for at in (1..900).step_by(29) {
        let server = watched(Manner::CloseAfter(at)).await;
        let client = client(&config(server.address), clock.clone());
        let deadline = clock.monotonic().plus(Duration::from_secs(5));
        let open = Params::remote_open(DoorId("d".into()));
        let error = client.send_now::<Invoke>(&open, deadline).await.unwrap_err();
        assert!(matches!(error, GatewayError::Ambiguous(_)), "{at}: {error:?}");
        let get = user::get::Params { identity_id: IdentityId("p".into()) };
        let error = client.send::<user::get::Get>(&get).await.unwrap_err();
        assert!(matches!(error, GatewayError::Ambiguous(_)), "{at}: {error:?}");
        assert_eq!(server.connections.load(Ordering::SeqCst), 2, "{at}");
    }
}

#[tokio::test]
async fn endless_and_redirecting_answers_are_bounded() {
    let clock: Arc<dyn Clock> = Arc::new(TurnedClock::at(UtcMillis(1_700_000_000_000)));
    let get = user::get::Params { identity_id: IdentityId("p".into()) };
    let huge = "HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n";
    let server = watched(Manner::Say(huge)).await;
    let error =
        client(&config(server.address), clock.clone()).send::<user::get::Get>(&get).await.unwrap_err();
    assert_eq!(error, GatewayError::Ambiguous(Doubt::TooLong));

    let away = "HTTP/1.1 307 Temporary\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let server = watched(Manner::Say(away)).await;
    let error =
        client(&config(server.address), clock.clone()).send::<user::get::Get>(&get).await.unwrap_err();
    assert_eq!(error, GatewayError::Ambiguous(Doubt::NotTheGateway(307)));

    let server = watched(Manner::Say("HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"code\":")).await;
    let error = client(&config(server.address), clock).send::<user::get::Get>(&get).await.unwrap_err();
    assert_eq!(error, GatewayError::Ambiguous(Doubt::TooSlow));
}

#[tokio::test]
async fn what_never_left_is_said_to_have_never_left() {
    let clock: Arc<dyn Clock> = Arc::new(TurnedClock::at(UtcMillis(1_700_000_000_000)));
    let get = user::get::Params { identity_id: IdentityId("p".into()) };
    // Ours, so that no other test gets it, but nobody listens.
    let port = tokio::net::TcpSocket::new_v4().unwrap();
    port.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let free = port.local_addr().unwrap();
    let error = client(&config(free), clock.clone()).send::<user::get::Get>(&get).await.unwrap_err();
    assert_eq!(error, GatewayError::NotSent(NotSent::Connect));

    let nowhere = HttpConfig::at("http://does-not-exist.invalid");
    let error = client(&nowhere, clock.clone()).send::<user::get::Get>(&get).await.unwrap_err();
    assert_eq!(error, GatewayError::NotSent(NotSent::Dns));

    // TLS against a server that speaks none.
    let server = watched(Manner::CloseAfter(20)).await;
    let tls = HttpConfig {
        connect_timeout: Duration::from_millis(400),
        ..HttpConfig::at(format!("https://{}", server.address))
    };
    match Client::over_http(&tls, Credential::new("k", "s".into()), clock.clone(), Options::default()) {
        Ok(client) => {
            let error = client.send::<user::get::Get>(&get).await.unwrap_err();
            assert_eq!(error.outcome(), vestibule_gateway::Outcome::NotSent, "{error:?}");
        }
        Err(error) => assert!(matches!(error, GatewayError::Setup(_)), "this machine trusts nobody"),
    }

    // A proxy is used because it was configured.
    let proxied = HttpConfig {
        proxy: Some(format!("http://{free}")),
        ..HttpConfig::at("http://does-not-exist.invalid")
    };
    let error = client(&proxied, clock).send::<user::get::Get>(&get).await.unwrap_err();
    assert_eq!(error.outcome(), vestibule_gateway::Outcome::NotSent);
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let clock: Arc<dyn Clock> = Arc::new(TurnedClock::at(UtcMillis(0)));
    let setup = |config: HttpConfig| match Client::over_http(
        &config,
        Credential::new("k", "s".into()),
        clock.clone(),
        Options::default(),
    ) {
        Err(GatewayError::Setup(words)) => words,
        other => panic!("{other:?}"),
    };
    assert!(setup(HttpConfig::at("ftp://x")).contains("https://"));
    assert!(setup(HttpConfig::at("https://x/path")).contains("only a host"));
    assert!(
        setup(HttpConfig { authorities_pem: b"no pem".to_vec(), ..HttpConfig::default() })
            .contains("authorities")
    );
    assert!(setup(HttpConfig { proxy: Some("::".into()), ..HttpConfig::at("http://x") }).contains("proxy"));
    let shown = format!("{:?}", HttpConfig { proxy: Some("http://u:pw@p".into()), ..HttpConfig::default() });
    assert!(!shown.contains("pw"), "{shown}");
}

/// Answers the first request, and each later one first with a copy of the answer to the one before.
async fn repeating() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Arc::new(AtomicUsize::new(0));
    let count = requests.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let count = count.clone();
            tokio::spawn(async move {
                let (mut buffer, mut last) = (vec![0; 8192], Vec::new());
                let mut read = 0;
                while let Ok(size) = stream.read(&mut buffer[read..]).await
                    && size > 0
                {
                    read += size;
                    let text = String::from_utf8_lossy(&buffer[..read]).into_owned();
                    let Some((_, body)) = text.split_once("\r\n\r\n") else { continue };
                    let Ok(body) = serde_json::from_str::<serde_json::Value>(body) else { continue };
                    count.fetch_add(1, Ordering::SeqCst);
                    let person = &body["params"]["identityId"];
                    let words = serde_json::json!({"code": 200, "id": body["id"], "data": {"identityId": person, "name": "n"}});
                    let words = words.to_string();
                    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{words}", words.len());
                    last.extend_from_slice(answer.as_bytes());
                    if stream.write_all(&last).await.is_err() {
                        return;
                    }
                    last = answer.into_bytes();
                    read = 0;
                }
            });
        }
    });
    (address, requests)
}

/// The copy waits until the next call is under way, so that no connection can be seen to be out of step before.
#[tokio::test]
async fn an_answer_to_the_call_before_is_never_taken_for_this_one() {
    let clock: Arc<dyn Clock> = Arc::new(TurnedClock::at(UtcMillis(1_700_000_000_000)));
    let (address, requests) = repeating().await;
    let client = client(&config(address), clock.clone());
    let mut doubts = 0;
    for person in 0..40 {
        let get = user::get::Params { identity_id: IdentityId(person.to_string()) };
        match client.send::<user::get::Get>(&get).await {
            Ok(found) => assert_eq!(found.unwrap().identity_id, get.identity_id),
            Err(error) => {
                assert_eq!(error, GatewayError::Ambiguous(Doubt::AnotherCall), "{person}");
                doubts += 1;
            }
        }
    }
    assert!(doubts > 0, "the server was never believed, so this shows nothing");
    assert_eq!(requests.load(Ordering::SeqCst), 40, "nothing was sent again");

    // A door's call has a connection of its own, on which nothing came before it.
    let deadline = clock.monotonic().plus(Duration::from_secs(5));
    for _ in 0..5 {
        client.send_now::<Invoke>(&Params::remote_open(DoorId("d".into())), deadline).await.unwrap();
    }
}
