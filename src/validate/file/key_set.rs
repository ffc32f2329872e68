//! A set of keys in one stretch of bytes: what a foreign key may refer to.
//!
//! An entry costs its bytes and eight more; looking one up is a hash, mostly one comparison, and no allocation.

/// Keys, each once.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    /// Position of the key plus one; 0 where there is none. A power of two of them, at most half in use.
    slots: Vec<u32>,
}

impl KeySet {
    #[must_use]
    pub fn contains(&self, key: &[u8]) -> bool {
        !self.slots.is_empty() && self.slots[self.slot_of(key)] != 0
    }

    /// Adds a key; false where it was there already.
    pub fn insert(&mut self, key: &[u8]) -> bool {
        if self.slots.len() < (self.ends.len() + 1) * 2 {
            self.grow();
        }
        let slot = self.slot_of(key);
        if self.slots[slot] != 0 {
            return false;
        }
        self.bytes.extend_from_slice(key);
        self.ends.push(self.bytes.len() as u32);
        self.slots[slot] = self.ends.len() as u32;
        true
    }

    fn key(&self, position: usize) -> &[u8] {
        let start = if position == 0 { 0 } else { self.ends[position - 1] as usize };
        &self.bytes[start..self.ends[position] as usize]
    }

    /// The slot of a key, or the free one where it belongs.
    fn slot_of(&self, key: &[u8]) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash(key) as usize & mask;
        while self.slots[slot] != 0 && self.key(self.slots[slot] as usize - 1) != key {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(64)];
        for position in 0..self.ends.len() {
            let slot = self.slot_of(self.key(position));
            self.slots[slot] = position as u32 + 1;
        }
    }
}

/// A fast hash of short keys; nothing depends on its order.
#[must_use]
pub fn hash(key: &[u8]) -> u64 {
    let mut state = key.len() as u64;
    let (words, tail) = key.as_chunks::<8>();
    let mut last = [0; 8];
    last[..tail.len()].copy_from_slice(tail);
    for word in words.iter().chain([&last]) {
        state = (state.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    state ^ (state >> 29)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_holds_what_was_put_into_it_and_nothing_else(keys in prop::collection::vec("[a-c]{0,10}", 0..200), others in prop::collection::vec("[a-c]{0,10}", 0..50)) {
            let mut set = KeySet::default();
            let mut known = BTreeSet::new();
            for key in &keys {
                prop_assert_eq!(set.insert(key.as_bytes()), known.insert(key.clone()));
            }
            prop_assert_eq!(set.ends.len(), known.len());
            for key in keys.iter().chain(&others) {
                prop_assert_eq!(set.contains(key.as_bytes()), known.contains(key));
            }
        }
    }
}
