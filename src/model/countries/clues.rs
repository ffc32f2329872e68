//! Clues: which names a misspelt key can be.
//!
//! In: a folded key. Out: the hashes of a few parts of it of which a name within one edit, or two, has one as it is. One edit is in
//! one half of a name, so the other half is right; short names are compared with a letter left out on both sides. Of two edits the
//! first five letters hold at most one, or none stands behind. A small table has those parts of all names with the names that have
//! them: most of what is no name has none of them, and no distance is measured. It never leaves out what is near.

use super::hash::{LONGEST, mix, u64_at};

/// The bits of the filter before the table: most parts of keys are no parts of names, and end here.
pub const FILTER_BYTES: usize = 1 << 16;
/// The most names that the table has room for, of one part and of all.
pub const MOST_OF_ONE: usize = (1 << 12) - 1;
pub const MOST: usize = (1 << 20) - 1;
/// Keys up to this length, all in one number, are compared with a letter left out.
const SHORT: usize = 8;
/// The first letters of a name for two edits, and the shortest tail behind them.
const HEAD: usize = 5;
const TAIL: usize = 3;
/// The most parts of one key.
const PARTS: usize = 2 * (HEAD + TAIL) + 1;

/// A key with zeros behind it, so that eight letters can be read from any of its own.
#[derive(Clone, Debug)]
pub struct Letters {
    bytes: [u8; LONGEST + 16],
    len: usize,
}

impl Letters {
    /// No letters.
    pub const NONE: Letters = Letters { bytes: [0; LONGEST + 16], len: 0 };

    /// The letters of a key in ASCII that is not longer than names are.
    #[inline]
    pub fn of(key: &[u8]) -> Option<Self> {
        if key.len() > LONGEST || !key.is_ascii() {
            return None;
        }
        let mut letters = Letters { len: key.len(), ..Self::NONE };
        letters.bytes[..key.len()].copy_from_slice(key);
        Some(letters)
    }

    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Eight letters, zeros where there are none.
    #[inline]
    fn eight(&self, from: usize) -> u64 {
        u64_at(&self.bytes, from.min(LONGEST + 8))
    }

    /// Which letters there are, as bits; digits share some.
    #[inline]
    fn set(&self) -> u32 {
        letter_set(self.bytes())
    }
}

#[inline]
fn letter_set(key: &[u8]) -> u32 {
    key.iter().fold(0, |bits, byte| bits | 1 << (byte & 31))
}

/// What a part is.
#[derive(Clone, Copy)]
enum Part {
    LessOne = 1,
    FirstHalf,
    LastHalf,
    Head,
    HeadLessOne,
    Tail,
}

#[inline]
fn hash(first: u64, second: u64, part: Part) -> u64 {
    mix(first ^ second.wrapping_mul(0xA24B_AED4_963E_E407).rotate_left(29) ^ (part as u64) << 61)
}

/// The first letters of eight.
#[inline]
fn first(eight: u64, count: usize) -> u64 {
    if count >= 8 { eight } else { eight & ((1 << (8 * count)) - 1) }
}

/// Eight letters without the one at `at`.
#[inline]
fn less(eight: u64, at: usize) -> u64 {
    let before = (1 << (8 * at)) - 1;
    eight & before | eight >> 8 & !before
}

/// The part of a key before `end`; sixteen letters tell enough.
#[inline]
fn begin(of: &Letters, end: usize, part: Part) -> u64 {
    hash(first(of.eight(0), end), first(of.eight(8), end.saturating_sub(8)) ^ (end as u64) << 56, part)
}

/// The part of a key from `at` on.
#[inline]
fn end(of: &Letters, at: usize, part: Part) -> u64 {
    hash(of.eight(at), of.eight(at + 8) ^ ((of.len - at) as u64) << 56, part)
}

/// The byte of a hash in the filter, and its bit there.
#[inline]
pub fn filter_bit(hash: u64) -> (usize, u8) {
    (hash as usize & (FILTER_BYTES - 1), 1 << (hash >> 16 & 7))
}

/// What a part is told from others by in the table; of two with one tag, either has the names of both.
#[inline]
pub fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32 | 1
}

/// Where a tag begins to be looked for.
#[inline]
pub fn place(tag: u32) -> usize {
    tag as usize >> 1
}

/// A slot of the table, `first name 20 | count 12 | tag 32`; zero is empty.
pub fn slot(tag: u32, first: usize, count: usize) -> u64 {
    (first as u64) << 44 | (count as u64) << 32 | u64::from(tag)
}

/// The names of a slot: first, and first behind.
#[inline]
pub fn names(slot: u64) -> (usize, usize) {
    let first = (slot >> 44) as usize;
    (first, first + (slot >> 32 & 0xFFF) as usize)
}

/// A name in the lists of the table: its length, its letters and its number, to be told from a key without a look at it.
pub fn entry(name: &[u8], id: u16) -> u64 {
    (name.len() as u64) << 48 | u64::from(letter_set(name)) << 16 | u64::from(id)
}

/// The length of a name in the lists, by which they are sorted.
#[inline]
pub fn len(entry: u64) -> usize {
    (entry >> 48) as usize
}

/// What a key is compared with the names of its parts by.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    len: usize,
    set: u32,
    edits: u32,
}

impl Measure {
    #[inline]
    pub fn of(key: &Letters, edits: u32) -> Self {
        Measure { len: key.len, set: key.set(), edits }
    }

    /// Whether a name is too long, as are all that follow it.
    #[inline]
    pub fn is_behind(self, entry: u64) -> bool {
        len(entry) > self.len + self.edits as usize
    }

    /// Whether a name can be near: an edit changes the letters that there are by two at most.
    #[inline]
    pub fn may_be_near(self, entry: u64) -> bool {
        let mut differ = (entry >> 16) as u32 ^ self.set;
        (0..2 * self.edits).for_each(|_| differ &= differ.wrapping_sub(1));
        differ == 0 && len(entry) + self.edits as usize >= self.len
    }
}

/// The hashes of parts of a key.
#[derive(Debug)]
pub struct Clues {
    hashes: [u64; PARTS],
    len: usize,
}

impl Clues {
    #[inline]
    pub fn hashes(&self) -> &[u64] {
        &self.hashes[..self.len]
    }

    #[inline]
    fn push(&mut self, hash: u64) {
        self.hashes[self.len] = hash;
        self.len += 1;
    }

    /// Parts of which every name within one edit has one.
    #[inline]
    pub fn of_one_edit(key: &Letters) -> Self {
        let (mut clues, n) = (Clues { hashes: [0; PARTS], len: 0 }, key.len);
        if n <= SHORT {
            let all = key.eight(0);
            clues.push(hash(all, 0, Part::LessOne));
            (0..n).for_each(|at| clues.push(hash(less(all, at), 0, Part::LessOne)));
            return clues;
        }
        // Names that are a letter shorter or longer have their middle elsewhere: it is at one of two places.
        for middle in [(n - 1) / 2, n.div_ceil(2)] {
            clues.push(begin(key, middle, Part::FirstHalf));
            clues.push(end(key, middle, Part::LastHalf));
        }
        clues
    }

    /// Parts of which every name within two edits has one, if it is long enough for two.
    #[inline]
    pub fn of_two_edits(key: &Letters) -> Self {
        let (mut clues, n, all) = (Clues { hashes: [0; PARTS], len: 0 }, key.len, key.eight(0));
        if n < HEAD + 2 {
            return clues;
        }
        (HEAD - 2..=(HEAD + 2).min(n - TAIL)).for_each(|at| clues.push(end(key, at, Part::Tail)));
        clues.push(hash(first(all, HEAD), 0, Part::Head));
        clues.push(hash(first(all, HEAD - 1), 0, Part::HeadLessOne));
        (0..HEAD).for_each(|at| clues.push(hash(first(less(all, at), HEAD - 1), 0, Part::HeadLessOne)));
        (0..HEAD).for_each(|at| clues.push(hash(first(less(all, at), HEAD), 0, Part::Head)));
        clues
    }
}

/// Calls `f` with the hashes of all parts of a name by which it is found; `far` where that may be at two edits.
pub fn of_name(name: &Letters, far: bool, mut f: impl FnMut(u64)) {
    let (n, all) = (name.len, name.eight(0));
    if n <= SHORT + 1 {
        let whole = |eight| hash(eight, 0, Part::LessOne);
        if n <= SHORT {
            f(whole(all));
        }
        // Nine letters less one are eight.
        (0..n).for_each(|at| f(whole(if at < 8 { less(all, at) | if n > 8 { name.eight(8) << 56 } else { 0 } } else { all })));
    }
    if n >= SHORT {
        f(begin(name, n / 2, Part::FirstHalf));
        f(end(name, n / 2, Part::LastHalf));
        // Letters that change places over the middle change both halves: the first one is also known as it is then.
        f(begin(&swapped(name, n / 2), n / 2, Part::FirstHalf));
    }
    if !far {
        return;
    }
    // The same is so of those over the end of the head.
    for letters in [all, swapped(name, HEAD).eight(0)] {
        let head = first(letters, HEAD);
        f(hash(head, 0, Part::Head));
        (0..HEAD).for_each(|at| f(hash(first(less(head, at), HEAD - 1), 0, Part::HeadLessOne)));
    }
    f(end(name, HEAD, Part::Tail));
}

/// A name with the letters on either side of `at` in each other's place.
fn swapped(name: &Letters, at: usize) -> Letters {
    let mut swapped = name.clone();
    swapped.bytes.swap(at - 1, at);
    swapped
}

#[cfg(test)]
mod tests {
    use super::{Clues, Letters, Measure, entry, of_name};
    use std::collections::HashSet;

    fn letters(key: &[u8]) -> Letters {
        Letters::of(key).expect("a key of a test is short")
    }

    fn edited(key: &[u8]) -> Vec<Vec<u8>> {
        const LETTERS: &[u8] = b"qa";
        let mut out = Vec::new();
        for at in 0..=key.len() {
            for &letter in LETTERS {
                out.push([&key[..at], &[letter], &key[at..]].concat());
                if at < key.len() {
                    out.push([&key[..at], &[letter], &key[at + 1..]].concat());
                }
            }
            if at < key.len() {
                out.push([&key[..at], &key[at + 1..]].concat());
            }
            if at + 1 < key.len() {
                out.push([&key[..at], &[key[at + 1], key[at]], &key[at + 2..]].concat());
            }
        }
        out
    }

    #[test]
    fn every_key_within_an_edit_or_two_of_a_name_shares_a_part_with_it() {
        for name in [
            "chad",
            "italy",
            "guinea",
            "denmark",
            "thailand",
            "argentina",
            "guatemala",
            "tajikistan",
            "netherlands",
            "unitedkingdom",
            "saintkittsandnevis",
        ] {
            let mut parts = HashSet::new();
            of_name(&letters(name.as_bytes()), name.len() >= 8, |hash| _ = parts.insert(hash));
            let meets = |clues: Clues| clues.hashes().iter().any(|hash| parts.contains(hash));
            let is_near = |key: &Letters, edits| Measure::of(key, edits).may_be_near(entry(name.as_bytes(), 1));
            for one in edited(name.as_bytes()) {
                let key = letters(&one);
                assert!(meets(Clues::of_one_edit(&key)) && is_near(&key, 1), "{name} {}", String::from_utf8_lossy(&one));
                // Shorter names are not looked for so far away.
                for two in edited(&one).into_iter().filter(|_| name.len() >= 8) {
                    let key = letters(&two);
                    assert!(two.len() < 7 || meets(Clues::of_two_edits(&key)) && is_near(&key, 2), "{name} {}", String::from_utf8_lossy(&two));
                }
            }
            let key = letters(b"zimbabwean");
            assert!(!meets(Clues::of_one_edit(&key)) && !meets(Clues::of_two_edits(&key)));
        }
    }
}
