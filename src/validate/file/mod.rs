//! A file against a schema, without a project: column by column over batches of records, in memory that does not grow with the file.
//!
//! In: a table as CSV, its schema, and the tables that it refers to. Out: findings with line and column. The key of a sorted table is
//! unique where every record stands behind the one before; of other keys the hashes are kept, and the file is read again where one stands
//! twice. What a foreign key refers to is read first.

mod batch;
mod key_set;
mod repeats;
mod schema;

use std::collections::BTreeMap;
use std::io::Read;

use super::breach::Breach;
use super::columns::ColumnRules;
use super::rules;
use crate::findings::{Code, Finding, Place, Report, code};
use crate::model::dataset::Row;
use crate::model::table::ForeignKey;
use crate::model::{Cell, TableSchema};

use batch::{Batch, Batches, Unreadable};
use key_set::{KeySet, hash};
use repeats::Hashes;
pub use schema::parse as parse_schema;

/// Findings of one rule that are told; the rest is counted.
const TOLD: usize = 1000;

/// Joins the values of a key of several columns: no text of a CSV has it.
const SEPARATOR: u8 = 0x1f;

/// Opens the table of a resource: the one of that name, or for "" the file itself.
pub type Open<'a> = &'a dyn Fn(&str) -> std::io::Result<(String, Box<dyn Read>)>;

/// What was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    pub rows: usize,
    pub checks: usize,
}

/// Holds a file against its schema.
pub fn check(schema: &TableSchema, open: Open<'_>, report: &mut Report) -> Examined {
    let (path, input) = match open("") {
        Ok(opened) => opened,
        Err(error) => {
            report.push(Finding::new(code::CHECK_NOT_RUN, Place::file(&schema.name), format!("the table cannot be read: {error}")));
            return Examined::default();
        }
    };
    let mut told = Told { path, counts: BTreeMap::new(), report };
    let columns: Vec<ColumnRules<'_>> =
        schema.fields.iter().filter_map(|field| ColumnRules::new(field, schema.is_required(field), &schema.missing_values).ok()).collect();
    let mut keys: Vec<Key> = Vec::new();
    keys.extend((!schema.primary_key.is_empty()).then(|| Key::new(schema, &schema.primary_key, Holds::Order { last: None })));
    let unique = schema.fields.iter().filter(|field| field.constraints.unique).map(|field| vec![field.name.clone()]);
    for columns in schema.unique_keys.iter().cloned().chain(unique).filter(|columns| *columns != schema.primary_key) {
        keys.push(Key::new(schema, &columns, Holds::Unique(Hashes::default())));
    }
    for (at, key) in schema.foreign_keys.iter().enumerate() {
        // What is wrong with the rows of a table is told once; of the file itself where its rows are looked at.
        let resource = &key.reference.resource;
        let is_told = resource.is_empty() || schema.foreign_keys[..at].iter().any(|before| before.reference.resource == *resource);
        if let Some(known) = referred(key, is_told, open, &mut told) {
            keys.push(Key::new(schema, &key.fields, Holds::Reference { known, resource: key.reference.resource.clone(), last: Vec::new() }));
        }
    }
    let mut batches = Batches::new(input);
    let mut batch = Batch::default();
    let mut examined = Examined { rows: 0, checks: columns.len() + keys.len() + schema.row_rules.len() };
    let mut first = 0;
    let mut is_headed = false;
    let mut has_rows = false;
    loop {
        match batches.next(&mut batch) {
            Ok(true) => {}
            Ok(false) => break,
            Err(why) => {
                told.unreadable(&why);
                is_headed = true;
                has_rows = true;
                break;
            }
        }
        if !is_headed {
            is_headed = true;
            first = 1;
            if !has_columns(schema, &batch, &mut told) {
                return examined;
            }
        }
        let rows: Vec<usize> = if (first..batch.len()).all(|row| batch.width(row) == columns.len()) {
            (first..batch.len()).collect()
        } else {
            even_rows(&batch, first, columns.len(), &mut told)
        };
        has_rows |= first < batch.len();
        first = 0;
        examined.rows += rows.len();
        for (at, rules) in columns.iter().enumerate().filter(|(_, rules)| rules.has_any()) {
            for &row in &rows {
                if let Some(breach) = rules.broken_by_spelling(batch.field(row, at)) {
                    told.push(code::ROW_INVALID, &batch, row, at, breach);
                }
            }
        }
        for key in &mut keys {
            key.check(&batch, &rows, &mut told);
        }
        if !schema.row_rules.is_empty() {
            rows_against_rules(schema, &batch, &rows, &mut told);
        }
    }
    if !is_headed {
        let place = Place::new(&told.path, 1, 1);
        let finding = Finding::new(code::ROW_INVALID, place, "the file is empty, expected a header");
        told.report.push(finding.compared("an empty file", schema.column_names().join(",")));
    } else if !has_rows && !schema.allow_empty {
        let finding = Finding::new(code::TABLE_EMPTY, Place::new(&told.path, 1, 1), "the table has no row").compared("0 rows", "at least 1 row");
        told.report.push(finding.hint("rules over no rows prove nothing: put the rows back, or say \"allowEmpty\": true in the schema"));
    }
    read_repeats_again(keys, columns.len(), open, &mut told);
    told.count_the_rest();
    examined
}

/// Looks in the file for what the hashes of unique keys suspect to stand twice.
fn read_repeats_again(keys: Vec<Key>, width: usize, open: Open<'_>, told: &mut Told<'_>) {
    let mut suspected: Vec<(Key, Vec<u64>, KeySet)> = Vec::new();
    for mut key in keys {
        if let Holds::Unique(hashes) = &mut key.holds {
            let repeated = std::mem::take(hashes).repeated();
            suspected.push((key, repeated, KeySet::default()));
        }
    }
    suspected.retain(|(_, repeated, _)| !repeated.is_empty());
    if suspected.is_empty() {
        return;
    }
    let mut batches = match open("") {
        Ok((_, input)) => Batches::new(input),
        Err(error) => return told.unreadable(&Unreadable::Io(error)),
    };
    let mut batch = Batch::default();
    let mut first = 1;
    // What cannot be read has been told of.
    while let Ok(true) = batches.next(&mut batch) {
        for row in (first..batch.len()).filter(|&row| batch.width(row) == width) {
            for (key, repeated, seen) in &mut suspected {
                let has_value = join(&batch, row, &key.columns, &key.missing, &mut key.value);
                if has_value && repeated.binary_search(&hash(&key.value)).is_ok() && !seen.insert(&key.value) {
                    let message = format!("another row has \"{}\" in {} too", spell_key(&key.value), key.names);
                    let breach = Breach::new("unique", message, spell_key(&key.value), "a value that no other row has");
                    told.push(code::KEY_DUPLICATE, &batch, row, key.columns.first().copied().unwrap_or(0), breach);
                }
            }
        }
        first = 0;
    }
}

/// Whether the first record names the columns of the schema, in their order.
fn has_columns(schema: &TableSchema, batch: &Batch, told: &mut Told<'_>) -> bool {
    let found: Vec<&str> = (0..batch.width(0)).map(|at| batch.field(0, at)).collect();
    let expected = schema.column_names();
    if found == expected {
        return true;
    }
    let at = found.iter().zip(&expected).position(|(found, expected)| found != expected).unwrap_or(found.len().min(expected.len()));
    let place = Place::new(&told.path, batch.line(0), batch.column(0, at.min(found.len() - 1)));
    let (found, expected) = (found.join(","), expected.join(","));
    let message = format!("the header is \"{found}\", expected \"{expected}\"");
    told.report.push(Finding::new(code::ROW_INVALID, place, message).compared(found, expected));
    false
}

/// The rows that have as many fields as there are columns; the others are told.
fn even_rows(batch: &Batch, first: usize, width: usize, told: &mut Told<'_>) -> Vec<usize> {
    (first..batch.len()).filter(|&row| is_even(batch, row, width, told)).collect()
}

/// Whether a row has as many fields as the header; told where it has not.
fn is_even(batch: &Batch, row: usize, width: usize, told: &mut Told<'_>) -> bool {
    let found = batch.width(row);
    if found != width {
        let message = format!("the row has {found} fields, the header {width}");
        let breach = Breach::new("fields", message, format!("{found} fields"), format!("{width} fields"));
        told.push(code::ROW_INVALID, batch, row, found.min(width) - 1, breach);
    }
    found == width
}

/// The rules over the columns of a row. A value that is none of its type has been told of, and counts as none.
fn rows_against_rules(schema: &TableSchema, batch: &Batch, rows: &[usize], told: &mut Told<'_>) {
    for &row in rows {
        let is_missing = |text: &str| schema.missing_values.iter().any(|missing| missing == text);
        let cell = |at: usize, field_type| Some(batch.field(row, at)).filter(|text| !is_missing(text)).and_then(|text| Cell::parse(field_type, text));
        let cells: Row = schema.fields.iter().enumerate().map(|(at, field)| cell(at, field.field_type).unwrap_or_default()).collect();
        for rule in &schema.row_rules {
            if let Some(breach) = rules::broken(rule, schema, &cells) {
                let at = rule.columns().first().and_then(|column| schema.position_of(column)).unwrap_or(0);
                told.push(code::ROW_INVALID, batch, row, at, breach);
            }
        }
    }
}

/// Columns of which the values together must hold to something.
#[derive(Debug)]
struct Key {
    columns: Vec<usize>,
    names: String,
    /// Texts that stand for no value.
    missing: Vec<String>,
    holds: Holds,
    /// The values of a row, joined.
    value: Vec<u8>,
}

#[derive(Debug)]
enum Holds {
    /// Each is behind the one before.
    Order { last: Option<Vec<u8>> },
    /// No two are alike.
    Unique(Hashes),
    /// Each is one of those, where it has a value at all.
    Reference { known: KeySet, resource: String, last: Vec<u8> },
}

impl Key {
    fn new(schema: &TableSchema, columns: &[String], holds: Holds) -> Self {
        let positions = columns.iter().filter_map(|column| schema.position_of(column)).collect();
        Self { columns: positions, names: columns.join(", "), missing: schema.missing_values.clone(), holds, value: Vec::new() }
    }

    fn check(&mut self, batch: &Batch, rows: &[usize], told: &mut Told<'_>) {
        for &row in rows {
            let has_value = join(batch, row, &self.columns, &self.missing, &mut self.value);
            let at = self.columns.first().copied().unwrap_or(0);
            let shown = || spell_key(&self.value);
            match &mut self.holds {
                Holds::Order { last } => {
                    match last.as_deref().map(|last| last.cmp(&self.value)) {
                        None | Some(std::cmp::Ordering::Less) => {}
                        Some(std::cmp::Ordering::Equal) => {
                            let (message, expected) = (format!("another row has the key \"{}\" too", shown()), "a key that no other row has");
                            told.push(code::KEY_DUPLICATE, batch, row, at, Breach::new("primary_key", message, shown(), expected));
                        }
                        Some(std::cmp::Ordering::Greater) => {
                            let message = format!("the row with the key \"{}\" stands after one with a greater key: sort the file", shown());
                            let expected = "a greater key than that of the row before";
                            told.push(code::KEY_DUPLICATE, batch, row, at, Breach::new("order", message, shown(), expected));
                        }
                    }
                    last.get_or_insert_default().clone_from(&self.value);
                }
                Holds::Unique(hashes) => {
                    if has_value {
                        hashes.push(&self.value);
                    }
                }
                Holds::Reference { known, resource, last } => {
                    if has_value && *last != self.value {
                        if known.contains(&self.value) {
                            last.clone_from(&self.value);
                        } else {
                            let whom = if resource.is_empty() { "the table itself" } else { resource };
                            let message = format!("{} is \"{}\", which {whom} does not have", self.names, shown());
                            let breach = Breach::new("foreign_key", message, shown(), format!("a key of {whom}"));
                            told.push(code::REFERENCE_DANGLING, batch, row, at, breach);
                        }
                    }
                }
            }
        }
    }
}

/// The values of a key with something to read between them.
fn spell_key(value: &[u8]) -> String {
    String::from_utf8_lossy(value).replace(char::from(SEPARATOR), "/")
}

/// Joins the values of some columns of a row; false where one of them is empty.
fn join(batch: &Batch, row: usize, columns: &[usize], missing: &[String], value: &mut Vec<u8>) -> bool {
    value.clear();
    let mut has_all = true;
    for (position, &column) in columns.iter().enumerate() {
        if position > 0 {
            value.push(SEPARATOR);
        }
        let field = batch.field(row, column);
        has_all &= !field.is_empty() && !missing.iter().any(|missing| missing == field);
        value.extend_from_slice(field.as_bytes());
    }
    has_all
}

/// The keys that a foreign key may refer to; none where they cannot be had, which is then told. Rows with another number of fields than the
/// header are told unless they have been.
fn referred(key: &ForeignKey, is_told: bool, open: Open<'_>, told: &mut Told<'_>) -> Option<KeySet> {
    let resource = key.reference.resource.as_str();
    let result = match open(resource) {
        Ok((path, input)) => {
            let mut uneven = Told { path, counts: BTreeMap::new(), report: &mut *told.report };
            let result = keys_of(&key.reference.fields, input, is_told, &mut uneven);
            uneven.count_the_rest();
            result
        }
        Err(error) => Err(format!("the table \"{resource}\" cannot be read: {error}")),
    };
    result
        .map_err(|why| {
            let message = format!("the foreign key {} was not checked: {why}", key.fields.join(", "));
            let finding = Finding::new(code::CHECK_NOT_RUN, Place::file(&told.path), message);
            told.report.push(finding.hint("put the table beside the file that refers to it"));
        })
        .ok()
}

/// The values that some columns of a table have together; an error says why they cannot be had.
fn keys_of(names: &[String], input: Box<dyn Read>, is_told: bool, told: &mut Told<'_>) -> Result<KeySet, String> {
    let mut batches = Batches::new(input);
    let mut batch = Batch::default();
    let mut known = KeySet::default();
    let mut header: Option<(usize, Vec<usize>)> = None;
    let mut value = Vec::new();
    while batches.next(&mut batch).map_err(|why| format!("{} cannot be read: {}", told.path, spell(&why).2))? {
        let is_first = header.is_none();
        let (width, columns) = header.get_or_insert_with(|| {
            let at = |name: &String| (0..batch.width(0)).find(|&at| batch.field(0, at) == name);
            (batch.width(0), names.iter().filter_map(at).collect())
        });
        if columns.len() != names.len() {
            return Err(format!("{} lacks a column of {}", told.path, names.join(", ")));
        }
        let needed = columns.iter().max().map_or(0, |last| last + 1);
        for row in usize::from(is_first)..batch.len() {
            if !is_told {
                is_even(&batch, row, *width, told);
            }
            if batch.width(row) >= needed && join(&batch, row, columns, &[], &mut value) {
                known.insert(&value);
            }
        }
    }
    Ok(known)
}

/// What was found, with a limit for each rule.
struct Told<'a> {
    path: String,
    counts: BTreeMap<(&'static str, &'static str), usize>,
    report: &'a mut Report,
}

impl Told<'_> {
    fn push(&mut self, code: &'static Code, batch: &Batch, row: usize, column: usize, breach: Breach) {
        let count = self.counts.entry((code.name, breach.rule)).or_default();
        *count += 1;
        if *count <= TOLD {
            let place = Place::new(&self.path, batch.line(row), batch.column(row, column));
            self.report.push(breach.finding(code, place, ""));
        }
    }

    fn unreadable(&mut self, why: &Unreadable) {
        let (line, column, message) = spell(why);
        let finding = Finding::new(code::ROW_INVALID, Place::new(&self.path, line, column), message);
        self.report.push(match why {
            Unreadable::NotUtf8 { byte, .. } => finding.compared(format!("0x{byte:02x}"), "UTF-8"),
            _ => finding,
        });
    }

    fn count_the_rest(&mut self) {
        for ((name, rule), count) in self.counts.iter().filter(|(_, count)| **count > TOLD) {
            let code = crate::findings::find(name).unwrap_or(code::ROW_INVALID);
            let message = format!("{} more rows break the rule {rule}", count - TOLD);
            self.report.push(Finding::new(code, Place::file(&self.path), message));
        }
    }
}

/// Line and column, and what is wrong there.
fn spell(why: &Unreadable) -> (u32, u32, String) {
    match why {
        Unreadable::Io(error) => (0, 0, error.to_string()),
        Unreadable::NotUtf8 { line, column, byte } => (*line, *column, format!("the line has the byte 0x{byte:02x}, which is not UTF-8")),
        Unreadable::OpenQuote { line } => (*line, 1, "a quote opens here or below and is never closed".to_owned()),
    }
}
