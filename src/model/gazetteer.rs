//! Gazetteer: all names and all wording of one language in one tree of words, so that one pass over a text finds them all.
//!
//! In: reference data and a vocabulary. Out: for a word of a text its number, and for a run of words what it is a name of. Words
//! are compared without case and diacritics; acronyms only in capitals, names only with a capital first. Names of countries in all
//! their spellings are not in the tree: they have a table of their own, which is made when the program is built.

use std::collections::HashMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::countries::CountryTable;
use super::reference::Reference;
use super::vocabulary::{Reads, Vocabulary};

/// What a run of words can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// Index into the reference data.
    Country(u16),
    /// The people, the language or something of the country with that index.
    Demonym(u16),
    Organization(u16),
    Dialogue(u16),
    Group(u16),
    City(u16),
    /// 1 to 12.
    Month(u8),
    /// From 1.
    Ordinal(u8),
    /// From 1.
    Cardinal(u8),
    /// Index into the magnitudes of the vocabulary.
    Magnitude(u8),
    /// Index into the headings of the vocabulary.
    Heading(u16),
    /// Index into the roles of the vocabulary.
    Role(u16),
    /// A role in a heading, label or question only: index into the roles of the vocabulary.
    RoleLabel(u16),
    /// A verb between a role and those who hold it.
    LinkVerb,
    /// A word that may stand beside such a verb.
    LinkWord,
    /// A word that gives states another reason to be named than membership.
    Elsewhere,
    /// A verb by which a role passes on, said of the one who gives it.
    GivesOver,
    /// The same, said of the one who takes it.
    TakesOver,
    PartyNoun(Party),
    Filler,
    /// Index into the kinds of dialogues, organisations, publications in `names.toml`.
    DialogueHead(u8),
    /// Index into the nouns that name a dialogue only where a text is about it.
    TitledHead(u8),
    NameLabel,
    OrganizationHead(u8),
    PublicationHead(u8),
    /// The noun of a part of a body: an office, a division.
    UnitHead,
    /// A verb by which a text comes out: "adopted", "published".
    Published,
    Edition,
    /// "funded by" and the like; who pays stands behind it.
    FundedBy,
    /// "EU-funded": who pays stands before it.
    Funded,
    MeetingHead,
    /// The head of a column in a table of meetings: "venue".
    MeetingColumn,
    /// A label on the card of a meeting: "Venue:".
    MeetingLabel(MeetingLabel),
    /// A verb by which a meeting takes place: "took place", "convened".
    Held,
    /// A verb of those who meet: "met".
    Met,
    /// A word by which a meeting did not take place: "cancelled".
    CalledOff,
    ProgrammeHead,
    Project(ProjectLabel),
    /// A word that says what sort of thing a name is of, and names nothing.
    Generic,
    PersonTitle,
    Qualifier(u8),
    Percent,
    Currency,
    CountedNoun,
    NotCounted,
    Label(Label),
    AddressWord,
    /// Stands for the sign of a mail address written out: `name (at) domain`.
    AtSign,
    Article,
    And,
    Connector,
    Negation,
    Opener,
    PlacePreposition,
    ListEnd,
    OrdinalSuffix,
    Through,
    Of,
    Quarter,
    Half,
    WordEnding,
    Established,
    Since,
    Until,
    As,
    WorkingGroup,
    /// The words before or behind the parties of a phrase: index into the phrases of the vocabulary.
    Phrase(u16),
}

impl Tag {
    /// Whether it is a noun that makes any name the name of a dialogue.
    #[must_use]
    pub fn is_dialogue_head(self) -> bool {
        matches!(self, Self::DialogueHead(_))
    }

    /// Whether it is a noun that makes the title of a text the name of a dialogue.
    #[must_use]
    pub fn is_titled_head(self) -> bool {
        matches!(self, Self::TitledHead(_) | Self::DialogueHead(_))
    }
}

/// Who can hold a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    State,
    Organization,
}

/// What a label in a contact block announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    Phone,
    Fax,
    Email,
    Website,
    Handle,
    Address,
}

/// What a label on the card of a meeting announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MeetingLabel {
    Date,
    Place,
    Name,
}

/// What a label on the sheet of a project is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProjectLabel {
    Funder,
    Countries,
    /// How long, how much, by whom.
    Other,
}

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
    words: HashMap<Box<str>, u32, BuildFx>,
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
            words: HashMap::with_capacity_and_hasher(WORDS, BuildFx::default()),
            edges: HashMap::with_capacity_and_hasher(WORDS, BuildFx::default()),
            roots: vec![0],
            entries: vec![Vec::new()],
            vocabulary: Arc::clone(vocabulary),
            countries: Arc::clone(countries),
            positions: countries.entities().iter().map(|entity| position(&entity.alpha3)).collect(),
        };
        gazetteer.add_reference(reference);
        gazetteer.add_vocabulary(vocabulary);
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

    fn add_vocabulary(&mut self, vocabulary: &Vocabulary) {
        let language = &vocabulary.language;
        for (words, tag) in [
            (&language.articles, Tag::Article),
            (&language.and, Tag::And),
            (&language.name_connectors, Tag::Connector),
            (&language.negations, Tag::Negation),
            (&language.sentence_openers, Tag::Opener),
            (&language.place_prepositions, Tag::PlacePreposition),
            (&language.list_ends, Tag::ListEnd),
            (&language.word_endings, Tag::WordEnding),
            (&vocabulary.numbers.ordinal_suffixes, Tag::OrdinalSuffix),
            (&vocabulary.dates.through, Tag::Through),
            (&vocabulary.dates.of, Tag::Of),
            (&vocabulary.dates.quarter, Tag::Quarter),
            (&vocabulary.dates.half, Tag::Half),
            (&vocabulary.dates.established, Tag::Established),
            (&vocabulary.roles.terms.since, Tag::Since),
            (&vocabulary.roles.terms.until, Tag::Until),
            (&vocabulary.roles.terms.as_role, Tag::As),
            (&vocabulary.roles.filler.words, Tag::Filler),
            (&vocabulary.roles.links.verbs, Tag::LinkVerb),
            (&vocabulary.roles.links.beside, Tag::LinkWord),
            (&vocabulary.roles.elsewhere.words, Tag::Elsewhere),
            (&vocabulary.roles.links.gives, Tag::GivesOver),
            (&vocabulary.roles.links.takes, Tag::TakesOver),
            (&vocabulary.names.name_label.words, Tag::NameLabel),
            (&vocabulary.names.meeting.words, Tag::MeetingHead),
            (&vocabulary.names.meeting_columns.words, Tag::MeetingColumn),
            (&vocabulary.names.meeting_labels.date, Tag::MeetingLabel(MeetingLabel::Date)),
            (&vocabulary.names.meeting_labels.place, Tag::MeetingLabel(MeetingLabel::Place)),
            (&vocabulary.names.meeting_labels.name, Tag::MeetingLabel(MeetingLabel::Name)),
            (&vocabulary.names.held.meeting, Tag::Held),
            (&vocabulary.names.held.people, Tag::Met),
            (&vocabulary.names.held.called_off, Tag::CalledOff),
            (&vocabulary.names.programme.words, Tag::ProgrammeHead),
            (&vocabulary.names.project.funder, Tag::Project(ProjectLabel::Funder)),
            (&vocabulary.names.project.countries, Tag::Project(ProjectLabel::Countries)),
            (&vocabulary.names.project.other, Tag::Project(ProjectLabel::Other)),
            (&vocabulary.names.unit.words, Tag::UnitHead),
            (&vocabulary.names.published.words, Tag::Published),
            (&vocabulary.names.edition.words, Tag::Edition),
            (&vocabulary.names.funding.by, Tag::FundedBy),
            (&vocabulary.names.funding.adjectives, Tag::Funded),
            (&vocabulary.names.generic.words, Tag::Generic),
            (&vocabulary.names.working_group.words, Tag::WorkingGroup),
            (&vocabulary.names.person.titles, Tag::PersonTitle),
            (&vocabulary.figures.units.percent, Tag::Percent),
            (&vocabulary.figures.units.currency, Tag::Currency),
            (&vocabulary.figures.units.nouns, Tag::CountedNoun),
            (&vocabulary.figures.units.not_counted, Tag::NotCounted),
            (&vocabulary.contacts.phone, Tag::Label(Label::Phone)),
            (&vocabulary.contacts.fax, Tag::Label(Label::Fax)),
            (&vocabulary.contacts.email, Tag::Label(Label::Email)),
            (&vocabulary.contacts.website, Tag::Label(Label::Website)),
            (&vocabulary.contacts.handle, Tag::Label(Label::Handle)),
            (&vocabulary.contacts.address, Tag::Label(Label::Address)),
            (&vocabulary.contacts.address_words, Tag::AddressWord),
            (&vocabulary.contacts.at_signs, Tag::AtSign),
        ] {
            self.add_all(words, tag);
        }
        for (at, names) in vocabulary.dates.months.iter().enumerate() {
            self.add_all(names, Tag::Month(at as u8 + 1));
        }
        for (at, word) in vocabulary.numbers.ordinals.iter().enumerate() {
            for form in word.split('|') {
                self.add(form, Tag::Ordinal(at as u8 + 1), Spelling::Any);
            }
        }
        for (at, word) in vocabulary.numbers.cardinals.iter().enumerate() {
            for form in word.split('|') {
                self.add(form, Tag::Cardinal(at as u8 + 1), Spelling::Any);
            }
        }
        for (word, &value) in &vocabulary.numbers.tens {
            self.add(word, Tag::Cardinal(value as u8), Spelling::Any);
        }
        for (at, word) in vocabulary.numbers.magnitudes.keys().enumerate() {
            self.add(word, Tag::Magnitude(at as u8), Spelling::Any);
        }
        for (at, heading) in vocabulary.headings.iter().enumerate() {
            self.add_all(&heading.phrases, Tag::Heading(at as u16));
        }
        for (at, role) in vocabulary.roles.role.iter().enumerate() {
            self.add_all(&role.words, Tag::Role(at as u16));
            self.add_all(&role.labels, Tag::RoleLabel(at as u16));
        }
        for (at, phrase) in vocabulary.roles.phrase.iter().enumerate() {
            self.add(phrase.fixed_words(), Tag::Phrase(at as u16), Spelling::Any);
        }
        for (party, words) in &vocabulary.roles.parties {
            let party = if party == "state" { Party::State } else { Party::Organization };
            self.add_all(words, Tag::PartyNoun(party));
        }
        for (at, head) in vocabulary.names.dialogue.iter().enumerate() {
            self.add_all(&head.words, Tag::DialogueHead(at as u8));
        }
        for (at, head) in vocabulary.names.titled.iter().enumerate() {
            self.add_all(&head.words, Tag::TitledHead(at as u8));
        }
        for (at, head) in vocabulary.names.organization.iter().enumerate() {
            self.add_all(&head.words, Tag::OrganizationHead(at as u8));
        }
        for (at, head) in vocabulary.names.publication.iter().enumerate() {
            self.add_all(&head.words, Tag::PublicationHead(at as u8));
        }
        for (at, words) in vocabulary.figures.qualifiers.values().enumerate() {
            self.add_all(words, Tag::Qualifier(at as u8));
        }
    }

    fn add(&mut self, phrase: &str, tag: Tag, spelling: Spelling) {
        let mut node = 0;
        let mut any = false;
        for word in words_of(phrase) {
            any = true;
            let next_word = self.words.len() as u32 + 1;
            let word = match self.words.get(word.as_str()) {
                Some(word) => *word,
                None => *self.words.entry(word.into_boxed_str()).or_insert(next_word),
            };
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
        self.words.get(word).copied().unwrap_or(UNKNOWN)
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
    word.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}
