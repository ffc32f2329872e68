//! JSON files that people write: every problem at its line and column, and the places of what they say.
//!
//! As for TOML: what does not fit is reported and blanked out of the text, and the rest is tried again. Blanks keep every line and
//! column where it was.

use std::ops::Range;

use serde::de::{DeserializeOwned, IgnoredAny};

use super::complaint::{Complaint, missing_key};
use super::toml_file::line_and_column;
use crate::findings::{Code, Place, Report};

/// Problems of one file that are told at most.
const TOLD: usize = 100;

/// A key with its value, or an item of a list.
#[derive(Clone, Debug)]
struct Member {
    /// The key and its value; of an item the value alone.
    span: Range<usize>,
    /// Keys and positions from the root.
    path: Vec<String>,
    value: Range<usize>,
}

/// Parses a file; none where something in it is wrong, which is then reported.
pub fn parse<T: DeserializeOwned>(text: &str, path: &str, code: &'static Code, report: &mut Report) -> Option<T> {
    let mut rest = text.to_owned();
    let mut told = 0;
    // Starts of objects with the keys that were blanked in them.
    let mut taken: Vec<(usize, String)> = Vec::new();
    while told < TOLD {
        let error = match serde_json::from_str::<T>(&rest) {
            Ok(value) => return (told == 0).then_some(value),
            Err(error) => error,
        };
        let at = byte_of(&rest, error.line(), error.column());
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message);
        let members = members(&rest);
        let missing = missing_key(message);
        let is_missing = missing.is_some();
        let object = members
            .iter()
            .filter(|member| rest[member.value.clone()].starts_with('{') && member.value.end == at)
            .min_by_key(|member| member.span.len());
        // A value that is none of an enumeration counts as syntax for the parser, also in what is JSON.
        let is_no_json = error.is_eof() || error.is_syntax() && serde_json::from_str::<IgnoredAny>(&rest).is_err();
        let culprit = if is_missing || is_no_json { None } else { innermost(&members, at) };
        let no_variant = culprit.filter(|_| error.is_syntax()).map(|member| {
            let value = &rest[member.value.clone()];
            if value.starts_with('[') { "sequence".to_owned() } else { format!("`{value}`") }
        });
        let no_variant = no_variant.map(|found| format!("invalid type: {found}, expected a string"));
        let message = no_variant.as_deref().unwrap_or(message);
        let start = match (culprit, is_missing) {
            (Some(member), _) if message.starts_with("unknown field") || message.starts_with("duplicate field") => member.span.start,
            (Some(member), _) => member.value.start,
            (None, true) => object.map_or_else(|| rest.find('{').unwrap_or(0), |object| object.value.start),
            (None, false) => at.saturating_sub(1),
        };
        // A key that was there with a value that did not fit has been told of.
        if missing.is_none_or(|key| !taken.contains(&(start, key.to_owned()))) {
            let (line, column) = line_and_column(text, start);
            report.push(Complaint::of_serde(message).finding(code, Place::new(path, line, column)));
            told += 1;
        }
        if let Some((member, name)) = culprit.and_then(|member| Some((member, member.path.last()?))) {
            taken.push((object_around(&members, &member.span).unwrap_or_else(|| rest.find('{').unwrap_or(0)), name.clone()));
        }
        // What is missing cannot be made up, and what is no JSON cannot be read on.
        let span = if is_missing { object.map(|object| object.span.clone()) } else { culprit.map(|member| member.span.clone()) }?;
        blank(&mut rest, &span);
    }
    None
}

/// Where something stands, by its keys and positions from the root; the start of the file where it is not there.
#[must_use]
pub fn place_of(text: &str, path: &[&str]) -> (u32, u32) {
    let found = members(text).into_iter().find(|member| member.path.iter().map(String::as_str).eq(path.iter().copied()));
    found.map_or((0, 0), |member| line_and_column(text, member.value.start))
}

/// The byte behind a place that serde_json gives: line and column from 1, in bytes.
fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column).min(text.len())
}

/// The smallest member that reaches to or over a byte.
fn innermost(members: &[Member], at: usize) -> Option<&Member> {
    let reaches = |member: &&Member| member.span.start < at && at <= member.span.end;
    members.iter().filter(reaches).min_by_key(|member| member.span.len())
}

/// The start of the smallest object that a stretch is in, below the root.
fn object_around(members: &[Member], span: &Range<usize>) -> Option<usize> {
    let holds = |member: &&Member| member.value.start < span.start && span.end < member.value.end;
    members.iter().filter(holds).min_by_key(|member| member.value.len()).map(|member| member.value.start)
}

/// Blanks a stretch, and one of the commas beside it.
fn blank(text: &mut String, span: &Range<usize>) {
    let bytes = text.as_bytes();
    let is_space = |byte: &u8| byte.is_ascii_whitespace();
    let behind = (span.end..bytes.len()).find(|&at| !is_space(&bytes[at])).filter(|&at| bytes[at] == b',');
    let before = (0..span.start).rev().find(|&at| !is_space(&bytes[at])).filter(|&at| bytes[at] == b',');
    let comma = behind.or(before);
    let blanked: String = text
        .char_indices()
        .flat_map(|(at, letter)| {
            let is_taken = (span.contains(&at) || comma == Some(at)) && letter != '\n';
            // As many bytes as before, so that places stay.
            let (count, letter) = if is_taken { (letter.len_utf8(), ' ') } else { (1, letter) };
            std::iter::repeat_n(letter, count)
        })
        .collect();
    *text = blanked;
}

/// Every member and item of a text that is JSON up to some byte.
fn members(text: &str) -> Vec<Member> {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0, members: Vec::new(), path: Vec::new() };
    scanner.value();
    scanner.members
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    members: Vec<Member>,
    path: Vec<String>,
}

impl Scanner<'_> {
    fn skip_space(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    /// Whether the next byte is that one, which is then passed.
    fn passes(&mut self, byte: u8) -> bool {
        self.skip_space();
        let is_next = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Passes a value; returns where it stands.
    fn value(&mut self) -> Range<usize> {
        self.skip_space();
        let start = self.at;
        match self.bytes.get(self.at) {
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            Some(b'"') => self.string(),
            _ => {
                while self.bytes.get(self.at).is_some_and(|byte| !b",]} \t\r\n".contains(byte)) {
                    self.at += 1;
                }
            }
        }
        start..self.at
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += if *byte == b'\\' { 2 } else { 1 };
            if *byte == b'"' {
                break;
            }
        }
        self.at = self.at.min(self.bytes.len());
    }

    fn object(&mut self) {
        self.at += 1;
        loop {
            self.skip_space();
            let start = self.at;
            if self.bytes.get(self.at) != Some(&b'"') {
                self.passes(b'}');
                return;
            }
            self.string();
            let key = String::from_utf8_lossy(self.bytes.get(start + 1..self.at.saturating_sub(1)).unwrap_or_default()).into_owned();
            if !self.passes(b':') {
                return;
            }
            self.member(key, Some(start));
            if !self.passes(b',') {
                self.passes(b'}');
                return;
            }
        }
    }

    fn list(&mut self) {
        self.at += 1;
        for position in 0.. {
            self.skip_space();
            if self.passes(b']') || self.at >= self.bytes.len() {
                return;
            }
            self.member(position.to_string(), None);
            if !self.passes(b',') {
                self.passes(b']');
                return;
            }
        }
    }

    fn member(&mut self, step: String, key_start: Option<usize>) {
        self.path.push(step);
        let path = self.path.clone();
        let value = self.value();
        self.path.pop();
        self.members.push(Member { span: key_start.unwrap_or(value.start)..value.end, path, value });
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::findings::code;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only whether it parses is of interest")]
    struct File {
        name: String,
        #[serde(default)]
        shape: Shape,
        fields: Vec<Field>,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "lowercase")]
    #[allow(dead_code, reason = "only whether it parses is of interest")]
    enum Shape {
        #[default]
        Round,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only whether it parses is of interest")]
    struct Field {
        name: String,
        size: u32,
    }

    fn told(text: &str) -> Vec<String> {
        let mut report = Report::default();
        let value = parse::<File>(text, "f.json", code::SCHEMA_INVALID, &mut report);
        assert_eq!(value.is_none(), report.has_errors());
        report.sorted().into_iter().map(|finding| format!("{}: {}", finding.place, finding.message)).collect()
    }

    #[test]
    fn every_problem_is_told_at_its_place() {
        let text = "{\n  \"name\": 3,\n  \"fields\": [\n    { \"name\": \"é\", \"size\": \"x\", \"colour\": 1 },\n    { \"size\": 1 },\n    { \"nam\": \"a\", \"name\": \"b\", \"size\": 2 }\n  ],\n  \"more\": {}\n}\n";
        assert_eq!(
            told(text),
            [
                "f.json:2:11: invalid type: integer `3`, expected a string",
                "f.json:4:28: invalid type: string \"x\", expected u32",
                "f.json:4:33: unknown field `colour`, expected `name` or `size`",
                "f.json:5:5: missing field `name`",
                "f.json:6:7: unknown field `nam`, expected `name` or `size`",
                "f.json:8:3: unknown field `more`, expected one of `name`, `shape`, `fields`",
            ]
        );
        assert!(told("{ \"name\": \"a\", \"fields\": [] }").is_empty());
        for (value, found) in [("3", "`3`"), ("[\"round\"]", "sequence"), ("true", "`true`")] {
            let text = format!("{{\n  \"shape\": {value},\n  \"name\": 3,\n  \"fields\": []\n}}\n");
            let shape = format!("f.json:2:12: invalid type: {found}, expected a string");
            assert_eq!(told(&text), [shape.as_str(), "f.json:3:11: invalid type: integer `3`, expected a string"]);
        }
    }

    #[test]
    fn what_is_no_json_is_told_where_it_stops_to_be() {
        assert_eq!(told("{\n  \"name\": \"a\"\n  \"fields\": []\n}\n"), ["f.json:3:3: expected `,` or `}`"]);
        assert_eq!(told("{\n  \"name\": "), ["f.json:2:10: EOF while parsing a value"]);
    }

    #[test]
    fn a_value_is_found_by_its_path() {
        let text = "{ \"a\": [1, { \"b\\\"c\": 2,\n \"d\": [] } ] }";
        assert_eq!((place_of(text, &["a", "1", "d"]), place_of(text, &["a", "0"]), place_of(text, &["z"])), ((2, 7), (1, 9), (0, 0)));
    }
}
