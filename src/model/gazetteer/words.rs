//! Words by number: the look-up that every word of every text goes through.
//!
//! In: a folded word. Out: its number. Short words of ASCII, nearly all, are compared as one number of sixteen bytes, which is read
//! from the text at once; all others as text.

use std::collections::HashMap;

use super::{BuildFx, UNKNOWN};

/// Longest word that is looked up as one number, in bytes.
pub const SHORT: usize = 16;

/// The numbers of words.
#[derive(Clone, Debug, Default)]
pub struct Words {
    short: HashMap<u128, u32, BuildFx>,
    long: HashMap<Box<str>, u32, BuildFx>,
}

/// A short word in ASCII as a number; none for other words.
fn packed(word: &str) -> Option<u128> {
    let bytes = word.as_bytes();
    let mut letters = [0; SHORT];
    letters.get_mut(..bytes.len()).filter(|_| word.is_ascii())?.copy_from_slice(bytes);
    Some(u128::from_le_bytes(letters))
}

/// The sixteen bytes that begin with ASCII letters or digits as a packed word of that length in lower case.
#[must_use]
pub fn packed_lower(bytes: [u8; SHORT], length: usize) -> u128 {
    const SPACES: u128 = u128::from_le_bytes([b' '; SHORT]);
    // The bit that small letters have and capitals lack; digits have it too.
    (u128::from_le_bytes(bytes) | SPACES) & (u128::MAX >> (8 * (SHORT - length)))
}

impl Words {
    pub fn with_capacity(words: usize) -> Self {
        Self { short: HashMap::with_capacity_and_hasher(words, BuildFx::default()), long: HashMap::default() }
    }

    pub fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }

    /// The number of a folded word; [`UNKNOWN`] where nothing has it.
    #[must_use]
    pub fn number(&self, word: &str) -> u32 {
        match packed(word) {
            Some(packed) => self.packed(packed),
            None => self.long.get(word).copied().unwrap_or(UNKNOWN),
        }
    }

    /// The number of a packed word.
    #[must_use]
    pub fn packed(&self, packed: u128) -> u32 {
        self.short.get(&packed).copied().unwrap_or(UNKNOWN)
    }

    /// The number of a word, which is `number` from now on where it had none.
    pub fn enter(&mut self, word: &str, number: u32) -> u32 {
        match packed(word) {
            Some(packed) => *self.short.entry(packed).or_insert(number),
            None => match self.long.get(word) {
                Some(known) => *known,
                None => *self.long.entry(word.into()).or_insert(number),
            },
        }
    }

    /// Calls `f` with every word and its number, in no order.
    pub fn for_each(&self, mut f: impl FnMut(&str, u32)) {
        for (word, &number) in &self.short {
            let letters = word.to_le_bytes();
            let length = letters.iter().position(|&byte| byte == 0).unwrap_or(SHORT);
            // They are ASCII.
            f(std::str::from_utf8(&letters[..length]).unwrap_or_default(), number);
        }
        self.long.iter().for_each(|(word, &number)| f(word, number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_however_long_they_are() {
        let mut words = Words::default();
        let all = ["a", "process", "sixteen-letters-", "seventeen-letters", "größe"];
        for (at, word) in all.iter().enumerate() {
            assert_eq!(words.enter(word, at as u32 + 1), at as u32 + 1);
        }
        assert_eq!(words.enter("process", 9), 2);
        assert_eq!(all.map(|word| words.number(word)), [1, 2, 3, 4, 5]);
        assert_eq!((words.number("proces"), words.number(""), words.len()), (UNKNOWN, UNKNOWN, 5));
        let mut listed: Vec<(u32, String)> = Vec::new();
        words.for_each(|word, number| listed.push((number, word.to_owned())));
        listed.sort();
        assert!(listed.iter().map(|(_, word)| word.as_str()).eq(all));
    }

    #[test]
    fn a_word_of_a_text_is_packed_in_lower_case() {
        let mut words = Words::default();
        words.enter("ab12", 7);
        assert_eq!(words.packed(packed_lower(*b"Ab12, and so on.", 4)), 7);
        assert_eq!(words.packed(packed_lower(*b"Ab12, and so on.", 3)), UNKNOWN);
    }
}
