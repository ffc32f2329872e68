//! Gazetteer: all names and all wording of one language in one tree of words, so that one pass over a text finds them all.
//!
//! In: reference data and a vocabulary. Out: for a word of a text its number, and for a run of words what it is a name of. Words
//! are compared without case and diacritics; acronyms only in capitals, names only with a capital first. Names of countries in all
//! their spellings are not in the tree: they have a table of their own, which is made when the program is built.

mod tag;
mod wording;
mod words;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::countries::CountryTable;
use super::reference::Reference;
use super::vocabulary::{Reads, Vocabulary};

pub use tag::{Label, MeetingLabel, Party, ProjectLabel, Tag};
use words::Words;
pub use words::{SHORT, packed_lower};

/// How a name must be written in a text to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Spelling {
    /// Any case.
    Any,
    /// With a capital first.
    Capital,
    /// In capitals throughout.
    Upper,
}

#[derive(Clone, Debug)]
struct Entry {
    tag: Tag,
    spelling: Spelling,
}

/// How a word of a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Lower,
    Capital,
    Upper,
    /// Digits.
    Number,
    /// Anything else that is not a space.
    Mark,
}

/// About how many words a language and the reference data have: room for them is made once.
const WORDS: usize = 7000;

/// The number of a word that no name and no wording has.
pub const UNKNOWN: u32 = 0;

/// All names and wording of one language.
#[derive(Clone, Debug)]
pub struct Gazetteer {
    words: Words,
    edges: HashMap<(u32, u32), u32, BuildFx>,
    /// The first step down the tree by the number of the word, 0 for none: it is tried at every word of a text.
    roots: Vec<u32>,
    /// By node.
    entries: Vec<Vec<Entry>>,
    pub vocabulary: Arc<Vocabulary>,
    pub countries: Arc<CountryTable>,
    /// By number of the entity: the index into the reference data.
    positions: Vec<Option<u16>>,
}

/// A fast hash for short keys of our own making; nothing iterates over these maps.
pub type BuildFx = std::hash::BuildHasherDefault<Fx>;

#[derive(Clone, Copy, Debug, Default)]
pub struct Fx(u64);

impl std::hash::Hasher for Fx {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            // As the bytes of a number, without a copy whose length is not known before.
            self.write_u64(rest.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
        self.0 ^= self.0 >> 29;
    }
}

impl Gazetteer {
    /// Builds the tree of words.
    #[must_use]
    pub fn new(reference: &Reference, vocabulary: &Arc<Vocabulary>, countries: &Arc<CountryTable>) -> Self {
        let position = |alpha3: &str| reference.countries.iter().position(|country| country.iso3 == alpha3).map(|at| at as u16);
        let mut gazetteer = Self {
            words: Words::with_capacity(WORDS),
            edges: HashMap::with_capacity_and_hasher(WORDS, BuildFx::default()),
            roots: vec![0],
            entries: vec![Vec::new()],
            vocabulary: Arc::clone(vocabulary),
            countries: Arc::clone(countries),
            positions: countries.entities().iter().map(|entity| position(&entity.alpha3)).collect(),
        };
        gazetteer.add_reference(reference);
        gazetteer.add_vocabulary(vocabulary);
        gazetteer.add_damaged();
        gazetteer
    }

    fn add_reference(&mut self, reference: &Reference) {
        for (at, country) in reference.countries.iter().enumerate() {
            self.add_name(&country.name, Tag::Country(at as u16));
            country.formal_name.iter().for_each(|name| self.add_name(name, Tag::Country(at as u16)));
        }
        for alias in &reference.aliases {
            if let Some(at) = reference.countries.iter().position(|country| country.iso3 == alias.iso3) {
                self.add_name(&alias.name, Tag::Country(at as u16));
            }
        }
        for (at, row) in reference.organizations.iter().enumerate() {
            self.add_names(&row.name, row.acronym.as_deref(), &row.other_names, Tag::Organization(at as u16));
        }
        for (at, row) in reference.dialogues.iter().enumerate() {
            self.add_names(&row.name, row.acronym.as_deref(), &row.other_names, Tag::Dialogue(at as u16));
        }
        for (at, row) in reference.groups.iter().enumerate() {
            self.add_names(&row.name, row.acronym.as_deref(), &row.other_names, Tag::Group(at as u16));
        }
        for (at, row) in reference.cities.iter().enumerate() {
            self.add_names(&row.name, None, &row.other_names, Tag::City(at as u16));
        }
    }

    fn add_names(&mut self, name: &str, acronym: Option<&str>, others: &[String], tag: Tag) {
        self.add_name(name, tag);
        acronym.iter().for_each(|name| self.add_name(name, tag));
        others.iter().for_each(|name| self.add_name(name, tag));
    }

    /// A name: in capitals if it is one, with a capital first otherwise.
    fn add_name(&mut self, name: &str, tag: Tag) {
        let letters = name.chars().filter(|letter| letter.is_alphabetic());
        let is_acronym = !name.contains(' ') && name.len() <= 12 && letters.clone().count() > 0 && letters.clone().all(char::is_uppercase);
        let has_case = name.chars().next().is_some_and(char::is_uppercase);
        let spelling = match (is_acronym, has_case) {
            (true, _) => Spelling::Upper,
            (false, true) => Spelling::Capital,
            (false, false) => Spelling::Any,
        };
        self.add(name, tag, spelling);
    }

    fn add_all(&mut self, phrases: &[String], tag: Tag) {
        phrases.iter().for_each(|phrase| self.add(phrase, tag, Spelling::Any));
    }

    fn add(&mut self, phrase: &str, tag: Tag, spelling: Spelling) {
        let mut node = 0;
        let mut any = false;
        for word in words_of(phrase) {
            any = true;
            let next_word = self.words.len() as u32 + 1;
            let word = self.words.enter(&word, next_word);
            let next_node = self.entries.len() as u32;
            let target = *self.edges.entry((node, word)).or_insert(next_node);
            if target == next_node {
                self.entries.push(Vec::new());
            }
            self.roots.resize(self.words.len() + 1, 0);
            if node == 0 {
                self.roots[word as usize] = target;
            }
            node = target;
        }
        let entries = &mut self.entries[node as usize];
        match entries.iter_mut().find(|entry| entry.tag == tag) {
            _ if !any => {}
            // Two spellings of one name, as an acronym and as a word: the less strict one holds.
            Some(entry) => entry.spelling = entry.spelling.min(spelling),
            None => entries.push(Entry { tag, spelling }),
        }
    }

    /// The number of a word, [`UNKNOWN`] where no name and no wording has it. `word` is folded ([`fold`]).
    #[must_use]
    pub fn word(&self, word: &str) -> u32 {
        self.words.number(word)
    }

    /// The number of a word as [`packed_lower`] gives it.
    #[must_use]
    pub fn packed(&self, word: u128) -> u32 {
        self.words.packed(word)
    }

    /// Whether some name or wording has a word. `word` is folded.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        self.word(word) != UNKNOWN || self.countries.has_word(word)
    }

    /// The index into the reference data of an entity of the table of countries.
    #[must_use]
    pub fn country(&self, entity: u16) -> Option<u16> {
        self.positions.get(usize::from(entity)).copied().flatten()
    }

    /// ISO 639-1 code of the language.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.vocabulary.code
    }

    /// One step down the tree.
    #[must_use]
    pub fn step(&self, node: u32, word: u32) -> Option<u32> {
        if node == 0 {
            return self.roots.get(word as usize).copied().filter(|&root| root != 0);
        }
        self.edges.get(&(node, word)).copied()
    }

    /// What the words up to `node` are, where they are written as `shapes` say.
    pub fn tags(&self, node: u32, shapes: &[Shape]) -> impl Iterator<Item = Tag> + '_ {
        let first_is_capital = matches!(shapes.first(), Some(Shape::Capital | Shape::Upper | Shape::Number));
        let all_upper = shapes.iter().all(|shape| matches!(shape, Shape::Upper | Shape::Number));
        self.entries[node as usize]
            .iter()
            .filter(move |entry| match entry.spelling {
                Spelling::Any => true,
                Spelling::Capital => first_is_capital,
                Spelling::Upper => all_upper,
            })
            .map(|entry| entry.tag)
    }

    /// What stands under headings of this kind.
    #[must_use]
    pub fn reads(&self, heading: u16) -> Reads {
        self.vocabulary.headings[heading as usize].reads
    }
}

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

/// The letters of most languages in Latin script, folded.
static LATIN: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folded = |letter: char| {
        let mut folded = String::new();
        fold_letter(letter, &mut folded);
        folded
    };
    ('\0'..'\u{250}').map(folded).collect()
});

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
        match LATIN.get(letter as usize) {
            Some(latin) => folded.push_str(latin),
            None => fold_letter(letter, folded),
        }
    }
}

fn fold_letter(letter: char, folded: &mut String) {
    folded.extend(std::iter::once(letter).nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase));
}
