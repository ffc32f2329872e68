//! Themes, publications, programmes, figures and contacts: records that become rows one by one, joined where their key is the same.

use super::meetings::dates;
use super::names::{Mention, Names};
use super::naming::{Naming, Thing};
use super::reading::{Reading, Records};
use super::settle::{Say, Statement, Statements};
use super::slug::{digest8, fold, slug};
use crate::model::Cell;
use crate::model::schemas::Schemas;

/// Statements under readable ids. Where two things would have one id, the digest of what tells them apart is added to both.
#[derive(Default)]
struct Keyed<'a>(Vec<(String, String, Say<'a>)>);

impl<'a> Keyed<'a> {
    /// `natural` is the whole key, of which `id` is the readable form.
    fn add(&mut self, id: String, natural: String, say: impl Fn(&str) -> Statement<'a> + 'a) {
        self.0.push((id, natural, Box::new(say)));
    }

    fn finish(mut self) -> Statements<'a> {
        self.0.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        let mut statements = Statements::default();
        let mut left = self.0.into_iter().peekable();
        while let Some(first) = left.next() {
            let mut same = vec![first];
            while let Some(next) = left.next_if(|next| next.0 == same[0].0) {
                same.push(next);
            }
            let is_shared = same.iter().any(|(_, natural, _)| *natural != same[0].1);
            for (id, natural, say) in same {
                let id = if is_shared { format!("{id}--{}", digest8(&natural)) } else { id };
                statements.push(id, say);
            }
        }
        statements
    }
}

/// Items under headings of focus, priority, message and so on.
pub fn themes<'a>(records: &'a Records<'_>, naming: &Naming) -> Statements<'a> {
    let mut keyed = Keyed::default();
    for reading in records.of("themes") {
        let (Some(text), Some(kind), Some(owner_name)) = (reading.text("text"), reading.text("kind"), reading.text("owner")) else { continue };
        let owner = naming.owner(&reading);
        let owner_slug = owner.as_ref().map_or_else(|| slug(owner_name), |(_, id)| id.clone());
        let id = format!("{owner_slug}--{}--{}", slug(kind), digest8(&fold(text)));
        keyed.add(id.clone(), id, move |id| {
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
    keyed.finish()
}

/// Titles that sources name.
pub fn publications<'a>(records: &'a Records<'_>, naming: &Naming) -> Statements<'a> {
    let mut keyed = Keyed::default();
    for reading in records.of("publications") {
        let Some(title) = reading.text("title") else { continue };
        let publisher = naming.known_organization(&reading, "publisher", "publisher_id");
        keyed.add(slug(title), fold(title), move |id| {
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
    keyed.finish()
}

/// Named projects, programmes and plans, and their countries.
pub fn programmes<'a>(records: &'a Records<'_>, schemas: &'a Schemas, naming: &Naming) -> (Statements<'a>, Statements<'a>) {
    let readings: Vec<(Reading<'_>, &str)> = records.of("programmes").filter_map(|reading| Some((reading, reading.text("name")?))).collect();
    let mentions: Vec<Mention<'_>> =
        readings.iter().map(|(reading, name)| Mention { source_id: reading.source(), name, acronym: reading.text("acronym"), id: None }).collect();
    let names = Names::build(&mentions, std::iter::empty());
    let mut programmes = Statements::default();
    let mut countries = Statements::default();
    for (reading, name) in readings {
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
    let mut keyed = Keyed::default();
    for reading in records.of("figures") {
        let (value, Some(unit), Some(what)) = (reading.cell("value"), reading.text("unit"), reading.text("what")) else { continue };
        let counted = [&fold(what), reading.text("iso3").unwrap_or_default(), &reading.cell("year").spelling()].join("|");
        let id = format!("{}--{}--{}", slug(&value.spelling()), slug(unit), digest8(&counted));
        let natural = format!("{id} {} {unit}", value.spelling());
        keyed.add(id, natural, move |id| {
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
    keyed.finish()
}

/// Mailboxes, numbers and addresses of organisations. Those of persons never come here.
pub fn contacts<'a>(records: &'a Records<'_>, schemas: &'a Schemas, naming: &Naming) -> Statements<'a> {
    let mut keyed = Keyed::default();
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
        keyed.add(format!("{kind}--{}", slug(value)), value.to_lowercase(), move |id| {
            Statement::of(reading)
                .derive("contact_id", id)
                .derive("owner_id", Cell::optional(owner_id.as_deref()))
                .say("owner_name", owner, &["owner", "value"])
                .say("kind", kind, &["kind", "value"])
                .copy("value")
        });
    }
    keyed.finish()
}
