-- Whom people visit, who is expected, what visitors agreed to, and who called for help.

CREATE TABLE host (
    id         TEXT    PRIMARY KEY,       -- chosen by whoever keeps the directory, such as a staff number
    name       TEXT    NOT NULL,
    department TEXT    NOT NULL,          -- may be empty
    phone      TEXT    NOT NULL,          -- may be empty
    email      TEXT    NOT NULL,          -- may be empty
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a host is found by: each word from its beginning.
CREATE TABLE host_word (
    word TEXT NOT NULL,                   -- folded: the name, its parts, its pinyin and its initials
    host TEXT NOT NULL REFERENCES host (id) ON DELETE CASCADE,
    PRIMARY KEY (word, host)
) STRICT, WITHOUT ROWID;
CREATE INDEX host_word_by_host ON host_word (host);

ALTER TABLE visit ADD COLUMN known_host TEXT REFERENCES host (id) ON DELETE SET NULL;  -- whom, where the directory knows
CREATE INDEX visit_by_known_host ON visit (known_host) WHERE known_host IS NOT NULL;
ALTER TABLE visit ADD COLUMN asks_host INTEGER NOT NULL DEFAULT 0 CHECK (asks_host IN (0, 1));  -- did not know whom
CREATE INDEX visitor_by_phone ON visitor (phone) WHERE phone <> '';

CREATE TABLE invitation (
    id         TEXT    PRIMARY KEY,       -- UUIDv7
    short_code TEXT    NOT NULL UNIQUE,   -- as that of a pass; in the QR picture too
    name       TEXT    NOT NULL,          -- of whom it is for
    phone      TEXT    NOT NULL,          -- may be empty
    host       TEXT    NOT NULL,          -- may be empty
    doors      TEXT,                      -- JSON: iotIds; none for those of the settings
    starts_at  INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('open', 'used', 'revoked')),
    made_at    INTEGER NOT NULL,
    ended_at   INTEGER,                   -- when it was used or revoked
    visit      TEXT    REFERENCES visit (id)  -- what it was used for
) STRICT, WITHOUT ROWID;
CREATE INDEX invitation_by_end ON invitation (ends_at);

CREATE TABLE agreement (
    visit     TEXT    PRIMARY KEY REFERENCES visit (id),
    version   TEXT    NOT NULL,           -- of the text, as the settings call it
    language  TEXT    NOT NULL,
    text_hash TEXT    NOT NULL,           -- SHA-256 over what was shown, in hexadecimal digits
    kind      TEXT    NOT NULL CHECK (kind IN ('drawn', 'typed')),
    signature TEXT    NOT NULL CHECK (length(signature) <= 65536),  -- drawn: strokes as JSON; typed: the name
    at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE help (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    seen_at INTEGER                       -- none until somebody said that they are coming
) STRICT;
CREATE INDEX help_open ON help (at) WHERE seen_at IS NULL;
