-- Staff: accounts, the tries to sign in, and who pressed and held.

CREATE TABLE staff (
    id       TEXT    PRIMARY KEY,         -- UUIDv7
    name     TEXT    NOT NULL UNIQUE,     -- chosen from a list to sign in; never in the journal
    role     TEXT    NOT NULL CHECK (role IN ('reception', 'guard', 'supervisor', 'admin')),
    secret   TEXT    NOT NULL,            -- of the PIN or passphrase: Argon2id with salt and cost, as a PHC string
    disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),  -- an account is never removed: the journal names it
    version  INTEGER NOT NULL,            -- raised by every change; ends the sessions of the account
    made_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE staff_try (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT    NOT NULL,             -- the id, or of a name that nobody has a hash that tells nothing
    passed  INTEGER NOT NULL,             -- staff_time.passed when it began, written before the secret is looked at
    state   TEXT    NOT NULL CHECK (state IN ('asked', 'wrong', 'right'))  -- asked: nobody knows the end; counts as wrong
) STRICT;
CREATE INDEX staff_try_of ON staff_try (account, id);

-- How much time certainly passed on this PC, in milliseconds: while it was up, whatever its wall clock was set to.
CREATE TABLE staff_time (
    only   INTEGER PRIMARY KEY CHECK (only = 1),
    boot   TEXT    NOT NULL,              -- the start of the PC
    up     INTEGER NOT NULL,              -- for how long it was up when last looked
    passed INTEGER NOT NULL
) STRICT;

ALTER TABLE press ADD COLUMN staff TEXT;        -- the account that pressed; none while there are no accounts
ALTER TABLE hold ADD COLUMN staff TEXT;
ALTER TABLE hold ADD COLUMN approved_by TEXT;   -- the account that said so, where whoever held may not alone
