//! TLS with certificates of our own making, good and bad; and a network that is really gone.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use vestibule_domain::SystemClock;
use vestibule_emulator::{Emulator, Listening, Server, ServerTls, Trouble};
use vestibule_gateway::endpoint::user;
use vestibule_gateway::{Client, GatewayError, HttpConfig, NotSent, Options, Outcome};

use crate::world::{alice, config, credential};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn certificate(authority: &Authority, name: &str, expired: bool) -> ServerTls {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = if expired { date_time_ymd(2021, 1, 1) } else { date_time_ymd(2090, 1, 1) };
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    ServerTls::from_pem(certificate.pem().as_bytes(), key.serialize_pem().as_bytes()).unwrap()
}

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
    let (emulator, server) = serve(None).await;
    let url = server.url();
    let http = HttpConfig::at(&url);
    let client =
        Client::over_http(&http, credential(), Arc::new(SystemClock::new()), Options::default()).unwrap();
    let params = user::get::Params { identity_id: alice() };
    client.send::<user::get::Get>(&params).await.unwrap();
    emulator.set_trouble(Trouble::down());
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let error = client.send::<user::get::Get>(&params).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent, "{error:?}");
    emulator.set_trouble(Trouble::none());
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    client.send::<user::get::Get>(&params).await.unwrap();
    assert_eq!(emulator.call_count(), 2);
}
