//! SQLite: the ledger, the outbox and the journal of one desk.
