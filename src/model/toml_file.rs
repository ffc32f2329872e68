//! TOML files that people write: parsed whole, with every problem at its line and column rather than the first alone.
//!
//! serde stops at the first thing that does not fit. Here that thing is reported and taken out of the tree (a key that is missing gets
//! a stand-in), and the rest is tried again, until nothing is left to say. A file with problems gives no value.

use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::complaint::{Complaint, missing_key};
use crate::findings::{Code, Place, Report};

/// Problems of one file that are told at most.
const TOLD: usize = 100;

/// What stands in for a key that is missing, until one of the right type is found.
const STAND_INS: [&str; 6] = ["\"\"", "\"2000-01-01\"", "0", "false", "[]", "{}"];

/// Parses a file; none where something in it is wrong, which is then reported.
pub fn parse<T: DeserializeOwned>(text: &str, path: &str, code: &'static Code, report: &mut Report) -> Option<T> {
    let (mut tree, errors) = DeTable::parse_recoverable(text);
    let finding = |start: usize, message: &str| {
        let (line, column) = line_and_column(text, start);
        Complaint::of_serde(message).finding(code, Place::new(path, line, column))
    };
    if !errors.is_empty() {
        errors.iter().for_each(|error| report.push(finding(error.span().map_or(0, |span| span.start), error.message())));
        return None;
    }
    let mut stand_ins = StandIns { base: text.len() + 1, tried: Vec::new() };
    let mut told = 0;
    let mut taken: Vec<String> = Vec::new();
    while told < TOLD {
        let error = match T::deserialize(tree.clone().into_deserializer()) {
            Ok(value) => return (told == 0 && stand_ins.tried.is_empty()).then_some(value),
            Err(error) => error,
        };
        let start = error.span().map_or(0, |span| span.start);
        match stand_ins.replace(&mut tree, start, error.message()) {
            Some(true) => continue,
            // Nothing fits: what is wrong behind it cannot be seen.
            Some(false) => return None,
            None => {}
        }
        if let Some(key) = missing_key(error.message()) {
            // A key that was there with a value that did not fit has been told of.
            if !taken.iter().any(|other| other == &format!("{start} {key}")) {
                report.push(finding(start, error.message()));
                told += 1;
            }
            if !stand_ins.add(&mut tree, start, key) {
                return None;
            }
            continue;
        }
        report.push(finding(start, error.message()));
        told += 1;
        match take_out(tree.get_mut(), 0, start) {
            Some((table, key)) => taken.push(format!("{table} {key}")),
            None => return None,
        }
    }
    None
}

/// Removes the entry of which the key or value starts at a byte, the innermost one; says from which table, by its start, and which key.
fn take_out(table: &mut DeTable<'_>, table_start: usize, start: usize) -> Option<(usize, String)> {
    for (_, value) in table.iter_mut() {
        let value_start = value.span().start;
        let inner = match value.get_mut() {
            DeValue::Table(inner) => take_out(inner, value_start, start),
            DeValue::Array(items) => items.iter_mut().find_map(|item| {
                let item_start = item.span().start;
                if let DeValue::Table(inner) = item.get_mut() { take_out(inner, item_start, start) } else { None }
            }),
            _ => None,
        };
        if inner.is_some() {
            return inner;
        }
    }
    let is_at = |key: &Spanned<_>, value: &Spanned<DeValue<'_>>| {
        let holds = |value: &Spanned<DeValue<'_>>| (value.span().start..value.span().end.max(value.span().start + 1)).contains(&start);
        let in_items = matches!(value.get_ref(), DeValue::Array(items) if items.iter().any(|item| item.span().start == start));
        key.span().start == start || holds(value) || in_items
    };
    let key = table.iter().find(|(key, value)| is_at(key, value)).map(|(key, _)| key.clone())?;
    table.remove(&key);
    Some((table_start, key.into_inner().into_owned()))
}

/// Values that stand for keys that are missing. Each has a place behind the end of the text, by which it is known again.
struct StandIns {
    base: usize,
    tried: Vec<(usize, String, usize)>,
}

impl StandIns {
    /// Gives the table that starts at a byte a first stand-in for a key.
    fn add(&mut self, tree: &mut Spanned<DeTable<'_>>, table_start: usize, key: &str) -> bool {
        if self.tried.iter().any(|(start, other, _)| *start == table_start && other == key) {
            return false;
        }
        self.tried.push((table_start, key.to_owned(), 0));
        self.put(tree, self.tried.len() - 1)
    }

    /// Tries the next value of the stand-in whose place that is; none where it is the place of no stand-in.
    fn replace(&mut self, tree: &mut Spanned<DeTable<'_>>, place: usize, message: &str) -> Option<bool> {
        let at = place.checked_sub(self.base).filter(|at| *at < self.tried.len())?;
        // A list of words is told by the first that is wrong.
        let variant = message.strip_prefix("unknown variant `").and_then(|rest| rest.split('`').nth(2));
        if let Some(variant) = variant {
            return Some(self.put_value(tree, at, DeValue::String(variant.to_owned().into())));
        }
        self.tried[at].2 += 1;
        Some(self.tried[at].2 < STAND_INS.len() && self.put(tree, at))
    }

    fn put(&self, tree: &mut Spanned<DeTable<'_>>, at: usize) -> bool {
        DeValue::parse(STAND_INS[self.tried[at].2]).is_ok_and(|value| self.put_value(tree, at, value.into_inner()))
    }

    fn put_value(&self, tree: &mut Spanned<DeTable<'_>>, at: usize, value: DeValue<'static>) -> bool {
        let (table_start, key, _) = &self.tried[at];
        let root_start = tree.span().start;
        let Some(table) = table_at(tree.get_mut(), root_start, *table_start) else { return false };
        let place = self.base + at..self.base + at + 1;
        table.insert(Spanned::new(place.clone(), key.clone().into()), Spanned::new(place, value));
        true
    }
}

/// The innermost table that starts at a byte.
fn table_at<'t, 'i>(table: &'t mut DeTable<'i>, table_start: usize, start: usize) -> Option<&'t mut DeTable<'i>> {
    let is_inside = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
        DeValue::Table(_) => true,
        DeValue::Array(items) => items.iter().any(|item| item.get_ref().is_table()),
        _ => false,
    };
    let holds = |value: &Spanned<DeValue<'i>>| is_inside(value) && has_table_at(value, start);
    let key = table.iter().find(|(_, value)| holds(value)).map(|(key, _)| key.clone());
    let Some(key) = key else { return (table_start == start).then_some(table) };
    let value = table.get_mut(&key)?;
    let value_start = value.span().start;
    match value.get_mut() {
        DeValue::Table(inner) => table_at(inner, value_start, start),
        DeValue::Array(items) => {
            let item = items.iter_mut().find(|item| has_table_at(item, start))?;
            let item_start = item.span().start;
            if let DeValue::Table(inner) = item.get_mut() { table_at(inner, item_start, start) } else { None }
        }
        _ => None,
    }
}

fn has_table_at(value: &Spanned<DeValue<'_>>, start: usize) -> bool {
    match value.get_ref() {
        DeValue::Table(inner) => value.span().start == start || inner.iter().any(|(_, value)| has_table_at(value, start)),
        DeValue::Array(items) => items.iter().any(|item| has_table_at(item, start)),
        _ => false,
    }
}

/// Where the value of a key stands: of the table that starts at a byte, or of the root. The start of the table where it lacks the key.
#[must_use]
pub fn place_of(text: &str, table_start: usize, key: &str) -> (u32, u32) {
    let (mut tree, _) = DeTable::parse_recoverable(text);
    let root_start = tree.span().start;
    let table = table_at(tree.get_mut(), root_start, table_start);
    let start = table.and_then(|table| table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value.span().start));
    line_and_column(text, start.unwrap_or(table_start))
}

/// Line and column of a byte of `text`, both from 1; the column counts characters.
#[must_use]
pub fn line_and_column(text: &str, byte: usize) -> (u32, u32) {
    let before = &text.as_bytes()[..byte.min(text.len())];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line = memchr::memchr_iter(b'\n', before).count() as u32 + 1;
    (line, String::from_utf8_lossy(&before[line_start..]).chars().count() as u32 + 1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::findings::code;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only whether it parses is of interest")]
    struct File {
        title: String,
        #[serde(default)]
        entry: Vec<Spanned<Entry>>,
        #[serde(default)]
        words: BTreeMap<String, Vec<String>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only whether it parses is of interest")]
    struct Entry {
        id: String,
        number: i64,
        flag: bool,
        list: Vec<String>,
    }

    fn told(text: &str) -> Vec<String> {
        let mut report = Report::default();
        let value = parse::<File>(text, "f.toml", code::SCHEMA_INVALID, &mut report);
        assert_eq!(value.is_none(), report.has_errors());
        report
            .sorted()
            .into_iter()
            .map(|finding| format!("{}: {}", finding.place, finding.message.split(", expected one of").next().unwrap()))
            .collect()
    }

    #[test]
    fn a_sound_file_has_nothing_to_tell() {
        assert!(told("title = \"a\"\n[[entry]]\nid = \"x\"\nnumber = 1\nflag = true\nlist = []\n[words]\na = [\"b\"]\n").is_empty());
    }

    #[test]
    fn every_problem_of_every_entry_is_told_at_its_place() {
        let text = "title = 3\ncolour = \"red\"\n\n[[entry]]\nid = \"x\"\nnumber = \"one\"\nsize = 1\nflag = 1\nlist = [\"a\", 2]\n\n[[entry]]\nnumber = 2\n\n[words]\na = \"b\"\nc = [1]\n";
        assert_eq!(
            told(text),
            [
                "f.toml:1:9: invalid type: integer `3`, expected a string",
                "f.toml:2:1: unknown field `colour`",
                "f.toml:6:10: invalid type: string \"one\", expected i64",
                "f.toml:7:1: unknown field `size`",
                "f.toml:8:8: invalid type: integer `1`, expected a boolean",
                "f.toml:9:14: invalid type: integer `2`, expected a string",
                "f.toml:11:1: missing field `flag`",
                "f.toml:11:1: missing field `id`",
                "f.toml:11:1: missing field `list`",
                "f.toml:15:5: invalid type: string \"b\", expected a sequence",
                "f.toml:16:6: invalid type: integer `1`, expected a string",
            ]
        );
    }

    #[test]
    fn every_mistake_of_the_syntax_is_told() {
        let told = told("title = \"a\ntitle = \"b\"\n[words\na = [\"b\"]\n");
        assert!(told.len() >= 2 && told[0].starts_with("f.toml:1:"), "{told:?}");
    }

    #[test]
    fn the_value_of_a_key_is_found() {
        let text = "a = 1\n[[entry]]\nid = \"é\"\nx = 2\n[[entry]]\n  x = 3\n";
        assert_eq!(place_of(text, 0, "a"), (1, 5));
        assert_eq!(place_of(text, text.rfind("[[").unwrap(), "x"), (6, 7));
        assert_eq!(place_of(text, text.find("[[").unwrap(), "y"), (2, 1));
    }
}
