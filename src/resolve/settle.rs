//! Settle: from what the sources say about the rows of one table to the rows, the evidence and what is left to compare.
//!
//! All statements about one row meet here. Names take their fullest form, texts the first wording; for every other column the source
//! that speaks of the latest day is followed, and whatever another source says instead is an observation from which `conflicts`
//! makes a row. Nothing is corrected silently.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::reading::{Piece, Reading};
use super::slug::fold;
use crate::error::Error;
use crate::model::dataset::Row;
use crate::model::record::Evidence;
use crate::model::table::{Field, Origin};
use crate::model::{Cell, TableSchema};

/// What one record says about one row.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    reading: Reading<'a>,
    said: Vec<Said<'a>>,
}

#[derive(Clone, Debug)]
struct Said<'a> {
    column: &'static str,
    value: Cell,
    evidence: Vec<Piece<'a>>,
    /// Whether the value is known not to be that of the row: it is only an observation.
    disputes: bool,
}

impl<'a> Statement<'a> {
    #[must_use]
    pub fn of(reading: Reading<'a>) -> Self {
        Self { reading, said: Vec::new() }
    }

    /// A stated value, with the record fields whose evidence it has: the first one that has any.
    #[must_use]
    pub fn say(mut self, column: &'static str, value: impl Into<Cell>, fields: &[&str]) -> Self {
        let value = value.into();
        if !value.is_null() {
            let evidence = self.reading.evidence(fields);
            self.said.push(Said { column, value, evidence, disputes: false });
        }
        self
    }

    /// A stated value that the row does not take, because others say something that cannot be true beside it.
    #[must_use]
    pub fn dispute(mut self, column: &'static str, value: impl Into<Cell>, fields: &[&str]) -> Self {
        let evidence = self.reading.evidence(fields);
        self.said.push(Said { column, value: value.into(), evidence, disputes: true });
        self
    }

    /// A record field that is the cell as it is.
    #[must_use]
    pub fn copy(self, column: &'static str) -> Self {
        let value = self.reading.cell(column);
        self.say(column, value, &[column])
    }

    /// A value that is not stated but assigned or derived.
    #[must_use]
    pub fn derive(mut self, column: &'static str, value: impl Into<Cell>) -> Self {
        let value = value.into();
        if !value.is_null() {
            self.said.push(Said { column, value, evidence: Vec::new(), disputes: false });
        }
        self
    }
}

/// Makes a statement about the row of that key. What a record says takes many times the memory of the record, so that it is said when
/// its row is made, and not before.
pub type Say<'a> = Box<dyn Fn(&str) -> Statement<'a> + 'a>;

/// Statements, each with the key under which its row will stand.
#[derive(Default)]
pub struct Statements<'a>(Vec<(String, Say<'a>)>);

impl std::fmt::Debug for Statements<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(key, _)| key)).finish()
    }
}

impl<'a> Statements<'a> {
    pub fn add(&mut self, row: impl Into<String>, say: impl Fn(&str) -> Statement<'a> + 'a) {
        self.push(row.into(), Box::new(say));
    }

    pub fn push(&mut self, row: String, say: Say<'a>) {
        self.0.push((row, say));
    }
}

/// A value that a source gives for a cell, to be compared with what others give.
#[derive(Clone, Debug)]
pub struct Observation {
    pub table: String,
    pub row_id: String,
    pub column: String,
    pub value: String,
    pub source_id: String,
    /// Whether the row took this value.
    pub taken: bool,
    pub evidence: Vec<(String, Evidence)>,
}

/// First day that each source can speak of.
pub type SourceDays = BTreeMap<String, Option<NaiveDate>>;

/// One row of a table with what supports and what disputes it.
#[derive(Debug, Default)]
pub struct Settled {
    pub row: Row,
    pub evidence: Vec<EvidenceRow>,
    pub observations: Vec<Observation>,
}

/// One row of `evidence`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EvidenceRow {
    pub table: String,
    pub row_id: String,
    pub column: String,
    pub source_id: String,
    pub piece: Evidence,
    pub rule: String,
}

/// How the statements about one column become one value.
#[derive(Clone, Copy, PartialEq)]
enum Policy {
    /// The longest form; other forms are no disagreement.
    Fullest,
    /// The first wording; other wordings are no disagreement.
    First,
    /// One value; others disagree.
    One,
}

fn policy(field: &Field) -> Policy {
    match field.kind.as_str() {
        "name" | "organization" | "dialogue" | "party" if !field.name.ends_with("_id") => Policy::Fullest,
        "prose" | "text" | "acronym" | "unit" | "contact" | "url" | "id" => Policy::First,
        _ => Policy::One,
    }
}

/// Makes one row of the statements about each key, in key order. What is said of a row is gone when it is made: there is much of it.
///
/// # Errors
/// Those of `take`.
pub fn settle(
    schema: &TableSchema,
    statements: Statements<'_>,
    days: &SourceDays,
    take: &mut dyn FnMut(Settled) -> Result<(), Error>,
) -> Result<(), Error> {
    let Statements(mut left) = statements;
    left.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut left = left.into_iter().peekable();
    while let Some((key, say)) = left.next() {
        let mut said = vec![say(&key)];
        while let Some((_, say)) = left.next_if(|(next, _)| *next == key) {
            said.push(say(&key));
        }
        take(settle_row(schema, &said, days))?;
    }
    Ok(())
}

fn settle_row(schema: &TableSchema, statements: &[Statement<'_>], days: &SourceDays) -> Settled {
    let mut settled = Settled { row: Row::with_capacity(schema.fields.len()), ..Settled::default() };
    let order = by_source(statements, days);
    let mut disputed = Vec::with_capacity(schema.fields.len());
    for field in &schema.fields {
        let said: Vec<(&Statement<'_>, &Said<'_>)> = order
            .iter()
            .flat_map(|statement| statement.said.iter().filter(|said| said.column == field.name).map(move |said| (*statement, said)))
            .collect();
        settled.row.push(choose(field, &said, days));
        disputed.push((field, said));
    }
    let row_id = crate::model::dataset::row_id(&settled.row, &schema.key_positions());
    for (at, (field, said)) in disputed.into_iter().enumerate() {
        support(&mut settled, schema, &row_id, field, &said, at);
    }
    settled
}

/// The statements in the order in which they are preferred: the latest day first, then by source and position.
fn by_source<'s, 'a>(statements: &'s [Statement<'a>], days: &SourceDays) -> Vec<&'s Statement<'a>> {
    let mut order: Vec<&Statement<'a>> = statements.iter().collect();
    let day = |statement: &Statement<'_>| days.get(statement.reading.source()).copied().flatten();
    order.sort_by(|a, b| {
        let place = |statement: &Statement<'a>| (statement.reading.source(), statement.reading.own_line(), statement.reading.seq());
        day(b).cmp(&day(a)).then_with(|| place(a).cmp(&place(b)))
    });
    order
}

fn choose(field: &Field, said: &[(&Statement<'_>, &Said<'_>)], days: &SourceDays) -> Cell {
    let said: Vec<_> = said.iter().filter(|(_, said)| !said.disputes).collect();
    let values = said.iter().map(|(_, said)| &said.value);
    let taken = match policy(field) {
        Policy::Fullest => values.max_by(|a, b| {
            let (a, b) = (a.spelling(), b.spelling());
            a.chars().count().cmp(&b.chars().count()).then_with(|| b.cmp(&a))
        }),
        // The wording of the earliest source: a row does not move when a later one says it again.
        Policy::First => said
            .iter()
            .min_by_key(|(statement, _)| {
                let day = days.get(statement.reading.source()).copied().flatten();
                (day.is_none(), day, statement.reading.source(), statement.reading.own_line(), statement.reading.seq())
            })
            .map(|(_, said)| &said.value),
        Policy::One => said.first().map(|(_, said)| &said.value),
    };
    taken.cloned().unwrap_or_default()
}

fn support(settled: &mut Settled, schema: &TableSchema, row_id: &str, field: &Field, said: &[(&Statement<'_>, &Said<'_>)], at: usize) {
    let Settled { row, evidence, observations } = settled;
    let taken = &row[at];
    if taken.is_null() {
        return;
    }
    let compares_folded = policy(field) != Policy::One || field.kind == "city";
    let same = |value: &Cell| value == taken || (compares_folded && fold(&value.spelling()) == fold(&taken.spelling()));
    let agreeing = said.iter().filter(|(_, said)| same(&said.value) && !said.evidence.is_empty());
    let mut supporting: Vec<_> = agreeing.collect();
    if supporting.is_empty() {
        // A declared name: every source that names the thing in its own way supports it.
        supporting = said.iter().filter(|(_, said)| !said.evidence.is_empty() && !said.disputes).collect();
    }
    if field.origin == Origin::Stated {
        for (statement, said) in supporting {
            evidence.extend(said.evidence.iter().map(|piece| EvidenceRow {
                table: schema.name.clone(),
                row_id: row_id.to_owned(),
                column: field.name.clone(),
                source_id: statement.reading.source().to_owned(),
                piece: piece.to_evidence(),
                rule: statement.reading.rule().to_owned(),
            }));
        }
    }
    if policy(field) == Policy::One && field.origin == Origin::Stated && said.iter().any(|(_, said)| !same(&said.value)) {
        observations.extend(said.iter().map(|(statement, said)| Observation {
            table: schema.name.clone(),
            row_id: row_id.to_owned(),
            column: field.name.clone(),
            value: said.value.spelling().into_owned(),
            source_id: statement.reading.source().to_owned(),
            taken: same(&said.value),
            evidence: said.evidence.iter().map(|piece| (statement.reading.rule().to_owned(), piece.to_evidence())).collect(),
        }));
    }
}
