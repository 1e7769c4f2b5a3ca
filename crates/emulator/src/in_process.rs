//! The way to the emulator without a port.

use std::sync::Arc;
use std::time::Duration;

use vestibule_domain::Clock;
use vestibule_gateway::transport::Sending;
use vestibule_gateway::transport::http::REPLY_CAP;
use vestibule_gateway::{Doubt, NotSent, Reply, Request, Transport, TransportError};

use crate::authorise::Incoming;
use crate::emulator::Emulator;
use crate::trouble::plan::Delivery;

/// After this long a caller over HTTP would have given up.
const PATIENCE: Duration = Duration::from_secs(12);
const DOOR_PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct InProcess {
    emulator: Emulator,
    clock: Arc<dyn Clock>,
}

impl InProcess {
    pub(crate) fn new(emulator: Emulator, clock: Arc<dyn Clock>) -> Self {
        Self { emulator, clock }
    }

    async fn exchange(&self, request: Request) -> Result<Reply, TransportError> {
        if let Some(last_look) = &request.last_look {
            let look = last_look.ask(self.clock.monotonic());
            look.map_err(|void| TransportError::NotSent(void.into()))?;
        }
        let patience = if request.last_look.is_some() { DOOR_PATIENCE } else { PATIENCE };
        let incoming = Incoming {
            method: "POST".into(),
            path: request.path,
            query: None,
            headers: request.headers,
            body: request.body,
        };
        let prepared = self.emulator.receive(&incoming, false);
        if prepared.down {
            let why = if prepared.no_name { NotSent::Dns } else { NotSent::Connect };
            return Err(TransportError::NotSent(why));
        }
        if prepared.wait >= patience || prepared.delivery == Delivery::Never {
            tokio::time::sleep(patience).await;
            return Err(TransportError::Ambiguous(Doubt::Timeout));
        }
        if !prepared.wait.is_zero() {
            tokio::time::sleep(prepared.wait).await;
        }
        let answer = prepared.answer;
        match prepared.delivery {
            Delivery::Lost | Delivery::Reset(_) => {
                return Err(TransportError::Ambiguous(Doubt::ConnectionLost));
            }
            Delivery::Cut(at) if at < answer.body.len() => {
                return Err(TransportError::Ambiguous(Doubt::ConnectionLost));
            }
            Delivery::Drip(bytes, ms) => {
                let pieces = u64::try_from(answer.body.len() / bytes).unwrap_or(0);
                tokio::time::sleep(Duration::from_millis(ms.saturating_mul(pieces)).min(patience)).await;
            }
            Delivery::Whole | Delivery::Twice | Delivery::Cut(_) | Delivery::Never => {}
        }
        if answer.body.len() > REPLY_CAP {
            return Err(TransportError::Ambiguous(Doubt::TooLong));
        }
        Ok(Reply { status: answer.status, headers: answer.headers, body: answer.body })
    }
}

impl Transport for InProcess {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(self.exchange(request))
    }
}
