//! Which values the rows of a table have in some columns, in eight bytes a value: for references, of which a table may have many.
//!
//! In: rows in any order. Out: the hashes of their values, each once. Values that are told apart by sixty-four bits are taken for two.

use twox_hash::XxHash64;

use super::dataset::Row;

/// Hashes of values, each once.
#[derive(Debug, Default)]
pub struct Hashes {
    hashes: Vec<u64>,
    /// How many of them are in order.
    sorted: usize,
    last: Option<u64>,
}

impl Hashes {
    pub fn add(&mut self, hash: u64) {
        // Neighbours often refer to one thing.
        if self.last.replace(hash) != Some(hash) {
            self.hashes.push(hash);
        }
        if self.hashes.len() > 2 * self.sorted + 1024 {
            self.sort();
        }
    }

    /// To be called when all have been added.
    pub fn sort(&mut self) {
        self.hashes.sort_unstable();
        self.hashes.dedup();
        self.sorted = self.hashes.len();
    }

    #[must_use]
    pub fn has(&self, hash: u64) -> bool {
        self.place(hash).is_some()
    }

    /// Where a hash stands among those that are in order.
    #[must_use]
    pub fn place(&self, hash: u64) -> Option<usize> {
        self.hashes[..self.sorted].binary_search(&hash).ok()
    }

    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.hashes.iter().copied()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Keeps those of which the place is chosen.
    pub fn retain(&mut self, is_chosen: impl Fn(usize) -> bool) {
        let mut at = 0;
        self.hashes.retain(|_| {
            at += 1;
            is_chosen(at - 1)
        });
        self.sorted = self.hashes.len();
    }
}

/// The hash of the values of a row in some columns; none where one of them is empty.
pub fn hash_of(row: &Row, columns: &[usize], spelt: &mut Vec<u8>) -> Option<u64> {
    spelt.clear();
    for &at in columns {
        if row[at].is_null() {
            return None;
        }
        row[at].spell(spelt);
        spelt.push(0);
    }
    Some(XxHash64::oneshot(0, spelt))
}
