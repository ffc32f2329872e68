//! Wording: the words of a vocabulary as tags, and what damage leaves of words.

use super::growth::Growth;
use super::tag::{Label, MeetingLabel, Party, ProjectLabel, PublicationLabel, Tag};
use super::tree::Spelling;
use super::vocabulary::Vocabulary;

/// Letters that fonts set as one sign, which is lost where the font says not what it stands for.
const LIGATURES: &[&str] = &["ti", "tt", "tti", "fi", "fl", "ff", "ffi", "ft"];
/// Fewest letters that are left of a word: shorter ones are other words.
const DAMAGED: usize = 5;

impl Growth {
    /// Every list of words of a vocabulary, with what its words are.
    pub(super) fn add_vocabulary(&mut self, vocabulary: &Vocabulary) {
        let language = &vocabulary.language;
        for (words, tag) in [
            (&language.articles, Tag::Article),
            (&language.and, Tag::And),
            (&language.name_connectors, Tag::Connector),
            (&language.negations, Tag::Negation),
            (&language.sentence_openers, Tag::Opener),
            (&language.place_prepositions, Tag::PlacePreposition),
            (&language.list_ends, Tag::ListEnd),
            (&language.namely, Tag::Namely),
            (&language.talks, Tag::Talks),
            (&language.pointers, Tag::Pointer),
            (&language.beside, Tag::Beside),
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
            (&vocabulary.roles.delegates.words, Tag::Delegates),
            (&vocabulary.roles.speakers.words, Tag::Speakers),
            (&vocabulary.roles.prospective.words, Tag::Prospective),
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
            (&vocabulary.names.held.online, Tag::Online),
            (&vocabulary.names.other_events.words, Tag::OtherEvent),
            (&vocabulary.names.programme.words, Tag::ProgrammeHead),
            (&vocabulary.names.project.funder, Tag::Project(ProjectLabel::Funder)),
            (&vocabulary.names.project.countries, Tag::Project(ProjectLabel::Countries)),
            (&vocabulary.names.project.other, Tag::Project(ProjectLabel::Other)),
            (&vocabulary.names.publication_labels.title, Tag::Publication(PublicationLabel::Title)),
            (&vocabulary.names.publication_labels.publisher, Tag::Publication(PublicationLabel::Publisher)),
            (&vocabulary.names.publication_labels.date, Tag::Publication(PublicationLabel::Date)),
            (&vocabulary.names.publication_labels.kind, Tag::Publication(PublicationLabel::Kind)),
            (&vocabulary.names.publication_labels.other, Tag::Publication(PublicationLabel::Other)),
            (&vocabulary.names.publication_labels.link, Tag::Publication(PublicationLabel::Link)),
            (&vocabulary.names.unit.words, Tag::UnitHead),
            (&vocabulary.names.published.words, Tag::Published),
            (&vocabulary.names.edition.words, Tag::Edition),
            (&vocabulary.names.announced.words, Tag::Announced),
            (&vocabulary.names.services.words, Tag::ServiceHead),
            (&vocabulary.names.funding.by, Tag::FundedBy),
            (&vocabulary.names.funding.adjectives, Tag::Funded),
            (&vocabulary.names.funding.carried_out, Tag::CarriedOut),
            (&vocabulary.names.funding.called, Tag::Called),
            (&vocabulary.names.generic.words, Tag::Generic),
            (&vocabulary.names.working_group.words, Tag::WorkingGroup),
            (&vocabulary.names.body.words, Tag::Body),
            (&vocabulary.names.regions.words, Tag::Region),
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
            self.add_all(&heading.columns, Tag::ColumnHeading(at as u16));
            self.add_all(&heading.verbs, Tag::HeadingVerb(at as u16));
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
        for (at, part) in vocabulary.names.part.iter().enumerate() {
            self.add_all(&part.words, Tag::PartHead(at as u8));
        }
        for (at, head) in vocabulary.names.publication.iter().enumerate() {
            self.add_all(&head.words, Tag::PublicationHead(at as u8));
        }
        for (at, words) in vocabulary.figures.qualifiers.values().enumerate() {
            self.add_all(words, Tag::Qualifier(at as u8));
        }
    }

    /// Words that lost a ligature on their way out of a PDF are the same words: `meeng`, `consultaon`, `commiee`.
    pub(super) fn add_damaged(&mut self) {
        let mut damaged: Vec<(String, u32)> = Vec::new();
        for (word, &number) in &self.words {
            for ligature in LIGATURES {
                for (at, _) in word.match_indices(ligature) {
                    let rest = format!("{}{}", &word[..at], &word[at + ligature.len()..]);
                    if rest.len() >= DAMAGED && !self.words.contains_key(rest.as_str()) {
                        damaged.push((rest, number));
                    }
                }
            }
        }
        damaged.sort_unstable();
        for (word, number) in damaged {
            self.words.entry(word.into_boxed_str()).or_insert(number);
        }
    }
}
