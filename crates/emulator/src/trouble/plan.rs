//! What the faults in force do to one call.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::{FaultKind, Trouble};
use crate::answer::{Answer, Refuse, Reject};
use crate::state::chance::Chance;

/// What trouble does to one call.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) down: bool,
    pub(crate) no_name: bool,
    pub(crate) wait: Duration,
    pub(crate) lose_request: bool,
    pub(crate) twice: bool,
    pub(crate) reject: Option<(Reject, Option<u64>)>,
    pub(crate) refuse: Option<Refuse>,
    pub(crate) refused_doors: Option<(HashSet<String>, i64)>,
    pub(crate) fail_rows: Option<(u16, bool)>,
    pub(crate) date_offset: i64,
    pub(crate) clock_offset: i64,
    pub(crate) instead: Option<Answer>,
    pub(crate) delivery: Delivery,
    pub(crate) names: Vec<&'static str>,
}

/// How an answer reaches the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Delivery {
    #[default]
    Whole,
    /// The connection closes without any answer.
    Lost,
    /// The connection closes after this many bytes of the body.
    Cut(usize),
    /// The connection is reset after this many bytes, the head included.
    Reset(usize),
    /// Two times.
    Twice,
    /// Nothing comes, and the connection stays.
    Never,
    /// In pieces of so many bytes, so many milliseconds apart.
    Drip(usize, u64),
}

/// The faults in force and what they remember.
#[derive(Default)]
pub(crate) struct Troubles {
    pub(crate) trouble: Trouble,
    /// Rows that have failed once, by a hash of them.
    pub(crate) failed_once: HashMap<u64, ()>,
}

impl Troubles {
    pub(crate) fn plan(&mut self, path: &str, chance: &mut Chance, over_socket: bool) -> Plan {
        let mut plan = Plan::default();
        for fault in &mut self.trouble.faults {
            // Over a socket, the connection itself cuts requests.
            let elsewhere = over_socket && fault.kind.request_cut().is_some();
            if !elsewhere && fault.strikes(path, chance) {
                plan.names.push(fault.kind.name());
                plan.add(&fault.kind);
            }
        }
        self.trouble.faults.retain(|fault| fault.count != Some(0));
        plan
    }
}

impl Plan {
    fn add(&mut self, kind: &FaultKind) {
        match kind {
            FaultKind::Down => self.down = true,
            FaultKind::NoName => (self.down, self.no_name) = (true, true),
            FaultKind::Slow { ms } => self.wait += Duration::from_millis(*ms),
            FaultKind::LoseAnswer => self.delivery = Delivery::Lost,
            FaultKind::LoseRequest | FaultKind::CutRequest { .. } | FaultKind::ResetRequest { .. } => {
                self.lose_request = true;
            }
            FaultKind::CutAnswer { at } => self.delivery = Delivery::Cut(*at),
            FaultKind::ResetAnswer { at } => self.delivery = Delivery::Reset(*at),
            FaultKind::AnswerTwice => self.delivery = Delivery::Twice,
            FaultKind::Stall => self.delivery = Delivery::Never,
            FaultKind::Drip { bytes, ms } => self.delivery = Delivery::Drip((*bytes).max(1), *ms),
            FaultKind::Twice => self.twice = true,
            FaultKind::Throttled { code, retry_after } => {
                self.reject = Some((Reject::new(429, throttle(code), throttle_words(code)), *retry_after));
            }
            FaultKind::Status { status, code, message } => {
                let mut answer = Answer::rejection(&Reject::new(*status, "", message.clone()));
                if message.is_empty() {
                    answer.headers.remove("x-ca-error-message");
                }
                if !code.is_empty() {
                    answer.set("x-ca-error-code", code);
                }
                self.instead = Some(answer);
            }
            FaultKind::Envelope { code, message } => self.refuse = Some(Refuse::new(*code, message.clone())),
            FaultKind::RefuseDoors { iot_ids, code } => {
                self.refused_doors = Some((iot_ids.iter().cloned().collect(), *code));
            }
            FaultKind::FailRows { rows_permille, once } => self.fail_rows = Some((*rows_permille, *once)),
            FaultKind::WrongDate { offset_ms } => self.date_offset += offset_ms,
            FaultKind::WrongClock { offset_ms } => {
                self.date_offset += offset_ms;
                self.clock_offset += offset_ms;
            }
            FaultKind::LoginPage => {
                let page = "<!doctype html><title>Log in to this network</title>";
                self.instead = Some(Answer::plain(200, "text/html; charset=utf-8", page.into()));
            }
            FaultKind::BrokenJson => {
                let half = "{\"code\":200,\"data\":{\"total\":";
                self.instead = Some(Answer::plain(200, "application/json;charset=UTF-8", half.into()));
            }
            FaultKind::Huge { bytes } => {
                let body = vec![b' '; *bytes];
                self.instead = Some(Answer::plain(200, "application/json;charset=UTF-8", body.into()));
            }
            FaultKind::Compressed => {
                let mut answer =
                    Answer::plain(200, "application/json;charset=UTF-8", vec![0x1f, 0x8b, 8, 0].into());
                answer.set("content-encoding", "gzip");
                self.instead = Some(answer);
            }
        }
    }
}

fn throttle(code: &str) -> &'static str {
    match code {
        "T429ID" => "T429ID",
        "T429IN" => "T429IN",
        "T429GR" => "T429GR",
        "T429PA" => "T429PA",
        "T429SR" => "T429SR",
        "T429MR" => "T429MR",
        _ => "T429PR",
    }
}

fn throttle_words(code: &str) -> &'static str {
    match code {
        "T429GR" => "Throttled by GROUP Flow Control",
        "T429PA" => "Throttled by APP Flow Control",
        "T429SR" => "Throttled by API Flow Control",
        "T429ID" => "Throttled by USER Flow Control",
        "T429MR" => "Throttled by DOMAIN Flow Control",
        _ => "Throttled by PLUGIN Flow Control",
    }
}
