-- Which passes were printed. What stood on the paper is not kept.

CREATE TABLE receipt (
    pass     TEXT    PRIMARY KEY REFERENCES pass (id),
    times    INTEGER NOT NULL CHECK (times >= 1),  -- how often, or may have been
    asked_at INTEGER NOT NULL                      -- when it was asked for last; before anything went to the printer
) STRICT, WITHOUT ROWID;
