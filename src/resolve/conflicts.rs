//! Conflicts: where two sources cannot both be right about one cell. Nothing is corrected; both values are published.
//!
//! contradiction: they speak of the same day, or one of them has none. superseded: a later source says otherwise. scope: the two
//! count different things, as where one counts states and the other members of any kind.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::{IntoLazy, PolarsResult, SortMultipleOptions, col, df, lit};

use super::counts::Count;
use super::memberships::{Member, Stated};
use super::provenance::row_of;
use super::reading::Around;
use super::settle::{EvidenceRow, Observation, SourceDays};
use super::slug::fold;
use crate::error::Error;
use crate::findings::{Finding, Report, code};
use crate::model::Cell;
use crate::model::dataset::{Row, row_id};
use crate::model::date::Period;
use crate::model::record::Evidence;
use crate::model::rows::{EntrySorter, Shelf};
use crate::model::schemas::Schemas;

/// One of two values, with the rule and the bytes that say it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Side {
    pub source_id: String,
    pub value: String,
    pub evidence: Vec<(String, Evidence)>,
}

/// Two values for one cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    pub table: String,
    pub row_id: String,
    pub column: String,
    pub a: Side,
    pub b: Side,
    pub kind: &'static str,
    pub as_of: Option<NaiveDate>,
}

/// What it means that two sources differ, by the days that they speak of.
#[must_use]
pub fn kind_by_days(a: Option<Period>, b: Option<Period>) -> &'static str {
    match (a, b) {
        (Some(a), Some(b)) if a.end < b.start || b.end < a.start => "superseded",
        _ => "contradiction",
    }
}

/// What conflicts between sources are seen by.
pub struct Seeing<'a> {
    pub days: &'a SourceDays,
    pub around: &'a Around<'a>,
    pub schemas: &'a Schemas,
    pub cities: Cities,
}

/// Conflicts between the values that sources give for the cells of a row: each other value against the one that the row took.
pub fn between_sources(observations: &[Observation], seeing: &Seeing<'_>, report: &mut Report) -> Vec<Conflict> {
    let Seeing { days, around, schemas, cities } = seeing;
    let periods = Periods::of(observations);
    let mut cells: BTreeMap<(&str, &str, &str), Vec<&Observation>> = BTreeMap::new();
    for seen in observations {
        cells.entry((&seen.table, &seen.row_id, &seen.column)).or_default().push(seen);
    }
    let mut conflicts = Vec::new();
    for ((table, row, column), seen) in cells {
        let Some(taken) = seen.iter().filter(|seen| seen.taken).min_by_key(|seen| &seen.source_id) else { continue };
        let mut others: BTreeMap<(&str, &str), Vec<&Observation>> = BTreeMap::new();
        let is_city = schemas.table(table).is_some_and(|schema| schema.fields.iter().any(|field| field.name == column && field.kind == "city"));
        let agrees = |other: &Observation| {
            is_city && cities.are_one(&other.value, &taken.value, schemas)
                || matches!(column, "start_date" | "end_date") && periods.are_one((table, row), &taken.source_id, &other.source_id)
        };
        for other in seen.iter().filter(|seen| !seen.taken && !agrees(seen)) {
            others.entry((&other.value, &other.source_id)).or_default().push(other);
        }
        for other in others.into_values() {
            let day = |source: &str| days.get(source).copied().flatten();
            let (taken_day, other_day) = (day(&taken.source_id), day(&other[0].source_id));
            let (a, b) = (side(&other), side(&[*taken]));
            let (a, b) = if (other_day, &a.source_id, &a.value) <= (taken_day, &b.source_id, &b.value) { (a, b) } else { (b, a) };
            let kind = if taken_day.is_some() && other_day.is_some() && taken_day != other_day { "superseded" } else { "contradiction" };
            if let Some((_, piece)) = other.iter().find_map(|seen| seen.evidence.first()) {
                let message = format!("{column} of {table} {row}: \"{}\", {} says \"{}\"", other[0].value, taken.source_id, taken.value);
                let finding = Finding::new(code::SOURCES_DISAGREE, around.place(&other[0].source_id, piece), message);
                report.push(finding.compared(&other[0].value, &taken.value));
            }
            conflicts.push(Conflict {
                table: table.to_owned(),
                row_id: row.to_owned(),
                column: column.to_owned(),
                a,
                b,
                kind,
                as_of: taken_day.max(other_day),
            });
        }
    }
    conflicts
}

/// Shortest period that says no day, in days: a month.
const MONTH: i64 = 27;

/// The first and last days that sources give for a row.
struct Periods<'a>(BTreeMap<(&'a str, &'a str, &'a str), (Option<NaiveDate>, Option<NaiveDate>)>);

impl<'a> Periods<'a> {
    fn of(observations: &'a [Observation]) -> Self {
        let mut periods: BTreeMap<_, (Option<NaiveDate>, Option<NaiveDate>)> = BTreeMap::new();
        for seen in observations {
            let day = || seen.value.parse().ok();
            let period = (seen.table.as_str(), seen.row_id.as_str(), seen.source_id.as_str());
            match seen.column.as_str() {
                "start_date" => periods.entry(period).or_default().0 = day(),
                "end_date" => periods.entry(period).or_default().1 = day(),
                _ => {}
            }
        }
        Self(periods)
    }

    /// Whether two sources agree as far as the less precise one goes: `2016` and `25 August 2016`.
    fn are_one(&self, (table, row): (&str, &str), a: &str, b: &str) -> bool {
        let of = |source| self.0.get(&(table, row, source)).and_then(|(start, end)| start.zip(*end));
        let covers = |whole: (NaiveDate, NaiveDate), part: (NaiveDate, NaiveDate)| {
            (whole.1 - whole.0).num_days() >= MONTH && whole.0 <= part.0 && part.1 <= whole.1
        };
        of(a).zip(of(b)).is_some_and(|(a, b)| covers(a, b) || covers(b, a))
    }
}

/// The cities of the reference data by all their names; read when the first two names differ.
#[derive(Default)]
pub struct Cities(OnceCell<BTreeMap<String, usize>>);

impl Cities {
    /// Whether two names are of one city: `Geneva` and `Ginebra`, `Santiago` and `Santiago de Chile`.
    fn are_one(&self, a: &str, b: &str, schemas: &Schemas) -> bool {
        let cities = self.0.get_or_init(|| {
            let named = schemas.reference.cities.iter().enumerate();
            named.flat_map(|(at, city)| std::iter::once(&city.name).chain(city.other_names.iter()).map(move |name| (fold(name), at))).collect()
        });
        let (a, b) = (fold(a), fold(b));
        let begins = |whole: &str, part: &str| whole.strip_prefix(part).is_some_and(|rest| rest.starts_with(' '));
        cities.get(&a).zip(cities.get(&b)).is_some_and(|(one, other)| {
            let state = |city: usize| &schemas.reference.cities[city].iso3;
            one == other || state(*one) == state(*other) && (begins(&a, &b) || begins(&b, &a))
        })
    }
}

fn side(seen: &[&Observation]) -> Side {
    Side {
        source_id: seen[0].source_id.clone(),
        value: seen[0].value.clone(),
        evidence: seen.iter().flat_map(|seen| seen.evidence.iter().cloned()).collect(),
    }
}

/// Conflicts between numbers that several sources state of the same members.
///
/// # Errors
/// `Fault` where polars cannot carry out the query.
pub fn between_counts(counts: &[&Count<'_>]) -> Result<Vec<Conflict>, Error> {
    let disputed = disputed_counts(counts).map_err(|error| Error::Fault(format!("query over stated counts: {error}")))?;
    let mut conflicts = Vec::new();
    let mut by_key: BTreeMap<String, Vec<&Count<'_>>> = disputed.into_iter().map(|key| (key, Vec::new())).collect();
    for count in counts {
        if let Some(same) = by_key.get_mut(&counted_key(count)) {
            same.push(count);
        }
    }
    for same in by_key.into_values() {
        let mut seen = BTreeSet::new();
        for (at, a) in same.iter().enumerate() {
            for b in &same[at + 1..] {
                let is_new = seen.insert((a.count_id.as_str(), b.count_id.as_str()));
                if a.value != b.value && is_new {
                    conflicts.push(between(a, b));
                }
            }
        }
    }
    Ok(conflicts)
}

fn between(a: &Count<'_>, b: &Count<'_>) -> Conflict {
    let day = |count: &Count<'_>| count.period.map(|period| period.start);
    let (a, b) = if (day(a), &a.count_id) <= (day(b), &b.count_id) { (a, b) } else { (b, a) };
    let side = |count: &Count<'_>| Side {
        source_id: count.reading.source().to_owned(),
        value: count.value.to_string(),
        evidence: count.reading.ruled_evidence(&["value"]),
    };
    let kind = if a.member_type == b.member_type { kind_by_days(a.period, b.period) } else { "scope" };
    Conflict {
        table: "stated_counts".to_owned(),
        row_id: a.count_id.clone(),
        column: "value".to_owned(),
        a: side(a),
        b: side(b),
        kind,
        as_of: day(a).max(day(b)),
    }
}

/// Who is counted: numbers with one key speak of the same members, or of members of another type.
fn counted_key(count: &Count<'_>) -> String {
    let words = if count.is_limited_by_words() && count.beside.is_none() { count.reading.text("group").map(fold) } else { None };
    let limit = count.group.clone().or_else(|| count.beside.as_ref().map(|group| format!("beside {group}"))).or(words).unwrap_or_default();
    [count.subject_id.as_str(), &count.role, &limit].join("\u{1f}")
}

/// The keys for which more than one number is stated.
fn disputed_counts(counts: &[&Count<'_>]) -> PolarsResult<Vec<String>> {
    let frame = df!(
        "key" => counts.iter().map(|count| counted_key(count)).collect::<Vec<_>>(),
        "value" => counts.iter().map(|count| count.value).collect::<Vec<_>>(),
    )?;
    let disputed = frame
        .lazy()
        .group_by([col("key")])
        .agg([col("value").n_unique().alias("values")])
        .filter(col("values").gt(lit(1)))
        .sort(["key"], SortMultipleOptions::default())
        .collect()?;
    Ok(disputed.column("key")?.str()?.iter().flatten().map(str::to_owned).collect())
}

/// Roles that one member cannot have at once in one dialogue, the rarer one last.
const EXCLUSIVE: [&str; 2] = ["member", "observer"];

/// Who has one of the roles that exclude each other, in which dialogue and by which source, while the records come.
pub struct Roles(Box<dyn EntrySorter>);

impl Roles {
    #[must_use]
    pub fn new(shelf: &dyn Shelf) -> Self {
        Self(shelf.entries())
    }

    /// # Errors
    /// Those of the shelf.
    pub fn add(&mut self, stated: &[Stated<'_>]) -> Result<(), Error> {
        for row in stated {
            if let Some((role, key)) = role_key(row) {
                self.0.push(key.as_bytes(), &[&[role], row.reading.source().as_bytes()].concat())?;
            }
        }
        Ok(())
    }

    /// Who has such a role by one source and another one by another.
    ///
    /// # Errors
    /// Those of the shelf.
    pub fn disputed(self) -> Result<Disputed, Error> {
        let mut disputed = Disputed::default();
        let mut entries = self.0.finish()?;
        let (mut key, mut roles, mut sources) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        loop {
            let is_there = entries.advance()?;
            if !is_there || entries.key() != key {
                if roles.len() == EXCLUSIVE.len() {
                    disputed.keys.insert(std::mem::take(&mut key));
                    disputed.sources.append(&mut sources);
                }
                (roles, sources) = (BTreeSet::new(), BTreeSet::new());
            }
            if !is_there {
                return Ok(disputed);
            }
            entries.key().clone_into(&mut key);
            if let Some((role, source)) = entries.entry().split_first() {
                roles.insert(*role);
                sources.insert(String::from_utf8_lossy(source).into_owned());
            }
        }
    }
}

/// Members of dialogues whose roles are disputed, and the sources that say so.
#[derive(Debug, Default)]
pub struct Disputed {
    keys: BTreeSet<Vec<u8>>,
    pub sources: BTreeSet<String>,
}

impl Disputed {
    /// Whether a membership is one of those.
    #[must_use]
    pub fn has(&self, row: &Stated<'_>) -> bool {
        role_key(row).is_some_and(|(_, key)| self.keys.contains(key.as_bytes()))
    }
}

/// The exclusive role of a membership without a term, and who has it in which dialogue.
fn role_key(row: &Stated<'_>) -> Option<(u8, String)> {
    let role = EXCLUSIVE.iter().position(|role| *role == row.role).filter(|_| row.term == (None, None))?;
    Some((role as u8, [row.dialogue_id.as_str(), row.member.type_name(), row.member.id()].join("\u{1f}")))
}

/// Conflicts between sources of which one has as a member what the other has as an observer. Terms that are stated part the two.
///
/// # Errors
/// `Fault` where polars cannot carry out the query.
pub fn between_roles(stated: &[Stated<'_>], days: &SourceDays) -> Result<Vec<Conflict>, Error> {
    let has_no_term = |row: &&Stated<'_>| row.term == (None, None);
    let rarer: BTreeSet<(&str, &Member)> =
        stated.iter().filter(has_no_term).filter(|row| row.role == EXCLUSIVE[1]).map(|row| (row.dialogue_id.as_str(), &row.member)).collect();
    let may_be_disputed = |row: &&Stated<'_>| EXCLUSIVE.contains(&row.role.as_str()) && rarer.contains(&(row.dialogue_id.as_str(), &row.member));
    let rows: Vec<&Stated<'_>> = stated.iter().filter(has_no_term).filter(may_be_disputed).collect();
    let disputed = disputed_roles(&rows).map_err(|error| Error::Fault(format!("query over roles: {error}")))?;
    let mut conflicts = Vec::new();
    let mut of_member: BTreeMap<(String, String), Vec<&Stated<'_>>> = disputed.into_iter().map(|key| (key, Vec::new())).collect();
    for row in rows {
        if let Some(of_member) = of_member.get_mut(&(row.dialogue_id.clone(), member_key(row))) {
            of_member.push(row);
        }
    }
    for rows in of_member.into_values() {
        let mut by_role: BTreeMap<&str, BTreeMap<&str, Vec<&Stated<'_>>>> = BTreeMap::new();
        for row in rows {
            by_role.entry(&row.role).or_default().entry(row.reading.source()).or_default().push(row);
        }
        let [Some(members), Some(observers)] = EXCLUSIVE.map(|role| by_role.get(role)) else { continue };
        for (source, rows) in members {
            for (other, others) in observers.iter().filter(|(other, _)| *other != source) {
                conflicts.push(between_two_roles(rows[0], others[0], days.get(*source).copied().flatten(), days.get(*other).copied().flatten()));
            }
        }
    }
    Ok(conflicts)
}

fn between_two_roles(row: &Stated<'_>, other: &Stated<'_>, day: Option<NaiveDate>, other_day: Option<NaiveDate>) -> Conflict {
    let side = |row: &Stated<'_>| Side { source_id: row.reading.source().to_owned(), value: row.role.clone(), evidence: row.evidence() };
    let is_in_order = (day, row.reading.source()) <= (other_day, other.reading.source());
    let (first, second) = if is_in_order { (row, other) } else { (other, row) };
    Conflict {
        table: "memberships".to_owned(),
        // The row that the later source states.
        row_id: second.membership_id.clone(),
        column: "role".to_owned(),
        a: side(first),
        b: side(second),
        kind: if day.is_some() && other_day.is_some() && day != other_day { "superseded" } else { "contradiction" },
        as_of: day.max(other_day),
    }
}

fn member_key(row: &Stated<'_>) -> String {
    format!("{}/{}", row.member.type_name(), row.member.id())
}

/// Dialogues and members that have both roles.
fn disputed_roles(rows: &[&Stated<'_>]) -> PolarsResult<Vec<(String, String)>> {
    let frame = df!(
        "dialogue" => rows.iter().map(|row| row.dialogue_id.as_str()).collect::<Vec<_>>(),
        "member" => rows.iter().map(|row| member_key(row)).collect::<Vec<_>>(),
        "role" => rows.iter().map(|row| row.role.as_str()).collect::<Vec<_>>(),
    )?;
    let disputed = frame
        .lazy()
        .group_by([col("dialogue"), col("member")])
        .agg([col("role").n_unique().alias("roles")])
        .filter(col("roles").gt(lit(1)))
        .sort(["dialogue", "member"], SortMultipleOptions::default())
        .collect()?;
    let (dialogues, members) = (disputed.column("dialogue")?.str()?, disputed.column("member")?.str()?);
    Ok(dialogues.iter().zip(members.iter()).filter_map(|(dialogue, member)| Some((dialogue?.to_owned(), member?.to_owned()))).collect())
}

/// The rows of `conflicts`; `take` has the evidence of both sides.
///
/// # Errors
/// Those of `take`.
pub fn rows(mut conflicts: Vec<Conflict>, schemas: &Schemas, take: &mut dyn FnMut(&EvidenceRow<'_>) -> Result<(), Error>) -> Result<Vec<Row>, Error> {
    conflicts.sort();
    let mut rows: Vec<Row> = Vec::new();
    let Some(schema) = schemas.table("conflicts") else { return Ok(rows) };
    let key = schema.key_positions();
    for conflict in conflicts {
        let row = row_of(
            schema,
            &[
                ("table", conflict.table.into()),
                ("row_id", conflict.row_id.into()),
                ("column", conflict.column.into()),
                ("value_a", conflict.a.value.clone().into()),
                ("source_a", conflict.a.source_id.clone().into()),
                ("value_b", conflict.b.value.clone().into()),
                ("source_b", conflict.b.source_id.clone().into()),
                ("kind", conflict.kind.into()),
                ("as_of", Cell::optional(conflict.as_of)),
            ],
        );
        let id = row_id(&row, &key);
        for (column, side) in [("value_a", conflict.a), ("value_b", conflict.b)] {
            for (rule, piece) in &side.evidence {
                take(&EvidenceRow {
                    table: &schema.name,
                    row_id: &id,
                    column,
                    source_id: &side.source_id,
                    numbers: [piece.line_start, piece.line_end, piece.byte_start, piece.byte_end],
                    quote: &piece.quote,
                    digest: &piece.quote_sha256,
                    rule,
                })?;
            }
        }
        rows.push(row);
    }
    rows.dedup_by(|a, b| row_id(a, &key) == row_id(b, &key));
    Ok(rows)
}
