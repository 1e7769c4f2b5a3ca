-- The journal is a chain: each entry is bound to all before it by a MAC, and the desk's row says which is the newest.

ALTER TABLE journal ADD COLUMN mac BLOB;  -- 4 bytes that name the key, zeros for none, and HMAC-SHA256 over desk.mac as it
                                          -- was before and the other columns; none for entries older than the chain
ALTER TABLE desk ADD COLUMN mac BLOB;     -- that of the newest entry, and HMAC-SHA256 over it with the same key
