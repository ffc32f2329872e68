//! Vocabulary: the wording of one language, read from `schemas/vocabulary/<language>/*.toml`.
//!
//! A language is a folder; nothing in the program names one. Each file is a struct here, so that an unknown key is an error with
//! its line. A list that is not there is empty: a language has what it has words for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use super::gazetteer::BuildFx;
use super::schemas::{SchemaFiles, parse_toml};
use crate::findings::{Finding, Place, Report, code};

/// The wording of one language.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// ISO 639-1: the name of the folder.
    pub code: String,
    pub language: Language,
    pub numbers: Numbers,
    pub dates: Dates,
    pub headings: Vec<Heading>,
    pub roles: Roles,
    pub names: Names,
    pub figures: Figures,
    pub contacts: Contacts,
    pub furniture: Furniture,
}

/// `language.toml`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Language {
    pub name: String,
    /// Whether the noun of a name stands before its adjectives.
    pub noun_first: bool,
    pub function_words: Vec<String>,
    pub articles: Vec<String>,
    pub and: Vec<String>,
    pub name_connectors: Vec<String>,
    pub negations: Vec<String>,
    pub sentence_openers: Vec<String>,
    pub place_prepositions: Vec<String>,
    pub list_ends: Vec<String>,
    pub word_endings: Vec<String>,
}

/// `numbers.toml`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Numbers {
    pub ordinal_suffixes: Vec<String>,
    pub ordinals: Vec<String>,
    pub cardinals: Vec<String>,
    pub tens: BTreeMap<String, i64>,
    pub magnitudes: BTreeMap<String, i64>,
    pub thousands: String,
}

/// `dates.toml`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dates {
    /// Twelve lists of names.
    #[serde(deserialize_with = "twelve")]
    pub months: [Vec<String>; 12],
    pub through: Vec<String>,
    pub of: Vec<String>,
    pub quarter: Vec<String>,
    pub half: Vec<String>,
    pub established: Vec<String>,
}

/// Twelve lists, no fewer and no more: serde alone would drop the thirteenth in silence.
fn twelve<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<[Vec<String>; 12], D::Error> {
    let lists = Vec::<Vec<String>>::deserialize(deserializer)?;
    lists.try_into().map_err(|lists: Vec<_>| serde::de::Error::custom(format!("there are {} lists of months, expected 12", lists.len())))
}

/// `headings.toml`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Headings {
    heading: Vec<Heading>,
}

/// Wording of a heading or label, and what stands under it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    pub reads: Reads,
    #[serde(default)]
    pub kind: Option<String>,
    pub phrases: Vec<String>,
}

/// What the list under a heading holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reads {
    Meetings,
    Contacts,
    Publications,
    Programmes,
    Themes,
    Nothing,
}

/// `roles.toml`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Roles {
    pub role: Vec<RoleWords>,
    pub parties: BTreeMap<String, Vec<String>>,
    pub filler: WordList,
    pub links: Links,
    /// Words that give states another reason to be named than membership.
    pub elsewhere: WordList,
    /// Signs in a table of who takes part in what, in lower case.
    pub matrix: Matrix,
    pub terms: Terms,
    #[serde(default)]
    pub phrase: Vec<RolePhrase>,
}

/// Signs in a table with dialogues at the heads of its columns.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    pub member: Vec<String>,
    pub observer: Vec<String>,
}

/// Words that tie a role to those who hold it, in prose.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Links {
    /// "are", "include", "holds".
    pub verbs: Vec<String>,
    /// Words that may stand beside such a verb: "currently", "also".
    pub beside: Vec<String>,
    /// "handed over", "passes".
    pub gives: Vec<String>,
    /// "took over".
    pub takes: Vec<String>,
}

/// Words that tie a date to a term.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Terms {
    pub since: Vec<String>,
    pub until: Vec<String>,
    #[serde(rename = "as")]
    pub as_role: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleWords {
    pub role: String,
    pub words: Vec<String>,
    /// Words that give the role in a heading, label or question, and not in prose.
    #[serde(default)]
    pub labels: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WordList {
    pub words: Vec<String>,
}

/// A phrase of prose that gives somebody a role.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolePhrase {
    /// Wording with `{party}` where the parties stand.
    pub text: String,
    pub role: String,
    /// Which end of the term a date in the sentence is; none where it is neither.
    #[serde(default)]
    pub dates: Option<TermEnd>,
}

impl RolePhrase {
    /// The words before the first placeholder, or behind the last where the phrase starts with one.
    #[must_use]
    pub fn fixed_words(&self) -> &str {
        let before = self.text.split('{').next().unwrap_or("");
        if before.trim().is_empty() { self.text.rsplit('}').next().unwrap_or("") } else { before }
    }

    /// Whether the parties stand before the words.
    #[must_use]
    pub fn party_comes_first(&self) -> bool {
        self.text.trim_start().starts_with('{')
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermEnd {
    Start,
    End,
}

/// `names.toml`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Names {
    pub dialogue: Vec<KindWords>,
    /// Nouns that name a dialogue where a document or section is about it, and many other things elsewhere.
    #[serde(default)]
    pub titled: Vec<KindWords>,
    /// The label before the name of a dialogue.
    #[serde(default)]
    pub name_label: WordList,
    pub organization: Vec<KindWords>,
    pub publication: Vec<KindWords>,
    pub meeting: WordList,
    /// Heads of columns in a table of meetings.
    #[serde(default)]
    pub meeting_columns: WordList,
    /// Labels on the card of a meeting.
    #[serde(default)]
    pub meeting_labels: MeetingLabels,
    #[serde(default)]
    pub held: Held,
    pub programme: WordList,
    /// Labels on the sheet of a project.
    #[serde(default)]
    pub project: ProjectLabels,
    /// Nouns of parts of bodies.
    #[serde(default)]
    pub unit: WordList,
    /// Verbs by which a text comes out.
    #[serde(default)]
    pub published: WordList,
    #[serde(default)]
    pub edition: WordList,
    /// Verbs that say where a title is to be had.
    #[serde(default)]
    pub announced: WordList,
    /// Words before the places of service that a project set up.
    #[serde(default)]
    pub services: WordList,
    #[serde(default)]
    pub funding: Funding,
    pub generic: WordList,
    pub working_group: WordList,
    pub person: Person,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindWords {
    pub kind: String,
    pub words: Vec<String>,
}

/// Verbs by which a meeting takes place.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Held {
    /// The meeting is the subject or object: "took place", "convened".
    pub meeting: Vec<String>,
    /// Those who meet are the subject: "met".
    pub people: Vec<String>,
    /// It did not take place: "cancelled".
    pub called_off: Vec<String>,
}

/// Labels before what a card says of a meeting.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MeetingLabels {
    pub date: Vec<String>,
    pub place: Vec<String>,
    pub name: Vec<String>,
}

/// Labels that only a project has.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProjectLabels {
    pub funder: Vec<String>,
    pub countries: Vec<String>,
    /// How long, how much, by whom.
    pub other: Vec<String>,
}

/// Words that say who pays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Funding {
    /// Before the name: "funded by".
    pub by: Vec<String>,
    /// Behind it: "EU-funded".
    pub adjectives: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Person {
    pub titles: Vec<String>,
}

/// `figures.toml`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Figures {
    pub qualifiers: BTreeMap<String, Vec<String>>,
    pub units: Units,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Units {
    pub percent: Vec<String>,
    pub currency: Vec<String>,
    pub nouns: Vec<String>,
    pub not_counted: Vec<String>,
}

/// `contacts.toml`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Contacts {
    pub phone: Vec<String>,
    pub fax: Vec<String>,
    pub email: Vec<String>,
    pub website: Vec<String>,
    pub handle: Vec<String>,
    pub address: Vec<String>,
    pub address_words: Vec<String>,
    pub office_mailboxes: Vec<String>,
    /// The sign of a mail address written out.
    #[serde(default)]
    pub at_signs: Vec<String>,
}

/// `furniture.toml`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Furniture {
    pub page: Vec<String>,
    pub page_of: Vec<String>,
    pub captions: Vec<String>,
}

/// A language that there is a vocabulary of. One that is known to be sound is parsed when the first text in the language comes; any other at once,
/// for what is wrong with it.
#[derive(Clone, Debug)]
pub struct Tongue {
    /// ISO 639-1: the name of the folder.
    pub code: String,
    pub language: Language,
    files: SchemaFiles,
    vocabulary: OnceLock<Option<Arc<Vocabulary>>>,
}

impl Tongue {
    /// Every folder below `vocabulary/` as a language, in the order of their names.
    #[must_use]
    pub fn all(files: &SchemaFiles, is_sound: bool, report: &mut Report) -> Vec<Self> {
        let folders: BTreeSet<&str> = files
            .files
            .iter()
            .filter_map(|(path, _)| path.strip_prefix("vocabulary/"))
            .filter_map(|path| path.split_once('/'))
            .map(|(folder, _)| folder)
            .collect();
        folders.into_iter().filter_map(|folder| Self::of(files, folder, is_sound, report)).collect()
    }

    fn of(files: &SchemaFiles, folder: &str, is_sound: bool, report: &mut Report) -> Option<Self> {
        let own = SchemaFiles { root: files.root.clone(), files: files.files.below(&format!("vocabulary/{folder}/")) };
        let vocabulary = OnceLock::new();
        let language = if is_sound {
            parse_toml(&own, &format!("vocabulary/{folder}/language.toml"), report)?
        } else {
            let parsed = Vocabulary::parse(&own, folder, report)?;
            let language = parsed.language.clone();
            vocabulary.get_or_init(|| Some(Arc::new(parsed)));
            language
        };
        Some(Self { code: folder.to_owned(), language, files: own, vocabulary })
    }

    /// The vocabulary; none where it is not as sound as it was said to be.
    #[must_use]
    pub fn vocabulary(&self) -> Option<&Arc<Vocabulary>> {
        self.vocabulary.get_or_init(|| Vocabulary::parse(&self.files, &self.code, &mut Report::default()).map(Arc::new)).as_ref()
    }
}

impl Vocabulary {
    fn parse(files: &SchemaFiles, folder: &str, report: &mut Report) -> Option<Self> {
        let path = |file: &str| format!("vocabulary/{folder}/{file}.toml");
        let language = parse_toml(files, &path("language"), report);
        let numbers = parse_toml(files, &path("numbers"), report);
        let dates = parse_toml(files, &path("dates"), report);
        let headings = parse_toml::<Headings>(files, &path("headings"), report);
        let roles = parse_toml(files, &path("roles"), report);
        let names = parse_toml(files, &path("names"), report);
        let figures = parse_toml(files, &path("figures"), report);
        let contacts = parse_toml(files, &path("contacts"), report);
        let furniture = parse_toml(files, &path("furniture"), report);
        let mut demand = |file: &str, is_there: bool, what: &str| {
            if !is_there {
                report.push(Finding::new(code::SCHEMA_INVALID, Place::file(files.display(&path(file))), format!("there is no {what}")));
            }
        };
        demand("language", language.as_ref().is_none_or(|language: &Language| !language.name.is_empty()), "name");
        demand("dates", dates.as_ref().is_none_or(|dates: &Dates| dates.months.iter().all(|names| !names.is_empty())), "months");
        Some(Self {
            code: folder.to_owned(),
            language: language?,
            numbers: numbers?,
            dates: dates?,
            headings: headings?.heading,
            roles: roles?,
            names: names?,
            figures: figures?,
            contacts: contacts?,
            furniture: furniture?,
        })
    }
}

/// The frequent words of all vocabularies, to tell which of them a text is in.
#[derive(Debug)]
pub struct Familiarity<'a> {
    /// The vocabularies that have a word, one bit each.
    words: HashMap<&'a str, u64, BuildFx>,
    /// For each letter of ASCII the lengths that its words have, one bit each: most words of a text need no look-up.
    lengths: [u32; 26],
    codes: Vec<&'a str>,
}

/// Longest frequent word in ASCII letters that is looked up without a copy on the heap.
const SHORT: usize = 31;

impl<'a> Familiarity<'a> {
    #[must_use]
    pub fn new(vocabularies: &'a [Tongue]) -> Self {
        let mut words: HashMap<&str, u64, BuildFx> = HashMap::default();
        // A language of one's own beyond the sixty-fourth has to be named.
        for (at, vocabulary) in vocabularies.iter().enumerate().take(64) {
            for word in &vocabulary.language.function_words {
                *words.entry(word.as_str()).or_default() |= 1 << at;
            }
        }
        let mut lengths = [0; 26];
        for word in words.keys().filter(|word| word.len() <= SHORT) {
            if let Some(letter) = word.bytes().next().and_then(place_of) {
                lengths[letter] |= 1 << word.len();
            }
        }
        Self { words, lengths, codes: vocabularies.iter().map(|vocabulary| vocabulary.code.as_str()).collect() }
    }

    /// The code of the vocabulary of whose frequent words a text has most, the first of several; none where there are no vocabularies.
    #[must_use]
    pub fn language_of(&self, text: &str) -> Option<&'a str> {
        let mut counts = vec![0_usize; self.codes.len()];
        let mut count = |mut known: u64| {
            while known != 0 {
                counts[known.trailing_zeros() as usize] += 1;
                known &= known - 1;
            }
        };
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            at += bytes[at..].iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(bytes.len() - at);
            if at < bytes.len() && !bytes[at].is_ascii() {
                let word = &text[start..];
                at = start + word.find(|letter: char| !letter.is_alphabetic()).unwrap_or(word.len());
                count(self.words.get(word[..at - start].to_lowercase().as_str()).copied().unwrap_or_default());
            } else if at > start {
                count(self.of_ascii(&bytes[start..at]));
            }
            // Over the sign that ended the word, or the one that stands here.
            at += text[at..].chars().next().map_or(0, char::len_utf8);
        }
        let most = counts.iter().max()?;
        counts.iter().position(|count| count == most).map(|at| self.codes[at])
    }

    /// The vocabularies that have a word of ASCII letters, whatever their case.
    fn of_ascii(&self, word: &[u8]) -> u64 {
        if word.len() > SHORT {
            let lower = String::from_utf8_lossy(word).to_ascii_lowercase();
            return self.words.get(lower.as_str()).copied().unwrap_or_default();
        }
        if place_of(word[0] | 0x20).is_none_or(|letter| self.lengths[letter] >> word.len() & 1 == 0) {
            return 0;
        }
        let mut lower = [0; SHORT];
        let lower = &mut lower[..word.len()];
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        std::str::from_utf8(lower).ok().and_then(|word| self.words.get(word)).copied().unwrap_or_default()
    }
}

/// The place of a small letter in the alphabet.
fn place_of(letter: u8) -> Option<usize> {
    letter.is_ascii_lowercase().then(|| usize::from(letter - b'a'))
}
