//! A map that also keeps the order in which its rows came, so that pages stay where they are while rows are added.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::ops::RangeBounds;

pub(crate) struct Ordered<K, V> {
    rows: BTreeMap<K, (u64, V)>,
    /// Numbers and keys, oldest first. Numbers only grow, so a row is found in it by halving.
    order: Vec<(u64, K)>,
    next: u64,
}

impl<K, V> Default for Ordered<K, V> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), order: Vec::new(), next: 0 }
    }
}

impl<K: Ord + Clone, V> Ordered<K, V> {
    /// Adds a row at the end, or changes one where it stands.
    pub(crate) fn set(&mut self, key: K, value: V) {
        if let Some(row) = self.rows.get_mut(&key) {
            row.1 = value;
            return;
        }
        self.order.push((self.next, key.clone()));
        self.rows.insert(key, (self.next, value));
        self.next += 1;
    }

    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        let Some((number, _)) = self.rows.remove(key) else { return false };
        if let Ok(at) = self.order.binary_search_by_key(&number, |row| row.0) {
            self.order.remove(at);
        }
        true
    }

    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.rows.get(key).map(|row| &row.1)
    }

    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.rows.get_mut(key).map(|row| &mut row.1)
    }

    pub(crate) fn range<R: RangeBounds<K>>(&self, range: R) -> impl Iterator<Item = (&K, &V)> {
        self.rows.range(range).map(|(key, row)| (key, &row.1))
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// The rows of a page, from one.
    pub(crate) fn page(&self, size: u32, number: u32) -> impl Iterator<Item = (&K, &V)> {
        let from = (size as usize).saturating_mul(number as usize - 1).min(self.order.len());
        let until = from.saturating_add(size as usize).min(self.order.len());
        self.order[from..until].iter().filter_map(|(_, key)| self.rows.get(key).map(|row| (key, &row.1)))
    }
}

#[cfg(test)]
mod tests {
    use super::Ordered;

    #[test]
    fn pages_keep_their_place_while_rows_are_added_and_changed() {
        let mut rows = Ordered::default();
        for n in [5, 3, 9, 1] {
            rows.set(n, n * 10);
        }
        rows.set(3, 33);
        let page =
            |rows: &Ordered<i32, i32>, number| rows.page(2, number).map(|(_, v)| *v).collect::<Vec<_>>();
        assert_eq!((page(&rows, 1), page(&rows, 2), page(&rows, 3)), (vec![50, 33], vec![90, 10], vec![]));
        assert!(rows.remove(&3) && !rows.remove(&3));
        assert_eq!((page(&rows, 1), rows.len()), (vec![50, 90], 3));
    }
}
