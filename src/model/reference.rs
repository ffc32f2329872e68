//! Reference data: what is known before any text is read. Read from `schemas/reference/*.csv`.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::Unexpected;

use super::built_text::BuiltText;

/// The file of the project's own names of countries.
pub const ALIASES: &str = "reference/aliases.csv";

/// `countries.csv`: ISO 3166-1, user-assigned and former codes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    pub iso3: BuiltText,
    pub iso2: Option<BuiltText>,
    pub m49: Option<BuiltText>,
    pub name: BuiltText,
    pub formal_name: Option<BuiltText>,
    pub status: BuiltText,
    pub region: Option<BuiltText>,
    pub subregion: Option<BuiltText>,
}

/// `groups.csv`: groups of states that texts name as one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub group_id: BuiltText,
    pub name: BuiltText,
    pub acronym: Option<BuiltText>,
    #[serde(default, deserialize_with = "semicolons")]
    pub other_names: Cow<'static, [BuiltText]>,
    /// The organisation of the same name, where there is one.
    pub organization_id: Option<BuiltText>,
}

/// `group_members.csv`: which state was in which group, and when. `valid_to` is the first day outside.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupMember {
    pub group_id: BuiltText,
    pub iso3: BuiltText,
    #[serde(deserialize_with = "day")]
    pub valid_from: NaiveDate,
    #[serde(deserialize_with = "optional_day")]
    pub valid_to: Option<NaiveDate>,
    pub citation: BuiltText,
}

impl GroupMember {
    /// From when to when.
    #[must_use]
    pub fn term(&self) -> String {
        self.valid_to.map_or_else(|| format!("from {}", self.valid_from), |end| format!("{} to {end}", self.valid_from))
    }

    /// Whether the same state is in the same group at the same time.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let starts_before_end = |a: &Self, b: &Self| b.valid_to.is_none_or(|end| a.valid_from < end);
        self.group_id == other.group_id && self.iso3 == other.iso3 && starts_before_end(self, other) && starts_before_end(other, self)
    }
}

/// `dialogues.csv`: dialogues whose several names are known to mean one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialogue {
    pub dialogue_id: BuiltText,
    pub name: BuiltText,
    pub acronym: Option<BuiltText>,
    pub kind: BuiltText,
    #[serde(default, deserialize_with = "semicolons")]
    pub other_names: Cow<'static, [BuiltText]>,
    pub established_year: Option<i64>,
    /// The group of states that its members are, where it is also named as a group.
    pub group_id: Option<BuiltText>,
}

/// `organizations.csv`: bodies of the field.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    pub organization_id: BuiltText,
    pub name: BuiltText,
    pub acronym: Option<BuiltText>,
    pub kind: BuiltText,
    #[serde(default, deserialize_with = "semicolons")]
    pub other_names: Cow<'static, [BuiltText]>,
    pub homepage: Option<BuiltText>,
}

/// `cities.csv`: capitals and cities where such meetings are held.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct City {
    pub name: BuiltText,
    pub iso3: BuiltText,
    #[serde(default, deserialize_with = "semicolons")]
    pub other_names: Cow<'static, [BuiltText]>,
    /// Not empty where the name alone does not say which place is meant.
    pub ambiguous: Option<BuiltText>,
}

/// `aliases.csv`: names of countries that a project's own sources use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    pub name: BuiltText,
    pub iso3: BuiltText,
    pub note: Option<BuiltText>,
    /// The line of the file that has it.
    #[serde(skip)]
    pub line: u32,
}

/// `other_codes.csv`: two-letter codes beside those of ISO 3166 that lists of states use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherCode {
    pub code: BuiltText,
    pub iso3: BuiltText,
    pub note: Option<BuiltText>,
}

/// All reference data.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    pub countries: Cow<'static, [Country]>,
    pub groups: Cow<'static, [Group]>,
    pub group_members: Cow<'static, [GroupMember]>,
    pub dialogues: Cow<'static, [Dialogue]>,
    pub organizations: Cow<'static, [Organization]>,
    pub cities: Cow<'static, [City]>,
    pub aliases: Cow<'static, [Alias]>,
    pub other_codes: Cow<'static, [OtherCode]>,
}

impl Reference {
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

fn semicolons<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Cow<'static, [BuiltText]>, D::Error> {
    // An empty field is a list without names.
    let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
    Ok(text.split(';').map(str::trim).filter(|name| !name.is_empty()).map(BuiltText::from).collect())
}

fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    parse_day(&String::deserialize(deserializer)?)
}

fn optional_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty());
    text.as_deref().map(parse_day).transpose()
}

fn parse_day<E: serde::de::Error>(text: &str) -> Result<NaiveDate, E> {
    text.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &"a day as 2014-10-15"))
}

/// The day with a number, counted from the first of the era: how the build writes days.
#[must_use]
pub const fn day_numbered(number: i32) -> NaiveDate {
    match NaiveDate::from_num_days_from_ce_opt(number) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}
