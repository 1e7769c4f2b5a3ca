//! Throwing away what was told long ago.

use rusqlite::params;
use vestibule_domain::UtcMillis;

use crate::{Store, StoreError};

impl Store {
    /// Throws away told and unneeded rows from before `before`, at most `limit`, and says how many. Those of a pass stay
    /// until the pass is over: whether anything of it ever left is read off them.
    ///
    /// # Errors
    /// What the store says.
    pub fn compact(&self, before: UtcMillis, limit: u32) -> Result<usize, StoreError> {
        self.change_even_when_full(|tx| {
            Ok(tx
                .prepare_cached(
                    "DELETE FROM outbox WHERE id IN (
                         SELECT ended.id FROM outbox AS ended
                         WHERE ended.state IN ('done', 'superseded') AND ended.created_at < ?1
                           AND NOT EXISTS (SELECT 1 FROM pass WHERE pass.id = ended.subject AND pass.ends_at >= ?1)
                           AND NOT EXISTS (SELECT 1 FROM spare WHERE spare.id = ended.subject)
                           AND NOT EXISTS (SELECT 1 FROM outbox AS next WHERE next.after = ended.id
                                             AND next.state IN ('waiting', 'sending', 'wedged'))
                         LIMIT ?2)",
                )?
                .execute(params![before.0, limit])?)
        })
    }
}
