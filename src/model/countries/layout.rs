//! The table of country names as bytes: how it is laid out and how it is read.
//!
//! In: bytes that the compiler wrote, usually the program's own read-only data. Out: look-ups. Nothing is parsed or copied at start
//! but some three hundred entities. Every hit compares the stored key, so a hash can never give a false answer.
//!
//! Sections, each behind its length: entities and dated names (text), slots and keys of the names, the names that fuzzy search may reach
//! and their keys, the filter and slots of the clues to them and the names of each, the same for what is no country, the tags of the
//! slots, the names by the first letters of their words, the words of sets of words. A slot of a name is
//! `tag 16 | key offset 24 | key length 8 | kind 5 | entity 11`; zero is empty.

use super::clues::{self, Clues, Letters, Measure};
use super::{hash, initials, words};

/// What a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// The short name of ISO 3166-1.
    Official = 1,
    Formal,
    Common,
    Inverted,
    Abbreviation,
    Former,
    Native,
    /// A name of an entity of ISO 3166-3.
    Historical,
    Ambiguous,
    Demonym,
    /// A city, a region, a word: no country, and near the name of one.
    Stop,
}

impl Kind {
    const ALL: [Kind; 11] = [
        Kind::Official,
        Kind::Formal,
        Kind::Common,
        Kind::Inverted,
        Kind::Abbreviation,
        Kind::Former,
        Kind::Native,
        Kind::Historical,
        Kind::Ambiguous,
        Kind::Demonym,
        Kind::Stop,
    ];

    /// The kind that `country_names.csv` calls `name`.
    pub fn named(name: &str) -> Option<Kind> {
        Some(match name {
            "official" => Kind::Official,
            "formal" => Kind::Formal,
            "common" => Kind::Common,
            "inverted" => Kind::Inverted,
            "abbreviation" => Kind::Abbreviation,
            "former" => Kind::Former,
            "native" => Kind::Native,
            "historical" => Kind::Historical,
            "ambiguous" => Kind::Ambiguous,
            _ => return None,
        })
    }

    fn of(bits: u64) -> Kind {
        Kind::ALL[(bits as usize - 1).min(Kind::ALL.len() - 1)]
    }
}

/// First bytes of keys that are no names.
pub mod prefix {
    /// A name as a set of words.
    pub const WORDS: u8 = 1;
    /// An alpha-2, alpha-3, alpha-4 or numeric code.
    pub const CODE: u8 = 2;
    /// A name with letters that scanners mix up taken for one.
    pub const SHAPE: u8 = 3;
    /// A word of a name; the entity is the greatest number of words of the names that begin with it, the kind `Common` where the
    /// word is one of a country's name and not only of a people's or a city's.
    pub const FIRST: u8 = 4;
    /// A language, a blank, and a name in another one that is a word of it: no name in running text.
    pub const WORD: u8 = 5;
    /// A name of several words, with the blanks between them: what running text is compared with, so that two words of a text are
    /// no name of one word.
    pub const TEXT: u8 = 6;
    /// A name with letters that are heard alike taken for one.
    pub const SOUND: u8 = 7;
    /// A word in names of many: "islands" tells nobody which.
    pub const GENERIC: u8 = 8;
}

/// The entity of a target that is no country.
pub const NOBODY: u16 = 0x7FF;
pub const MAGIC: u32 = 0x3543_4352;
pub const SECTIONS: usize = 15;
/// Tags are read eight at a time: the first ones stand behind the last ones again.
pub const TAGS_BEHIND: usize = 7;
/// The bits of the words of sets of words.
pub const WORD_BYTES: usize = 1 << 13;

/// The byte of a word among them, and its bit there.
#[inline]
pub fn word_bit(word: &[u8]) -> (usize, u8) {
    let hash = hash::of(word);
    (hash as usize & (WORD_BYTES - 1), 1 << (hash >> 20 & 7))
}

const ONES: u64 = u64::from_le_bytes([1; 8]);

/// The highest bit of each byte that is zero.
#[inline]
fn zeros(eight: u64) -> u64 {
    const LOW: u64 = u64::from_le_bytes([0x7F; 8]);
    !((eight & LOW).wrapping_add(LOW) | eight | LOW)
}
/// A byte of a key's hash for each slot; zero where the slot is empty.
#[inline]
pub fn tag(h: u64) -> u8 {
    (h >> 40) as u8 | 1
}

/// First byte and first byte behind, of each section.
pub type Sections = [(usize, usize); SECTIONS];

/// The lines of the entities of a table; `None` where they are no text.
pub fn entities<'a>(bytes: &'a [u8], sections: &Sections) -> Option<&'a str> {
    let (from, to) = sections[Section::Entities as usize];
    std::str::from_utf8(bytes.get(from..to)?).ok()
}

/// A table, borrowed from bytes. It is made for every name that is looked up, so that it holds nothing but where things are.
#[derive(Clone, Copy, Debug)]
pub struct Layout<'a> {
    bytes: &'a [u8],
    sections: &'a Sections,
    /// What every look-up reads.
    tags: &'a [u8],
    slots: &'a [u8],
    keys: &'a [u8],
}

/// The sections, in their order.
#[derive(Clone, Copy)]
enum Section {
    Entities,
    Dated,
    Slots,
    Keys,
    Targets,
    TargetKeys,
    Filter,
    Clues,
    ClueNames,
    NobodysFilter,
    NobodysClues,
    NobodysClueNames,
    Tags,
    Initials,
    Words,
}

/// The sections with the clues to names of countries, and to what is none.
const COUNTRIES: [Section; 3] = [Section::Filter, Section::Clues, Section::ClueNames];
const NOBODYS: [Section; 3] = [Section::NobodysFilter, Section::NobodysClues, Section::NobodysClueNames];

/// A hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub entity: u16,
    pub kind: Kind,
}

/// A name that fuzzy search may reach.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    pub key: &'a [u8],
    pub entity: u16,
}

/// The names that have a part with that hash: first, and first behind.
#[inline]
fn clue(slots: &[u8], hash: u64) -> (usize, usize) {
    let (mask, tag) = (slots.len() / 8 - 1, clues::tag(hash));
    let mut i = clues::place(tag) & mask;
    loop {
        let slot = hash::u64_at(slots, 8 * i);
        if slot as u32 == tag || slot == 0 {
            return clues::names(slot);
        }
        i = (i + 1) & mask;
    }
}

impl<'a> Layout<'a> {
    /// Where the sections are; `None` where the bytes are no table.
    pub fn sections(bytes: &[u8]) -> Option<Sections> {
        let word = |i: usize| (bytes.len() >= 4 * i + 4).then(|| hash::u32_at(bytes, 4 * i));
        if word(0)? != MAGIC {
            return None;
        }
        let mut at = 4 * (1 + SECTIONS);
        let mut sections = [(0, 0); SECTIONS];
        for (i, section) in sections.iter_mut().enumerate() {
            *section = (at, at + word(1 + i)? as usize);
            at = section.1;
        }
        let layout = (at <= bytes.len()).then(|| Layout::new(bytes, &sections))?;
        let len = |section| layout.section(section).len();
        let fit = (len(Section::Slots) / 8).is_power_of_two()
            && len(Section::Filter) == clues::FILTER_BYTES
            && (len(Section::Clues) / 8).is_power_of_two()
            && len(Section::NobodysFilter) == clues::FILTER_BYTES
            && (len(Section::NobodysClues) / 8).is_power_of_two()
            && len(Section::Tags) == len(Section::Slots) / 8 + TAGS_BEHIND
            && len(Section::Words) == WORD_BYTES;
        fit.then_some(sections)
    }

    /// The table in `bytes`, of which `sections` were found.
    #[inline]
    pub fn new(bytes: &'a [u8], sections: &'a Sections) -> Self {
        let of = |section: Section| &bytes[sections[section as usize].0..sections[section as usize].1];
        Layout { bytes, sections, tags: of(Section::Tags), slots: of(Section::Slots), keys: of(Section::Keys) }
    }

    #[inline]
    fn section(&self, section: Section) -> &'a [u8] {
        let (from, to) = self.sections[section as usize];
        &self.bytes[from..to]
    }

    /// The lines of the names that meant another entity once: folded name, first day, first day outside, code.
    pub fn dated(&self) -> Option<&'a str> {
        std::str::from_utf8(self.section(Section::Dated)).ok()
    }

    /// Looks up a key whose first byte says what it is, where it is no name.
    #[inline]
    pub fn get(&self, key: &[u8]) -> Option<Hit> {
        self.find(hash::of(key), key.len(), |stored| hash::same(&stored[..key.len()], key))
    }

    /// The same of a key of at most sixteen bytes that is one number, the first byte lowest.
    #[inline]
    pub fn get_packed(&self, key: u128, length: usize) -> Option<Hit> {
        self.find(hash::of_packed(key, length), length, |stored| match stored.first_chunk() {
            Some(bytes) => u128::from_le_bytes(*bytes) & hash::mask(length) == key,
            None => stored[..length] == key.to_le_bytes()[..length],
        })
    }

    /// Looks up a key by its hash and length; `is_same` is given the stored keys from one of them on.
    #[inline]
    fn find(&self, h: u64, length: usize, is_same: impl Fn(&[u8]) -> bool) -> Option<Hit> {
        let Self { tags, slots, keys, .. } = *self;
        let mask = slots.len() / 8 - 1;
        let wanted = u64::from(tag(h)).wrapping_mul(ONES);
        let mut i = h as usize & mask;
        loop {
            // Eight places at a time, and most keys that are no names end at their tags: these lie close together, and the slots do not.
            let eight = hash::u64_at(tags, i);
            let (empty, mut same) = (zeros(eight), zeros(eight ^ wanted));
            // What stands behind an empty place is of other keys.
            same &= (empty & empty.wrapping_neg()).wrapping_sub(1);
            while same != 0 {
                let slot = hash::u64_at(slots, 8 * ((i + same.trailing_zeros() as usize / 8) & mask));
                let (at, len) = ((slot >> 24 & 0xFF_FFFF) as usize, (slot >> 16 & 0xFF) as usize);
                if slot >> 48 == h >> 48 && len == length && is_same(&keys[at..]) {
                    return Some(Hit { entity: (slot & 0x7FF) as u16, kind: Kind::of(slot >> 11 & 0x1F) });
                }
                same &= same - 1;
            }
            if empty != 0 {
                return None;
            }
            i = (i + 8) & mask;
        }
    }

    /// Whether every word of a folded name, words apart, is one of a set of words that some name has.
    #[inline]
    pub fn has_words(&self, spaced: &[u8]) -> bool {
        let filter = self.section(Section::Words);
        words::words_of(spaced).all(|word| {
            let (byte, bit) = word_bit(word);
            // Letters that stand alone make a word together.
            word.len() < 2 || filter[byte] & bit != 0
        })
    }

    /// Calls `f` with every name of a country that can be within one edit of `key`; with some more than once.
    #[inline]
    pub fn at_one_edit(&self, key: &Letters, f: impl FnMut(u16)) {
        self.with_clues(COUNTRIES, &Clues::of_one_edit(key), key, 1, f);
    }

    /// Calls `f` with every name of no country that can be within one edit of `key`; with some more than once.
    #[inline]
    pub fn nobodys_at_one_edit(&self, key: &Letters, f: impl FnMut(u16)) {
        self.with_clues(NOBODYS, &Clues::of_one_edit(key), key, 1, f);
    }

    /// Calls `f` with every long name of a country that can be within two edits of `key`; with some more than once.
    #[inline]
    pub fn at_two_edits(&self, key: &Letters, f: impl FnMut(u16)) {
        self.with_clues(COUNTRIES, &Clues::of_two_edits(key), key, 2, f);
    }

    #[inline]
    fn with_clues(&self, [filter, slots, names]: [Section; 3], clues: &Clues, key: &Letters, edits: u32, mut f: impl FnMut(u16)) {
        let (filter, hashes) = (self.section(filter), clues.hashes());
        let mut found = 0u32;
        for (at, hash) in hashes.iter().enumerate() {
            let (byte, bit) = clues::filter_bit(*hash);
            found |= u32::from(filter[byte] & bit != 0) << at;
        }
        if found == 0 {
            return;
        }
        let (slots, names, measure) = (self.section(slots), self.section(names), Measure::of(key, edits));
        while found != 0 {
            let (from, to) = clue(slots, hashes[found.trailing_zeros() as usize]);
            found &= found - 1;
            for name in names[8 * from..8 * to].chunks_exact(8) {
                let entry = hash::u64_at(name, 0);
                if measure.is_behind(entry) {
                    break;
                }
                if measure.may_be_near(entry) {
                    f(entry as u16);
                }
            }
        }
    }

    /// Calls `f` with every name whose words begin with the letters of that hash (and, rarely, with others), words apart, its
    /// entity, and whether it is in a language that many read.
    pub fn with_initials(&self, hash: u32, mut f: impl FnMut(&'a str, u16, bool)) {
        let (entries, keys) = (self.section(Section::Initials), self.section(Section::Keys));
        let entry = |at: usize| hash::u64_at(entries, 8 * at);
        let (mut from, mut to) = (0, entries.len() / 8);
        while from < to {
            let middle = (from + to) / 2;
            if initials::hash_of(entry(middle)) < hash { from = middle + 1 } else { to = middle }
        }
        for entry in (from..entries.len() / 8).map(entry).take_while(|entry| initials::hash_of(*entry) == hash) {
            let (at, len, entity) = initials::name_of(entry);
            if let Ok(name) = std::str::from_utf8(&keys[at..at + len]) {
                f(name, entity, initials::is_wide(entry));
            }
        }
    }

    /// The target with number `id`, as `deletion` gives it.
    pub fn target(&self, id: u16) -> Target<'a> {
        let at = 8 * (id as usize - 1);
        let t = hash::u64_at(self.section(Section::Targets), at);
        let (at, len) = ((t >> 24) as usize, (t >> 16 & 0xFF) as usize);
        Target { key: &self.section(Section::TargetKeys)[at..at + len], entity: (t & 0xFFFF) as u16 }
    }

    /// How many targets there are: their numbers run from 1.
    pub fn targets(&self) -> u16 {
        (self.section(Section::Targets).len() / 8) as u16
    }
}
