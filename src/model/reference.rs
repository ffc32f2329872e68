//! Reference data: what is known before any text is read. Read from `schemas/reference/*.csv`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::schemas::SchemaFiles;
use crate::findings::{Finding, Place, Report, code};

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
    /// Reads all reference files; what is wrong with them is reported with file and line.
    #[must_use]
    pub fn parse(files: &SchemaFiles, report: &mut Report) -> Self {
        let reference = Self {
            countries: read(files, "reference/countries.csv", report),
            groups: read(files, "reference/groups.csv", report),
            group_members: read(files, "reference/group_members.csv", report),
            dialogues: read(files, "reference/dialogues.csv", report),
            organizations: read(files, "reference/organizations.csv", report),
            cities: read(files, "reference/cities.csv", report),
            aliases: read(files, ALIASES, report),
            other_codes: read(files, "reference/other_codes.csv", report),
        };
        unique(files, "reference/countries.csv", reference.countries.iter().map(|row| &row.iso3), report);
        unique(files, "reference/groups.csv", reference.groups.iter().map(|row| &row.group_id), report);
        unique(files, "reference/dialogues.csv", reference.dialogues.iter().map(|row| &row.dialogue_id), report);
        unique(files, "reference/organizations.csv", reference.organizations.iter().map(|row| &row.organization_id), report);
        unique(files, ALIASES, reference.aliases.iter().map(|row| &row.name), report);
        for (at, alias) in reference.aliases.iter().enumerate().filter(|(_, alias)| reference.country(&alias.iso3).is_none()) {
            let message = format!("\"{}\" is no code of a country", alias.iso3);
            report.push(Finding::new(code::SCHEMA_INVALID, Place::new(files.display(ALIASES), at as u32 + 2, 0), message));
        }
        reference
    }

    /// The aliases in an `aliases.csv` that is read for its own sake.
    #[must_use]
    pub fn parse_aliases(files: &SchemaFiles, report: &mut Report) -> Vec<Alias> {
        read(files, ALIASES, report)
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

fn semicolons<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
    Ok(text.split(';').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| serde::de::Error::custom(format!("\"{text}\" is no day as 2014-10-15")))
}

fn optional_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| serde::de::Error::custom(format!("\"{text}\" is no day as 2014-10-15")))).transpose()
}

/// Reads a reference file into rows; every row that does not fit is a finding of its own.
fn read<T: DeserializeOwned>(files: &SchemaFiles, path: &str, report: &mut Report) -> Vec<T> {
    let Some(text) = files.get(path) else {
        report.push(Finding::new(code::SCHEMA_INVALID, Place::file(files.display(path)), "the file is missing"));
        return Vec::new();
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for row in reader.deserialize() {
        match row {
            Ok(row) => rows.push(row),
            Err(error) => {
                let line = error.position().map_or(0, |position| position.line() as u32);
                report.push(Finding::new(code::SCHEMA_INVALID, Place::new(files.display(path), line, 0), csv_message(&error)));
            }
        }
    }
    rows
}

/// What is wrong with a row, without the position, which the place already has.
fn csv_message(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => format!("the row has {len} fields, the header {expected_len}"),
        _ => error.to_string(),
    }
}

/// Reports each key that stands more than once, with the line of the second.
fn unique<'a>(files: &SchemaFiles, path: &str, keys: impl Iterator<Item = &'a String>, report: &mut Report) {
    let mut first_lines = BTreeMap::new();
    for (index, key) in keys.enumerate() {
        let line = index as u32 + 2;
        if let Some(first) = first_lines.insert(key, line) {
            let message = format!("\"{key}\" stands twice, first on line {first}");
            report.push(Finding::new(code::SCHEMA_INVALID, Place::new(files.display(path), line, 0), message));
        }
    }
}
