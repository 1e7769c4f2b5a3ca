//! What an audit finds.

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// Somebody was told of something that is gone, or the gateway never heard of it.
    Lost,
    /// Something happened more often than it was asked for.
    Doubled,
    /// The gateway heard of things in an order in which they were not decided.
    Reordered,
    /// A right at a door that belongs to nobody.
    Orphan,
    /// What was taken back counts again.
    Resurrected,
    /// A door opened after its press was over.
    Late,
    /// Somebody was told what is not so.
    Untrue,
    /// The journal has a gap.
    Gap,
    /// Something waits for ever.
    Stuck,
    /// The victim ended by itself.
    Fell,
}

/// One thing that is wrong, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub wrong: Wrong,
    /// In words.
    pub words: String,
}

/// What was found, as it is gathered.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// Adds one.
    pub fn add(&mut self, wrong: Wrong, words: impl Into<String>) {
        self.0.push(Finding { wrong, words: words.into() });
    }

    /// Adds one unless it is as it should be.
    pub fn expect(&mut self, good: bool, wrong: Wrong, words: impl FnOnce() -> String) {
        if !good {
            self.add(wrong, words());
        }
    }
}
