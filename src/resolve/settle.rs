//! Settle: from what the sources say about the rows of one table to the rows, the evidence and what is left to compare.
//!
//! All statements about one row meet here. Names take their fullest form, texts the first wording; for every other column the source
//! that speaks of the latest day is followed, and whatever another source says instead is an observation from which `conflicts`
//! makes a row. Nothing is corrected silently.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::heard::{Heard, HeardSaid};
use super::reading::{Piece, Reading};
use super::slug::{digest8, fold};
use crate::error::Error;
use crate::model::dataset::Row;
use crate::model::record::Evidence;
use crate::model::table::{Field, Origin};
use crate::model::{Cell, TableSchema};

/// What one record says about one row.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    pub reading: Reading<'a>,
    pub said: Vec<Said<'a>>,
}

#[derive(Clone, Debug)]
pub struct Said<'a> {
    pub column: &'static str,
    pub value: Cell,
    pub evidence: Vec<Piece<'a>>,
    /// Whether the value is known not to be that of the row: it is only an observation.
    pub disputes: bool,
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
/// it is put down, and not before.
pub type Say<'a> = Box<dyn Fn(&str) -> Statement<'a> + 'a>;

/// A statement with the key under which its row will stand.
pub struct Keyed<'a> {
    pub key: String,
    /// What tells it from others that have the key too, and what is put behind the key where there are any.
    pub apart: Option<(String, String)>,
    /// Whether it is about the thing itself: then those that only name the thing do not count.
    pub is_about_it: bool,
    pub say: Say<'a>,
}

/// Statements about the rows of one table.
#[derive(Default)]
pub struct Statements<'a>(pub Vec<Keyed<'a>>);

impl std::fmt::Debug for Statements<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|keyed| &keyed.key)).finish()
    }
}

impl<'a> Statements<'a> {
    pub fn add(&mut self, key: impl Into<String>, say: impl Fn(&str) -> Statement<'a> + 'a) {
        self.0.push(Keyed { key: key.into(), apart: None, is_about_it: false, say: Box::new(say) });
    }

    /// `natural` is the whole key, of which `id` is the readable form. Where two things would have one id, the digest of what tells them
    /// apart is added to both.
    pub fn add_readable(&mut self, id: String, natural: String, say: impl Fn(&str) -> Statement<'a> + 'a) {
        let digest = digest8(&natural);
        self.0.push(Keyed { key: id, apart: Some((natural, digest)), is_about_it: false, say: Box::new(say) });
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
    /// The earliest day of all.
    Earliest,
    /// The latest day of all.
    Latest,
    /// One value; others disagree.
    One,
}

fn policy(field: &Field) -> Policy {
    match field.kind.as_str() {
        _ if field.name == "first_stated" => Policy::Earliest,
        _ if field.name == "last_stated" => Policy::Latest,
        "name" | "organization" | "dialogue" | "party" if !field.name.ends_with("_id") => Policy::Fullest,
        "prose" | "text" | "acronym" | "unit" | "contact" | "url" | "id" => Policy::First,
        _ => Policy::One,
    }
}

/// Makes the rows of what is said under one key: one, or several where things that are told apart have one readable id.
///
/// # Errors
/// Those of `take`.
pub fn settle(
    schema: &TableSchema,
    key: &str,
    mut statements: Vec<Heard<'_>>,
    derived: &[(&'static str, Cell)],
    days: &SourceDays,
    take: &mut dyn FnMut(Settled) -> Result<(), Error>,
) -> Result<(), Error> {
    if statements.iter().any(|statement| statement.is_about_it) {
        statements.retain(|statement| statement.is_about_it);
    }
    let Some(first) = statements.first() else { return Ok(()) };
    if statements.iter().all(|statement| statement.apart == first.apart) {
        return take(settle_row(schema, None, &statements, derived, days));
    }
    let mut apart: BTreeMap<&str, Vec<Heard<'_>>> = BTreeMap::new();
    for statement in statements {
        apart.entry(statement.apart.unwrap_or_default().1).or_default().push(statement);
    }
    for (digest, statements) in apart {
        let id = format!("{key}--{digest}");
        take(settle_row(schema, Some(id), &statements, derived, days))?;
    }
    Ok(())
}

/// `id` is that of the row where the statements do not say it.
fn settle_row(schema: &TableSchema, id: Option<String>, statements: &[Heard<'_>], derived: &[(&'static str, Cell)], days: &SourceDays) -> Settled {
    let mut settled = Settled { row: Row::with_capacity(schema.fields.len()), ..Settled::default() };
    let key = schema.key_positions();
    let order = by_source(statements, days);
    let mut disputed = Vec::with_capacity(schema.fields.len());
    for (at, field) in schema.fields.iter().enumerate() {
        let said: Vec<(&Heard<'_>, &HeardSaid)> =
            order.iter().flat_map(|statement| statement.said.iter().filter(|said| said.column == at).map(move |said| (*statement, said))).collect();
        let derived = derived.iter().find(|(column, _)| *column == field.name).map(|(_, value)| value.clone());
        let own_id = id.as_ref().filter(|_| key.first() == Some(&at)).map(|id| Cell::text(id.as_str()));
        settled.row.push(own_id.or(derived).unwrap_or_else(|| choose(field, &said, days)));
        disputed.push((field, said));
    }
    let row_id = crate::model::dataset::row_id(&settled.row, &key);
    for (at, (field, said)) in disputed.into_iter().enumerate() {
        support(&mut settled, schema, &row_id, field, &said, at);
    }
    settled
}

/// The statements in the order in which they are preferred: the latest day first, then by source and position.
fn by_source<'s, 'e>(statements: &'s [Heard<'e>], days: &SourceDays) -> Vec<&'s Heard<'e>> {
    let mut order: Vec<&Heard<'e>> = statements.iter().collect();
    if order.len() > 1 {
        let day = |statement: &Heard<'_>| days.get(statement.source).copied().flatten();
        order.sort_by_cached_key(|statement| (std::cmp::Reverse(day(statement)), statement.place()));
    }
    order
}

fn choose(field: &Field, said: &[(&Heard<'_>, &HeardSaid)], days: &SourceDays) -> Cell {
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
                let day = days.get(statement.source).copied().flatten();
                (day.is_none(), day, statement.place())
            })
            .map(|(_, said)| &said.value),
        Policy::Earliest => values.min_by(|a, b| a.order(b)),
        Policy::Latest => values.max_by(|a, b| a.order(b)),
        Policy::One => said.first().map(|(_, said)| &said.value),
    };
    taken.cloned().unwrap_or_default()
}

fn support(settled: &mut Settled, schema: &TableSchema, row_id: &str, field: &Field, said: &[(&Heard<'_>, &HeardSaid)], at: usize) {
    let Settled { row, evidence, observations } = settled;
    let taken = &row[at];
    if taken.is_null() || field.origin != Origin::Stated {
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
    for (statement, said) in supporting {
        evidence.extend(statement.evidence(said).map(|piece| EvidenceRow {
            table: schema.name.clone(),
            row_id: row_id.to_owned(),
            column: field.name.clone(),
            source_id: statement.source.to_owned(),
            piece,
            rule: statement.rule.to_owned(),
        }));
    }
    if policy(field) == Policy::One && said.iter().any(|(_, said)| !same(&said.value)) {
        observations.extend(said.iter().map(|(statement, said)| Observation {
            table: schema.name.clone(),
            row_id: row_id.to_owned(),
            column: field.name.clone(),
            value: said.value.spelling().into_owned(),
            source_id: statement.source.to_owned(),
            taken: same(&said.value),
            evidence: statement.evidence(said).map(|piece| (statement.rule.to_owned(), piece)).collect(),
        }));
    }
}
