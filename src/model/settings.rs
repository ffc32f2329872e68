//! Settings that people write by hand: the registry of sources and the description of the data set.
//!
//! `validator` holds them to their rules; the message names the field and the value.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use validator::{Validate, ValidateRange, ValidationError};

use super::date::{Period, YEARS};
use crate::findings::{self, Severity};

/// `schemas/dataset.toml`.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct DatasetSettings {
    /// Slug: the name of the data package.
    #[validate(custom(function = "is_slug"))]
    pub name: String,
    #[validate(length(min = 1, max = 200))]
    pub title: String,
    #[validate(length(min = 1, max = 2000))]
    pub description: String,
    /// SPDX id of the licence of the data set itself.
    #[validate(length(min = 1, max = 100))]
    pub licence: String,
    #[validate(url)]
    pub licence_url: String,
    #[validate(length(min = 1, max = 200))]
    pub publisher: String,
    #[serde(default)]
    #[validate(length(max = 40))]
    pub keywords: Vec<String>,
    /// Address below which the releases are published, ending in a slash.
    #[serde(default)]
    #[validate(url)]
    pub base_url: Option<String>,
    /// Attribution that users are asked to give.
    #[serde(default)]
    #[validate(length(min = 1, max = 500))]
    pub attribution: Option<String>,
    /// The share of records of files with many texts that may be left out.
    #[serde(default = "records_left_out")]
    #[validate(range(min = 0.0, max = 1.0))]
    pub records_left_out: f64,
    /// Severities of findings that differ from those of their codes, by code.
    #[serde(default, deserialize_with = "severities")]
    pub severity: BTreeMap<String, Severity>,
}

fn records_left_out() -> f64 {
    0.01
}

/// The name of a code of which the severity can be set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct CodeName(String);

impl<'de> Deserialize<'de> for CodeName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        match findings::find(&name) {
            Some(code) if code.settable => Ok(Self(name)),
            Some(_) => Err(D::Error::custom(format!("\"{name}\" always stops the release: its severity cannot be set"))),
            None => Err(D::Error::custom(format!("\"{name}\" is no code of a finding"))),
        }
    }
}

fn severities<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Severity>, D::Error> {
    let severities = BTreeMap::<CodeName, Severity>::deserialize(deserializer)?;
    Ok(severities.into_iter().map(|(CodeName(name), severity)| (name, severity)).collect())
}

/// `sources.toml`: the registry of sources.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    #[serde(default, rename = "source")]
    pub sources: Vec<toml::Spanned<SourceEntry>>,
}

/// One source in the registry.
#[derive(Clone, Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct SourceEntry {
    #[validate(custom(function = "is_source_id"))]
    pub id: String,
    #[validate(length(min = 1, max = 300))]
    pub title: String,
    #[validate(length(min = 1, max = 200))]
    pub publisher: String,
    /// Reduced ISO 8601.
    #[serde(default)]
    #[validate(custom(function = "is_reduced_date"))]
    pub published: Option<String>,
    /// The day, month or year that the source speaks of, reduced ISO 8601.
    #[serde(default)]
    #[validate(custom(function = "is_reduced_date"))]
    pub as_of: Option<String>,
    /// ISO 639-1.
    #[validate(custom(function = "is_language"))]
    pub language: String,
    /// SPDX id or the name of the terms.
    #[validate(length(min = 1, max = 200))]
    pub licence: String,
    #[serde(default)]
    #[validate(url)]
    pub url: Option<String>,
    pub transcript: bool,
    #[serde(default)]
    #[validate(custom(function = "is_sha256"))]
    pub original_sha256: Option<String>,
    #[serde(default)]
    #[validate(length(max = 1000))]
    pub note: Option<String>,
}

impl SourceEntry {
    /// The stretch of time that the source speaks of: `as_of`, else `published`.
    #[must_use]
    pub fn day(&self) -> Option<Period> {
        self.as_of.as_deref().or(self.published.as_deref()).and_then(Period::parse_reduced)
    }
}

fn fails(code: &'static str) -> ValidationError {
    ValidationError::new(code)
}

fn is_slug(text: &str) -> Result<(), ValidationError> {
    let parts_are_words = text.split('-').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    parts_are_words.then_some(()).ok_or_else(|| fails("lower-case letters and digits, words joined by a hyphen"))
}

/// Whether a text can be the id of a source.
///
/// # Errors
/// The rule that it breaks.
pub fn is_source_id(text: &str) -> Result<(), ValidationError> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    let edges = text.bytes().next().zip(text.bytes().last());
    let sound = edges.is_some_and(|(first, last)| first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric()) && text.bytes().all(allowed);
    sound.then_some(()).ok_or_else(|| fails("lower-case letters, digits, hyphens, underscores and full stops, a letter or digit first and last"))
}

fn is_reduced_date(text: &str) -> Result<(), ValidationError> {
    let period = Period::parse_reduced(text).ok_or_else(|| fails("a day, month or year as 2014-10-15, 2014-10 or 2014"))?;
    let is_sane = period.start.year().validate_range(Some(YEARS.0), Some(YEARS.1), None, None);
    is_sane.then_some(()).ok_or_else(|| fails("a day, month or year from 1900 to 2100"))
}

/// Whether a text can be the code of a language.
///
/// # Errors
/// The rule that it breaks.
pub fn is_language(text: &str) -> Result<(), ValidationError> {
    let sound = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_lowercase());
    sound.then_some(()).ok_or_else(|| fails("a two-letter ISO 639-1 code"))
}

fn is_sha256(text: &str) -> Result<(), ValidationError> {
    let sound = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    sound.then_some(()).ok_or_else(|| fails("64 lower-case hexadecimal digits"))
}
