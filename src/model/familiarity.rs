//! Familiarity: which of the languages that there is a vocabulary of a text is in.

use std::collections::HashMap;

use super::fx::BuildFx;
use super::tongue::Tongue;

/// The frequent words of all vocabularies, to tell which of them a text is in.
#[derive(Debug)]
pub struct Familiarity<'a> {
    /// The vocabularies that have a word, one bit each.
    words: HashMap<&'a str, u64, BuildFx>,
    codes: Vec<&'a str>,
}

/// Longest frequent word in ASCII letters that is looked up without a copy on the heap.
const SHORT: usize = 32;

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
        Self { words, codes: vocabularies.iter().map(|vocabulary| vocabulary.code.as_str()).collect() }
    }

    /// The code of the vocabulary of whose frequent words a text has most, the first of several; none where there are no vocabularies.
    #[must_use]
    pub fn language_of(&self, text: &str) -> Option<&'a str> {
        let mut counts = vec![0_usize; self.codes.len()];
        for word in text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty()) {
            let mut lower = [0; SHORT];
            let known = if word.is_ascii() && word.len() <= SHORT {
                let lower = &mut lower[..word.len()];
                lower.copy_from_slice(word.as_bytes());
                lower.make_ascii_lowercase();
                std::str::from_utf8(lower).ok().and_then(|word| self.words.get(word))
            } else {
                self.words.get(word.to_lowercase().as_str())
            };
            let mut known = known.copied().unwrap_or_default();
            while known != 0 {
                counts[known.trailing_zeros() as usize] += 1;
                known &= known - 1;
            }
        }
        let most = counts.iter().max()?;
        counts.iter().position(|count| count == most).map(|at| self.codes[at])
    }
}
