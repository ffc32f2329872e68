//! Personal data: nothing that would be written may hold an address, a number or a handle of a person.
//!
//! What the office itself publishes (the values of `contacts`) is allowed wherever it stands. A hit gives kind, count and place,
//! never the text.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::Against;
use super::checks::Checks;
use super::places::Told;
use super::withheld::Withheld;
use crate::error::Error;
use crate::findings::{Finding, Report, code};
use crate::model::TableSchema;
use crate::model::dataset::{Dataset, Row, row_id};
use crate::model::table::FieldType;

/// A kind of personal data, how it looks, and bytes of which each stands in whatever looks so (`0` for any digit). A pattern's first
/// group, where it has one, is the value.
const PATTERNS: &[(&str, &str, &[u8])] = &[
    ("email", r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}", b"@"),
    ("phone", r"\+[0-9][0-9 ()./-]{6,}[0-9]", b"+0"),
    ("phone", r"(?i)\b(?:tel|phone|fax|mobile|mob|cell)\b\.?\s*:?\s*(\+?[0-9(][0-9 ()./-]{5,}[0-9])", b"0"),
    ("handle", r"(?i)\b(?:skype|whatsapp|telegram|wechat|viber)(?:\s+(?:id|name))?\s*:\s*(\S+)", b":"),
    ("person", r"\b(?:Mr|Mrs|Ms|Mme|Dr|Prof)\.?\s+\p{Lu}\p{L}+(?:\s+\p{Lu}[\p{L}.-]+)+.{0,80}?[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+", b"@"),
];

/// Tables and columns that hold no words of a source.
fn is_looked_at(schema: &TableSchema, column: &str) -> bool {
    let holds_digests = column.ends_with("sha256");
    let holds_words = !["countries", "groups", "group_members"].contains(&schema.name.as_str());
    holds_words && !holds_digests
}

/// Which of the bytes that patterns need a text has.
#[derive(Clone, Copy, Debug)]
struct Marks(u8);

impl Marks {
    fn of(bytes: &[u8]) -> Self {
        const MARKS: [u8; 256] = {
            let mut marks = [0; 256];
            let mut digit = b'0';
            while digit <= b'9' {
                marks[digit as usize] = 1;
                digit += 1;
            }
            marks[b'@' as usize] = 2;
            marks[b'+' as usize] = 4;
            marks[b':' as usize] = 8;
            marks
        };
        Self(bytes.iter().fold(0, |marks, byte| marks | MARKS[usize::from(*byte)]))
    }

    fn has(self, needed: Self) -> bool {
        self.0 & needed.0 == needed.0
    }
}

/// The detectors of a run.
#[derive(Debug)]
pub struct Detectors {
    patterns: Vec<(&'static str, Regex, Marks)>,
    withheld: Option<Withheld>,
    /// Values that offices publish of themselves, without what differs by spelling.
    allowed: BTreeSet<String>,
}

impl Detectors {
    /// # Errors
    /// `Fault` where a pattern is no regular expression; `Io` where the contacts cannot be read.
    pub fn new(dataset: &Dataset, against: &Against<'_>) -> Result<Self, Error> {
        let fault = |error: regex::Error| Error::Fault(format!("a detector of personal data: {error}"));
        let patterns: Result<Vec<_>, _> = PATTERNS.iter().map(|(kind, pattern, needs)| Ok((*kind, Regex::new(pattern)?, Marks::of(needs)))).collect();
        let value_at = against.schemas.table("contacts").and_then(|schema| schema.position_of("value"));
        let mut allowed = BTreeSet::new();
        dataset.each("contacts", |row| {
            allowed.extend(value_at.and_then(|at| row[at].as_text()).map(bare));
            Ok(())
        })?;
        Ok(Self { patterns: patterns.map_err(fault)?, withheld: Withheld::new(against.withheld), allowed })
    }

    /// The same detectors with other values that were withheld; none where there are none to look for.
    #[must_use]
    pub fn with_withheld(&self, values: &[&str]) -> Option<Self> {
        let withheld = Withheld::new(values)?;
        Some(Self { patterns: self.patterns.clone(), withheld: Some(withheld), allowed: self.allowed.clone() })
    }

    /// The kinds of personal data in a text, with where each stands.
    pub fn hits(&self, text: &str) -> Vec<(&'static str, std::ops::Range<usize>)> {
        let mut hits: Vec<(&'static str, std::ops::Range<usize>)> = Vec::new();
        let marks = Marks::of(text.as_bytes());
        let mut looks = self.patterns.iter().filter(|(_, pattern, needs)| marks.has(*needs) && pattern.is_match(text)).peekable();
        // A value over a line end, or with signs that no pattern has, is found as a whole alone.
        let is_allowed = looks.peek().is_some() && self.allowed.contains(&bare(text));
        for (kind, pattern, _) in looks.filter(|_| !is_allowed) {
            for captures in pattern.captures_iter(text) {
                let Some(found) = captures.get(1).or_else(|| captures.get(0)) else { continue };
                let holds_allowed = *kind == "person" && self.allowed.iter().any(|allowed| bare(found.as_str()).ends_with(allowed.as_str()));
                if !self.allowed.contains(&bare(found.as_str())) && !holds_allowed {
                    hits.push((kind, found.range()));
                }
            }
        }
        if let Some(withheld) = &self.withheld {
            hits.extend(withheld.find(text).into_iter().map(|found| ("withheld", found)));
        }
        hits
    }

    /// A text with what is personal replaced; none where nothing is.
    #[must_use]
    pub fn mask(&self, text: &str) -> Option<String> {
        let mut ranges: Vec<_> = self.hits(text).into_iter().map(|(_, range)| range).collect();
        ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let mut masked = String::new();
        let mut at = 0;
        for range in ranges.iter().filter(|range| range.end > range.start) {
            if range.start >= at {
                masked.push_str(&text[at..range.start]);
                masked.push_str("[withheld]");
            }
            at = at.max(range.end);
        }
        masked.push_str(&text[at..]);
        (!ranges.is_empty()).then_some(masked)
    }
}

/// Letters and digits alone: a number is the same however it is grouped.
///
/// The zero in brackets is dialled within the country alone and stands in no number with its code: `+32 (0)2 227`.
fn bare(text: &str) -> String {
    text.replace("(0)", "").chars().filter(|letter| letter.is_alphanumeric() || *letter == '@').flat_map(char::to_lowercase).collect()
}

/// Looks through every text of every table, row by row.
#[derive(Debug)]
pub struct Looking<'a> {
    detectors: &'a Detectors,
    columns: Vec<usize>,
    /// The last text of each column in which nothing was found: rows have most of their texts in common with their neighbours.
    clean: Vec<String>,
    examined: usize,
    findings: Vec<Told>,
}

impl<'a> Looking<'a> {
    #[must_use]
    pub fn new(detectors: &'a Detectors) -> Self {
        Self { detectors, columns: Vec::new(), clean: Vec::new(), examined: 0, findings: Vec::new() }
    }

    /// Goes on to the next table.
    pub fn begin(&mut self, schema: &TableSchema) {
        let texts = schema.fields.iter().enumerate().filter(|(_, field)| field.field_type == FieldType::String && is_looked_at(schema, &field.name));
        self.columns = texts.map(|(at, _)| at).collect();
        self.clean = vec![String::new(); self.columns.len()];
    }

    pub fn row(&mut self, against: &Against<'_>, schema: &TableSchema, row: &Row) {
        self.examined += 1;
        for (&at, clean) in self.columns.iter().zip(&mut self.clean) {
            let Some(text) = row[at].as_text().filter(|text| text != clean) else { continue };
            let hits = self.detectors.hits(text);
            if hits.is_empty() {
                text.clone_into(clean);
                continue;
            }
            let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
            for (kind, _) in hits {
                *kinds.entry(kind).or_default() += 1;
            }
            for (kind, count) in kinds {
                let column = schema.fields[at].name.as_str();
                // The key may hold what must not be said.
                let id = row_id(row, &schema.key_positions());
                let id = self.detectors.mask(&id).unwrap_or(id);
                let message = format!("{column} of {} {id} holds personal data: {count} of kind {kind}", schema.name);
                self.findings.push(Told::about(against, schema, row, Some(column), |place| {
                    Finding::new(code::PERSONAL_DATA, place, message)
                        .compared(format!("{count} of kind {kind}"), "none")
                        .hint("the value must be withheld: mend the rule that read it, or the contact's owner")
                }));
            }
        }
    }

    pub fn finish(self, checks: &mut Checks<'_>) {
        checks.rule("all", "no_personal_data", code::PERSONAL_DATA, self.examined, self.findings);
    }
}

/// Takes what is personal out of everything that was reported.
pub fn mask_findings(detectors: &Detectors, report: &mut Report) {
    report.mask(&|text| detectors.mask(text));
}
