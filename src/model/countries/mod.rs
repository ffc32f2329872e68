//! Names of countries: the compiled table, and where a running text uses one.
//!
//! In: the bytes that the build script (or, for a project's own files, the program) made of `schemas/reference/`. Out: entities,
//! look-ups, and the names that begin at a word of a text. The normalizer of single names and the gazetteer of running text read the
//! same table, so they cannot disagree. Nothing is built when the program starts.

pub mod clues;
pub mod entity;
pub mod fold;
pub mod fold_rules;
pub mod hash;
pub mod initials;
pub mod layout;
pub mod running;
pub mod words;

use std::borrow::Cow;

use super::built_text::BuiltText;
use entity::Entity;
use layout::{Kind, Layout, Sections, prefix};

/// The table that is compiled into the program, aligned for nobody: all reads are of bytes.
static BUILT_IN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/country_table.bin"));

/// Its entities, as literals.
static ENTITIES: &[Entity] = include!(concat!(env!("OUT_DIR"), "/entities.rs"));

/// Names of countries and what they stand for.
#[derive(Clone, Debug)]
pub struct CountryTable {
    bytes: Cow<'static, [u8]>,
    sections: Sections,
    entities: Cow<'static, [Entity]>,
}

impl CountryTable {
    /// The table of this program. Nothing of it is read.
    #[expect(clippy::expect_used, reason = "the build script writes a table that reads, or the build fails")]
    #[must_use]
    pub fn built_in() -> Self {
        let sections = Layout::sections(BUILT_IN).expect("the table of the build reads");
        Self { bytes: Cow::Borrowed(BUILT_IN), sections, entities: Cow::Borrowed(ENTITIES) }
    }

    /// The table in `bytes`; `None` where they are none.
    #[must_use]
    pub fn over(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let sections = Layout::sections(&bytes)?;
        let entities = Entity::read_all(layout::entities(&bytes, &sections)?);
        Some(Self { bytes, sections, entities: Cow::Owned(entities) })
    }

    #[must_use]
    pub fn layout(&self) -> Layout<'_> {
        Layout::new(&self.bytes, &self.sections)
    }

    /// All entities, in the order of their numbers.
    #[must_use]
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// Whether `word`, folded, is a word of some name.
    #[must_use]
    pub fn has_word(&self, word: &str) -> bool {
        let mut key = [0; 64];
        let end = 1 + word.len();
        if end > key.len() {
            return false;
        }
        key[0] = prefix::FIRST;
        key[1..end].copy_from_slice(word.as_bytes());
        self.layout().get(&key[..end]).is_some_and(|hit| hit.kind == Kind::Common)
    }
}
