//! An emulator with a turned clock, and our client before it.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use vestibule_domain::{Clock, DoorId, IdentityId, Monotonic, PassCode, TurnedClock, UtcMillis};
use vestibule_emulator::{Emulator, EmulatorConfig, Listening, Server, ServerTls};
use vestibule_gateway::endpoint::qrcode::config::{Config, Params};
use vestibule_gateway::endpoint::{qrcode, user};
use vestibule_gateway::{Client, Credential, GatewayError, HttpConfig, NotSent, Options, RawAnswer};

pub(crate) const KEY: &str = "60030600";
pub(crate) const SECRET: &str = "3c9d7a1e5b2f4860a1c3e5f708192a3b";
pub(crate) const ALICE: &str = "50acopfd3a94900494085ed2699e052432c34452";
/// 2023-11-15 06:13:20 in Shanghai.
pub(crate) const START: UtcMillis = UtcMillis(1_700_000_000_000);

pub(crate) struct World {
    pub(crate) clock: Arc<TurnedClock>,
    pub(crate) emulator: Emulator,
    pub(crate) client: Client,
    pub(crate) server: Option<Server>,
    authorities_pem: Vec<u8>,
}

pub(crate) fn config() -> EmulatorConfig {
    EmulatorConfig {
        app_key: KEY.into(),
        app_secret: SECRET.into(),
        doors: vec![
            ("gate".into(), "Gate".into()),
            ("lobby".into(), "Lobby".into()),
            ("lift".into(), "Lift".into()),
        ],
        seed: Some(7),
        ..EmulatorConfig::default()
    }
}

pub(crate) fn credential() -> Credential {
    Credential::new(KEY, SECRET.into())
}

fn over(server: &Server, clock: Arc<TurnedClock>, authorities_pem: Vec<u8>) -> Client {
    let mut http = HttpConfig { authorities_pem, ..HttpConfig::at(server.url()) };
    http.total_timeout = std::time::Duration::from_millis(1500);
    http.door_total_timeout = http.total_timeout;
    Client::over_http(&http, credential(), clock, Options::default()).unwrap()
}

impl World {
    pub(crate) fn in_process() -> Self {
        let clock = Arc::new(TurnedClock::at(START));
        let emulator = Emulator::new(config(), clock.clone());
        let client = Client::new(emulator.transport(), credential(), clock.clone(), Options::default());
        Self { clock, emulator, client, server: None, authorities_pem: Vec::new() }
    }

    pub(crate) async fn over_http() -> Self {
        let clock = Arc::new(TurnedClock::at(START));
        let emulator = Emulator::new(config(), clock.clone());
        let server = emulator.serve("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let client = over(&server, clock.clone(), Vec::new());
        Self { clock, emulator, client, server: Some(server), authorities_pem: Vec::new() }
    }

    pub(crate) async fn over_tls() -> Self {
        let clock = Arc::new(TurnedClock::at(START));
        let emulator = Emulator::new(config(), clock.clone());
        let authority = authority();
        let tls = Some(certificate(&authority, "127.0.0.1", false));
        let listening = Listening { address: "127.0.0.1:0".parse().unwrap(), tls, vanishes: false };
        let server = emulator.serve_with(listening).await.unwrap();
        let authorities_pem = authority.pem().into_bytes();
        let client = over(&server, clock.clone(), authorities_pem.clone());
        Self { clock, emulator, client, server: Some(server), authorities_pem }
    }

    /// A client without any connection yet.
    pub(crate) fn fresh_client(&self) -> Client {
        self.client_at(self.clock.clone())
    }

    /// A client without any connection yet, on a PC with this clock.
    pub(crate) fn client_at(&self, clock: Arc<TurnedClock>) -> Client {
        match &self.server {
            Some(server) => over(server, clock, self.authorities_pem.clone()),
            None => Client::new(self.emulator.transport(), credential(), clock, Options::default()),
        }
    }

    /// Which road this is, for the words of a test.
    pub(crate) fn road(&self) -> &'static str {
        match &self.server {
            None => "in process",
            Some(_) if self.authorities_pem.is_empty() => "over HTTP",
            Some(_) => "over TLS",
        }
    }

    /// The same test on every road.
    pub(crate) async fn everywhere() -> [Self; 3] {
        [Self::in_process(), Self::over_http().await, Self::over_tls().await]
    }

    pub(crate) fn soon(&self) -> Monotonic {
        self.clock.monotonic().plus(std::time::Duration::from_secs(5))
    }

    pub(crate) async fn add_alice(&self) {
        let params =
            user::modify::Params { identity_id: alice(), name: Some("访客-50AC".into()), ext_info: None };
        self.client.send::<user::modify::Modify>(&params).await.unwrap();
    }

    pub(crate) async fn code_for_alice(&self) -> PassCode {
        self.add_alice().await;
        let params = qrcode::generate::Params { identity_id: alice(), code_length: None };
        self.client.send::<qrcode::generate::Generate>(&params).await.unwrap()
    }

    pub(crate) async fn configure(
        &self,
        params: &Params,
    ) -> Vec<vestibule_gateway::endpoint::answer::DoorAnswer> {
        self.client.send::<Config>(params).await.unwrap()
    }
}

pub(crate) fn alice() -> IdentityId {
    IdentityId(ALICE.into())
}

pub(crate) fn doors(names: &[&str]) -> Vec<DoorId> {
    names.iter().map(|name| DoorId((*name).into())).collect()
}

/// Until eight in the evening, two scans at each door.
pub(crate) fn window(code: &PassCode, names: &[&str]) -> Params {
    Params {
        qr_code: code.clone(),
        identity_id: alice(),
        iot_ids: doors(names),
        effective_time: Some("2023-11-15 06:13:20".into()),
        expiry_time: Some("2023-11-15 20:00:00".into()),
        max_scan_times: Some(2),
        max_scan_scope: None,
    }
}

/// A call by the way it must take.
pub(crate) async fn any_call(
    client: &Client,
    path: &str,
    params: serde_json::Value,
    soon: Monotonic,
) -> Result<RawAnswer, GatewayError> {
    match client.call(path, params.clone()).await {
        Err(GatewayError::NotSent(NotSent::WrongWay)) => client.call_now(path, params, soon).await,
        other => other,
    }
}

pub(crate) type Authority = CertifiedIssuer<'static, KeyPair>;

pub(crate) fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

pub(crate) fn certificate(authority: &Authority, name: &str, expired: bool) -> ServerTls {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = if expired { date_time_ymd(2021, 1, 1) } else { date_time_ymd(2090, 1, 1) };
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    ServerTls::from_pem(certificate.pem().as_bytes(), key.serialize_pem().as_bytes()).unwrap()
}
