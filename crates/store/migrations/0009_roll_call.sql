-- Roll calls: who was seen outside after everybody had to leave. Who has to be there is read off the visits.

CREATE TABLE roll_call (
    id       TEXT    PRIMARY KEY,         -- random UUID
    begun_at INTEGER NOT NULL,
    ended_at INTEGER                      -- none while it is under way
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX roll_call_open ON roll_call (ended_at IS NULL) WHERE ended_at IS NULL;  -- one at a time

CREATE TABLE roll_call_tick (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,  -- in which order, so that the newest can be taken back
    roll_call TEXT    NOT NULL REFERENCES roll_call (id),
    visit     TEXT    NOT NULL REFERENCES visit (id) ON DELETE CASCADE,
    at        INTEGER NOT NULL,
    UNIQUE (roll_call, visit)
) STRICT;
CREATE INDEX roll_call_tick_of ON roll_call_tick (visit);
