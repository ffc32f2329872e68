//! Gazetteer: all names and all wording of one language in one tree of words, so that one pass over a text finds them all.
//!
//! In: reference data and a vocabulary. Out: for a word of a text its number, and for a run of words what it is a name of. Words
//! are compared without case and diacritics; acronyms only in capitals, names only with a capital first. Names of countries in all
//! their spellings are not in the tree: they have a table of their own, which is made when the program is built.

mod growth;
mod tag;
mod tree;
mod wording;
mod words;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::built_text;
use super::countries::{CountryTable, hash};
use super::fx::{self, BuildFx};
use super::reference::{self, Reference};
use super::vocabulary::{self, Reads, Vocabulary};
use growth::Growth;
use tree::{Spelling, Tree};

pub use tag::{Label, MeetingLabel, Party, ProjectLabel, PublicationLabel, Tag};
pub use tree::{PACKED, UNKNOWN, packed_lower};
pub use words::{fold, fold_onto, words_of};

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

/// How a run of words is written, as far as names ask.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    /// Whether the first word begins with a capital or is a number.
    begins_large: bool,
    /// Whether all words are in capitals or numbers.
    is_large: bool,
}

impl Written {
    /// Of a run of one word.
    #[must_use]
    #[inline]
    pub fn of(first: Shape) -> Self {
        Self { begins_large: matches!(first, Shape::Capital | Shape::Upper | Shape::Number), is_large: matches!(first, Shape::Upper | Shape::Number) }
    }

    /// Of the run with one word more.
    #[must_use]
    #[inline]
    pub fn and(self, next: Shape) -> Self {
        Self { is_large: self.is_large && matches!(next, Shape::Upper | Shape::Number), ..self }
    }
}

/// All names and wording of one language.
#[derive(Clone, Debug)]
pub struct Gazetteer {
    tree: Tree,
    pub vocabulary: Arc<Vocabulary>,
    pub countries: Arc<CountryTable>,
    /// By number of the entity: the index into the reference data.
    positions: Vec<Option<u16>>,
}

impl Gazetteer {
    /// Over the tree of words in `built`, which is that of this reference data and vocabulary, or one that is grown now; none where it cannot be.
    #[must_use]
    pub fn new(reference: &Reference, vocabulary: &Arc<Vocabulary>, countries: &Arc<CountryTable>, built: Option<&'static [u8]>) -> Option<Self> {
        let bytes = built.map_or_else(|| Growth::of(reference, vocabulary).lay_out().map(Cow::Owned), |bytes| Ok(Cow::Borrowed(bytes))).ok()?;
        let mut by_code: HashMap<&str, u16, BuildFx> = HashMap::with_capacity_and_hasher(reference.countries.len(), BuildFx::default());
        for (at, country) in reference.countries.iter().enumerate() {
            by_code.entry(country.iso3.as_str()).or_insert(at as u16);
        }
        Some(Self {
            tree: Tree::over(bytes)?,
            vocabulary: Arc::clone(vocabulary),
            countries: Arc::clone(countries),
            positions: countries.entities().iter().map(|entity| by_code.get(&*entity.alpha3).copied()).collect(),
        })
    }

    /// The number of a word, [`UNKNOWN`] where no name and no wording has it. `word` is folded ([`fold`]).
    #[must_use]
    pub fn word(&self, word: &str) -> u32 {
        self.tree.word(word)
    }

    /// The number of a word that is packed ([`packed_lower`]).
    #[must_use]
    #[inline]
    pub fn packed(&self, word: u128, length: usize) -> u32 {
        self.tree.packed(word, length)
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
        self.tree.step(node, word)
    }

    /// What the words up to `node` are, where they are written in a way.
    #[inline]
    pub fn tags(&self, node: u32, written: Written) -> impl Iterator<Item = Tag> + '_ {
        self.tree
            .entries(node)
            .iter()
            .filter(move |entry| match entry.spelling {
                Spelling::Any => true,
                Spelling::Capital => written.begins_large,
                Spelling::Upper => written.is_large,
            })
            .map(|entry| entry.tag)
    }

    /// What stands under headings of this kind.
    #[must_use]
    pub fn reads(&self, heading: u16) -> Reads {
        self.vocabulary.headings[heading as usize].reads
    }
}
