//! The tree of words as bytes: how it is laid out and how it is read.
//!
//! In: bytes that [`Growth`](super::growth::Growth) wrote, mostly the program's own read-only data. Out: numbers of words, steps down the tree
//! and what nodes are. Only what nodes are is made when the program starts.
//!
//! Behind four sizes: slots of words (where the word is spelled out, half its hash; zero is free), the words (number, length, letters), the
//! first step by the number of a word, the first child of each node and the end, the word that leads to each node, the first entry of each
//! node and the end. The children of a node stand in the order of their words.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::hash::{self, mask, u32_at, u64_at};
use super::tag::Tag;

/// How a name must be written in a text to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Spelling {
    /// Any case.
    Any,
    /// With a capital first.
    Capital,
    /// In capitals throughout.
    Upper,
}

/// One of the things that a run of words is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Entry {
    pub tag: Tag,
    pub spelling: Spelling,
}

/// The number of a word that no name and no wording has.
pub const UNKNOWN: u32 = 0;

/// Bytes of the sizes.
const SIZES: usize = 16;

/// Longest word that is compared as one number, in bytes.
pub const PACKED: usize = 16;

/// The sixteen bytes that begin with a word of ASCII letters or digits, from one to sixteen of them, as a number: the word in lower case.
#[must_use]
#[inline]
pub fn packed_lower(bytes: [u8; PACKED], length: usize) -> u128 {
    const SPACES: u128 = u128::from_le_bytes([b' '; PACKED]);
    // The bit that small letters have and capitals lack; digits have it too.
    (u128::from_le_bytes(bytes) | SPACES) & mask(length)
}

/// A tree of words.
#[derive(Clone, Debug)]
pub struct Tree {
    bytes: Cow<'static, [u8]>,
    slots: usize,
    /// Where each section starts.
    spelled: usize,
    roots: usize,
    firsts: usize,
    leads: usize,
    ranges: usize,
    /// How many words have a first step.
    words: u32,
    entries: Vec<Entry>,
}

impl Tree {
    /// The tree in `bytes`; none where they are none.
    #[must_use]
    pub fn over(bytes: Cow<'static, [u8]>) -> Option<Self> {
        if bytes.len() < SIZES {
            return None;
        }
        let [slots, length, words, nodes] = [0, 4, 8, 12].map(|at| u32_at(&bytes, at) as usize);
        let spelled = SIZES + 8 * slots;
        let roots = spelled + length;
        let firsts = roots + 4 * words;
        let leads = firsts + 4 * (nodes + 1);
        let ranges = leads + 4 * nodes;
        let entries = postcard::from_bytes(bytes.get(ranges + 4 * (nodes + 1)..)?).ok()?;
        Some(Self { bytes, slots, spelled, roots, firsts, leads, ranges, words: words as u32, entries })
    }

    /// The number of a word that is folded.
    #[must_use]
    pub fn word(&self, word: &str) -> u32 {
        let slots = &self.bytes[SIZES..self.spelled];
        let hash = hash::of(word.as_bytes());
        let mut at = hash as usize & (self.slots - 1);
        loop {
            let slot = u64_at(slots, 8 * at);
            if slot == 0 {
                return UNKNOWN;
            }
            if slot >> 32 == hash >> 32 {
                let start = self.spelled + (slot & 0xFFFF_FFFF) as usize;
                let letters = &self.bytes[start + 8..];
                if letters.get(..u32_at(&self.bytes, start + 4) as usize) == Some(word.as_bytes()) {
                    return u32_at(&self.bytes, start);
                }
            }
            at = (at + 1) & (self.slots - 1);
        }
    }

    /// The number of a word that is packed ([`packed_lower`]).
    #[must_use]
    #[inline]
    pub fn packed(&self, packed: u128, length: usize) -> u32 {
        let slots = &self.bytes[SIZES..self.spelled];
        let hash = hash::of_packed(packed, length);
        let mut at = hash as usize & (self.slots - 1);
        loop {
            let slot = u64_at(slots, 8 * at);
            if slot == 0 {
                return UNKNOWN;
            }
            if slot >> 32 == hash >> 32 {
                let start = self.spelled + (slot & 0xFFFF_FFFF) as usize;
                // Behind the last word stand other numbers: there are always sixteen bytes.
                let letters = self.bytes[start + 8..].first_chunk::<PACKED>();
                let is_same = letters.is_some_and(|letters| u128::from_le_bytes(*letters) & mask(length) == packed);
                if is_same && u32_at(&self.bytes, start + 4) as usize == length {
                    return u32_at(&self.bytes, start);
                }
            }
            at = (at + 1) & (self.slots - 1);
        }
    }

    /// One step down from a node, which is 0 at the top.
    #[must_use]
    #[inline]
    pub fn step(&self, node: u32, word: u32) -> Option<u32> {
        if node == 0 {
            // It is tried at every word of a text.
            return (word < self.words).then(|| self.number(self.roots, word)).filter(|&root| root != 0);
        }
        let (mut first, mut end) = (self.number(self.firsts, node), self.number(self.firsts, node + 1));
        while first < end {
            let middle = first.midpoint(end);
            match self.number(self.leads, middle).cmp(&word) {
                std::cmp::Ordering::Less => first = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => end = middle,
            }
        }
        None
    }

    /// What the words up to a node are.
    #[must_use]
    #[inline]
    pub fn entries(&self, node: u32) -> &[Entry] {
        &self.entries[self.number(self.ranges, node) as usize..self.number(self.ranges, node + 1) as usize]
    }

    fn number(&self, section: usize, at: u32) -> u32 {
        u32_at(&self.bytes, section + 4 * at as usize)
    }
}

/// The first free slot for a word.
pub(super) fn free_slot(slots: &[u8], word: &str) -> usize {
    let mask = slots.len() / 8 - 1;
    let mut at = hash::of(word.as_bytes()) as usize & mask;
    while u64_at(slots, 8 * at) != 0 {
        at = (at + 1) & mask;
    }
    at
}
