//! Memberships: one row a dialogue, member, role and term; one statement a source and line that says so.
//!
//! That a member is absent from a later list never ends a membership. A body that a source names as the secretariat of a dialogue is
//! a membership too.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::days::Calendar;
use super::naming::{Naming, names_an_organization};
use super::reading::{Reading, Records};
use super::settle::{Statement, Statements};
use crate::findings::{Finding, Report, code};
use crate::model::date::Period;
use crate::model::record::Evidence;
use crate::model::schemas::Schemas;

/// The role under which those who merely take part are published.
const MEMBER: &str = "member";
/// The role of the body that a dialogue names as its secretariat.
const SECRETARIAT: &str = "secretariat";

/// Who takes part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Member {
    State(String),
    Organization(String),
    Group(String),
}

impl Member {
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::State(_) => "state",
            Self::Organization(_) => "organization",
            Self::Group(_) => "group",
        }
    }

    /// The code or id of the member.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::State(id) | Self::Organization(id) | Self::Group(id) => id,
        }
    }

    /// The member as a part of a readable id; a prefix keeps the three kinds apart.
    fn slug(&self, schemas: &Schemas) -> String {
        match self {
            Self::State(iso3) => iso3.to_lowercase(),
            Self::Organization(id) if schemas.reference.country(&id.to_uppercase()).is_some() => format!("org-{id}"),
            Self::Organization(id) => id.clone(),
            Self::Group(id) => format!("group-{id}"),
        }
    }
}

/// A record that states a membership.
#[derive(Clone, Debug)]
pub struct Stated<'a> {
    pub reading: Reading<'a>,
    pub membership_id: String,
    pub dialogue_id: String,
    pub member: Member,
    pub role: String,
    /// First day of the term and first day after it.
    pub term: (Option<NaiveDate>, Option<NaiveDate>),
    /// Record field that has the name of the member.
    name_field: &'static str,
    pub as_of: Option<Period>,
}

impl<'a> Stated<'a> {
    #[must_use]
    pub fn line(&self) -> u32 {
        self.reading.line(&[self.name_field])
    }

    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        self.reading.text(self.name_field)
    }

    /// Where the source names the member.
    #[must_use]
    pub fn evidence(&self) -> Vec<(String, Evidence)> {
        self.reading.ruled_evidence(&[self.name_field])
    }
}

/// Every membership that some record states, in record order.
pub fn stated<'a>(records: &'a Records<'_>, schemas: &'a Schemas, naming: &Naming, calendar: &Calendar, report: &mut Report) -> Vec<Stated<'a>> {
    let mut stated = Vec::new();
    for reading in records.of("memberships") {
        let Some(dialogue_id) = naming.dialogue(&reading) else { continue };
        // A state that normalize could not name is a finding of its own, and no row.
        let Some(member) = member(&reading, naming) else { continue };
        let Some(role) = role(&reading, schemas, report) else { continue };
        stated.push(Stated::new(reading, dialogue_id, member, role, "member_name", schemas, calendar));
    }
    for reading in records.of("dialogues") {
        let Some(secretariat) = naming.known_organization(&reading, SECRETARIAT, "secretariat_id") else { continue };
        let Some(dialogue_id) = reading.text("name").map(|name| naming.dialogues.id(reading.source(), name, reading.text("dialogue_id"))) else {
            continue;
        };
        stated.push(Stated::new(reading, dialogue_id, Member::Organization(secretariat), SECRETARIAT.to_owned(), SECRETARIAT, schemas, calendar));
    }
    stated
}

impl<'a> Stated<'a> {
    fn new(
        reading: Reading<'a>,
        dialogue_id: String,
        member: Member,
        role: String,
        name_field: &'static str,
        schemas: &Schemas,
        calendar: &Calendar,
    ) -> Self {
        let term = (
            reading.period("start_date").map(|period| period.start),
            reading.period("end_date").and_then(|period| period.end.checked_add_days(Days::new(1))),
        );
        let mut membership_id = format!("{dialogue_id}--{}--{}", member.slug(schemas), role.replace('_', "-"));
        match term {
            (Some(from), _) => membership_id.push_str(&format!("--{from}")),
            (None, Some(to)) => membership_id.push_str(&format!("--until-{to}")),
            (None, None) => {}
        }
        let as_of = match member {
            // Who belongs to a group depends on the day, so that the day of the group word counts.
            Member::Group(_) => calendar.of_statement(&reading, None, Some(&dialogue_id)),
            _ => calendar.of_source(reading.source()),
        };
        Self { reading, membership_id, dialogue_id, member, role, term, name_field, as_of }
    }

    fn statement(&self) -> Statement<'a> {
        let name = [self.name_field];
        let member_column = match self.member {
            Member::State(_) => "iso3",
            Member::Organization(_) => "organization_id",
            Member::Group(_) => "member_group_id",
        };
        let dialogue: &[&str] = if self.name_field == SECRETARIAT { &["name"] } else { &["dialogue", "dialogue_id"] };
        let mut statement = Statement::of(self.reading)
            .derive("membership_id", self.membership_id.as_str())
            .say("dialogue_id", self.dialogue_id.as_str(), dialogue)
            .derive("member_type", self.member.type_name())
            .say(member_column, self.member.id(), &[member_column, name[0]])
            .say("role", self.role.as_str(), &["role", "role_text", name[0]])
            .copy("role_text");
        if let Some(from) = self.term.0 {
            statement = statement.say("valid_from", from, &["start_date"]);
        }
        if let Some(to) = self.term.1 {
            statement = statement.say("valid_to", to, &["end_date"]);
        }
        let day = crate::model::Cell::optional(self.as_of.map(|period| period.start));
        statement.derive("first_stated", day.clone()).derive("last_stated", day)
    }
}

fn member(reading: &Reading<'_>, naming: &Naming) -> Option<Member> {
    if let Some(iso3) = reading.text("iso3") {
        return Some(Member::State(iso3.to_owned()));
    }
    if let Some(group) = reading.text("member_group_id") {
        return Some(Member::Group(group.to_owned()));
    }
    let name = reading.text("member_name")?;
    names_an_organization(reading).then(|| Member::Organization(naming.organizations.id(reading.source(), name, reading.text("organization_id"))))
}

/// The published role of a record; one that is not published is a finding.
pub fn role(reading: &Reading<'_>, schemas: &Schemas, report: &mut Report) -> Option<String> {
    let role = reading.text("role")?;
    if role.starts_with("participa") {
        return Some(MEMBER.to_owned());
    }
    let schema = schemas.table("memberships")?;
    let published =
        schema.fields.iter().find(|field| field.name == "role").is_some_and(|field| field.constraints.one_of.iter().any(|known| known == role));
    if !published {
        let place = reading.place(&["role"]);
        let message = format!("the role \"{role}\" is none that is published");
        report.push(
            Finding::new(code::ROLE_UNPUBLISHED, place, message)
                .compared(role, format!("a role of {}", schema.name))
                .hint("add the role to the enum in schemas/tables/memberships.json, or map the heading to another role"),
        );
    }
    published.then(|| role.to_owned())
}

/// What the sources say of each membership.
pub fn statements<'s>(stated: &'s [Stated<'_>]) -> Statements<'s> {
    let mut statements = Statements::default();
    for membership in stated {
        statements.add(membership.membership_id.as_str(), move |_| membership.statement());
    }
    statements
}

/// What each source says on each line, for `membership_statements`.
pub fn told<'s>(stated: &'s [Stated<'_>]) -> Statements<'s> {
    let mut statements = Statements::default();
    let mut seen: BTreeSet<(&str, &str, u32)> = BTreeSet::new();
    for membership in stated {
        let (id, source, line) = (membership.membership_id.as_str(), membership.reading.source(), membership.line());
        if !seen.insert((id, source, line)) {
            continue;
        }
        statements.add(format!("{id}/{source}/{line:010}"), move |_| {
            Statement::of(membership.reading)
                .derive("membership_id", id)
                .derive("source_id", source)
                .derive("line", i64::from(line))
                .say("member_name", membership.name().unwrap_or_default(), &[membership.name_field])
                .derive("as_of", crate::model::Cell::optional(membership.as_of.map(|period| period.start)))
        });
    }
    statements
}

/// Adds the organisations that each dialogue has as its secretariat.
pub fn secretariats(stated: &[Stated<'_>], secretariats: &mut BTreeMap<String, BTreeSet<String>>) {
    for membership in stated.iter().filter(|membership| membership.role == SECRETARIAT) {
        if let Member::Organization(id) = &membership.member {
            secretariats.entry(membership.dialogue_id.clone()).or_default().insert(id.clone());
        }
    }
}
