//! Familiarity: which of the languages that there is a vocabulary of a text is in.

use std::collections::HashMap;

use super::fx::BuildFx;
use super::tongue::Tongue;

/// The frequent words of all vocabularies, to tell which of them a text is in.
#[derive(Debug)]
pub struct Familiarity<'a> {
    /// The vocabularies that have a word, one bit each.
    words: HashMap<&'a str, u64, BuildFx>,
    /// For each letter of ASCII the lengths that its words have, one bit each: most words of a text need no look-up.
    lengths: [u32; 26],
    codes: Vec<&'a str>,
}

/// Longest frequent word in ASCII letters that is looked up without a copy on the heap.
const SHORT: usize = 31;

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
        let mut lengths = [0; 26];
        for word in words.keys().filter(|word| word.len() <= SHORT) {
            if let Some(letter) = word.bytes().next().and_then(place_of) {
                lengths[letter] |= 1 << word.len();
            }
        }
        Self { words, lengths, codes: vocabularies.iter().map(|vocabulary| vocabulary.code.as_str()).collect() }
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
            at += bytes[at..].iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(bytes.len() - at);
            if at < bytes.len() && !bytes[at].is_ascii() {
                let word = &text[start..];
                at = start + word.find(|letter: char| !letter.is_alphabetic()).unwrap_or(word.len());
                count(self.words.get(word[..at - start].to_lowercase().as_str()).copied().unwrap_or_default());
            } else if at > start {
                count(self.of_ascii(&bytes[start..at]));
            }
            // Over the sign that ended the word, or the one that stands here.
            at += text[at..].chars().next().map_or(0, char::len_utf8);
        }
        let most = counts.iter().max()?;
        counts.iter().position(|count| count == most).map(|at| self.codes[at])
    }

    /// The vocabularies that have a word of ASCII letters, whatever their case.
    fn of_ascii(&self, word: &[u8]) -> u64 {
        if word.len() > SHORT {
            let lower = String::from_utf8_lossy(word).to_ascii_lowercase();
            return self.words.get(lower.as_str()).copied().unwrap_or_default();
        }
        if place_of(word[0] | 0x20).is_none_or(|letter| self.lengths[letter] >> word.len() & 1 == 0) {
            return 0;
        }
        let mut lower = [0; SHORT];
        let lower = &mut lower[..word.len()];
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        std::str::from_utf8(lower).ok().and_then(|word| self.words.get(word)).copied().unwrap_or_default()
    }
}

/// The place of a small letter in the alphabet.
fn place_of(letter: u8) -> Option<usize> {
    letter.is_ascii_lowercase().then(|| usize::from(letter - b'a'))
}
