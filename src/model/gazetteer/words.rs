//! Words: how a phrase is cut into words, and what is left of a word when spellings are compared.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The folded words of a phrase, in the way a text is cut into words.
pub fn words_of(phrase: &str) -> impl Iterator<Item = String> + '_ {
    let mut rest = phrase;
    std::iter::from_fn(move || {
        loop {
            let first = rest.chars().next()?;
            let length = if first.is_alphabetic() {
                run(rest, |letter| letter.is_alphabetic() || is_combining_mark(letter))
            } else if first.is_ascii_digit() {
                run(rest, |letter| letter.is_ascii_digit())
            } else {
                first.len_utf8()
            };
            let (word, tail) = rest.split_at(length);
            rest = tail;
            if first.is_alphanumeric() || "%$€£&".contains(first) {
                return Some(fold(word));
            }
        }
    })
}

fn run(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !holds(letter)).unwrap_or(text.len())
}

/// A word in lower case and without diacritics; `&` is the word it stands for in names.
#[must_use]
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(word.len());
    fold_onto(word, &mut folded);
    folded
}

/// How many letters the table of folded ones has: those of most languages in Latin script.
const LATIN_LETTERS: usize = 0x250;

/// Letters folded, each when it is first met.
static LATIN: [OnceLock<String>; LATIN_LETTERS] = [const { OnceLock::new() }; LATIN_LETTERS];

fn latin(letter: char) -> Option<&'static str> {
    let folded = || {
        let mut folded = String::new();
        fold_letter(letter, &mut folded);
        folded
    };
    Some(LATIN.get(letter as usize)?.get_or_init(folded))
}

/// Appends a word in lower case and without diacritics.
pub fn fold_onto(word: &str, folded: &mut String) {
    let start = folded.len();
    if word.is_ascii() {
        folded.push_str(word);
        folded[start..].make_ascii_lowercase();
        return;
    }
    // Each letter by itself: that marks change places does not matter to what is without them.
    for letter in word.chars() {
        match latin(letter) {
            Some(latin) => folded.push_str(latin),
            None => fold_letter(letter, folded),
        }
    }
}

fn fold_letter(letter: char, folded: &mut String) {
    folded.extend(std::iter::once(letter).nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase));
}
