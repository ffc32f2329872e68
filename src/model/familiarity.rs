//! Familiarity: which of the languages that there is a vocabulary of a text is in.

use std::collections::HashMap;

use super::fx::BuildFx;
use super::gazetteer::{PACKED, packed_lower};
use super::tongue::Tongue;

/// The frequent words of all vocabularies, to tell which of them a text is in.
#[derive(Debug)]
pub struct Familiarity<'a> {
    /// The vocabularies that have a word, one bit each.
    words: HashMap<&'a str, u64, BuildFx>,
    /// Short words in ASCII, nearly all, packed.
    packed: HashMap<u128, u64, BuildFx>,
    /// For each letter of ASCII the lengths that its words have, one bit each: most words of a text need no look-up.
    lengths: [u32; 26],
    codes: Vec<&'a str>,
}

impl<'a> Familiarity<'a> {
    #[must_use]
    pub fn new(vocabularies: &'a [Tongue]) -> Self {
        let mut words: HashMap<&str, u64, BuildFx> = HashMap::default();
        // A language of one's own beyond the sixty-fourth has to be named.
        for (at, vocabulary) in vocabularies.iter().enumerate().take(64) {
            for word in &vocabulary.language.function_words {
                *words.entry(word.as_str()).or_default() |= 1 << at;
            }
        }
        let mut lengths = [0_u32; 26];
        let mut packed: HashMap<u128, u64, BuildFx> = HashMap::default();
        let is_short = |word: &str| word.len() <= PACKED && word.bytes().all(|byte| byte.is_ascii_lowercase());
        words.iter().filter(|(word, _)| is_short(word)).for_each(|(word, languages)| {
            let mut letters = [0; PACKED];
            letters[..word.len()].copy_from_slice(word.as_bytes());
            if let Some(letter) = word.bytes().next().and_then(place_of) {
                lengths[letter] |= 1 << word.len();
                packed.insert(packed_lower(letters, word.len()), *languages);
            }
        });
        Self { words, packed, lengths, codes: vocabularies.iter().map(|vocabulary| vocabulary.code.as_str()).collect() }
    }

    /// The code of the vocabulary of whose frequent words a text has most, the first of several; none where there are no vocabularies.
    #[must_use]
    pub fn language_of(&self, text: &str) -> Option<&'a str> {
        let mut counts = vec![0_usize; self.codes.len()];
        let mut count = |mut known: u64| {
            while known != 0 {
                counts[known.trailing_zeros() as usize] += 1;
                known &= known - 1;
            }
        };
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            while at < bytes.len() && bytes[at].is_ascii_alphabetic() {
                at += 1;
            }
            if at < bytes.len() && !bytes[at].is_ascii() {
                let word = &text[start..];
                at = start + word.find(|letter: char| !letter.is_alphabetic()).unwrap_or(word.len());
                count(self.words.get(word[..at - start].to_lowercase().as_str()).copied().unwrap_or_default());
            } else if at > start {
                count(self.of_ascii(&bytes[start..], at - start));
            }
            // Over the sign that ended the word, or the one that stands here.
            at += match bytes.get(at) {
                Some(byte) if byte.is_ascii() => 1,
                _ => text[at..].chars().next().map_or(0, char::len_utf8),
            };
        }
        let most = counts.iter().max()?;
        counts.iter().position(|count| count == most).map(|at| self.codes[at])
    }

    /// The vocabularies that have the word of ASCII letters, whatever their case, with which some bytes begin.
    fn of_ascii(&self, bytes: &[u8], length: usize) -> u64 {
        if length > PACKED {
            let lower = String::from_utf8_lossy(&bytes[..length]).to_ascii_lowercase();
            return self.words.get(lower.as_str()).copied().unwrap_or_default();
        }
        if place_of(bytes[0] | 0x20).is_none_or(|letter| self.lengths[letter] >> length & 1 == 0)
            || length == 1 && is_initial(&bytes[..bytes.len().min(2)])
        {
            return 0;
        }
        let letters = bytes.first_chunk().copied().unwrap_or_else(|| {
            let mut letters = [0; PACKED];
            letters[..length].copy_from_slice(&bytes[..length]);
            letters
        });
        self.packed.get(&packed_lower(letters, length)).copied().unwrap_or_default()
    }
}

/// Whether the letter that some bytes begin with is that of a short form, `D.R.` or `Annex D`, and no word: `d'un`, `y`.
fn is_initial(bytes: &[u8]) -> bool {
    match bytes {
        // A curly apostrophe begins with that byte.
        [_, b'\'' | 0xe2] => false,
        [letter, b' ' | b'\n'] => letter.is_ascii_uppercase(),
        [_, next] => !next.is_ascii_alphabetic(),
        _ => false,
    }
}

/// The place of a small letter in the alphabet.
fn place_of(letter: u8) -> Option<usize> {
    letter.is_ascii_lowercase().then(|| usize::from(letter - b'a'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_of_a_short_form_is_no_word() {
        assert!(is_initial(b"D.") && is_initial(b"D ") && is_initial(b"D\n") && is_initial(b"d)"));
        assert!(!is_initial(b"d'") && !is_initial(b"L'") && !is_initial("l’".as_bytes().first_chunk::<2>().unwrap()) && !is_initial(b"y "));
    }
}
