//! Familiarity: which of the languages that there is a vocabulary of a text is in.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::fx::BuildFx;
use super::gazetteer::{PACKED, packed_lower};
use super::tongue::Tongue;
use super::vocabulary::Vocabulary;

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
    vocabularies: &'a [Tongue],
    /// The words of headings, roles and names of each vocabulary that no other has, made when they are first asked for.
    own_words: OnceLock<Vec<HashSet<String>>>,
}

/// From how many frequent words on, and how many for one of the next language, a text is surely in a language.
const SURE: usize = 8;
const MORE: usize = 2;

/// Shortest word that tells a language by itself, in bytes.
const TELLING: usize = 4;

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
        let codes = vocabularies.iter().map(|vocabulary| vocabulary.code.as_str()).collect();
        Self { words, packed, lengths, codes, vocabularies, own_words: OnceLock::new() }
    }

    /// The code of the vocabulary of whose frequent words a text has most, the first of several; none where there are no vocabularies. A text
    /// of lists has few of them: there the words of headings, roles and names count too.
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
        let best = |counts: &[usize]| (0..counts.len()).max_by_key(|&at| (counts[at], std::cmp::Reverse(at)));
        let first = best(&counts)?;
        let is_behind = |(at, count): (usize, &usize)| at == first || count * MORE <= counts[first];
        if counts[first] < SURE || !counts.iter().enumerate().all(is_behind) {
            let own_words = self.own_words();
            let words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.len() >= TELLING).map(str::to_lowercase);
            words.for_each(|word| counts.iter_mut().zip(own_words).for_each(|(count, own)| *count += usize::from(own.contains(&word))));
        }
        best(&counts).map(|at| self.codes[at])
    }

    fn own_words(&self) -> &[HashSet<String>] {
        self.own_words.get_or_init(|| {
            let of_each: Vec<HashSet<String>> =
                self.vocabularies.iter().map(|tongue| tongue.vocabulary().map_or_else(HashSet::new, |it| words_of(it))).collect();
            let is_own = |at: usize, word: &String| of_each.iter().enumerate().all(|(other, words)| other == at || !words.contains(word));
            of_each.iter().enumerate().map(|(at, words)| words.iter().filter(|word| is_own(at, word)).cloned().collect()).collect()
        })
    }

    /// The vocabularies that have the word of ASCII letters, whatever their case, with which some bytes begin.
    fn of_ascii(&self, bytes: &[u8], length: usize) -> u64 {
        if length > PACKED {
            let lower = String::from_utf8_lossy(&bytes[..length]).to_ascii_lowercase();
            return self.words.get(lower.as_str()).copied().unwrap_or_default();
        }
        if place_of(bytes[0] | 0x20).is_none_or(|letter| self.lengths[letter] >> length & 1 == 0)
            || length == 1 && is_initial(bytes[0], bytes.get(1).copied())
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

/// The words of the headings, roles, months and nouns of dialogues of a vocabulary.
fn words_of(vocabulary: &Vocabulary) -> HashSet<String> {
    let headings = vocabulary.headings.iter().flat_map(|heading| &heading.phrases);
    let roles = vocabulary.roles.role.iter().flat_map(|role| &role.words);
    let nouns = vocabulary.names.dialogue.iter().flat_map(|kind| &kind.words);
    let phrases =
        headings.chain(roles).chain(nouns).chain(vocabulary.roles.parties.values().flatten()).chain(vocabulary.dates.months.iter().flatten());
    let words = phrases.flat_map(|phrase| phrase.split(|letter: char| !letter.is_alphabetic()));
    words.filter(|word| word.len() >= TELLING).map(str::to_lowercase).collect()
}

/// Whether a letter is that of a short form by the sign behind it, `D.R.` or `Annex D`, and no word: `d'un`, `y`.
fn is_initial(letter: u8, next: Option<u8>) -> bool {
    match next {
        Some(b'\'') => false,
        Some(b' ' | b'\n') => letter.is_ascii_uppercase(),
        _ => true,
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
        let is_initial = |letter: char, next: char| is_initial(letter as u8, Some(next as u8));
        assert!(is_initial('D', '.') && is_initial('D', ' ') && is_initial('D', '\n') && is_initial('d', ')'));
        assert!(!is_initial('d', '\'') && !is_initial('L', '\'') && !is_initial('y', ' '));
    }
}
