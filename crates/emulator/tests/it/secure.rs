//! TLS with certificates of our own making, good and bad; and a network that is really gone.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use vestibule_domain::{Clock as _, DoorId, SystemClock};
use vestibule_emulator::{Emulator, FaultKind, Listening, Server, ServerTls, Trouble};
use vestibule_gateway::endpoint::service::invoke::{Invoke, Params};
use vestibule_gateway::endpoint::user;
use vestibule_gateway::{Client, Doubt, GatewayError, HttpConfig, NotSent, Options};

use crate::world::{Authority, World, alice, authority, certificate, config, credential};

async fn serve(tls: Option<ServerTls>) -> (Emulator, Server) {
    let emulator = Emulator::new(config(), Arc::new(SystemClock::new()));
    let listening = Listening { address: "127.0.0.1:0".parse().unwrap(), tls, vanishes: true };
    let server = emulator.serve_with(listening).await.unwrap();
    (emulator, server)
}

async fn ask(url: &str, trusted: Option<&Authority>) -> Result<(), GatewayError> {
    let authorities_pem = trusted.map(|authority| authority.pem().into_bytes()).unwrap_or_default();
    let http = HttpConfig { authorities_pem, ..HttpConfig::at(url) };
    let client = Client::over_http(&http, credential(), Arc::new(SystemClock::new()), Options::default())?;
    client.send::<user::get::Get>(&user::get::Params { identity_id: alice() }).await.map(|_| ())
}

#[tokio::test]
async fn only_a_certificate_to_be_trusted_is_trusted() {
    let (ours, other) = (authority(), authority());
    let bad = Err(GatewayError::NotSent(NotSent::BadCertificate));
    let (_emulator, server) = serve(Some(certificate(&ours, "127.0.0.1", false))).await;
    assert!(server.url().starts_with("https://"));
    assert_eq!(ask(&server.url(), Some(&ours)).await, Ok(()));
    assert_eq!(ask(&server.url(), Some(&other)).await, bad, "an unknown authority");

    let (_emulator, server) = serve(Some(certificate(&ours, "127.0.0.1", true))).await;
    assert_eq!(ask(&server.url(), Some(&ours)).await, bad, "expired");
    let (emulator, server) = serve(Some(certificate(&ours, "gateway.example", false))).await;
    assert_eq!(ask(&server.url(), Some(&ours)).await, bad, "for another name");
    assert_eq!(emulator.call_count(), 0);

    // No TLS where TLS is wanted.
    let (_emulator, server) = serve(None).await;
    let error = ask(&server.url().replace("http:", "https:"), Some(&ours)).await.unwrap_err();
    assert_eq!(error, GatewayError::NotSent(NotSent::Tls));
}

#[tokio::test]
async fn a_network_that_is_gone_comes_back_on_the_same_port() {
    let ours = authority();
    for tls in [None, Some(certificate(&ours, "127.0.0.1", false))] {
        let (emulator, server) = serve(tls).await;
        let http = HttpConfig { authorities_pem: ours.pem().into_bytes(), ..HttpConfig::at(server.url()) };
        let client =
            Client::over_http(&http, credential(), Arc::new(SystemClock::new()), Options::default()).unwrap();
        let params = user::get::Params { identity_id: alice() };
        client.send::<user::get::Get>(&params).await.unwrap();
        emulator.set_trouble(Trouble::down());
        tokio::time::sleep(Duration::from_millis(100)).await;
        let error = client.send::<user::get::Get>(&params).await.unwrap_err();
        assert_eq!(error, GatewayError::NotSent(NotSent::Connect), "{}", server.url());
        emulator.set_trouble(Trouble::none());
        tokio::time::sleep(Duration::from_millis(200)).await;
        client.send::<user::get::Get>(&params).await.unwrap();
        assert_eq!(emulator.call_count(), 2, "{}", server.url());
    }
}

/// Takes connections, reads what comes, and says nothing.
async fn silent() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move { stream.read_to_end(&mut Vec::new()).await });
        }
    });
    address.to_string()
}

#[tokio::test]
async fn each_time_out_ends_its_own_part_and_is_named_by_it() {
    let long = Duration::from_secs(30);
    let short = Duration::from_millis(300);
    let authorities_pem = authority().pem().into_bytes();
    let bounds = |url: String| HttpConfig {
        authorities_pem: authorities_pem.clone(),
        connect_timeout: long,
        tls_timeout: long,
        total_timeout: long,
        door_connect_timeout: long,
        door_tls_timeout: long,
        door_total_timeout: long,
        ..HttpConfig::at(url)
    };
    // Nobody takes the connection: a queue of listeners that is full lets nobody in.
    let full = TcpSocket::new_v4().unwrap();
    full.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full = full.listen(1).unwrap();
    let address = full.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(Ok(stream)) =
        tokio::time::timeout(Duration::from_millis(100), TcpStream::connect(address)).await
    {
        waiting.push(stream);
    }
    let silent = silent().await;
    let (connect, tls, total) = (
        HttpConfig {
            connect_timeout: short,
            door_connect_timeout: short,
            ..bounds(format!("http://{address}"))
        },
        HttpConfig { tls_timeout: short, door_tls_timeout: short, ..bounds(format!("https://{silent}")) },
        HttpConfig { total_timeout: short, door_total_timeout: short, ..bounds(format!("http://{silent}")) },
    );
    let clock = Arc::new(SystemClock::new());
    for (http, expected) in [
        (connect, GatewayError::NotSent(NotSent::ConnectTimeout)),
        (tls, GatewayError::NotSent(NotSent::Tls)),
        (total, GatewayError::Ambiguous(Doubt::Timeout)),
    ] {
        let client = Client::over_http(&http, credential(), clock.clone(), Options::default()).unwrap();
        let begun = clock.monotonic().0;
        let get = user::get::Params { identity_id: alice() };
        assert_eq!(client.send::<user::get::Get>(&get).await.unwrap_err(), expected);
        let open = Params::remote_open(DoorId("gate".into()));
        let until = clock.monotonic().plus(long);
        assert_eq!(client.send_now::<Invoke>(&open, until).await.unwrap_err(), expected, "a door");
        let took = clock.monotonic().0 - begun;
        assert!(took >= 2 * short && took < long, "{expected:?} after {took:?}");
    }
}

/// A proxy: makes tunnels for who knows the password, and answers everything else itself.
async fn proxy() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await.unwrap());
                }
                let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
                // user:p w
                if !head.contains("proxy-authorization: basic dxnlcjpwihc=") {
                    stream.write_all(b"HTTP/1.1 407 Who\r\ncontent-length: 0\r\n\r\n").await.unwrap();
                    return;
                }
                let target = head.split(' ').nth(1).unwrap();
                if head.starts_with("connect ") {
                    let mut there = TcpStream::connect(target).await.unwrap();
                    stream.write_all(b"HTTP/1.1 200 Made\r\n\r\n").await.unwrap();
                    copy_bidirectional(&mut stream, &mut there).await.ok();
                } else {
                    let words = format!(r#"{{"code":7,"message":"{target}"}}"#);
                    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{words}", words.len());
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    });
    address.to_string()
}

#[tokio::test]
async fn a_configured_proxy_is_used_and_its_refusal_named() {
    let ours = authority();
    let (emulator, server) = serve(Some(certificate(&ours, "127.0.0.1", false))).await;
    let proxy = proxy().await;
    let through = |url: &str, proxy: String| {
        let authorities_pem = ours.pem().into_bytes();
        let http = HttpConfig { authorities_pem, proxy: Some(proxy), ..HttpConfig::at(url) };
        Client::over_http(&http, credential(), Arc::new(SystemClock::new()), Options::default()).unwrap()
    };
    let get = user::get::Params { identity_id: alice() };
    let known = format!("http://user:p%20w@{proxy}");
    assert_eq!(through(&server.url(), known.clone()).send::<user::get::Get>(&get).await, Ok(None));
    assert_eq!(emulator.call_count(), 1, "through a tunnel");
    let error = through(&server.url(), proxy.clone()).send::<user::get::Get>(&get).await.unwrap_err();
    assert_eq!(error, GatewayError::NotSent(NotSent::Proxy));

    // Without TLS the proxy sees the request, with its whole address.
    let plain = "http://gateway.invalid:8080";
    match through(plain, known).send::<user::get::Get>(&get).await {
        Err(GatewayError::Refused(refusal)) => {
            assert_eq!(refusal.message.as_deref(), Some("http://gateway.invalid:8080/entrance/paas/user/get"))
        }
        other => panic!("{other:?}"),
    }
    let error = through(plain, proxy).send::<user::get::Get>(&get).await.unwrap_err();
    assert_eq!(error, GatewayError::Ambiguous(Doubt::NotTheGateway(407)));
    assert_eq!(emulator.call_count(), 1);
}

#[tokio::test]
async fn a_name_that_is_gone_is_named_where_there_are_names() {
    let get = user::get::Params { identity_id: alice() };
    for world in World::everywhere().await {
        world.emulator.set_trouble(Trouble::none().and(FaultKind::NoName.times(1)));
        let error = world.client.send::<user::get::Get>(&get).await.unwrap_err();
        match world.server {
            None => assert_eq!(error, GatewayError::NotSent(NotSent::Dns)),
            Some(_) => assert_eq!(error, GatewayError::Ambiguous(Doubt::ConnectionLost), "{}", world.road()),
        }
        assert_eq!(world.emulator.call_count(), 0, "{}", world.road());
        world.client.send::<user::get::Get>(&get).await.unwrap();
    }
    // With a port that can vanish, nobody listens.
    let (emulator, server) = serve(None).await;
    emulator.set_trouble(Trouble::none().and(FaultKind::NoName.always()));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(ask(&server.url(), None).await, Err(GatewayError::NotSent(NotSent::Connect)));
}
