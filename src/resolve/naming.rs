//! Dialogues and organisations: which records name them, and the one row of each.
//!
//! A thing that any row refers to has a row of its own. Its evidence is the records that are about it; where there is none, those
//! that only name it (a member of a list, a publisher). A declared thing has its declared name, whatever the spelling of the source, and its
//! declared acronym, whatever the language.

use std::collections::BTreeMap;

use super::names::{Declared, Mention, Mentions, Names, SmallWords};
use super::reading::{Reading, Records};
use super::settle::{Keyed, Statement, Statements};
use super::slug::{fold, is_acronym};
use crate::model::Cell;
use crate::model::schemas::Schemas;

/// What is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    Dialogue,
    Organization,
}

impl Thing {
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Self::Dialogue => "dialogues",
            Self::Organization => "organizations",
        }
    }

    /// The name of the kind in columns such as `owner_type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dialogue => "dialogue",
            Self::Organization => "organization",
        }
    }

    fn id_column(self) -> &'static str {
        match self {
            Self::Dialogue => "dialogue_id",
            Self::Organization => "organization_id",
        }
    }
}

/// A record field that names a thing.
struct Site {
    table: &'static str,
    thing: Thing,
    name: &'static str,
    id: &'static str,
    /// Whether the name alone makes a thing; otherwise only where normalize knew it.
    by_name: bool,
}

const SITES: &[Site] = &[
    Site { table: "dialogues", thing: Thing::Dialogue, name: "name", id: "dialogue_id", by_name: true },
    Site { table: "organizations", thing: Thing::Organization, name: "name", id: "organization_id", by_name: true },
    Site { table: "memberships", thing: Thing::Dialogue, name: "dialogue", id: "dialogue_id", by_name: true },
    Site { table: "memberships", thing: Thing::Organization, name: "member_name", id: "organization_id", by_name: true },
    Site { table: "meetings", thing: Thing::Dialogue, name: "dialogue", id: "dialogue_id", by_name: true },
    Site { table: "stated_counts", thing: Thing::Dialogue, name: "dialogue", id: "dialogue_id", by_name: true },
    Site { table: "dialogues", thing: Thing::Organization, name: "secretariat", id: "secretariat_id", by_name: true },
    Site { table: "publications", thing: Thing::Organization, name: "publisher", id: "publisher_id", by_name: false },
    Site { table: "programmes", thing: Thing::Organization, name: "funder", id: "funder_id", by_name: false },
    Site { table: "themes", thing: Thing::Dialogue, name: "owner", id: "owner_id", by_name: false },
    Site { table: "themes", thing: Thing::Organization, name: "owner", id: "owner_id", by_name: false },
    Site { table: "contacts", thing: Thing::Dialogue, name: "owner", id: "owner_id", by_name: false },
    Site { table: "contacts", thing: Thing::Organization, name: "owner", id: "owner_id", by_name: false },
];

/// Who mentions dialogues and organisations, and how.
#[derive(Debug, Default)]
pub struct Mentioned {
    dialogues: Mentions,
    organizations: Mentions,
}

impl Mentioned {
    /// Reads every record that names a dialogue or an organisation.
    pub fn add(&mut self, records: &Records<'_>, schemas: &Schemas) {
        for site in SITES {
            let mentions = match site.thing {
                Thing::Dialogue => &mut self.dialogues,
                Thing::Organization => &mut self.organizations,
            };
            records.of(site.table).filter_map(|reading| site.mention(&reading, schemas)).for_each(|mention| mentions.add(&mention));
        }
    }
}

/// Ids of all dialogues and organisations.
#[derive(Debug)]
pub struct Naming {
    pub dialogues: Names,
    pub organizations: Names,
}

impl Naming {
    /// The names of everything that is mentioned.
    #[must_use]
    pub fn new(mentioned: &Mentioned, schemas: &Schemas) -> Self {
        let languages: Vec<_> = schemas.vocabularies.iter().map(|tongue| &tongue.language).collect();
        let connectors = languages.iter().flat_map(|language| language.articles.iter().chain(&language.name_connectors));
        let small_words = SmallWords {
            connectors: connectors.map(|word| fold(word)).collect(),
            and: languages.iter().flat_map(|language| &language.and).map(|word| fold(word)).collect(),
        };
        let names = |thing, mentions: &Mentions| mentions.names(declared(thing, schemas), &small_words);
        Self { dialogues: names(Thing::Dialogue, &mentioned.dialogues), organizations: names(Thing::Organization, &mentioned.organizations) }
    }

    fn of(&self, thing: Thing) -> &Names {
        match thing {
            Thing::Dialogue => &self.dialogues,
            Thing::Organization => &self.organizations,
        }
    }

    /// The dialogue of a record, where it has one.
    #[must_use]
    pub fn dialogue(&self, reading: &Reading<'_>) -> Option<String> {
        match (reading.text("dialogue"), reading.text("dialogue_id")) {
            (Some(name), given) => Some(self.dialogues.id(reading.source(), name, given)),
            (None, given) => given.map(str::to_owned),
        }
    }

    /// The organisation that a record names in `field`, where it is one that we know.
    #[must_use]
    pub fn known_organization(&self, reading: &Reading<'_>, field: &str, id_field: &str) -> Option<String> {
        self.organizations.known(reading.source(), reading.text(field)?, reading.text(id_field))
    }

    /// The dialogue or organisation that owns what a record is about, where it is one that we know.
    #[must_use]
    pub fn owner(&self, reading: &Reading<'_>) -> Option<(Thing, String)> {
        let name = reading.text("owner")?;
        let things = [Thing::Dialogue, Thing::Organization];
        if let Some(id) = reading.text("owner_id") {
            let thing = things.into_iter().find(|thing| reading.text("owner_type") == Some(thing.name()))?;
            return Some((thing, id.to_owned()));
        }
        things.into_iter().find_map(|thing| self.of(thing).known(reading.source(), name, None).map(|id| (thing, id)))
    }

    /// The thing that a record names at a site.
    fn id_at(&self, site: &Site, reading: &Reading<'_>, schemas: &Schemas) -> Option<String> {
        if site.table == "stated_counts" && group_as_subject(reading, schemas).is_some() {
            return None;
        }
        let name = reading.text(site.name)?;
        let given = reading.text(site.id);
        match site.id {
            "owner_id" => self.owner(reading).filter(|(thing, _)| *thing == site.thing).map(|(_, id)| id),
            _ if site.is_member() && !names_an_organization(reading) => None,
            _ if site.by_name => Some(self.of(site.thing).id(reading.source(), name, given)),
            _ => self.of(site.thing).known(reading.source(), name, given),
        }
    }
}

impl Site {
    fn is_about_the_thing(&self) -> bool {
        self.table == self.thing.table() && self.name == "name"
    }

    fn is_member(&self) -> bool {
        self.table == "memberships" && self.thing == Thing::Organization
    }

    /// The mention of a record at this site, if it has one that makes or names a thing for sure.
    fn mention<'a>(&self, reading: &Reading<'a>, schemas: &Schemas) -> Option<Mention<'a>> {
        if self.table == "stated_counts" && group_as_subject(reading, schemas).is_some() {
            return None;
        }
        let id = reading.text(self.id);
        let name = reading.text(self.name)?;
        let is_of_the_thing = match self.id {
            "owner_id" => reading.text("owner_type") == Some(self.thing.name()),
            _ => !self.is_member() || names_an_organization(reading),
        };
        // Only records about the thing say which acronym is its own.
        let acronym = self.is_about_the_thing().then(|| reading.text("acronym")).flatten();
        (is_of_the_thing && (self.by_name || id.is_some())).then(|| Mention { source_id: reading.source(), name, acronym, id })
    }
}

/// The group of states that a count names as its subject: declared, and no dialogue.
#[must_use]
pub fn group_as_subject(reading: &Reading<'_>, schemas: &Schemas) -> Option<String> {
    if reading.text("dialogue_id").is_some() {
        return None;
    }
    let name = fold(reading.text("dialogue")?);
    let is_it = |other: &str| fold(other) == name;
    let groups = &schemas.reference.groups;
    let group = groups
        .iter()
        .find(|row| is_it(&row.name) || row.acronym.as_deref().is_some_and(is_it) || row.other_names.iter().any(|other| is_it(other)))?;
    Some(group.group_id.to_string())
}

/// Whether the member of a membership is an organisation: said so, or neither a state nor a known group.
#[must_use]
pub fn names_an_organization(reading: &Reading<'_>) -> bool {
    let named_otherwise = reading.text("iso3").is_some() || reading.text("member_group_id").is_some();
    reading.text("organization_id").is_some() || (!named_otherwise && reading.text("party") != Some("state"))
}

fn sites(thing: Thing) -> impl Iterator<Item = &'static Site> {
    SITES.iter().filter(move |site| site.thing == thing)
}

fn declared<'a>(thing: Thing, schemas: &'a Schemas) -> Box<dyn Iterator<Item = Declared<'a>> + 'a> {
    match thing {
        Thing::Dialogue => Box::new(schemas.reference.dialogues.iter().map(|row| Declared {
            id: &row.dialogue_id,
            name: &row.name,
            acronym: row.acronym.as_deref(),
            kind: &row.kind,
            other_names: &row.other_names,
        })),
        Thing::Organization => Box::new(schemas.reference.organizations.iter().map(|row| Declared {
            id: &row.organization_id,
            name: &row.name,
            acronym: row.acronym.as_deref(),
            kind: &row.kind,
            other_names: &row.other_names,
        })),
    }
}

/// What the statements about every dialogue or organisation say.
pub fn statements<'a>(thing: Thing, records: &'a Records<'_>, schemas: &'a Schemas, naming: &Naming) -> Statements<'a> {
    let mut statements = Statements::default();
    let known: BTreeMap<&str, Declared<'_>> = declared(thing, schemas).map(|row| (row.id, row)).collect();
    let kinds: Vec<&str> = schemas
        .table(thing.table())
        .and_then(|schema| schema.fields.iter().find(|field| field.name == "kind"))
        .map_or_else(Vec::new, |field| field.constraints.one_of.iter().map(String::as_str).collect());
    for site in sites(thing) {
        let is_about_it = site.is_about_the_thing();
        for reading in records.of(site.table) {
            let Some((id, written)) = naming.id_at(site, &reading, schemas).zip(reading.text(site.name)) else { continue };
            let known = known.get(id.as_str()).copied();
            let name = known.map_or(written, |row| row.name);
            let kind = known
                .map(|row| row.kind)
                .or_else(|| is_about_it.then(|| reading.text("kind")).flatten())
                .unwrap_or_else(|| kind_by_name(name, &kinds));
            let say = move |id: &str| {
                let mut statement = Statement::of(reading).derive(thing.id_column(), id).say("name", name, &[site.name]).derive("kind", kind);
                let short = |stated| known.map_or(Some(stated), |row| row.acronym_for(stated));
                if let Some(acronym) = reading.text("acronym").filter(|_| is_about_it) {
                    statement = statement.say("acronym", short(acronym).map_or(Cell::Null, Cell::text), &["acronym", "name"]);
                } else if is_acronym(written) && written != name {
                    statement = statement.say("acronym", short(written).map_or(Cell::Null, Cell::text), &[site.name]);
                }
                if is_about_it && thing == Thing::Dialogue {
                    statement = statement.copy("established_year");
                }
                statement
            };
            statements.0.push(Keyed { key: id, apart: None, is_about_it, say: Box::new(say) });
        }
    }
    statements
}

/// The kind whose word stands last in a name; the last kind of the list where none does.
fn kind_by_name<'k>(name: &str, kinds: &[&'k str]) -> &'k str {
    let name = name.to_lowercase();
    let last = kinds.iter().filter_map(|kind| name.rfind(&kind.replace('_', " ")).map(|at| (at + kind.len(), kind.len(), *kind))).max();
    last.map_or_else(|| kinds.last().copied().unwrap_or_default(), |(_, _, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_noun_of_a_name_is_its_kind() {
        let kinds = ["dialogue", "process", "group", "working_group", "network"];
        assert_eq!(kind_by_name("Dialogue of the Northern Process", &kinds), "process");
        assert_eq!(kind_by_name("Open Working Group on Dialogue", &kinds), "dialogue");
        assert_eq!(kind_by_name("Open Working Group", &kinds), "working_group");
        assert_eq!(kind_by_name("Northern Table", &kinds), "network");
    }
}
