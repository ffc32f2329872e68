//! The first letters of names, so that names whose words are cut short are found among those that begin alike.
//!
//! In: the words of a name. Out: the hash of the first letters of those that carry something, in their order. "Trin. y Tob." and
//! "Trinidad y Tobago" have the same. What stands between words is left out in every language at once: a name is looked for under the
//! same rule as it was noted.

use super::hash::mix;

/// Words between words, folded.
const BETWEEN: [&str; 46] = [
    "a", "al", "and", "au", "aux", "d", "da", "das", "de", "degli", "dei", "del", "della", "delle", "den", "der", "des", "di", "die", "do", "dos",
    "du", "e", "el", "en", "et", "het", "i", "in", "l", "la", "las", "le", "les", "los", "na", "och", "of", "og", "s", "the", "u", "und", "van",
    "von", "y",
];

/// Whether a folded word only stands between others.
pub fn is_between(word: &str) -> bool {
    const LONGEST: usize = 5;
    word.len() <= LONGEST && BETWEEN.binary_search(&word).is_ok()
}

/// The hash of first letters.
pub fn hash(letters: impl Iterator<Item = char>) -> u32 {
    (letters.fold(0, |hash, letter| mix(hash ^ u64::from(letter))) >> 44) as u32
}

/// The words of a folded name that carry something.
pub fn words(spaced: &str) -> impl Iterator<Item = &str> + Clone {
    spaced.split(' ').filter(|word| !is_between(word))
}

/// A name in the list: `hash 20 | is widely read 1 | key offset 24 | key length 8 | entity 11`, so that sorted names lie by their hash.
pub fn entry(hash: u32, is_wide: bool, offset: usize, len: usize, entity: u16) -> u64 {
    u64::from(hash) << 44 | u64::from(is_wide) << 43 | (offset as u64) << 19 | (len as u64) << 11 | u64::from(entity)
}

/// Whether the name of an entry is in a language that many read.
pub fn is_wide(entry: u64) -> bool {
    entry >> 43 & 1 != 0
}

/// The hash of an entry.
pub fn hash_of(entry: u64) -> u32 {
    (entry >> 44) as u32
}

/// Offset and length of the key of an entry, and its entity.
pub fn name_of(entry: u64) -> (usize, usize, u16) {
    ((entry >> 19 & 0xFF_FFFF) as usize, (entry >> 11 & 0xFF) as usize, (entry & 0x7FF) as u16)
}

#[cfg(test)]
mod tests {
    use super::{BETWEEN, hash, words};

    #[test]
    fn what_stands_between_words_is_left_out() {
        assert!(BETWEEN.is_sorted());
        let of = |name| hash(words(name).filter_map(|word| word.chars().next()));
        assert_eq!(of("trinidad y tobago"), of("trin tob"));
        assert_ne!(of("tobago trinidad"), of("tunisia"));
    }
}
