//! Values that were withheld, found wherever they stand: there may be one or more a document, and every text that is published is looked
//! through for all of them.
//!
//! In: the values, and texts. Out: where in a text one stands, whatever the case of its letters. What a value begins with is looked up at
//! each byte of a text, first in a table of bits that nearly always says no.

use aho_corasick::AhoCorasick;

/// Shortest value that is looked for, in characters: shorter ones stand in many words.
const SHORTEST: usize = 5;
/// The bytes that a value begins with.
const BEGINNING: u64 = (1 << (8 * SHORTEST)) - 1;
/// Bits of the table for each value, so that few others hit one.
const BITS: usize = 32;

/// The values that are looked for.
#[derive(Clone, Debug)]
pub struct Withheld {
    /// In small letters, one behind the other.
    values: Vec<u8>,
    /// What each begins with, and where it lies; in order.
    places: Vec<(u64, u32, u32)>,
    bits: Vec<u64>,
}

impl Withheld {
    /// None where all values are too short to tell.
    #[must_use]
    pub fn new(values: &[impl AsRef<str>]) -> Option<Self> {
        let mut withheld = Self { values: Vec::new(), places: Vec::new(), bits: Vec::new() };
        for value in values.iter().map(|value| value.as_ref().as_bytes()).filter(|value| is_long_enough(value)) {
            let beginning = value[..SHORTEST].iter().fold(0, |beginning, byte| next(beginning, *byte));
            withheld.places.push((beginning, withheld.values.len() as u32, value.len() as u32));
            withheld.values.extend(value.iter().map(u8::to_ascii_lowercase));
        }
        withheld.places.sort_unstable();
        let words = (withheld.places.len() * BITS / 64).next_power_of_two();
        withheld.bits = vec![0; words];
        for at in 0..withheld.places.len() {
            let (word, bit) = withheld.bit(withheld.places[at].0);
            withheld.bits[word] |= bit;
        }
        (!withheld.places.is_empty()).then_some(withheld)
    }

    /// Where values stand in a text, one behind the other.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        let text = text.as_bytes();
        let (mut beginning, mut found) = (0, Vec::new());
        for (at, byte) in text.iter().enumerate() {
            beginning = next(beginning, *byte);
            let (word, bit) = self.bit(beginning);
            if self.bits[word] & bit != 0 && at + 1 >= SHORTEST {
                found.extend(self.at(beginning, &text[at + 1 - SHORTEST..]));
            }
        }
        if found.is_empty() {
            return Vec::new();
        }
        // Which of those that overlap counts is what an automaton says of the few that are there.
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(found);
        automaton.iter().flat_map(|automaton| automaton.find_iter(text)).map(|found| found.range()).collect()
    }

    /// The values with which a text begins.
    fn at<'a>(&'a self, beginning: u64, text: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let first = self.places.partition_point(|place| place.0 < beginning);
        let places = self.places[first..].iter().take_while(move |place| place.0 == beginning);
        places
            .map(|(_, start, length)| &self.values[*start as usize..(*start + *length) as usize])
            .filter(|value| text.get(..value.len()).is_some_and(|text| text.eq_ignore_ascii_case(value)))
    }

    fn bit(&self, beginning: u64) -> (usize, u64) {
        // The upper bits of the product depend on all of the bytes.
        let hash = beginning.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16;
        ((hash >> 6) as usize & (self.bits.len() - 1), 1 << (hash & 63))
    }
}

fn is_long_enough(value: &[u8]) -> bool {
    std::str::from_utf8(value).is_ok_and(|value| value.chars().count() >= SHORTEST)
}

/// The last bytes of a text in small letters, with one more.
fn next(beginning: u64, byte: u8) -> u64 {
    (beginning << 8 | u64::from(byte.to_ascii_lowercase())) & BEGINNING
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_an_automaton_finds_is_found(values in prop::collection::vec("[abAé]{0,7}", 0..8), text in "[abBé]{0,30}") {
            let long_enough = values.iter().filter(|value| value.chars().count() >= SHORTEST);
            let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(long_enough).unwrap();
            let expected: Vec<_> = automaton.find_iter(&text).map(|found| found.range()).collect();
            prop_assert_eq!(Withheld::new(&values).map_or_else(Vec::new, |withheld| withheld.find(&text)), expected);
        }
    }
}
