//! The table of country names as bytes: how it is laid out and how it is read.
//!
//! In: bytes that the compiler wrote, usually the program's own read-only data. Out: look-ups. Nothing is parsed or copied at start
//! but some three hundred entities. Every hit compares the stored key, so a hash can never give a false answer.
//!
//! Sections, each behind its length: entities and dated names (text), slots and keys of the names, bits and slots of the deletions,
//! targets of the deletions, the ends of names and the names that have them, the tags of the slots, the names by the first letters of
//! their words. A slot of a name is `tag 16 | key offset 24 | key length 8 | kind 5 | entity 11`; zero is empty.

use super::{ends, hash, initials};

/// Calls `f` with every target in the slots of the deletions that has the hash `h`.
fn deletion(slots: &[u8], h: u64, f: &mut impl FnMut(u16)) {
    let h = hash::mix(h);
    let mask = slots.len() / 4 - 1;
    let mut i = h as usize & mask;
    loop {
        let slot = hash::u32_at(slots, 4 * i);
        if slot == 0 {
            return;
        }
        if slot >> 14 == (h >> 46) as u32 {
            f((slot & 0x3FFF) as u16);
        }
        i = (i + 1) & mask;
    }
}

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
pub const MAGIC: u32 = 0x3443_4352;
pub const SECTIONS: usize = 11;
/// A bit for each hash of a deletion: most probes find it unset and end here, in a quarter of a megabyte.
pub const SEEN_BYTES: usize = 1 << 18;

/// The byte of a hash, and its bit there.
#[inline]
pub fn seen_bit(h: u64) -> (usize, u8) {
    let spread = h.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((spread >> 46) as usize, 1 << (spread >> 43 & 7))
}

/// A byte of a key's hash for each slot; zero where the slot is empty.
#[inline]
pub fn tag(h: u64) -> u8 {
    (h >> 40) as u8 | 1
}

/// First byte and first byte behind, of each section.
pub type Sections = [(usize, usize); SECTIONS];

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
    Seen,
    Deletions,
    Targets,
    Ends,
    EndNames,
    Tags,
    Initials,
}

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
            && (len(Section::Deletions) / 4).is_power_of_two()
            && len(Section::Seen) == SEEN_BYTES
            && len(Section::Ends) == ends::SLOTS * 8
            && len(Section::Tags) == len(Section::Slots) / 8;
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

    /// The lines of the entities; `None` where they are no text.
    pub fn entities(&self) -> Option<&'a str> {
        std::str::from_utf8(self.section(Section::Entities)).ok()
    }

    /// The lines of the names that meant another entity once: folded name, first day, first day outside, code.
    pub fn dated(&self) -> Option<&'a str> {
        std::str::from_utf8(self.section(Section::Dated)).ok()
    }

    /// Looks up a key whose first byte says what it is, where it is no name.
    #[inline]
    pub fn get(&self, key: &[u8]) -> Option<Hit> {
        let h = hash::of(key);
        let Self { tags, slots, keys, .. } = *self;
        let mask = tags.len() - 1;
        let mut i = h as usize & mask;
        let wanted = tag(h);
        loop {
            let tag = tags[i];
            if tag == 0 {
                return None;
            }
            // Most keys that are no names end at the tags: they lie close together, and the slots do not.
            let slot = if tag == wanted { hash::u64_at(slots, 8 * i) } else { 0 };
            if slot != 0 && slot >> 48 == h >> 48 {
                let (at, len) = ((slot >> 24 & 0xFF_FFFF) as usize, (slot >> 16 & 0xFF) as usize);
                if len == key.len() && hash::same(&keys[at..at + len], key) {
                    return Some(Hit { entity: (slot & 0x7FF) as u16, kind: Kind::of(slot >> 11 & 0x1F) });
                }
            }
            i = (i + 1) & mask;
        }
    }

    /// Calls `f` with every target that is, or with a letter left out may be, what `key` is or becomes without a letter (and, rarely,
    /// with others).
    #[inline]
    pub fn less_a_letter(&self, key: &[u8], mut f: impl FnMut(u16)) {
        let (seen, slots) = (self.section(Section::Seen), self.section(Section::Deletions));
        let mut look = |h| {
            let (byte, bit) = seen_bit(h);
            if seen[byte] & bit != 0 {
                deletion(slots, h, &mut f);
            }
        };
        let rolling = hash::Rolling::new(key);
        look(rolling.whole());
        rolling.one_less(look);
    }

    /// Whether some target can be within one edit of the key with those ends.
    #[inline]
    pub fn may_be_one_edit_off(&self, of: &mut ends::Ends) -> bool {
        of.one_edit(|hash| self.end(hash))
    }

    /// Whether some target can be within two edits of it; the ends are then those that it shares with such.
    #[inline]
    pub fn may_be_two_edits_off(&self, of: &mut ends::Ends) -> bool {
        of.two_edits(|hash| self.end(hash))
    }

    /// The slot of an end with that hash; zero where no target has it.
    #[inline]
    fn end(&self, hash: u64) -> u64 {
        let ends = self.section(Section::Ends);
        let (mut i, tag) = ends::place(hash);
        loop {
            let slot = hash::u64_at(ends, 8 * i);
            if slot == 0 || ends::tag(slot) == tag {
                return slot;
            }
            i = (i + 1) & (ends::SLOTS - 1);
        }
    }

    /// Calls `f` with every target that has one of the ends which the key met and can be within two edits of `key`.
    #[inline]
    pub fn with_ends(&self, of: &ends::Ends, mut f: impl FnMut(u16)) {
        let (all, key, letters) = (self.section(Section::EndNames), of.key(), ends::letters(of.key()));
        for &slot in of.slots() {
            let (from, to) = ends::names(slot);
            for name in all[8 * from..8 * to].chunks_exact(8) {
                let entry = hash::u64_at(name, 0);
                if ends::len(entry) > key.len() + 2 {
                    break;
                }
                if ends::len(entry) + 2 >= key.len() && ends::may_be_near(entry, letters) {
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
        Target { key: &self.section(Section::Keys)[at..at + len], entity: (t & 0xFFFF) as u16 }
    }

    /// How many targets there are: their numbers run from 1.
    pub fn targets(&self) -> u16 {
        (self.section(Section::Targets).len() / 8) as u16
    }
}
