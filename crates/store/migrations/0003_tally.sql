-- A start does not read a hundred thousand rows: how many are open is kept in the row of the desk, which every change
-- writes anyway, and what an earlier process was sending is found by an index, as is what is of no use any more.

-- The row of the desk is there from the start; its id comes with the first process that speaks for it.
INSERT INTO desk (only, id, epoch, sequence) SELECT 1, '', 0, 0 WHERE NOT EXISTS (SELECT 1 FROM desk);
ALTER TABLE desk ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;  -- rows of the outbox that wait or are on their way
ALTER TABLE desk ADD COLUMN wedged INTEGER NOT NULL DEFAULT 0;   -- rows of the outbox that were set aside
UPDATE desk SET waiting = (SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')),
                wedged = (SELECT count(*) FROM outbox WHERE state = 'wedged');

CREATE TRIGGER outbox_came AFTER INSERT ON outbox BEGIN
    UPDATE desk SET waiting = waiting + (NEW.state IN ('waiting', 'sending')), wedged = wedged + (NEW.state = 'wedged');
END;
CREATE TRIGGER outbox_moved AFTER UPDATE OF state ON outbox
WHEN (OLD.state IN ('waiting', 'sending')) <> (NEW.state IN ('waiting', 'sending'))
  OR (OLD.state = 'wedged') <> (NEW.state = 'wedged') BEGIN
    UPDATE desk SET waiting = waiting + (NEW.state IN ('waiting', 'sending')) - (OLD.state IN ('waiting', 'sending')),
                    wedged = wedged + (NEW.state = 'wedged') - (OLD.state = 'wedged');
END;
CREATE TRIGGER outbox_went AFTER DELETE ON outbox WHEN OLD.state IN ('waiting', 'sending', 'wedged') BEGIN
    UPDATE desk SET waiting = waiting - (OLD.state IN ('waiting', 'sending')), wedged = wedged - (OLD.state = 'wedged');
END;

CREATE INDEX outbox_sending ON outbox (epoch) WHERE state = 'sending';
CREATE INDEX outbox_over ON outbox (not_after)
    WHERE state IN ('waiting', 'sending', 'wedged') AND not_after IS NOT NULL;
