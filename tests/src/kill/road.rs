//! The victim's road to the gateway: the real one over HTTP, with a cable that can be pulled, with the points at which
//! the victim ends, and with those of the planted bugs that are on the road.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use vestibule_gateway::NotSent;
use vestibule_gateway::transport::{Reply, Request, Sending, Transport, TransportError};

use super::bug::Bug;
use super::clock::SharedClock;
use super::orders::{Crash, Point};

/// How long a request that has left may take to be carried out, before the victim ends without its answer.
const CARRIED_OUT: Duration = Duration::from_millis(8);
/// How long answers are held back until enough of them are here.
const HELD_BACK: Duration = Duration::from_millis(40);

/// The road. Cheap to clone; the clones are one road.
#[derive(Clone)]
pub struct Road {
    inner: Arc<Inner>,
}

struct Inner {
    to: Arc<dyn Transport>,
    clock: Arc<SharedClock>,
    crash: Option<Crash>,
    bug: Option<Bug>,
    gone: AtomicBool,
    passed: AtomicU32,
    held: AtomicU32,
    /// The newest grant of each code, for the bug that sends it again.
    grants: Mutex<HashMap<String, Request>>,
}

impl Road {
    /// A road over this one.
    #[must_use]
    pub fn over(
        to: Arc<dyn Transport>,
        clock: Arc<SharedClock>,
        crash: Option<Crash>,
        bug: Option<Bug>,
    ) -> Self {
        let (gone, passed, held) = (AtomicBool::new(false), AtomicU32::new(0), AtomicU32::new(0));
        Self {
            inner: Arc::new(Inner { to, clock, crash, bug, gone, passed, held, grants: Mutex::default() }),
        }
    }

    /// Pulls the cable, or plugs it in.
    pub fn set_gone(&self, gone: bool) {
        self.inner.gone.store(gone, Ordering::Relaxed);
    }

    /// Whether the cable is pulled.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.inner.gone.load(Ordering::Relaxed)
    }

    /// The victim comes by a point, and ends there when that was ordered.
    pub fn come_by(&self, point: Point) {
        if self.is_the_end(point) {
            std::process::abort();
        }
    }

    fn is_the_end(&self, point: Point) -> bool {
        let Some(crash) = self.inner.crash.filter(|crash| crash.point == point) else { return false };
        self.inner.passed.fetch_add(1, Ordering::Relaxed) + 1 == crash.nth
    }

    async fn travel(&self, mut request: Request) -> Result<Reply, TransportError> {
        if self.is_gone() {
            return Err(TransportError::NotSent(NotSent::Connect));
        }
        self.come_by(Point::BeforeSending);
        let call = Call::of(&request);
        match self.inner.bug {
            Some(Bug::NoDeadline) if request.last_look.is_some() => {
                request.last_look = None;
                self.inner.clock.turn(Duration::from_secs(7)).expect("the clock can be turned");
            }
            Some(Bug::SentLater) if call.is_told() => {
                let (road, late) = (self.clone(), request);
                let wait = late.body.iter().fold(0_u64, |sum, byte| (sum * 31 + u64::from(*byte)) % 60);
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(wait)).await;
                    drop(road.inner.to.send(late).await);
                });
                return Ok(call.yes());
            }
            _ => {}
        }
        let again = request.clone();
        let sending = self.inner.to.send(request);
        if self.is_the_end(Point::Underway) {
            drop(tokio::time::timeout(CARRIED_OUT, sending).await);
            std::process::abort();
        }
        let answer = self.with_bug(&call, again, sending.await).await;
        self.come_by(Point::Answered);
        self.hold_back().await;
        answer
    }

    /// Lets answers arrive together, and ends the victim a moment after that.
    async fn hold_back(&self) {
        let Some(crash) = self.inner.crash.filter(|crash| crash.point == Point::AmongAnswers) else { return };
        let held = self.inner.held.fetch_add(1, Ordering::Relaxed) + 1;
        if held == crash.nth {
            // So long that it falls among the commits of the answers: each takes about this long.
            let moment = Duration::from_micros(u64::from(crash.nth) * 900);
            std::thread::spawn(move || {
                std::thread::sleep(moment);
                std::process::abort();
            });
            return;
        }
        let mut waited = Duration::ZERO;
        while waited < HELD_BACK && self.inner.held.load(Ordering::Relaxed) < crash.nth {
            let step = Duration::from_millis(1);
            tokio::time::sleep(step).await;
            waited += step;
        }
    }

    async fn with_bug(
        &self,
        call: &Call,
        request: Request,
        answer: Result<Reply, TransportError>,
    ) -> Result<Reply, TransportError> {
        let in_doubt = matches!(answer, Err(TransportError::Ambiguous(_)));
        match self.inner.bug {
            Some(Bug::PressTriedAgain) if in_doubt && call.is("service/invoke") => {
                self.inner.to.send(request).await
            }
            Some(Bug::DoubtIsRefusal) if in_doubt && call.is("service/invoke") => {
                Err(TransportError::NotSent(NotSent::Connect))
            }
            Some(Bug::SilenceIsDone) if in_doubt && call.is_told() => Ok(call.yes()),
            Some(Bug::GrantAfterRemoval) if answer.is_ok() => {
                let mut grants = self.inner.grants.lock().unwrap_or_else(PoisonError::into_inner);
                let code = call.params["qrCode"].as_str().unwrap_or_default().to_owned();
                if call.is("qrcode/config") {
                    grants.insert(code, request);
                } else if let (true, Some(grant)) = (call.is("qrcode/remove"), grants.remove(&code)) {
                    let road = self.clone();
                    tokio::spawn(async move { drop(road.inner.to.send(grant).await) });
                }
                answer
            }
            _ => answer,
        }
    }
}

impl Transport for Road {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(self.travel(request))
    }
}

/// What a request asks for, as far as bugs want to know.
struct Call {
    path: String,
    id: Value,
    params: Value,
}

impl Call {
    fn of(request: &Request) -> Self {
        let mut body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        Self { path: request.path.clone(), id: body["id"].take(), params: body["params"].take() }
    }

    fn is(&self, end: &str) -> bool {
        self.path.ends_with(end)
    }

    /// Whether it is one of those that the outbox tells and whose answer can be made up.
    fn is_told(&self) -> bool {
        ["user/modify", "qrcode/config", "qrcode/remove"].iter().any(|end| self.is(end))
    }

    /// The answer it would like to have.
    fn yes(&self) -> Reply {
        let each = |door: &Value| json!({ "iotId": door, "code": "200" });
        let data = self.params["iotIds"].as_array().map(|doors| doors.iter().map(each).collect::<Value>());
        let body = json!({ "code": 200, "message": "success", "id": self.id, "data": data });
        let mut headers = http::HeaderMap::new();
        let json = http::HeaderValue::from_static("application/json;charset=UTF-8");
        headers.insert(http::header::CONTENT_TYPE, json);
        Reply { status: 200, headers, body: body.to_string().into() }
    }
}
