//! Dialogues and organisations: which records name them, and the one row of each.
//!
//! A thing that any row refers to has a row of its own. Its evidence is the records that are about it; where there is none, those
//! that only name it (a member of a list, a publisher). A declared thing has its declared name, whatever the spelling of the source.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Declared, Mention, Names};
use super::reading::{Reading, Records};
use super::settle::{Statement, Statements};
use super::slug::is_acronym;
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

impl Site {
    /// The mention of a record at this site, if it has one.
    fn mention<'a>(&self, reading: &Reading<'a>) -> Option<Mention<'a>> {
        let id = reading.text(self.id);
        let name = reading.text(self.name)?;
        let is_member = self.table == "memberships" && self.thing == Thing::Organization;
        let is_of_the_thing = match self.id {
            "owner_id" => reading.text("owner_type") == Some(self.thing.name()),
            _ => !is_member || names_an_organization(reading),
        };
        // Only records about the thing say which acronym is its own.
        let acronym = (self.table == self.thing.table() && self.name == "name").then(|| reading.text("acronym")).flatten();
        (is_of_the_thing && (self.by_name || id.is_some())).then(|| Mention { source_id: reading.source(), name, acronym, id })
    }
}

/// Whether the member of a membership is an organisation: said so, or neither a state nor a known group.
#[must_use]
pub fn names_an_organization(reading: &Reading<'_>) -> bool {
    let named_otherwise = reading.text("iso3").is_some() || reading.text("member_group_id").is_some();
    reading.text("organization_id").is_some() || (!named_otherwise && reading.text("party") != Some("state"))
}

/// Ids of all dialogues or all organisations.
#[must_use]
pub fn names(thing: Thing, records: &Records, schemas: &Schemas) -> Names {
    let mentions: Vec<Mention<'_>> = sites(thing)
        .flat_map(|site| records.of(schemas, site.table).filter_map(move |reading| site.mention(&reading)))
        .collect();
    Names::build(&mentions, declared(thing, schemas))
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
            other_names: &row.other_names,
        })),
        Thing::Organization => Box::new(schemas.reference.organizations.iter().map(|row| Declared {
            id: &row.organization_id,
            name: &row.name,
            acronym: row.acronym.as_deref(),
            other_names: &row.other_names,
        })),
    }
}

/// What the statements about every dialogue or organisation say; `secretariats` gives the derived column of dialogues.
pub fn statements<'a>(
    thing: Thing,
    records: &'a Records,
    schemas: &'a Schemas,
    names: &Names,
    secretariats: &BTreeMap<String, BTreeSet<String>>,
) -> Statements<'a> {
    let mut statements = Statements::default();
    let declared: BTreeMap<&str, (&str, &str)> = match thing {
        Thing::Dialogue => schemas.reference.dialogues.iter().map(|row| (row.dialogue_id.as_str(), (row.name.as_str(), row.kind.as_str()))).collect(),
        Thing::Organization => {
            schemas.reference.organizations.iter().map(|row| (row.organization_id.as_str(), (row.name.as_str(), row.kind.as_str()))).collect()
        }
    };
    let kinds: Vec<&str> = schemas
        .table(thing.table())
        .and_then(|schema| schema.fields.iter().find(|field| field.name == "kind"))
        .map_or_else(Vec::new, |field| field.constraints.one_of.iter().map(String::as_str).collect());
    let mut has_own_record = BTreeSet::new();
    for site in sites(thing) {
        let is_about_it = site.table == thing.table() && site.name == "name";
        for reading in records.of(schemas, site.table) {
            let Some(mention) = site.mention(&reading) else { continue };
            let id = names.id(mention.source_id, mention.name, mention.id);
            if is_about_it {
                has_own_record.insert(id.clone());
            } else if has_own_record.contains(&id) {
                continue;
            }
            let (name, kind) = declared.get(id.as_str()).map_or((mention.name, None), |(name, kind)| (*name, Some(*kind)));
            let kind = kind.or_else(|| is_about_it.then(|| reading.text("kind")).flatten()).unwrap_or_else(|| kind_by_name(name, &kinds));
            let mut statement = Statement::of(reading).derive(thing.id_column(), id.as_str()).say("name", name, &[site.name]).derive("kind", kind);
            if let Some(acronym) = mention.acronym {
                statement = statement.say("acronym", acronym, &["acronym", "name"]);
            } else if is_acronym(mention.name) && mention.name != name {
                statement = statement.say("acronym", mention.name, &[site.name]);
            }
            if is_about_it && thing == Thing::Dialogue {
                statement = statement.copy("established_year");
            }
            if let Some([secretariat]) = secretariats.get(&id).map(|ids| ids.iter().collect::<Vec<_>>()).as_deref() {
                statement = statement.derive("secretariat_id", secretariat.as_str());
            }
            statements.add(id, statement);
        }
    }
    statements
}

/// The kind whose word stands last in a name; the last kind of the list where none does.
fn kind_by_name<'k>(name: &str, kinds: &[&'k str]) -> &'k str {
    let name = name.to_lowercase();
    let last = kinds
        .iter()
        .filter_map(|kind| name.rfind(&kind.replace('_', " ")).map(|at| (at + kind.len(), kind.len(), *kind)))
        .max();
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
