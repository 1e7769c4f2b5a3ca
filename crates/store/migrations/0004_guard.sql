-- How often a pass was let in at this desk, and what somebody opened a door for.

ALTER TABLE pass ADD COLUMN seen_times INTEGER NOT NULL DEFAULT 0;  -- how often it was let in at this desk
ALTER TABLE pass ADD COLUMN last_seen_at INTEGER;                   -- when it last was
UPDATE pass SET seen_times = 1, last_seen_at = first_seen_at WHERE first_seen_at IS NOT NULL;

ALTER TABLE press ADD COLUMN note TEXT;  -- what staff wrote to it, for the reason "other"; never leaves the building
