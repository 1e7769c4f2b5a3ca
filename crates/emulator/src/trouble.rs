//! What can go wrong, scripted: each fault says what, on which path, how often, and with what chance.
//!
//! Faults combine: all that apply to a call take effect together. Chance is drawn from the emulator's seed, so the
//! same calls in the same order meet the same faults.
//!
//! What works where (tested on all three roads, `tests/it`, where no cell says otherwise):
//!
//! | fault | in process | over a socket | over TLS |
//! |---|---|---|---|
//! | `down` | no connection, nothing sent | the connection closes unanswered; with `vanishes` (`--admin`) nobody listens: refused | as over a socket |
//! | `noName` | the name is not found | as `down`: a listener cannot take its own name away | as `down` |
//! | `slow`, `drip`, `loseAnswer`, `loseRequest`, `cutAnswer` | yes | yes | yes |
//! | `stall` | ends when the client's patience would, 12 s or 20 s; not tested, because it takes so long | yes | yes |
//! | `cutRequest`, `resetRequest` | as `loseRequest` | after so many bytes of a new connection | those bytes are TLS's, so the handshake can be cut too |
//! | `resetAnswer` | nothing of the answer arrives | a real RST after so many bytes | a real RST, the bytes are TLS's |
//! | `answerTwice` | once: without a connection there is none on which a second could come | yes | yes |
//! | `twice`, `throttled`, `status`, `envelope`, `refuseDoors`, `failRows`, `wrongDate`, `wrongClock`, `loginPage`, `brokenJson`, `huge`, `compressed` | yes | yes | yes |
//! | a certificate that has expired, is for another name or from a foreign authority | no | no | whatever certificate [`crate::ServerTls`] is given |

pub(crate) mod plan;

use serde::{Deserialize, Serialize};

use crate::state::chance::Chance;

/// All faults in force.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Trouble {
    /// The faults.
    pub faults: Vec<Fault>,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// What happens.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// Only calls whose path ends so; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// How many more times; until it is taken away when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// How many fitting calls pass before it begins.
    #[serde(default)]
    pub after: u32,
    /// The chance in a thousand; always when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permille: Option<u16>,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FaultKind {
    /// The network is gone. In process nothing is sent; over a socket the connection is closed unanswered (the
    /// admin pages stay reachable on the same port).
    Down,
    /// The gateway's name is not found. Only in process can that be played; over a socket the network is gone.
    NoName,
    /// Every answer takes this much longer.
    Slow {
        /// Milliseconds.
        ms: u64,
    },
    /// The call is carried out, its answer never arrives.
    LoseAnswer,
    /// The connection closes before the call is carried out.
    LoseRequest,
    /// The connection closes after this many bytes of the request were read.
    CutRequest {
        /// Bytes.
        at: usize,
    },
    /// The connection closes after this many bytes of the answer's body. The call was carried out.
    CutAnswer {
        /// Bytes.
        at: usize,
    },
    /// The connection is reset (RST) after this many bytes of the request were read, instead of closed.
    ResetRequest {
        /// Bytes.
        at: usize,
    },
    /// The connection is reset after this many bytes of the answer, its head included (of TLS, where that is spoken).
    /// The call was carried out. In process, where an answer has no head, nothing of it arrives.
    ResetAnswer {
        /// Bytes.
        at: usize,
    },
    /// The call is carried out, the connection stays open, nothing comes.
    Stall,
    /// The answer comes in small pieces.
    Drip {
        /// Bytes a piece.
        bytes: usize,
        /// Milliseconds between pieces.
        ms: u64,
    },
    /// The call is carried out twice.
    Twice,
    /// The call is carried out once, and its answer comes twice on the same connection: a client that keeps the
    /// connection could take the second for the answer to its next call. In process it comes once.
    AnswerTwice,
    /// Too many requests.
    Throttled {
        /// `T429PR` and its like.
        #[serde(default = "plugin")]
        code: String,
        /// Seconds for `Retry-After`; the real gateway was never seen to send it.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// A refusal or a failure of the gateway.
    Status {
        /// The status.
        status: u16,
        /// `x-ca-error-code`.
        #[serde(default)]
        code: String,
        /// `x-ca-error-message`.
        #[serde(default)]
        message: String,
    },
    /// A refusal by the service.
    Envelope {
        /// Its code.
        code: i64,
        /// Its words.
        #[serde(default)]
        message: String,
    },
    /// Doors that refuse a QR code, each with this code.
    RefuseDoors {
        /// The doors; all when empty.
        #[serde(default)]
        iot_ids: Vec<String>,
        /// The per-door code.
        code: i64,
    },
    /// Rows of a batch that fail.
    FailRows {
        /// How many in a thousand.
        rows_permille: u16,
        /// Each row at most once.
        #[serde(default)]
        once: bool,
    },
    /// The `Date` of answers is off.
    WrongDate {
        /// Milliseconds; positive for later.
        offset_ms: i64,
    },
    /// The gateway's own clock is off: `Date` and the check of timestamps.
    WrongClock {
        /// Milliseconds; positive for later.
        offset_ms: i64,
    },
    /// A log-in page instead of an answer.
    LoginPage,
    /// An answer that is not whole JSON.
    BrokenJson,
    /// An answer of this many bytes.
    Huge {
        /// Bytes.
        bytes: usize,
    },
    /// A small answer that says it is compressed.
    Compressed,
}

fn plugin() -> String {
    "T429PR".into()
}

impl Trouble {
    /// No trouble.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The network is gone.
    #[must_use]
    pub fn down() -> Self {
        Self::none().and(FaultKind::Down.always())
    }

    /// With one more fault.
    #[must_use]
    pub fn and(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }
}

impl FaultKind {
    /// On every call until taken away.
    #[must_use]
    pub fn always(self) -> Fault {
        Fault { kind: self, path: None, count: None, after: 0, permille: None }
    }

    /// On the next `count` calls.
    #[must_use]
    pub fn times(self, count: u32) -> Fault {
        Fault { count: Some(count), ..self.always() }
    }

    /// After how many bytes a request breaks off, and whether by a reset.
    pub(crate) fn request_cut(&self) -> Option<(usize, bool)> {
        match self {
            Self::CutRequest { at } => Some((*at, false)),
            Self::ResetRequest { at } => Some((*at, true)),
            _ => None,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::NoName => "noName",
            Self::Slow { .. } => "slow",
            Self::LoseAnswer => "loseAnswer",
            Self::LoseRequest => "loseRequest",
            Self::CutRequest { .. } => "cutRequest",
            Self::CutAnswer { .. } => "cutAnswer",
            Self::ResetRequest { .. } => "resetRequest",
            Self::ResetAnswer { .. } => "resetAnswer",
            Self::Stall => "stall",
            Self::Drip { .. } => "drip",
            Self::Twice => "twice",
            Self::AnswerTwice => "answerTwice",
            Self::Throttled { .. } => "throttled",
            Self::Status { .. } => "status",
            Self::Envelope { .. } => "envelope",
            Self::RefuseDoors { .. } => "refuseDoors",
            Self::FailRows { .. } => "failRows",
            Self::WrongDate { .. } => "wrongDate",
            Self::WrongClock { .. } => "wrongClock",
            Self::LoginPage => "loginPage",
            Self::BrokenJson => "brokenJson",
            Self::Huge { .. } => "huge",
            Self::Compressed => "compressed",
        }
    }
}

impl Fault {
    /// Only on calls whose path ends so.
    #[must_use]
    pub fn on(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Only after this many fitting calls.
    #[must_use]
    pub fn after(mut self, calls: u32) -> Self {
        self.after = calls;
        self
    }

    /// Whether it strikes this call; counts down.
    fn strikes(&mut self, path: &str, chance: &mut Chance) -> bool {
        if self.count == Some(0) || self.path.as_ref().is_some_and(|end| !path.ends_with(end.as_str())) {
            return false;
        }
        if self.permille.is_some_and(|permille| chance.below(1000) >= usize::from(permille)) {
            return false;
        }
        if self.after > 0 {
            self.after -= 1;
            return false;
        }
        self.count = self.count.map(|count| count - 1);
        true
    }
}
