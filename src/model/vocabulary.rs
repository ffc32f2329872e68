//! Vocabulary: the wording of one language, read from `schemas/vocabulary/<language>/*.toml`.
//!
//! A language is a folder; nothing in the program names one. Each file is a struct here, so that an unknown key is an error with
//! its line. A list that is not there is empty: a language has what it has words for.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};

/// The wording of one language.
#[derive(Clone, Debug, Deserialize, Serialize)]
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
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
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
    /// Before the noun of a dialogue they point back to one that was named: "the Process".
    pub pointers: Vec<String>,
    /// Before the name of a dialogue they set it beside what the text is about: "unlike".
    pub beside: Vec<String>,
    pub word_endings: Vec<String>,
    /// Before the parts of what was just counted or named: "namely".
    pub namely: Vec<String>,
    /// What those who meet do: "talks", "work".
    pub talks: Vec<String>,
}

/// `numbers.toml`
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
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
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dates {
    /// Twelve lists of names.
    #[serde(deserialize_with = "twelve", serialize_with = "as_a_list")]
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

/// As [`twelve`] reads it.
fn as_a_list<S: Serializer>(lists: &[Vec<String>; 12], serializer: S) -> Result<S::Ok, S::Error> {
    lists.as_slice().serialize(serializer)
}

/// `headings.toml`
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Headings {
    heading: Vec<Heading>,
}

/// Wording of a heading or label, and what stands under it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    pub reads: Reads,
    #[serde(default)]
    pub kind: Option<String>,
    pub phrases: Vec<String>,
    /// Wording that says the same at the head of a column only.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Verbs behind which a sentence enumerates the same: "focuses on".
    #[serde(default)]
    pub verbs: Vec<String>,
}

/// What the list under a heading holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
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
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Roles {
    pub role: Vec<RoleWords>,
    pub parties: BTreeMap<String, Vec<String>>,
    pub filler: WordList,
    /// Who may come to hold a role: "candidates".
    pub prospective: WordList,
    /// Those who speak for states: "ministers", "representatives".
    pub delegates: WordList,
    /// Those who make a declaration, as they call themselves: "we".
    pub speakers: WordList,
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
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    pub member: Vec<String>,
    pub observer: Vec<String>,
    /// Says that a cell has nothing to say.
    #[serde(default)]
    pub none: Vec<String>,
}

/// Words that tie a role to those who hold it, in prose.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
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
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Terms {
    pub since: Vec<String>,
    pub until: Vec<String>,
    #[serde(rename = "as")]
    pub as_role: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RoleWords {
    pub role: String,
    pub words: Vec<String>,
    /// Words that give the role in a heading, label or question, and not in prose.
    #[serde(default)]
    pub labels: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct WordList {
    pub words: Vec<String>,
}

/// A phrase of prose that gives somebody a role.
#[derive(Clone, Debug, Deserialize, Serialize)]
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TermEnd {
    Start,
    End,
}

/// `names.toml`
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
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
    /// Nouns of dated events that are no meetings.
    #[serde(default)]
    pub other_events: WordList,
    pub programme: WordList,
    /// Labels on the sheet of a project.
    #[serde(default)]
    pub project: ProjectLabels,
    /// Labels and heads of columns in a list of publications.
    #[serde(default)]
    pub publication_labels: PublicationLabels,
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
    /// Nouns of bodies of a dialogue with members of their own.
    #[serde(default)]
    pub body: WordList,
    /// Nouns of numbered parts of a plan: "Pillar 1".
    #[serde(default)]
    pub part: Vec<KindWords>,
    /// Nouns and names of parts of the world.
    #[serde(default)]
    pub regions: WordList,
    pub person: Person,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KindWords {
    pub kind: String,
    pub words: Vec<String>,
}

/// Verbs by which a meeting takes place.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Held {
    /// The meeting is the subject or object: "took place", "convened".
    pub meeting: Vec<String>,
    /// Those who meet are the subject: "met".
    pub people: Vec<String>,
    /// It did not take place: "cancelled".
    pub called_off: Vec<String>,
    /// It has no place: "online".
    pub online: Vec<String>,
}

/// Labels before what a card says of a meeting.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct MeetingLabels {
    pub date: Vec<String>,
    pub place: Vec<String>,
    pub name: Vec<String>,
}

/// Labels that only a project has.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProjectLabels {
    pub funder: Vec<String>,
    pub countries: Vec<String>,
    /// How long, how much, by whom.
    pub other: Vec<String>,
}

/// Labels of what a library says of a text.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct PublicationLabels {
    pub title: Vec<String>,
    pub publisher: Vec<String>,
    pub date: Vec<String>,
    pub kind: Vec<String>,
    /// Only texts have them: language, pages, number.
    pub other: Vec<String>,
    /// Words of a link to the text: "download".
    pub link: Vec<String>,
}

/// Words that say who pays.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Funding {
    /// Before the name: "funded by".
    pub by: Vec<String>,
    /// Behind it: "EU-funded".
    pub adjectives: Vec<String>,
    /// Before who does the work: "implemented by".
    pub carried_out: Vec<String>,
    /// Before the name of what is paid for: "a project called".
    pub called: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Person {
    pub titles: Vec<String>,
}

/// `figures.toml`
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Figures {
    pub qualifiers: BTreeMap<String, Vec<String>>,
    pub units: Units,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Units {
    pub percent: Vec<String>,
    pub currency: Vec<String>,
    pub nouns: Vec<String>,
    pub not_counted: Vec<String>,
}

/// `contacts.toml`
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
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
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Furniture {
    pub page: Vec<String>,
    pub page_of: Vec<String>,
    pub captions: Vec<String>,
}

/// The files of a vocabulary.
pub trait Files {
    /// One of them, by its name without the ending; none where it is missing or wrong, which is told elsewhere.
    fn read<T: DeserializeOwned>(&mut self, name: &str) -> Option<T>;

    /// Is told what a file does not have and must.
    fn miss(&mut self, name: &str, what: &str);
}

impl Vocabulary {
    /// Puts the files of a language together; none where one of them is not as it should be. All are read, so that all that is wrong is told.
    pub fn of(code: &str, files: &mut impl Files) -> Option<Self> {
        let language: Option<Language> = files.read("language");
        let numbers = files.read("numbers");
        let dates: Option<Dates> = files.read("dates");
        let headings = files.read::<Headings>("headings");
        let roles = files.read("roles");
        let names = files.read("names");
        let figures = files.read("figures");
        let contacts = files.read("contacts");
        let furniture = files.read("furniture");
        if language.as_ref().is_some_and(|language| language.name.is_empty()) {
            files.miss("language", "name");
        }
        if dates.as_ref().is_some_and(|dates| dates.months.iter().any(Vec::is_empty)) {
            files.miss("dates", "months");
        }
        Some(Self {
            code: code.to_owned(),
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
