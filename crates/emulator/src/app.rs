//! The emulator over HTTP.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::time::Sleep;

use crate::answer::{Answer, Reject};
use crate::authorise::{BODY_LIMIT, Incoming};
use crate::emulator::{Emulator, Prepared};
use crate::trouble::plan::Delivery;

/// Marks an answer that must not be sent: the connection closes instead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CloseConnection;

/// Marks an answer whose bytes meet trouble on their way.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Road {
    /// The connection is reset after so many bytes.
    Reset(usize),
    /// All of them come twice.
    Twice,
}

impl Emulator {
    /// The emulator as an axum application: the gateway at every path, the admin pages under `/_emulator`. Faults
    /// that close a connection need [`Emulator::serve`]; here they answer 502 without a body, and an answer that is to be
    /// reset or to come twice comes once and whole.
    pub fn app(&self) -> Router {
        crate::admin::routes(self.clone()).fallback(fallback).with_state(self.clone())
    }

    /// A request to the gateway.
    pub(crate) async fn respond<B>(&self, request: http::Request<B>) -> Response
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let (parts, body) = request.into_parts();
        let Ok(body) = axum::body::to_bytes(Body::new(body), BODY_LIMIT).await else {
            let answer = Answer::rejection(&Reject::new(413, "I413RL", "Request body too Large"));
            return whole(&answer.stamped(self.now()));
        };
        let incoming = Incoming {
            method: parts.method.as_str().into(),
            path: parts.uri.path().into(),
            query: parts.uri.query().map(str::to_owned),
            headers: parts.headers,
            body,
        };
        deliver(self.receive(&incoming, true)).await
    }
}

async fn fallback(State(emulator): State<Emulator>, request: Request) -> Response {
    emulator.respond(request).await
}

async fn deliver(prepared: Prepared) -> Response {
    let Prepared { answer, down, wait, delivery, .. } = prepared;
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    match delivery {
        _ if down => closed(),
        Delivery::Whole => whole(&answer),
        Delivery::Lost => closed(),
        Delivery::Reset(at) => on(Road::Reset(at), whole(&answer)),
        Delivery::Twice => on(Road::Twice, whole(&answer)),
        Delivery::Never => std::future::pending().await,
        Delivery::Cut(at) if at < answer.body.len() => {
            with_body(&answer, Body::new(Pieces::cut(&answer.body, at)))
        }
        Delivery::Cut(_) => whole(&answer),
        Delivery::Drip(bytes, ms) => {
            with_body(&answer, Body::new(Pieces::drip(&answer.body, bytes, Duration::from_millis(ms))))
        }
    }
}

fn closed() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = http::StatusCode::BAD_GATEWAY;
    response.extensions_mut().insert(CloseConnection);
    response
}

fn on(road: Road, mut response: Response) -> Response {
    response.extensions_mut().insert(road);
    response
}

fn whole(answer: &Answer) -> Response {
    with_body(answer, Body::from(answer.body.clone()))
}

fn with_body(answer: &Answer, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() =
        http::StatusCode::from_u16(answer.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().clone_from(&answer.headers);
    response
}

/// A body that promises its whole length, and comes in pieces or breaks off.
struct Pieces {
    left: Bytes,
    promised: u64,
    piece: usize,
    pause: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
    breaks_off: bool,
}

impl Pieces {
    fn cut(body: &Bytes, at: usize) -> Self {
        let (left, promised) = (body.slice(..at), body.len() as u64);
        Self { left, promised, piece: usize::MAX, pause: Duration::ZERO, sleep: None, breaks_off: true }
    }

    fn drip(body: &Bytes, piece: usize, pause: Duration) -> Self {
        let (left, promised) = (body.clone(), body.len() as u64);
        Self { left, promised, piece, pause, sleep: None, breaks_off: false }
    }
}

/// The answer breaks off here.
#[derive(Debug, thiserror::Error)]
#[error("cut off on purpose")]
struct CutOff;

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        if let Some(sleep) = &mut self.sleep {
            std::task::ready!(sleep.as_mut().poll(cx));
            self.sleep = None;
        }
        if self.left.is_empty() {
            return Poll::Ready(self.breaks_off.then_some(Err(CutOff)));
        }
        let size = self.piece.min(self.left.len());
        let piece = self.left.split_to(size);
        self.promised -= size as u64;
        if !self.pause.is_zero() {
            self.sleep = Some(Box::pin(tokio::time::sleep(self.pause)));
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}

/// For services that cannot fail.
pub(crate) fn unfailing<T>(result: Result<T, Infallible>) -> T {
    match result {
        Ok(value) => value,
        Err(never) => match never {},
    }
}
