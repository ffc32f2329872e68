//! Misspelt names: long names of which one long word has one letter that is another, missing or too many.
//!
//! In: folded names that are known. Out: the one that a name is a misspelling of.

use std::collections::BTreeMap;

/// From how many letters on a misprint of a word is more likely than another word.
const LONG_WORD: usize = 7;

/// Known names by what is left of them without one word, so that a name is held only against those that differ from it in that word.
pub struct OneWordApart<'a>(BTreeMap<(usize, String), Vec<&'a str>>);

impl<'a> OneWordApart<'a> {
    #[must_use]
    pub fn new(names: impl Iterator<Item = &'a String>) -> Self {
        let mut apart: BTreeMap<(usize, String), Vec<&str>> = BTreeMap::new();
        for name in names {
            for key in Self::without_a_word(name) {
                apart.entry(key).or_default().push(name);
            }
        }
        Self(apart)
    }

    /// The name without each of its words, with the place of the word.
    fn without_a_word(name: &str) -> Vec<(usize, String)> {
        let words: Vec<&str> = name.split(' ').collect();
        (0..words.len()).map(|at| (at, [&words[..at], &words[at + 1..]].concat().join(" "))).collect()
    }

    /// The first of the known names of which a name is a misspelling.
    #[must_use]
    pub fn misspelt(&self, name: &str) -> Option<&'a str> {
        let candidates = Self::without_a_word(name).into_iter().filter_map(|key| self.0.get(&key)).flatten().copied();
        candidates.filter(|right| is_misspelling(name, right)).min()
    }
}

/// Whether two long names differ in one letter of one long word.
fn is_misspelling(name: &str, right: &str) -> bool {
    let (words, others): (Vec<&str>, Vec<&str>) = (name.split(' ').collect(), right.split(' ').collect());
    if words.len() != others.len() {
        return false;
    }
    let mut differing = words.iter().zip(&others).filter(|(a, b)| a != b);
    match (differing.next(), differing.next()) {
        (Some((a, b)), None) => {
            a.len().max(b.len()) >= LONG_WORD && is_one_edit(a, b) && !a.bytes().chain(b.bytes()).any(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

/// Whether one letter is another, missing or too many.
fn is_one_edit(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let same_before = short.iter().zip(long.iter()).take_while(|(x, y)| x == y).count();
    let same_after = short[same_before..].iter().rev().zip(long[same_before..].iter().rev()).take_while(|(x, y)| x == y).count();
    long.len() - short.len() <= 1 && long.len() - same_before - same_after <= 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_letter_is_another_missing_or_too_many() {
        assert!(is_one_edit("abc", "abcd") && is_one_edit("abc", "xbc") && !is_one_edit("abc", "cba"));
    }

    proptest! {
        #[test]
        fn a_misspelling_is_found_as_if_every_name_were_looked_at(
            names in prop::collection::btree_set("(migration|migrations|work) (on|in) (labour|labours|laboura) (forum|forums1)", 1..12),
            name in "(migration|migratio|work) (on|in) (labour|labourx|labours) (forum|forums)",
        ) {
            let names: Vec<String> = names.into_iter().collect();
            let expected = names.iter().find(|right| is_misspelling(&name, right)).map(String::as_str);
            prop_assert_eq!(OneWordApart::new(names.iter()).misspelt(&name), expected);
        }
    }
}
