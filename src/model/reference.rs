//! Reference data: what is known before any text is read. Read from `schemas/reference/*.csv`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::Unexpected;

use super::complaint::Complaint;
use super::csv_rows::CsvRows;
use super::schemas::SchemaFiles;
use crate::findings::{Finding, Report, code};

/// The file of the project's own names of countries.
pub const ALIASES: &str = "reference/aliases.csv";

/// `countries.csv`: ISO 3166-1, user-assigned and former codes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    pub iso3: String,
    pub iso2: Option<String>,
    pub m49: Option<String>,
    pub name: String,
    pub formal_name: Option<String>,
    pub status: String,
    pub region: Option<String>,
    pub subregion: Option<String>,
}

/// `groups.csv`: groups of states that texts name as one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub group_id: String,
    pub name: String,
    pub acronym: Option<String>,
    #[serde(default, deserialize_with = "semicolons")]
    pub other_names: Vec<String>,
    /// The organisation of the same name, where there is one.
    pub organization_id: Option<String>,
}

/// `group_members.csv`: which state was in which group, and when. `valid_to` is the first day outside.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupMember {
    pub group_id: String,
    pub iso3: String,
    #[serde(deserialize_with = "day")]
    pub valid_from: NaiveDate,
    #[serde(deserialize_with = "optional_day")]
    pub valid_to: Option<NaiveDate>,
    pub citation: String,
}

impl GroupMember {
    fn term(&self) -> String {
        self.valid_to.map_or_else(|| format!("from {}", self.valid_from), |end| format!("{} to {end}", self.valid_from))
    }

    /// Whether the same state is in the same group at the same time.
    fn overlaps(&self, other: &Self) -> bool {
        let starts_before_end = |a: &Self, b: &Self| b.valid_to.is_none_or(|end| a.valid_from < end);
        self.group_id == other.group_id && self.iso3 == other.iso3 && starts_before_end(self, other) && starts_before_end(other, self)
    }
}

/// `dialogues.csv`: dialogues whose several names are known to mean one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialogue {
    pub dialogue_id: String,
    pub name: String,
    pub acronym: Option<String>,
    pub kind: String,
    #[serde(default, deserialize_with = "semicolons")]
    pub other_names: Vec<String>,
    pub established_year: Option<i64>,
    /// The group of states that its members are, where it is also named as a group.
    pub group_id: Option<String>,
}

/// `organizations.csv`: bodies of the field.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    pub organization_id: String,
    pub name: String,
    pub acronym: Option<String>,
    pub kind: String,
    #[serde(default, deserialize_with = "semicolons")]
    pub other_names: Vec<String>,
    pub homepage: Option<String>,
}

/// `cities.csv`: capitals and cities where such meetings are held.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct City {
    pub name: String,
    pub iso3: String,
    #[serde(default, deserialize_with = "semicolons")]
    pub other_names: Vec<String>,
    /// Not empty where the name alone does not say which place is meant.
    pub ambiguous: Option<String>,
}

/// `aliases.csv`: names of countries that a project's own sources use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    pub name: String,
    pub iso3: String,
    pub note: Option<String>,
    /// The line of the file that has it.
    #[serde(skip)]
    pub line: u32,
}

/// `other_codes.csv`: two-letter codes beside those of ISO 3166 that lists of states use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherCode {
    pub code: String,
    pub iso3: String,
    pub note: Option<String>,
}

/// All reference data.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    pub countries: Vec<Country>,
    pub groups: Vec<Group>,
    pub group_members: Vec<GroupMember>,
    pub dialogues: Vec<Dialogue>,
    pub organizations: Vec<Organization>,
    pub cities: Vec<City>,
    pub aliases: Vec<Alias>,
    pub other_codes: Vec<OtherCode>,
}

impl Reference {
    /// Reads all reference files; what is wrong with them is reported with file, line and column. Of files that are known to be sound the rows are
    /// not held against each other again.
    #[must_use]
    pub fn parse(files: &SchemaFiles, is_sound: bool, report: &mut Report) -> Self {
        let countries = CsvRows::<Country>::read(files, "reference/countries.csv", report);
        let groups = CsvRows::<Group>::read(files, "reference/groups.csv", report);
        let group_members = CsvRows::<GroupMember>::read(files, "reference/group_members.csv", report);
        let dialogues = CsvRows::<Dialogue>::read(files, "reference/dialogues.csv", report);
        let organizations = CsvRows::<Organization>::read(files, "reference/organizations.csv", report);
        let cities = CsvRows::<City>::read(files, "reference/cities.csv", report);
        let aliases = CsvRows::<Alias>::read(files, ALIASES, report);
        let other_codes = CsvRows::<OtherCode>::read(files, "reference/other_codes.csv", report);

        let tables = Tables { countries, groups, group_members, dialogues, organizations, cities, aliases, other_codes };
        if !is_sound {
            tables.check(report);
        }
        tables.into_reference()
    }

    /// The aliases in an `aliases.csv` that is read for its own sake.
    #[must_use]
    pub fn parse_aliases(files: &SchemaFiles, report: &mut Report) -> Vec<Alias> {
        CsvRows::read(files, ALIASES, report).rows
    }

    /// The members of `group` on `day`, as ISO alpha-3 codes in code order.
    ///
    /// Empty where the group did not exist yet or is not declared. Dates are those of `schemas/reference/group_members.csv`,
    /// which cites the accession and withdrawal of each member; `valid_to` is the first day outside.
    #[must_use]
    pub fn members_on(&self, group: &str, day: NaiveDate) -> Vec<&str> {
        let mut members: Vec<&str> = self
            .group_members
            .iter()
            .filter(|row| row.group_id == group && row.valid_from <= day && row.valid_to.is_none_or(|end| day < end))
            .map(|row| row.iso3.as_str())
            .collect();
        members.sort_unstable();
        members
    }

    /// The country with a code of two or three capitals, where codes are expected.
    #[must_use]
    pub fn country_of_code(&self, code: &str) -> Option<&Country> {
        let is_of = |country: &&Country| country.status != "former" && (country.iso2.as_deref() == Some(code) || country.iso3 == code);
        let by_iso = self.countries.iter().find(is_of);
        by_iso.or_else(|| self.country(&self.other_codes.iter().find(|other| other.code == code)?.iso3))
    }

    #[must_use]
    pub fn country(&self, iso3: &str) -> Option<&Country> {
        self.countries.iter().find(|country| country.iso3 == iso3)
    }

    #[must_use]
    pub fn dialogue(&self, dialogue_id: &str) -> Option<&Dialogue> {
        self.dialogues.iter().find(|dialogue| dialogue.dialogue_id == dialogue_id)
    }

    #[must_use]
    pub fn organization(&self, organization_id: &str) -> Option<&Organization> {
        self.organizations.iter().find(|organization| organization.organization_id == organization_id)
    }

    #[must_use]
    pub fn group(&self, group_id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.group_id == group_id)
    }
}

/// The rows of all files with their places, while they are looked at.
struct Tables<'a> {
    countries: CsvRows<'a, Country>,
    groups: CsvRows<'a, Group>,
    group_members: CsvRows<'a, GroupMember>,
    dialogues: CsvRows<'a, Dialogue>,
    organizations: CsvRows<'a, Organization>,
    cities: CsvRows<'a, City>,
    aliases: CsvRows<'a, Alias>,
    other_codes: CsvRows<'a, OtherCode>,
}

impl Tables<'_> {
    /// Reports keys that stand twice, and references to what there is not.
    fn check(&self, report: &mut Report) {
        let Self { countries, groups, group_members, dialogues, organizations, cities, aliases, other_codes } = self;
        unique(countries, "iso3", |row| &row.iso3, report);
        unique(groups, "group_id", |row| &row.group_id, report);
        unique(dialogues, "dialogue_id", |row| &row.dialogue_id, report);
        unique(organizations, "organization_id", |row| &row.organization_id, report);
        unique(aliases, "name", |row| &row.name, report);

        let codes: BTreeSet<&str> = countries.rows.iter().map(|row| row.iso3.as_str()).collect();
        let group_ids: BTreeSet<&str> = groups.rows.iter().map(|row| row.group_id.as_str()).collect();
        let bodies: BTreeSet<&str> = organizations.rows.iter().map(|row| row.organization_id.as_str()).collect();
        let unless_known = |known: &BTreeSet<&str>, id: &str, what: &str| {
            let complaint = || Complaint::new(format!("\"{id}\" is no {what}")).compared(id, what);
            (!known.is_empty() && !known.contains(id)).then(complaint)
        };
        let no_country = |iso3: &str| unless_known(&codes, iso3, "code of a country");
        let no_group = |id: &str| unless_known(&group_ids, id, "group of groups.csv");
        let no_body = |id: &str| unless_known(&bodies, id, "organisation of organizations.csv");
        aliases.check("iso3", report, |_, row| no_country(&row.iso3));
        other_codes.check("iso3", report, |_, row| no_country(&row.iso3));
        cities.check("iso3", report, |_, row| no_country(&row.iso3));
        groups.check("organization_id", report, |_, row| row.organization_id.as_deref().and_then(no_body));
        dialogues.check("group_id", report, |_, row| row.group_id.as_deref().and_then(no_group));
        group_members.check("group_id", report, |_, row| no_group(&row.group_id));
        group_members.check("iso3", report, |_, row| match no_country(&row.iso3) {
            Some(_) if group_ids.contains(row.iso3.as_str()) => {
                let message = format!("\"{}\" is a group: members of groups are states, never groups", row.iso3);
                Some(Complaint::new(message).compared(&row.iso3, "code of a country"))
            }
            other => other,
        });
        group_members.check("valid_to", report, |_, row| {
            let end = row.valid_to.filter(|end| *end <= row.valid_from)?;
            let message = format!("valid_to is {end}, expected a day after valid_from, {}", row.valid_from);
            Some(Complaint::new(message).compared(end.to_string(), format!("a day after {}", row.valid_from)))
        });
        group_members.check("valid_from", report, |at, row| {
            let other = group_members.rows[..at].iter().position(|other| row.overlaps(other))?;
            let line = group_members.line(other);
            let message = format!("the term of {} in {} overlaps the one on line {line}", row.iso3, row.group_id);
            Some(Complaint::new(message).compared(row.term(), format!("a term outside that of line {line}, {}", group_members.rows[other].term())))
        });
    }

    fn into_reference(self) -> Reference {
        let Self { countries, groups, group_members, dialogues, organizations, cities, aliases, other_codes } = self;
        Reference {
            countries: countries.rows,
            groups: groups.rows,
            group_members: group_members.rows,
            dialogues: dialogues.rows,
            organizations: organizations.rows,
            cities: cities.rows,
            aliases: aliases.into_rows(|alias, line| alias.line = line),
            other_codes: other_codes.rows,
        }
    }
}

fn semicolons<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    // An empty field is a list without names.
    let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
    Ok(text.split(';').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_day(&text)
}

fn optional_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty());
    text.as_deref().map(parse_day).transpose()
}

fn parse_day<E: serde::de::Error>(text: &str) -> Result<NaiveDate, E> {
    text.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &"a day as 2014-10-15"))
}

/// Reports each key that stands more than once, at the second.
fn unique<T>(rows: &CsvRows<'_, T>, column: &str, key: impl Fn(&T) -> &String, report: &mut Report) {
    let mut firsts: BTreeMap<&String, usize> = BTreeMap::new();
    for (at, row) in rows.rows.iter().enumerate() {
        let key = key(row);
        if let Some(first) = firsts.get(key) {
            let message = format!("\"{key}\" stands twice, first on line {}", rows.line(*first));
            let finding = Finding::new(code::SCHEMA_INVALID, rows.place(at, column), message);
            report.push(finding.compared(key, format!("a {column} that no other row has")));
        } else {
            firsts.insert(key, at);
        }
    }
}
