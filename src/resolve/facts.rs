//! Themes, publications, programmes, figures and contacts: records that become rows one by one, joined where their key is the same.

use super::meetings::dates;
use super::names::{Mention, Mentions, Names};
use super::naming::{Naming, Thing};
use super::reading::Records;
use super::settle::{Statement, Statements};
use super::slug::{digest8, fold, slug};
use crate::model::Cell;
use crate::model::schemas::Schemas;

/// Items under headings of focus, priority, message and so on.
pub fn themes<'a>(records: &'a Records<'_>, naming: &Naming) -> Statements<'a> {
    let mut statements = Statements::default();
    for reading in records.of("themes") {
        let (Some(text), Some(kind), Some(owner_name)) = (reading.text("text"), reading.text("kind"), reading.text("owner")) else { continue };
        let owner = naming.owner(&reading);
        let owner_slug = owner.as_ref().map_or_else(|| slug(owner_name), |(_, id)| id.clone());
        let id = format!("{owner_slug}--{}--{}", slug(kind), digest8(&fold(text)));
        statements.add_readable(id.clone(), id, move |id| {
            Statement::of(reading)
                .derive("theme_id", id)
                .derive("owner_type", owner.as_ref().map_or("", |(thing, _)| thing.name()))
                .derive("owner_id", owner.as_ref().map_or("", |(_, id)| id))
                .say("owner_name", owner_name, &["owner", "text"])
                .say("kind", kind, &["kind", "text"])
                .copy("text")
                .copy("year")
        });
    }
    statements
}

/// Titles that sources name.
pub fn publications<'a>(records: &'a Records<'_>, naming: &Naming) -> Statements<'a> {
    let mut statements = Statements::default();
    for reading in records.of("publications") {
        let Some(title) = reading.text("title") else { continue };
        let publisher = naming.known_organization(&reading, "publisher", "publisher_id");
        statements.add_readable(slug(title), fold(title), move |id| {
            let period = dates(&reading);
            let statement = Statement::of(reading)
                .derive("publication_id", id)
                .copy("title")
                .say("kind", reading.cell("kind"), &["kind", "title"])
                .derive("publisher_id", Cell::optional(publisher.as_deref()))
                .say("publisher_name", reading.cell("publisher"), &["publisher", "title"])
                .derive("date_precision", period.map_or("none", |period| period.precision.name()))
                .say("date_text", reading.cell("date_text"), &["date_text", "start_date"])
                .copy("url");
            let Some(period) = period else { return statement };
            let start = statement.say("start_date", period.start, &["start_date", "date_text"]);
            start.say("end_date", period.end, &["end_date", "start_date", "date_text"])
        });
    }
    statements
}

/// Adds how programmes are named.
pub fn name_programmes(records: &Records<'_>, mentions: &mut Mentions) {
    for reading in records.of("programmes") {
        let acronym = reading.text("acronym");
        reading.text("name").into_iter().for_each(|name| mentions.add(&Mention { source_id: reading.source(), name, acronym, id: None }));
    }
}

/// Named projects, programmes and plans, and their countries; `names` are those of all programmes.
pub fn programmes<'a>(records: &'a Records<'_>, schemas: &'a Schemas, naming: &Naming, names: &Names) -> (Statements<'a>, Statements<'a>) {
    let mut programmes = Statements::default();
    let mut countries = Statements::default();
    for (reading, name) in records.of("programmes").filter_map(|reading| Some((reading, reading.text("name")?))) {
        let id = names.id(reading.source(), name, None);
        let funder = naming.known_organization(&reading, "funder", "funder_id");
        programmes.add(id.as_str(), move |id| {
            Statement::of(reading).derive("programme_id", id).copy("name").copy("acronym").derive("funder_id", Cell::optional(funder.as_deref())).say(
                "funder_name",
                reading.cell("funder"),
                &["funder"],
            )
        });
        let listed = reading.text("countries").unwrap_or_default();
        for iso3 in listed.split([';', ',', ' ']).filter(|code| schemas.reference.country(code).is_some()) {
            let id = id.clone();
            countries
                .add(format!("{id}/{iso3}"), move |_| Statement::of(reading).derive("programme_id", id.as_str()).say("iso3", iso3, &["countries"]));
        }
    }
    (programmes, countries)
}

/// Numbers with what they count.
pub fn figures<'a>(records: &'a Records<'_>) -> Statements<'a> {
    let mut statements = Statements::default();
    for reading in records.of("figures") {
        let (value, Some(unit), Some(what)) = (reading.cell("value"), reading.text("unit"), reading.text("what")) else { continue };
        let counted = [&fold(what), reading.text("iso3").unwrap_or_default(), &reading.cell("year").spelling()].join("|");
        let id = format!("{}--{}--{}", slug(&value.spelling()), slug(unit), digest8(&counted));
        let natural = format!("{id} {} {unit}", value.spelling());
        statements.add_readable(id, natural, move |id| {
            Statement::of(reading)
                .derive("figure_id", id)
                .copy("value")
                .say("qualifier", reading.cell("qualifier"), &["qualifier", "value"])
                .say("unit", unit, &["unit", "value"])
                .copy("what")
                .say("iso3", reading.cell("iso3"), &["iso3", "place", "what"])
                .copy("year")
        });
    }
    statements
}

/// Mailboxes, numbers and addresses of organisations. Those of persons never come here.
pub fn contacts<'a>(records: &'a Records<'_>, schemas: &'a Schemas, naming: &Naming) -> Statements<'a> {
    let mut statements = Statements::default();
    let published: Vec<&str> = schemas
        .table("contacts")
        .and_then(|schema| schema.fields.iter().find(|field| field.name == "kind"))
        .map_or_else(Vec::new, |field| field.constraints.one_of.iter().map(String::as_str).collect());
    for reading in records.of("contacts") {
        let (Some(kind), Some(value), Some(owner)) = (reading.text("kind"), reading.text("value"), reading.text("owner")) else { continue };
        if !published.contains(&kind) {
            continue;
        }
        let owner_id = naming.owner(&reading).map(|(_, id): (Thing, String)| id);
        statements.add_readable(format!("{kind}--{}", slug(value)), value.to_lowercase(), move |id| {
            Statement::of(reading)
                .derive("contact_id", id)
                .derive("owner_id", Cell::optional(owner_id.as_deref()))
                .say("owner_name", owner, &["owner", "value"])
                .say("kind", kind, &["kind", "value"])
                .copy("value")
        });
    }
    statements
}
