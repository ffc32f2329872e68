//! `schemas/expectations.toml`: counts and sets that must hold, each dated and cited.
//!
//! An expectation has one comparator. Its claim is a factual phrase of a source; the line of the phrase is found, never declared.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::de::Unexpected;
use serde::{Deserialize, Deserializer};

use super::complaint::Complaint;
use super::date::Period;
use super::schemas::{SchemaFiles, line_and_column};
use super::toml_file;
use crate::findings::{Place, Report, Severity, code};

/// The file as it is in the folder.
pub const PATH: &str = "expectations.toml";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "expectation")]
    expectations: Vec<toml::Spanned<Expectation>>,
    #[serde(default, rename = "waiver")]
    waivers: Vec<toml::Spanned<Waiver>>,
}

/// All expectations and waivers, each with its place.
#[derive(Clone, Debug, Default)]
pub struct Expectations {
    pub expectations: Vec<(Place, Expectation)>,
    pub waivers: Vec<(Place, Waiver)>,
}

/// Something that must hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    pub id: String,
    /// That of the finding's code where none is given.
    #[serde(default)]
    severity: Option<Severity>,
    /// Where the number or the set comes from.
    pub citation: String,
    #[serde(default)]
    pub table: Option<String>,
    /// Values that columns must have for a row to be looked at; "" means empty.
    #[serde(default, rename = "where")]
    pub filter: BTreeMap<String, Value>,
    /// Looks only at rows that hold on that day.
    #[serde(default, deserialize_with = "day")]
    pub as_of: Option<NaiveDate>,
    /// Whether no row at all is fine.
    #[serde(default)]
    pub allow_empty: bool,
    #[serde(default)]
    pub claim: Option<Claim>,
    #[serde(default)]
    equals: Option<u64>,
    #[serde(default)]
    set_equals: Option<ValueSet>,
    #[serde(default)]
    subset_of: Option<ValueSet>,
    #[serde(default)]
    sum_equals: Option<SumOf>,
    #[serde(default)]
    unique: Option<Vec<String>>,
    #[serde(default)]
    fill_rate: Option<FillRate>,
    #[serde(default)]
    claim_equals: Option<bool>,
    #[serde(default)]
    unread_share: Option<AtMost>,
    #[serde(default)]
    max_removed: Option<u64>,
}

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub enum Comparator<'a> {
    /// The number of rows.
    Equals(u64),
    /// The values of a column, as a set.
    SetEquals(&'a ValueSet),
    SubsetOf(&'a ValueSet),
    /// What other expectations measured, added up, is what another one measured.
    SumEquals(&'a SumOf),
    Unique(&'a [String]),
    FillRate(&'a FillRate),
    /// The number of rows is the number in the cited sentence.
    ClaimEquals,
    UnreadShare(f64),
    /// At most so many rows of the last release may be gone without a tombstone.
    MaxRemoved(u64),
}

/// A value in a filter.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Text(String),
    Integer(i64),
    Boolean(bool),
}

impl Value {
    /// The spelling of the cell that it means.
    #[must_use]
    pub fn spelling(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Integer(value) => value.to_string(),
            Self::Boolean(value) => value.to_string(),
        }
    }
}

/// A column and the values that it must or may have.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueSet {
    pub column: String,
    pub values: Vec<String>,
}

/// Ids of expectations whose numbers add up.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SumOf {
    pub parts: Vec<String>,
    pub total: String,
}

/// The share of rows that have a value in a column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FillRate {
    pub column: String,
    pub at_least: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AtMost {
    at_most: f64,
}

/// A phrase of a source that says the number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    pub source: String,
    pub text: String,
}

/// A check that may fail for a while.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The id of the check.
    pub check: String,
    pub reason: String,
    /// Last day on which it holds.
    #[serde(deserialize_with = "required_day")]
    pub expires: NaiveDate,
}

fn required_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_day(&text).ok_or_else(|| serde::de::Error::invalid_value(Unexpected::Str(&text), &"a day as 2014-10-15"))
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    required_day(deserializer).map(Some)
}

/// A whole day, never a month or a year.
fn parse_day(text: &str) -> Option<NaiveDate> {
    Period::parse_reduced(text).filter(|period| period.start == period.end).map(|period| period.start)
}

impl Expectation {
    /// The severity that is given, if one is.
    #[must_use]
    pub fn own_severity(&self) -> Option<Severity> {
        self.severity
    }

    /// The one comparator; an error says which are there.
    ///
    /// # Errors
    /// Where none or more than one is given.
    pub fn comparator(&self) -> Result<Comparator<'_>, Complaint> {
        let all = [
            ("equals", self.equals.map(Comparator::Equals)),
            ("set_equals", self.set_equals.as_ref().map(Comparator::SetEquals)),
            ("subset_of", self.subset_of.as_ref().map(Comparator::SubsetOf)),
            ("sum_equals", self.sum_equals.as_ref().map(Comparator::SumEquals)),
            ("unique", self.unique.as_deref().map(Comparator::Unique)),
            ("fill_rate", self.fill_rate.as_ref().map(Comparator::FillRate)),
            ("claim_equals", self.claim_equals.filter(|on| *on).map(|_| Comparator::ClaimEquals)),
            ("unread_share", self.unread_share.as_ref().map(|share| Comparator::UnreadShare(share.at_most))),
            ("max_removed", self.max_removed.map(Comparator::MaxRemoved)),
        ];
        let given: Vec<&str> = all.iter().filter(|(_, comparator)| comparator.is_some()).map(|(name, _)| *name).collect();
        match (given.as_slice(), all.iter().find_map(|(_, comparator)| *comparator)) {
            ([_], Some(comparator)) => Ok(comparator),
            ([], _) => {
                let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
                let names = format!("one of {}", names.join(", "));
                Err(Complaint::new(format!("expectation \"{}\": it has no comparator, expected {names}", self.id)).compared("no comparator", names))
            }
            (several, _) => {
                let several = several.join(" and ");
                let message = format!("expectation \"{}\": it has the comparators {several}, expected one", self.id);
                Err(Complaint::new(message).compared(several, "one comparator"))
            }
        }
    }
}

impl Comparator<'_> {
    /// The name of the comparator, as written in the file.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Equals(_) => "equals",
            Self::SetEquals(_) => "set_equals",
            Self::SubsetOf(_) => "subset_of",
            Self::SumEquals(_) => "sum_equals",
            Self::Unique(_) => "unique",
            Self::FillRate(_) => "fill_rate",
            Self::ClaimEquals => "claim_equals",
            Self::UnreadShare(_) => "unread_share",
            Self::MaxRemoved(_) => "max_removed",
        }
    }
}

impl Expectations {
    /// Reads the file; a project without one expects nothing. Everything that is wrong with it is a finding with its line.
    pub fn parse(files: &SchemaFiles, report: &mut Report) -> Self {
        let Some(text) = files.get(PATH) else { return Self::default() };
        let path = files.display(PATH);
        let Some(file) = toml_file::parse::<File>(text, &path, code::SCHEMA_INVALID, report) else { return Self::default() };
        let place = |start: usize| {
            let (line, column) = line_and_column(text, start);
            Place::new(&path, line, column)
        };
        let expectations = file.expectations.into_iter().map(|entry| (place(entry.span().start), entry.into_inner())).collect();
        let waivers = file.waivers.into_iter().map(|entry| (place(entry.span().start), entry.into_inner())).collect();
        let parsed = Self { expectations, waivers };
        parsed.check(files, report);
        parsed
    }

    /// What serde cannot know: ids that must be unique, tables and comparators that must exist.
    fn check(&self, files: &SchemaFiles, report: &mut Report) {
        let mut complain = |place: &Place, complaint: Complaint| report.push(complaint.finding(code::SCHEMA_INVALID, place.clone()));
        for (at, (place, expectation)) in self.expectations.iter().enumerate() {
            let id = &expectation.id;
            if let Some((first, _)) = self.expectations[..at].iter().find(|(_, other)| &other.id == id) {
                let complaint = Complaint::new(format!("expectation \"{id}\" stands twice, first on line {}", first.line));
                complain(place, complaint.compared(id, "an id that no other expectation has"));
            }
            if expectation.citation.trim().is_empty() {
                complain(place, Complaint::new(format!("expectation \"{id}\" has no citation")).compared("", "a citation"));
            }
            let comparator = match expectation.comparator() {
                Ok(comparator) => comparator,
                Err(complaint) => {
                    complain(place, complaint);
                    continue;
                }
            };
            match (&expectation.table, comparator) {
                (None, Comparator::SumEquals(sum)) => {
                    for part in sum.parts.iter().chain([&sum.total]) {
                        if !self.expectations.iter().any(|(_, other)| &other.id == part) {
                            let complaint = Complaint::new(format!("expectation \"{id}\" adds up \"{part}\", which is no expectation"));
                            complain(place, complaint.compared(part, "the id of an expectation"));
                        }
                        if part == id {
                            let complaint = Complaint::new(format!("expectation \"{id}\" adds up itself"));
                            complain(place, complaint.compared(part, "the id of another expectation"));
                        }
                    }
                }
                (Some(table), Comparator::SumEquals(_)) => {
                    let complaint = Complaint::new(format!("expectation \"{id}\" adds up others and looks at no table itself"));
                    complain(place, complaint.compared(table, "no table"));
                }
                (None, _) => complain(place, Complaint::new(format!("expectation \"{id}\" names no table")).compared("no table", "a table")),
                (Some(table), _) if files.get(&format!("tables/{table}.json")).is_none() => {
                    let complaint = Complaint::new(format!("expectation \"{id}\": there is no table \"{table}\""));
                    complain(place, complaint.compared(table, "a table"));
                }
                _ => {}
            }
            if matches!(comparator, Comparator::ClaimEquals) && expectation.claim.is_none() {
                let complaint = Complaint::new(format!("expectation \"{id}\" compares with a claim, but has none"));
                complain(place, complaint.compared("no claim", "a claim"));
            }
        }
        for (place, waiver) in &self.waivers {
            if waiver.reason.trim().is_empty() {
                complain(place, Complaint::new(format!("the waiver of \"{}\" has no reason", waiver.check)).compared("", "a reason"));
            }
        }
    }
}
