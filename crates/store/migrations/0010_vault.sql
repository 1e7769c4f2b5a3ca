-- What was typed, and what opens doors, is sealed: see vault.rs. Here it only gets columns that can hold it; the rows are
-- sealed afterwards, in steps, by a program that has the key. The service knows a person by one id for all their visits.

ALTER TABLE desk ADD COLUMN vault BLOB;     -- 4 bytes that name the key; none while nothing is sealed
ALTER TABLE desk ADD COLUMN unsealed TEXT;  -- how far the rows from before that key were gone through; none when all were

CREATE TABLE visitor_new (
    id         TEXT    PRIMARY KEY,       -- UUIDv7
    identity   TEXT    NOT NULL,          -- identityId at the service; follows from the phone number, or is random
    key        BLOB,                      -- of this visitor alone, wrapped; none where nothing of them is sealed
    about      BLOB    NOT NULL,          -- JSON: name and phone number as typed; never leaves the building
    phone      BLOB,                      -- what the number is looked up by; none without one
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO visitor_new SELECT id, identity, NULL, CAST(json_object('name', name, 'phone', phone) AS BLOB),
                               CAST(nullif(phone, '') AS BLOB), created_at FROM visitor;
DROP TABLE visitor;
ALTER TABLE visitor_new RENAME TO visitor;
CREATE INDEX visitor_by_phone ON visitor (phone) WHERE phone IS NOT NULL;
CREATE INDEX visitor_by_identity ON visitor (identity);

ALTER TABLE visit ADD COLUMN host_new BLOB NOT NULL DEFAULT x'';  -- whom they visit, as typed; with the visitor's key
UPDATE visit SET host_new = CAST(host AS BLOB);
ALTER TABLE visit DROP COLUMN host;
ALTER TABLE visit RENAME COLUMN host_new TO host;

CREATE TABLE pass_new (
    id            TEXT    PRIMARY KEY,    -- UUIDv7
    visitor       TEXT    NOT NULL,       -- that of the visit
    visit         TEXT    NOT NULL REFERENCES visit (id),
    code          BLOB,                   -- the text in the QR code, exactly as the service gave it; none until then
    code_index    BLOB    UNIQUE,         -- what it is looked up by
    short_code    BLOB    NOT NULL,       -- eight letters for the human voice; random, known to this desk only
    short_index   BLOB    NOT NULL UNIQUE,-- what they are looked up by
    starts_at     INTEGER NOT NULL,       -- first moment that counts
    ends_at       INTEGER NOT NULL,       -- first moment that no longer counts
    scan_times    INTEGER NOT NULL CHECK (scan_times >= 1),
    scan_scope    TEXT    NOT NULL CHECK (scan_scope IN ('eachDoor', 'together')),
    state         TEXT    NOT NULL CHECK (state IN ('active', 'revoked')),
    issued_at     INTEGER NOT NULL,
    revoked_at    INTEGER,
    first_seen_at INTEGER,                -- when it was first let in at this desk
    doubtful_at   INTEGER,                -- when a grant of it was last sent without a clear answer: for 15 minutes the
                                          -- gateway may still take it, so a removal is repeated after that
    spare         INTEGER NOT NULL DEFAULT 0 CHECK (spare IN (0, 1)),  -- its readers knew its code before it was one
    seen_times    INTEGER NOT NULL DEFAULT 0,                          -- how often it was let in at this desk
    last_seen_at  INTEGER                 -- when it last was
) STRICT, WITHOUT ROWID;
INSERT INTO pass_new SELECT id, visitor, visit, CAST(code AS BLOB), CAST(code AS BLOB), CAST(short_code AS BLOB),
                            CAST(short_code AS BLOB), starts_at, ends_at, scan_times, scan_scope, state, issued_at,
                            revoked_at, first_seen_at, doubtful_at, spare, seen_times, last_seen_at FROM pass;
DROP TABLE pass;
ALTER TABLE pass_new RENAME TO pass;
CREATE INDEX pass_by_visit ON pass (visit);
CREATE INDEX pass_by_end ON pass (ends_at) WHERE state = 'active';

CREATE TABLE invitation_new (
    id          TEXT    PRIMARY KEY,      -- UUIDv7
    about       BLOB    NOT NULL,         -- JSON: name, phone, host, short code; with a key of its own
    short_index BLOB    NOT NULL UNIQUE,  -- what the short code is looked up by
    doors       TEXT,                     -- JSON: iotIds; none for those of the settings
    starts_at   INTEGER NOT NULL,
    ends_at     INTEGER NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('open', 'used', 'revoked')),
    made_at     INTEGER NOT NULL,
    ended_at    INTEGER,                  -- when it was used or revoked
    visit       TEXT    REFERENCES visit (id)  -- what it was used for
) STRICT, WITHOUT ROWID;
INSERT INTO invitation_new
    SELECT id, CAST('p' || json_object('name', name, 'phone', phone, 'host', host, 'shortCode', short_code) AS BLOB),
           CAST(short_code AS BLOB), doors, starts_at, ends_at, state, made_at, ended_at, visit FROM invitation;
DROP TABLE invitation;
ALTER TABLE invitation_new RENAME TO invitation;
CREATE INDEX invitation_by_end ON invitation (ends_at);
CREATE INDEX invitation_by_visit ON invitation (visit) WHERE visit IS NOT NULL;

CREATE TABLE agreement_new (
    visit     TEXT    PRIMARY KEY REFERENCES visit (id),
    version   TEXT    NOT NULL,           -- of the text, as the settings call it
    language  TEXT    NOT NULL,
    text_hash TEXT    NOT NULL,           -- SHA-256 over what was shown, in hexadecimal digits
    kind      TEXT    NOT NULL CHECK (kind IN ('drawn', 'typed')),
    signature BLOB    NOT NULL CHECK (length(signature) <= 65600),  -- drawn: strokes as JSON; typed: the name; with the
                                                                    -- visitor's key
    at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO agreement_new SELECT visit, version, language, text_hash, kind, CAST(signature AS BLOB), at FROM agreement;
DROP TABLE agreement;
ALTER TABLE agreement_new RENAME TO agreement;

ALTER TABLE press ADD COLUMN note_new BLOB;  -- what staff wrote to it, with a key of its own; never leaves the building
UPDATE press SET note_new = CAST('p' || note AS BLOB) WHERE note IS NOT NULL;
ALTER TABLE press DROP COLUMN note;
ALTER TABLE press RENAME COLUMN note_new TO note;
CREATE INDEX press_noted ON press (asked_at) WHERE note IS NOT NULL;

-- What is left of visitors at the service goes the way of a spare that nobody needs: more than one may be of one person.
CREATE TABLE spare_new (
    id          TEXT    PRIMARY KEY,      -- UUIDv7
    identity    TEXT    NOT NULL,         -- identityId at the service; becomes that of the visitor who gets it
    doors       TEXT    NOT NULL,         -- JSON: iotIds in the order of a visit
    starts_at   INTEGER NOT NULL,
    ends_at     INTEGER NOT NULL,
    scan_times  INTEGER NOT NULL CHECK (scan_times >= 1),
    scan_scope  TEXT    NOT NULL CHECK (scan_scope IN ('eachDoor', 'together')),
    code        BLOB,                     -- the text in the QR code, sealed with a key that is not in this file
    state       TEXT    NOT NULL CHECK (state IN ('preparing', 'ready', 'removing')),
    made_at     INTEGER NOT NULL,
    doubtful_at INTEGER,                  -- when its grant was last sent without a clear answer; see pass.doubtful_at
    keeps_person INTEGER NOT NULL DEFAULT 0 CHECK (keeps_person IN (0, 1))  -- another desk may know the same person
) STRICT, WITHOUT ROWID;
INSERT INTO spare_new SELECT id, identity, doors, starts_at, ends_at, scan_times, scan_scope, code, state, made_at,
                             doubtful_at, 0 FROM spare;
DROP TABLE spare;
ALTER TABLE spare_new RENAME TO spare;
CREATE INDEX spare_by_identity ON spare (identity);
