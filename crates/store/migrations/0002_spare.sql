-- Spare passes: prepared while the gateway can be reached, given out while it cannot. And told rows can be thrown away.

CREATE TABLE spare (
    id          TEXT    PRIMARY KEY,      -- UUIDv7
    identity    TEXT    NOT NULL UNIQUE,  -- identityId at the service; becomes that of the visitor who gets it
    doors       TEXT    NOT NULL,         -- JSON: iotIds in the order of a visit
    starts_at   INTEGER NOT NULL,
    ends_at     INTEGER NOT NULL,
    scan_times  INTEGER NOT NULL CHECK (scan_times >= 1),
    scan_scope  TEXT    NOT NULL CHECK (scan_scope IN ('eachDoor', 'together')),
    code        BLOB,                     -- the text in the QR code, sealed with a key that is not in this file
    state       TEXT    NOT NULL CHECK (state IN ('preparing', 'ready', 'removing')),
    made_at     INTEGER NOT NULL,
    doubtful_at INTEGER                   -- when its grant was last sent without a clear answer; see pass.doubtful_at
) STRICT, WITHOUT ROWID;

-- Came of a spare: the readers knew its code before the visitor came.
ALTER TABLE pass ADD COLUMN spare INTEGER NOT NULL DEFAULT 0 CHECK (spare IN (0, 1));

-- The same table with more kinds; every row is carried over. Foreign keys are off while a file changes its format.
CREATE TABLE outbox_new (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- order in which things were decided here
    lane        TEXT    NOT NULL,         -- rows of one lane go out one after the other
    after       INTEGER REFERENCES outbox (id) ON DELETE SET NULL,  -- a row of another lane that must be done first
    kind        TEXT    NOT NULL CHECK (kind IN ('registerVisitor', 'generateCode', 'grantPass', 'removePass',
                                      'narrowPass', 'closeHold', 'prepareSpare', 'removeSpare')),
    version     INTEGER NOT NULL,         -- of the meaning of kind and subject; a migration never drops a row
    subject     TEXT    NOT NULL,         -- the visitor, pass, hold or spare it is about; the call is made from the ledger
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
INSERT INTO outbox_new SELECT id, lane, after, kind, version, subject, urgent, state, epoch, taken, attempts, held,
                              created_at, next_try_at, not_after, last_answer FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_open ON outbox (lane, id) WHERE state IN ('waiting', 'sending', 'wedged');
CREATE INDEX outbox_turn ON outbox (urgent DESC, id) WHERE state IN ('waiting', 'sending', 'wedged');
CREATE INDEX outbox_subject ON outbox (subject, kind);
CREATE INDEX outbox_after ON outbox (after) WHERE after IS NOT NULL;
CREATE INDEX outbox_ended ON outbox (created_at) WHERE state IN ('done', 'superseded');
