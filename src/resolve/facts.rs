//! Themes, publications, programmes, figures and contacts: records that become rows one by one, joined where their key is the same.

use std::collections::{BTreeMap, BTreeSet};

use super::meetings::dates;
use super::names::{Mention, Names};
use super::naming::{Naming, Thing};
use super::reading::{Reading, Records};
use super::settle::{Statement, Statements};
use super::slug::{digest8, fold, slug};
use crate::model::Cell;
use crate::model::schemas::Schemas;

/// Statements under readable ids. Where two things would have one id, the digest of what tells them apart is added to both.
struct Keyed<'a>(Vec<(String, String, Statement<'a>)>);

impl<'a> Keyed<'a> {
    /// `natural` is the whole key, of which `id` is the readable form.
    fn add(&mut self, id: String, natural: String, statement: Statement<'a>) {
        self.0.push((id, natural, statement));
    }

    fn finish(self, id_column: &'static str) -> Statements<'a> {
        let mut naturals: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (id, natural, _) in &self.0 {
            naturals.entry(id).or_default().insert(natural);
        }
        let shared: BTreeSet<String> = naturals.iter().filter(|(_, naturals)| naturals.len() > 1).map(|(id, _)| (*id).to_owned()).collect();
        let mut statements = Statements::default();
        for (id, natural, statement) in self.0 {
            let id = if shared.contains(&id) { format!("{id}--{}", digest8(&natural)) } else { id };
            statements.add(id.clone(), statement.derive(id_column, id));
        }
        statements
    }
}

/// Items under headings of focus, priority, message and so on.
pub fn themes<'a>(records: &'a Records<'_>, schemas: &'a Schemas, naming: &Naming) -> Statements<'a> {
    let mut keyed = Keyed(Vec::new());
    for reading in records.of(schemas, "themes") {
        let (Some(text), Some(kind), Some(owner_name)) = (reading.text("text"), reading.text("kind"), reading.text("owner")) else { continue };
        let owner = naming.owner(&reading);
        let owner_slug = owner.as_ref().map_or_else(|| slug(owner_name), |(_, id)| id.clone());
        let id = format!("{owner_slug}--{}--{}", slug(kind), digest8(&fold(text)));
        let statement = Statement::of(reading)
            .derive("owner_type", owner.as_ref().map_or("", |(thing, _)| thing.name()))
            .derive("owner_id", owner.as_ref().map_or("", |(_, id)| id))
            .say("owner_name", owner_name, &["owner", "text"])
            .say("kind", kind, &["kind", "text"])
            .copy("text")
            .copy("year");
        keyed.add(id.clone(), id, statement);
    }
    keyed.finish("theme_id")
}

/// Titles that sources name.
pub fn publications<'a>(records: &'a Records<'_>, schemas: &'a Schemas, naming: &Naming) -> Statements<'a> {
    let mut keyed = Keyed(Vec::new());
    for reading in records.of(schemas, "publications") {
        let Some(title) = reading.text("title") else { continue };
        let period = dates(&reading);
        let mut statement = Statement::of(reading)
            .copy("title")
            .say("kind", reading.cell("kind").clone(), &["kind", "title"])
            .derive("publisher_id", Cell::optional(naming.known_organization(&reading, "publisher", "publisher_id")))
            .say("publisher_name", reading.cell("publisher").clone(), &["publisher", "title"])
            .derive("date_precision", period.map_or("none", |period| period.precision.name()))
            .say("date_text", reading.cell("date_text").clone(), &["date_text", "start_date"])
            .copy("url");
        if let Some(period) = period {
            statement = statement.say("start_date", period.start, &["start_date", "date_text"]).say(
                "end_date",
                period.end,
                &["end_date", "start_date", "date_text"],
            );
        }
        keyed.add(slug(title), fold(title), statement);
    }
    keyed.finish("publication_id")
}

/// Named projects, programmes and plans, and their countries.
pub fn programmes<'a>(records: &'a Records<'_>, schemas: &'a Schemas, naming: &Naming) -> (Statements<'a>, Statements<'a>) {
    let readings: Vec<(Reading<'_>, &str)> = records.of(schemas, "programmes").filter_map(|reading| Some((reading, reading.text("name")?))).collect();
    let mentions: Vec<Mention<'_>> =
        readings.iter().map(|(reading, name)| Mention { source_id: reading.source(), name, acronym: reading.text("acronym"), id: None }).collect();
    let names = Names::build(&mentions, std::iter::empty());
    let mut programmes = Statements::default();
    let mut countries = Statements::default();
    for (reading, name) in readings {
        let id = names.id(reading.source(), name, None);
        let statement = Statement::of(reading)
            .derive("programme_id", id.as_str())
            .copy("name")
            .copy("acronym")
            .derive("funder_id", Cell::optional(naming.known_organization(&reading, "funder", "funder_id")))
            .say("funder_name", reading.cell("funder").clone(), &["funder"]);
        programmes.add(id.as_str(), statement);
        let listed = reading.text("countries").unwrap_or_default();
        for iso3 in listed.split([';', ',', ' ']).filter(|code| schemas.reference.country(code).is_some()) {
            let statement = Statement::of(reading).derive("programme_id", id.as_str()).say("iso3", iso3, &["countries"]);
            countries.add(format!("{id}/{iso3}"), statement);
        }
    }
    (programmes, countries)
}

/// Numbers with what they count.
pub fn figures<'a>(records: &'a Records<'_>, schemas: &'a Schemas) -> Statements<'a> {
    let mut keyed = Keyed(Vec::new());
    for reading in records.of(schemas, "figures") {
        let (value, Some(unit), Some(what)) = (reading.cell("value"), reading.text("unit"), reading.text("what")) else { continue };
        let counted = [&fold(what), reading.text("iso3").unwrap_or_default(), &reading.cell("year").spelling()].join("|");
        let id = format!("{}--{}--{}", slug(&value.spelling()), slug(unit), digest8(&counted));
        let statement = Statement::of(reading)
            .copy("value")
            .say("qualifier", reading.cell("qualifier").clone(), &["qualifier", "value"])
            .say("unit", unit, &["unit", "value"])
            .copy("what")
            .say("iso3", reading.cell("iso3").clone(), &["iso3", "place", "what"])
            .copy("year");
        let natural = format!("{id} {} {unit}", value.spelling());
        keyed.add(id, natural, statement);
    }
    keyed.finish("figure_id")
}

/// Mailboxes, numbers and addresses of organisations. Those of persons never come here.
pub fn contacts<'a>(records: &'a Records<'_>, schemas: &'a Schemas, naming: &Naming) -> Statements<'a> {
    let mut keyed = Keyed(Vec::new());
    let published: Vec<&str> = schemas
        .table("contacts")
        .and_then(|schema| schema.fields.iter().find(|field| field.name == "kind"))
        .map_or_else(Vec::new, |field| field.constraints.one_of.iter().map(String::as_str).collect());
    for reading in records.of(schemas, "contacts") {
        let (Some(kind), Some(value), Some(owner)) = (reading.text("kind"), reading.text("value"), reading.text("owner")) else { continue };
        if !published.contains(&kind) {
            continue;
        }
        let statement = Statement::of(reading)
            .derive("owner_id", Cell::optional(naming.owner(&reading).map(|(_, id): (Thing, String)| id)))
            .say("owner_name", owner, &["owner", "value"])
            .say("kind", kind, &["kind", "value"])
            .copy("value");
        keyed.add(format!("{kind}--{}", slug(value)), value.to_lowercase(), statement);
    }
    keyed.finish("contact_id")
}
