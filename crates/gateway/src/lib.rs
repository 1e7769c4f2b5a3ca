//! Client of the entrance service: sixteen signed HTTP calls.
//!
//! This is the only crate that knows HTTP, headers and HMAC. It sends one thing once and says what kind of answer
//! came; it keeps no queue and stores nothing. The facts it rests on are Alibaba's own documents of the service
//! (help.aliyun.com 216031) and of the gateway in front of it (help.aliyun.com 143207, 169790), and requests recorded
//! from the official clients (`testdata/signature`).
//!
//! ```text
//! Client::send      an endpoint that may be repeated, once
//! Client::send_now  an endpoint that is now or never (a door), with a last look: whether it may leave
//! Client::call      any path with any JSON, for people at a terminal
//! ```

pub mod batch;
pub mod client;
pub mod credential;
pub mod endpoint;
pub mod envelope;
pub mod error;
pub mod limit;
pub mod options;
pub mod paging;
mod refusal;
mod rejection;
pub mod replay;
pub mod server_time;
pub mod signature;
pub mod transport;

pub use client::Client;
pub use credential::Credential;
pub use endpoint::{ENDPOINTS, Endpoint};
pub use envelope::RawAnswer;
pub use error::{Doubt, GatewayError, NotSent, Outcome, Refusal, Rejected, Rejection, WhatNow};
pub use limit::{Limit, Rule};
pub use options::Options;
pub use replay::Replay;
pub use server_time::Skew;
pub use transport::http::HttpConfig;
pub use transport::{LastLook, Reply, Request, Transport, TransportError};
