//! Abbreviated names: words that are cut short, in any language.
//!
//! In: a name with full stops that is in no table. Out: the one country that has a name of as many words, where each is the word
//! written or, before a full stop, begins with it: "Trin. y Tobago", "Rép. centrafr.", "Bosnien u. Herz.", "Corée (Rép. de)". One word
//! must be whole and tell which country, or each must be cut as that word usually is; two countries are an answer too: none.

use super::{
    Scratch, fold,
    fold_rules::joins,
    initials,
    layout::{Layout, NOBODY, prefix},
    words,
};

/// How many capitals are the first letters of several words.
const INITIALS: std::ops::RangeInclusive<usize> = 2..=4;
/// The most words of a name that are looked for.
const MOST: usize = 8;
/// The fewest letters of a whole word that tells which country, of a word that is cut short where none is whole, and of one alone.
const WHOLE: usize = 4;
const SHORT: usize = 3;
const ALONE: usize = 5;

/// The entity that `name` is short for.
pub fn find(table: &Layout, name: &str, s: &mut Scratch) -> Option<u16> {
    let words = Words::of(name, s)?;
    words.readings().find_map(|reading| words.only(table, &reading))?
}

/// Whether a name begins or ends with two to four capitals that can be the first letters of words, beside another word: "FDR Ethiopia".
pub fn has_initials(name: &str) -> bool {
    let bytes = name.as_bytes();
    let is_upper = |byte: &&u8| byte.is_ascii_uppercase();
    let begin = bytes.iter().take_while(is_upper).count();
    let end = bytes.iter().rev().skip_while(|byte| matches!(byte, b')' | b']')).take_while(is_upper).count();
    let is_apart = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'(' | b'['));
    let behind = bytes.len() - bytes.iter().rev().take_while(|byte| matches!(byte, b')' | b']')).count();
    INITIALS.contains(&begin) && is_apart(bytes.get(begin))
        || INITIALS.contains(&end) && behind > end && is_apart(bytes.get(behind - end - 1)) && bytes.iter().any(u8::is_ascii_lowercase)
}

/// Whether a name begins with a word that is cut short without a full stop.
pub fn begins_short(name: &str) -> bool {
    let is_short = |word: &&str| name.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    matches!(name.as_bytes()[0], b'N' | b'S' | b'n' | b's') && ["St-", "St ", "Ste-", "Nlle-", "Nlle "].iter().any(is_short)
}

/// A word of a name.
#[derive(Clone, Copy, Default)]
struct Word {
    from: usize,
    to: usize,
    /// Letters may be left out behind.
    is_short: bool,
    /// Nothing but capitals.
    is_upper: bool,
    /// A capital in front.
    is_name: bool,
}

/// The words of a name, folded.
struct Words {
    letters: String,
    words: Vec<Word>,
    /// How many words stand before the first comma or bracket.
    turn: usize,
}

impl Words {
    fn of(name: &str, s: &mut Scratch) -> Option<Self> {
        let mut words = Words { letters: String::new(), words: Vec::new(), turn: 0 };
        let is_part = |c: char| c.is_alphanumeric() || joins(c) || unicode_normalization::char::is_combining_mark(c);
        let mut rest = name;
        while let Some(at) = rest.find(is_part) {
            if words.turn == 0 && rest[..at].contains([',', '(', '[']) {
                words.turn = words.words.len();
            }
            rest = &rest[at..];
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            rest = behind;
            fold::fold_into(word, &mut s.key);
            let from = words.letters.len();
            // Short words keep their accents when they are names: "Áo" is one. Here they are not.
            words.letters.extend(std::str::from_utf8(&s.key).ok()?.chars().filter(|c| !ACCENTS.contains(c)));
            let is_stopped = behind.starts_with('.');
            let is_short = is_stopped || ALWAYS_SHORT.contains(&&words.letters[from..]);
            if words.letters.len() == from || !is_short && initials::is_between(&words.letters[from..]) {
                words.letters.truncate(from);
                continue;
            }
            if words.words.len() == MOST {
                return None;
            }
            let is_upper = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase());
            words.words.push(Word { from, to: words.letters.len(), is_short, is_upper, is_name: word.starts_with(char::is_uppercase) });
        }
        (has_initials(name) || words.words.iter().any(|word| word.is_short)).then_some(words)
    }

    fn text(&self, word: &Word) -> &str {
        &self.letters[word.from..word.to]
    }

    /// The ways to read the words, likeliest first.
    fn readings(&self) -> impl Iterator<Item = Vec<Word>> {
        let turned = (self.turn > 0 && self.turn < self.words.len()).then(|| [&self.words[self.turn..], &self.words[..self.turn]].concat());
        let as_it_is = [Some(self.words.clone()), turned].into_iter().flatten();
        let is_between = |word: &Word| word.is_short && initials::is_between(self.text(word));
        let has_between = move |words: &Vec<Word>| words.iter().any(is_between) && !words.last().is_some_and(is_between);
        let without = as_it_is.clone().filter(has_between);
        let without = without.map(move |words| words.into_iter().filter(|word| !is_between(word)).collect());
        as_it_is.clone().chain(as_it_is.filter_map(|words| self.spelled(&words))).chain(without)
    }

    /// The words with capitals that are the first letters of several taken for these: "FDR Ethiopia".
    fn spelled(&self, words: &[Word]) -> Option<Vec<Word>> {
        let is_initials = |word: &Word| word.is_upper && INITIALS.contains(&(word.to - word.from));
        if !words.iter().any(is_initials) || words.iter().all(|word| word.is_upper) {
            return None;
        }
        let letters =
            |word: &Word| (word.from..word.to).map(|from| Word { from, to: from + 1, is_short: true, is_upper: true, is_name: true }).collect();
        let spelled: Vec<Word> = words.iter().flat_map(|word| if is_initials(word) { letters(word) } else { vec![*word] }).collect();
        Some(spelled).filter(|words| words.len() <= MOST)
    }

    /// The only entity with names that those words are short for; `None` within where there are several, without where there is none.
    fn only(&self, table: &Layout, words: &[Word]) -> Option<Option<u16>> {
        let is_told = words.len() > 1 && words.iter().any(|word| self.tells(table, word));
        if !is_told && !self.is_enough(words) || self.is_last_a_letter(words) {
            return None;
        }
        // A letter at the end begins a word of too many languages.
        let is_clear = is_told && words.last().is_some_and(|word| self.len(word) > 1);
        let hash = initials::hash(words.iter().filter_map(|word| self.text(word).chars().next()));
        let (mut found, mut several) = (None, false);
        // Hardly a name has the longest whole word: the others need no splitting.
        let longest = words.iter().filter(|word| !word.is_short).max_by_key(|word| word.to - word.from);
        let longest = memchr::memmem::Finder::new(longest.map_or("", |word| self.text(word)));
        table.with_initials(hash, |name, entity, is_wide| {
            if longest.find(name.as_bytes()).is_some() && found != Some(entity) && (is_clear || is_wide) && self.are_short_for(words, name, is_told) {
                several |= found.is_some();
                found = Some(entity);
            }
        });
        found.map(|entity| Some(entity).filter(|entity| !several && *entity != NOBODY && !self.is_part_of(table, words, *entity)))
    }

    fn len(&self, word: &Word) -> usize {
        self.text(word).chars().count()
    }

    /// Whether a word is whole and tells one country from most others.
    fn tells(&self, table: &Layout, word: &Word) -> bool {
        let key = || [&[prefix::GENERIC], self.text(word).as_bytes()].concat();
        !word.is_short && self.len(word) >= WHOLE && !DIRECTIONS.contains(&self.text(word)) && table.get(&key()).is_none()
    }

    /// Whether words of which none tells the country are enough together.
    fn is_enough(&self, words: &[Word]) -> bool {
        match words {
            [word] => word.is_short && word.is_name && self.len(word) >= ALONE,
            _ => words.iter().all(|word| self.len(word) >= SHORT),
        }
    }

    /// Whether the last of several words is one letter that says nothing: "Haute V." can be many a place.
    fn is_last_a_letter(&self, words: &[Word]) -> bool {
        let says_nothing = |word: &Word| self.len(word) == 1 && !LAST_LETTERS.contains(&self.text(word));
        words.len() > 1 && words.last().is_some_and(says_nothing)
    }

    /// Whether the words name a part of the country: "E. India" is no "Republic of India".
    fn is_part_of(&self, table: &Layout, words: &[Word], entity: u16) -> bool {
        let Some((first, rest)) = words.split_first() else { return false };
        let rest: String = rest.iter().map(|word| self.text(word)).collect();
        self.len(first) <= 2 && !LETTERS_OF_STATES.contains(&self.text(first)) && table.get(rest.as_bytes()).is_some_and(|hit| hit.entity == entity)
    }

    /// Whether `name` has these words, whole or cut short. Of several of which none tells it, each must be cut as it usually is; where one
    /// does, none may be nearly whole: "San." is short for no saint.
    fn are_short_for(&self, words: &[Word], name: &str, is_told: bool) -> bool {
        let mut all = initials::words(name);
        let is_cut_well = |word: &str, whole: &str| match words {
            [_] => whole.starts_with(word),
            _ => word == whole || is_usual(word, whole) || is_told && !is_nearly_whole(word, whole),
        };
        let is_it = |word: &Word, whole: &str| is_short_for(self.text(word), word.is_short, whole) && is_cut_well(self.text(word), whole);
        words.iter().all(|word| all.next().is_some_and(|whole| is_it(word, whole))) && all.next().is_none()
    }
}

/// Words that name a part of any country.
const DIRECTIONS: [&str; 19] = [
    "central", "centro", "city", "east", "eastern", "este", "nord", "noord", "north", "northern", "norte", "oeste", "ouest", "south", "southern",
    "west", "western", "westen", "zuid",
];
/// What a last word is cut down to: a direction, or what a state is.
const LAST_LETTERS: [&str; 6] = ["e", "n", "o", "r", "s", "w"];
/// What a first word is cut down to that says what a state is, and not which part of it.
const LETTERS_OF_STATES: [&str; 3] = ["k", "r", "st"];
/// Marks that are written on letters.
const ACCENTS: std::ops::RangeInclusive<char> = '\u{300}'..='\u{36f}';
/// Words that are cut short without a full stop.
const ALWAYS_SHORT: [&str; 9] = ["gd", "gt", "is", "nlle", "rep", "st", "sta", "ste", "sto"];

/// Whether `word` is `whole`, or short for it: its first letters, or its first and some behind in their order.
fn is_short_for(word: &str, is_short: bool, whole: &str) -> bool {
    if !is_short {
        return word == whole;
    }
    let mut letters = whole.chars();
    let in_order = || word.chars().all(|letter| letters.any(|other| other == letter));
    // Letters are left out within a word so that its end stays, or its consonants do.
    let is_drawn_together = || word.chars().last() == whole.chars().last() || !word.chars().skip(1).any(is_vowel);
    whole.starts_with(word) || word.chars().next() == whole.chars().next() && word.chars().nth(1).is_some() && is_drawn_together() && { in_order }()
}

/// Whether a word is cut to its beginning as people cut it: behind a consonant and before a vowel ("Dom." and not "Domi."), or as the
/// list of spellings has it.
fn is_usual(word: &str, whole: &str) -> bool {
    let behind = whole.strip_prefix(word).and_then(|rest| rest.chars().next());
    behind.is_some_and(|next| (is_vowel(next) || next == 'y') && !word.ends_with(is_vowel)) || words::is_same(word, whole)
}

/// Whether a word is cut for hardly anything.
fn is_nearly_whole(word: &str, whole: &str) -> bool {
    whole.strip_prefix(word).is_some_and(|rest| rest.chars().count() < SHORT)
}

fn is_vowel(letter: char) -> bool {
    "aeiouаеиоуыэюяіαεηιουω".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::{is_short_for, is_usual};

    #[test]
    fn words_are_cut_between_a_consonant_and_a_vowel() {
        for (word, whole) in
            [("dom", "dominican"), ("kyrg", "kyrgyz"), ("roy", "royaume"), ("cent", "central"), ("afr", "african"), ("сев", "северная")]
        {
            assert!(is_usual(word, whole), "{word} {whole}");
        }
        for (word, whole) in [("chi", "china"), ("san", "santa"), ("lan", "lanka"), ("dom", "kingdom")] {
            assert!(!is_usual(word, whole), "{word} {whole}");
        }
    }

    #[test]
    fn a_word_is_short_for_what_begins_with_it() {
        for (word, whole) in [("rep", "republica"), ("pln", "polnocna"), ("st", "saint"), ("n", "nord"), ("congo", "congo")] {
            assert!(is_short_for(word, true, whole), "{word} {whole}");
        }
        assert!(!is_short_for("rep", false, "republica"));
        assert!(!is_short_for("s", true, "nord"));
        assert!(!is_short_for("nr", true, "nigeria") || "nigeria".contains('r'));
    }
}
