//! The ends of names: which names a key can be near.
//!
//! In: a folded key. Out: whether some name that edit distance may reach can be within one edit of it, and the names that may be within
//! two. Where two edits made a name of another, its first five letters hold at most one of them, or none stands behind. So a head of
//! a name (less a letter at most) or its tail is in the key as it is, and their lengths are near. A small table of those heads and
//! tails, each with the names that have it and their lengths, refuses most of what is no name before a distance is measured. It
//! never leaves out what is near.

use super::hash::mix;

/// Slots of the table, `first 20 | count 12 | tag 11 | lengths 21` each; zero is empty. The names of a slot lie side by side.
pub const SLOTS: usize = 1 << 14;
/// The most names that the table has room for, of one end and of all.
pub const MOST_OF_ONE: usize = (1 << 12) - 1;
pub const MOST: usize = (1 << 20) - 1;
/// Keys up to this length have fewer deletions than ends.
const SHORT: usize = 8;
const HEAD: usize = 5;
/// Shorter tails say nothing; names within two edits have longer ones.
const TAIL: usize = 3;
const LENGTHS: u32 = 0x1F_FFFF;
const B: u64 = 0xA24B_AED4_963E_E407;

/// What a hash in the table is of.
#[derive(Clone, Copy)]
enum End {
    Head = 1,
    HeadLessOne,
    Tail,
}

/// The lengths of names as bits: from five letters on, the last bit for all that are longer.
#[inline]
fn lengths(from: usize, to: usize) -> u32 {
    let bit = |len: usize| len.clamp(HEAD, HEAD + 20) - HEAD;
    (2 << bit(to)) - (1 << bit(from))
}

/// Where a hash begins to be looked for, and its tag.
#[inline]
pub fn place(h: u64) -> (usize, u32) {
    (h as usize & (SLOTS - 1), (h >> 53) as u32)
}

/// The slot of an end: what it is found by, the bits of the lengths of its names, and where those are.
pub fn slot(tag: u32, lengths: u32, first: usize, count: usize) -> u64 {
    (first as u64) << 44 | (count as u64) << 32 | u64::from(tag) << 21 | u64::from(lengths)
}

/// The tag of a slot.
#[inline]
pub fn tag(slot: u64) -> u32 {
    (slot >> 21 & 0x7FF) as u32
}

/// The names of a slot: first, and first behind.
#[inline]
pub fn names(slot: u64) -> (usize, usize) {
    let first = (slot >> 44) as usize;
    (first, first + (slot >> 32 & 0xFFF) as usize)
}

/// A name in the lists of the table: its number, its length and the letters that it has, to be told from a key without a look at it.
pub fn entry(name: &[u8], id: u16) -> u64 {
    (name.len() as u64) << 48 | u64::from(letters(name)) << 16 | u64::from(id)
}

/// The length of a name in the lists, by which they are sorted.
#[inline]
pub fn len(entry: u64) -> usize {
    (entry >> 48) as usize
}

/// Whether a name can be within two edits of a key with those letters: an edit changes the letters that there are by two at most.
#[inline]
pub fn may_be_near(entry: u64, letters: u32) -> bool {
    let mut differ = (entry >> 16) as u32 ^ letters;
    (0..4).for_each(|_| differ &= differ.wrapping_sub(1));
    differ == 0
}

/// The letters of a key as bits; digits share some.
#[inline]
pub fn letters(key: &[u8]) -> u32 {
    key.iter().fold(0, |bits, byte| bits | 1 << (byte & 31))
}

/// A key, and the slots that its ends met so far.
#[derive(Debug)]
pub struct Ends<'k> {
    key: &'k [u8],
    slots: [u64; 2 * (HEAD + TAIL) + 1],
    len: usize,
    /// The lengths of names that begin as the key does.
    as_it_is: u32,
    /// Whether the tails were looked for, and whether one of those that two edits leave was found.
    tails: Option<bool>,
}

impl<'k> Ends<'k> {
    #[inline]
    pub fn of(key: &'k [u8]) -> Self {
        Self { key, slots: [0; 2 * (HEAD + TAIL) + 1], len: 0, as_it_is: 0, tails: None }
    }

    #[inline]
    fn note(&mut self, slot: u64) -> u32 {
        if slot != 0 {
            self.slots[self.len] = slot;
            self.len += 1;
        }
        slot as u32 & LENGTHS
    }

    /// The slots that were met.
    #[inline]
    pub fn slots(&self) -> &[u64] {
        &self.slots[..self.len]
    }

    #[inline]
    pub fn key(&self) -> &'k [u8] {
        self.key
    }

    /// Whether a name can be within one edit; `find` gives the slot of an end, zero where no name has it.
    #[inline]
    pub fn one_edit(&mut self, find: impl Fn(u64) -> u64) -> bool {
        let n = self.key.len();
        // As many deletions are looked for as soon.
        if n <= SHORT {
            return true;
        }
        let tails = self.find_tails(&find);
        tails[HEAD - 1] || tails[HEAD] || tails[HEAD + 1] || self.as_it_is & lengths(n - 1, n + 1) != 0
    }

    /// Whether a name can be within two edits; then the slots are those of all that can be.
    #[inline]
    pub fn two_edits(&mut self, find: impl Fn(u64) -> u64) -> bool {
        let (key, n) = (self.key, self.key.len());
        if n < HEAD + 2 {
            return false;
        }
        if self.tails.is_none() {
            self.find_tails(&find);
        }
        let mut heads = self.as_it_is | self.note(find(head(&key[..HEAD - 1], HEAD, End::HeadLessOne)));
        (0..HEAD).for_each(|less| heads |= self.note(find(head(&key[..HEAD], less, End::HeadLessOne))));
        (0..HEAD).for_each(|less| heads |= self.note(find(head(&key[..=HEAD], less, End::Head))));
        self.tails == Some(true) || heads & lengths(n - 2, n + 2) != 0
    }

    /// At which letters a tail of a name begins, and what names begin as the key does.
    #[inline]
    fn find_tails(&mut self, find: impl Fn(u64) -> u64) -> [bool; 2 * HEAD] {
        let (key, n) = (self.key, self.key.len());
        let mut tails = [false; 2 * HEAD];
        let mut hash = 0;
        let far = n.min(HEAD + 3);
        for byte in key[far..].iter().rev() {
            hash = step(hash, byte);
        }
        for at in (HEAD - 2..far).rev() {
            hash = step(hash, &key[at]);
            if n - at >= TAIL {
                tails[at] = self.note(find(close(hash, End::Tail))) != 0;
            }
        }
        self.as_it_is = self.note(find(head(&key[..HEAD], HEAD, End::Head)));
        self.tails = Some(tails[HEAD - 2..].contains(&true));
        tails
    }
}

/// Calls `f` with the hashes of all ends of a name, and its length as a bit; `far` where two edits may reach it.
pub fn of_name(name: &[u8], far: bool, mut f: impl FnMut(u64, u32)) {
    if name.len() < HEAD {
        return;
    }
    let length = lengths(name.len(), name.len());
    let mut head_of = |letters: &[u8]| {
        f(head(letters, HEAD, End::Head), length);
        if far {
            (0..HEAD).for_each(|less| f(head(letters, less, End::HeadLessOne), length));
        }
    };
    head_of(&name[..HEAD]);
    // Letters that change places over the end of the head are an edit on either side of it: the head is also known as it is then.
    if let Some(&next) = name.get(HEAD) {
        head_of(&[name[0], name[1], name[2], name[3], next]);
    }
    if name.len() >= HEAD + TAIL {
        f(close(name[HEAD..].iter().rev().fold(0, step), End::Tail), length);
    }
}

#[inline]
fn step(hash: u64, byte: &u8) -> u64 {
    hash.wrapping_mul(B).wrapping_add(u64::from(*byte) + 1)
}

#[inline]
fn close(hash: u64, end: End) -> u64 {
    mix(hash ^ (end as u64) << 61)
}

/// The hash of at most six letters without the one at `less`.
#[inline]
fn head(letters: &[u8], less: usize, end: End) -> u64 {
    let mut packed = 0;
    for (at, byte) in letters.iter().enumerate() {
        if at != less {
            packed = packed << 8 | u64::from(*byte);
        }
    }
    close(packed, end)
}

#[cfg(test)]
mod tests {
    use super::{Ends, HEAD, entry, letters, may_be_near, of_name, slot};
    use std::collections::HashMap;

    #[test]
    fn every_key_within_two_edits_of_a_name_may_be_near_it() {
        const LETTERS: &[u8] = b"qa";
        let edited = |key: &[u8]| -> Vec<Vec<u8>> {
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
        };
        for name in ["honduras", "netherlands", "tajikistan"] {
            let mut ends = HashMap::new();
            of_name(name.as_bytes(), true, |h, length| *ends.entry(h).or_insert(0) |= length);
            let names = |h| ends.get(&h).map_or(0, |lengths| slot(1, *lengths, 0, 1));
            for one in edited(name.as_bytes()) {
                assert!(Ends::of(&one).one_edit(names), "{name} {}", String::from_utf8_lossy(&one));
                // Shorter keys are not looked for so far away.
                for two in edited(&one).into_iter().filter(|two| two.len() > HEAD + 1) {
                    let mut ends = Ends::of(&two);
                    assert!(ends.two_edits(names) && !ends.slots().is_empty(), "{name} {}", String::from_utf8_lossy(&two));
                    assert!(may_be_near(entry(name.as_bytes(), 1), letters(&two)), "{name} {}", String::from_utf8_lossy(&two));
                }
            }
            let mut ends = Ends::of(b"zimbabwean");
            assert!(!ends.one_edit(names) && !ends.two_edits(names));
        }
    }
}
