-- The ledger of one desk: who came, which passes they hold, which doors were pressed, and what the gateway has
-- still to be told. Times are milliseconds since 1970-01-01 00:00:00 UTC unless a comment says otherwise.

CREATE TABLE desk (
    only       INTEGER PRIMARY KEY CHECK (only = 1),
    id         TEXT    NOT NULL,  -- random UUID; a copied or restored file must get a new epoch before it writes
    epoch      INTEGER NOT NULL,  -- raised by one at every start of a process that dispatches
    sequence   INTEGER NOT NULL   -- number of the newest journal row; gap-free within the desk
) STRICT;

CREATE TABLE visitor (
    id         TEXT    PRIMARY KEY,       -- UUIDv7
    identity   TEXT    NOT NULL UNIQUE,   -- identityId at the service; random, chosen here
    name       TEXT    NOT NULL,          -- as typed; never leaves the building
    phone      TEXT    NOT NULL,          -- digits, perhaps with a leading +
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE visit (
    id         TEXT    PRIMARY KEY,       -- UUIDv7
    visitor    TEXT    NOT NULL REFERENCES visitor (id),
    host       TEXT    NOT NULL,          -- whom they visit, as typed; may be empty
    form       TEXT    NOT NULL UNIQUE,   -- the form instance it came from: a form sent twice is one visit
    came_at    INTEGER NOT NULL,
    left_at    INTEGER                    -- none while the visitor is here
) STRICT, WITHOUT ROWID;
CREATE INDEX visit_by_time ON visit (came_at);
CREATE INDEX visit_by_visitor ON visit (visitor);

CREATE TABLE pass (
    id            TEXT    PRIMARY KEY,    -- UUIDv7
    visitor       TEXT    NOT NULL REFERENCES visitor (id),
    visit         TEXT    NOT NULL REFERENCES visit (id),
    code          TEXT    UNIQUE,         -- the text in the QR code, exactly as the service gave it; none until then
    short_code    TEXT    NOT NULL UNIQUE,-- eight letters for the human voice; random, known to this desk only
    starts_at     INTEGER NOT NULL,       -- first moment that counts
    ends_at       INTEGER NOT NULL,       -- first moment that no longer counts
    scan_times    INTEGER NOT NULL CHECK (scan_times >= 1),
    scan_scope    TEXT    NOT NULL CHECK (scan_scope IN ('eachDoor', 'together')),
    state         TEXT    NOT NULL CHECK (state IN ('active', 'revoked')),
    issued_at     INTEGER NOT NULL,
    revoked_at    INTEGER,
    first_seen_at INTEGER,                -- when it was first let in at this desk
    doubtful_at   INTEGER                 -- when a grant of it was last sent without a clear answer: for 15 minutes the
                                          -- gateway may still take it, so a removal is repeated after that
) STRICT, WITHOUT ROWID;
CREATE INDEX pass_by_visit ON pass (visit);
CREATE INDEX pass_by_end ON pass (ends_at) WHERE state = 'active';

CREATE TABLE pass_door (
    pass       TEXT    NOT NULL REFERENCES pass (id),
    door       TEXT    NOT NULL,          -- iotId
    position   INTEGER NOT NULL,          -- order of the visit
    readiness  TEXT    NOT NULL CHECK (readiness IN ('waiting', 'ready', 'failed', 'removing', 'removed')),
    said       TEXT,                      -- what the service last said of this door, for staff
    PRIMARY KEY (pass, door)
) STRICT, WITHOUT ROWID;

CREATE TABLE press (
    id         TEXT    PRIMARY KEY,       -- UUIDv7
    door       TEXT    NOT NULL,          -- iotId
    asked_at   INTEGER NOT NULL,          -- wall clock, for people; the deadline is monotonic and not stored
    epoch      INTEGER NOT NULL,          -- the process that asked; after a restart nobody may send it
    station    TEXT    NOT NULL,
    reason     TEXT    NOT NULL CHECK (reason IN ('visitor', 'delivery', 'staff', 'other')),
    state      TEXT    NOT NULL CHECK (state IN ('asked', 'accepted', 'refused', 'unknown')),
    why        TEXT,                      -- failure code, where it was refused or is unknown
    settled_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX press_by_time ON press (asked_at);

CREATE TABLE hold (
    id         TEXT    PRIMARY KEY,       -- UUIDv7
    door       TEXT    NOT NULL,          -- iotId
    station    TEXT    NOT NULL,          -- who holds it
    asked_at   INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,          -- every hold has an end
    epoch      INTEGER NOT NULL,          -- the process that asked; a restart ends it
    state      TEXT    NOT NULL CHECK (state IN ('asked', 'open', 'closing', 'closed')),
    closed_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX hold_of_door ON hold (door) WHERE state <> 'closed';  -- a door is held once or not at all

CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- order in which things were decided here
    lane        TEXT    NOT NULL,         -- rows of one lane go out one after the other
    after       INTEGER REFERENCES outbox (id),     -- a row of another lane that must be done first
    kind        TEXT    NOT NULL CHECK (kind IN ('registerVisitor', 'generateCode', 'grantPass', 'removePass',
                                      'closeHold')),
    version     INTEGER NOT NULL,         -- of the meaning of kind and subject; a migration never drops a row
    subject     TEXT    NOT NULL,         -- the visitor, pass or hold it is about; the call is made from the ledger when sent
    urgent      INTEGER NOT NULL CHECK (urgent IN (0, 1, 2)),  -- 2: closing a door goes before everything; 1: taking a
                                          -- right away overtakes giving one
    state       TEXT    NOT NULL CHECK (state IN ('waiting', 'sending', 'done', 'wedged', 'superseded')),
    epoch       INTEGER,                  -- the process that is sending it
    taken       INTEGER NOT NULL,         -- how often it was taken up: from 1 on something may have left this PC
    attempts    INTEGER NOT NULL,         -- how often it was tried; an attempt that certainly never left does not count
    held        INTEGER NOT NULL CHECK (held IN (0, 1)),  -- waits only for the connection, and goes when that is back
    created_at  INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    not_after   INTEGER,                  -- of no use to anybody from then on; not sent, and not counted as waiting
    last_answer TEXT                      -- what came back last: a code and the service's words, no visitor data
) STRICT;
CREATE INDEX outbox_open ON outbox (lane, id) WHERE state IN ('waiting', 'sending', 'wedged');
CREATE INDEX outbox_subject ON outbox (subject, kind);

CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY,         -- desk.sequence when it was written
    epoch    INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL,            -- what happened, such as passIssued
    subject  TEXT    NOT NULL,            -- whom or what it is about: an id, never a name
    detail   TEXT    NOT NULL             -- JSON; no names, phone numbers or codes
) STRICT;

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
