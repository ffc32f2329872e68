//! Tags: what a run of words can be, by the reference data and by the wording of a language.

use std::mem::discriminant;

use serde::{Deserialize, Serialize};

/// What a run of words can be.
#[derive(Clone, Copy, Debug, Eq, PartialOrd, Ord, Deserialize, Serialize)]
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
    /// The same at the head of a column only.
    ColumnHeading(u16),
    /// A verb behind which a sentence enumerates what stands under such a heading: "focuses on".
    HeadingVerb(u16),
    /// Before the parts of what was just counted or named: "namely".
    Namely,
    /// What those who meet do: "talks", "work".
    Talks,
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
    /// Those who speak for states: "ministers", "representatives".
    Delegates,
    /// `We`, before those in whose name a declaration is made.
    Speakers,
    /// Who may come to hold a role: "candidates".
    Prospective,
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
    /// A verb that says where a title is to be had: "is now on".
    Announced,
    /// "funded by" and the like; who pays stands behind it.
    FundedBy,
    /// "EU-funded": who pays stands before it.
    Funded,
    /// "implemented by" and the like; who does the work stands behind it.
    CarriedOut,
    /// "called", "entitled": a name stands behind it.
    Called,
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
    /// Says that a meeting has no place: "online".
    Online,
    /// The noun of an event that is no meeting: "deadline".
    OtherEvent,
    ProgrammeHead,
    /// Before the places of service that a project set up: "network of".
    ServiceHead,
    Project(ProjectLabel),
    /// A label or the head of a column in a list of publications, or a word of a link to one.
    Publication(PublicationLabel),
    /// The noun of a numbered part of a plan: index into the parts of `names.toml`.
    PartHead(u8),
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
    /// Before the noun of a dialogue: it points back to one that was named.
    Pointer,
    /// Before the name of a dialogue: it is set beside what the text is about.
    Beside,
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
    /// The noun of a body that a dialogue can have beside its meetings, with members of its own.
    Body,
    /// A part of the world, or the noun of one.
    Region,
    /// The words before or behind the parties of a phrase: index into the phrases of the vocabulary.
    Phrase(u16),
}

impl PartialEq for Tag {
    /// As derived, but never a call: rules compare the tags of every token with those that they look for, and nearly always they are of different
    /// sorts.
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        discriminant(self) == discriminant(other) && self.number() == other.number()
    }
}

impl Tag {
    /// What tells it from others of its sort.
    #[inline]
    fn number(self) -> u16 {
        match self {
            Self::Country(at)
            | Self::Demonym(at)
            | Self::Organization(at)
            | Self::Dialogue(at)
            | Self::Group(at)
            | Self::City(at)
            | Self::Heading(at)
            | Self::ColumnHeading(at)
            | Self::HeadingVerb(at)
            | Self::Role(at)
            | Self::RoleLabel(at)
            | Self::Phrase(at) => at,
            Self::Month(number)
            | Self::Ordinal(number)
            | Self::Cardinal(number)
            | Self::Magnitude(number)
            | Self::DialogueHead(number)
            | Self::TitledHead(number)
            | Self::OrganizationHead(number)
            | Self::PublicationHead(number)
            | Self::Qualifier(number) => u16::from(number),
            Self::PartyNoun(party) => party as u16,
            Self::MeetingLabel(label) => label as u16,
            Self::Project(label) => label as u16,
            Self::Publication(label) => label as u16,
            Self::Label(label) => label as u16,
            _ => 0,
        }
    }

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Party {
    State,
    Organization,
}

/// What a label in a contact block announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Label {
    Phone,
    Fax,
    Email,
    Website,
    Handle,
    Address,
}

/// What a label on the card of a meeting announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum MeetingLabel {
    Date,
    Place,
    Name,
}

/// What a label on the sheet of a project is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum ProjectLabel {
    Funder,
    Countries,
    /// How long, how much, by whom.
    Other,
}

/// What a label in a list of publications is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum PublicationLabel {
    Title,
    Publisher,
    Date,
    Kind,
    /// Language, pages, number.
    Other,
    /// A word of a link to the text, and no label: "download".
    Link,
}
