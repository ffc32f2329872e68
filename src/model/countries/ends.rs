//! The ends of names: whether a key can be near one at all.
//!
//! In: a folded key. Out: whether some name that edit distance may reach can be within one edit of it, and within two. Where two edits
//! made a name of another, its first five letters hold at most one of them, or none stands behind. So a head of a name (less a letter
//! at most) or its tail is in the key as it is, and their lengths are near. A small table of those heads and tails, each with
//! the lengths of the names that have it, refuses most of what is no name before any deletion is looked up. It never refuses what
//! is near.

use super::hash::mix;

/// Slots of the table, `tag 11 | lengths 21` each; zero is empty.
pub const SLOTS: usize = 1 << 14;
/// Keys up to this length have fewer deletions than ends.
const SHORT: usize = 8;
const HEAD: usize = 5;
/// Shorter tails say nothing; names within two edits have longer ones.
const TAIL: usize = 3;
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

/// Whether a name can be within one edit of `key`, and within two; `names` gives the lengths of those with an end.
pub fn reach(key: &[u8], names: impl Fn(u64) -> u32) -> (bool, bool) {
    let n = key.len();
    if n < HEAD + 2 {
        return (true, false);
    }
    let mut tails = [false; 2 * HEAD];
    let mut hash = 0;
    for (at, byte) in key.iter().enumerate().skip(HEAD - 2).rev() {
        hash = step(hash, byte);
        if at <= HEAD + 2 && n - at >= TAIL {
            tails[at] = names(close(hash, End::Tail)) != 0;
        }
    }
    let (near, far) = (lengths(n - 1, n + 1), lengths(n - 2, n + 2));
    let as_it_is = names(head(&key[..HEAD], HEAD, End::Head));
    let one = n <= SHORT || tails[HEAD - 1] || tails[HEAD] || tails[HEAD + 1] || as_it_is & near != 0;
    let two = tails[HEAD - 2..].contains(&true)
        || as_it_is & far != 0
        || names(head(&key[..HEAD - 1], HEAD, End::HeadLessOne)) & far != 0
        || (0..HEAD).any(|less| names(head(&key[..HEAD], less, End::HeadLessOne)) & far != 0)
        || (0..HEAD).any(|less| names(head(&key[..=HEAD], less, End::Head)) & far != 0);
    (one, two)
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
    use super::{HEAD, of_name, reach};
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
            let names = |h| ends.get(&h).copied().unwrap_or(0);
            for one in edited(name.as_bytes()) {
                assert!(reach(&one, names).0, "{name} {}", String::from_utf8_lossy(&one));
                // Shorter keys are not looked for so far away.
                for two in edited(&one).into_iter().filter(|two| two.len() > HEAD + 1) {
                    assert!(reach(&two, names).1, "{name} {}", String::from_utf8_lossy(&two));
                }
            }
            assert_eq!(reach(b"zimbabwean", names), (false, false));
        }
    }
}
