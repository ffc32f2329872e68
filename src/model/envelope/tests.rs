//! The envelope, there and back.

#![allow(clippy::unwrap_used, reason = "a test stops where it must")]

use super::*;
use crate::findings::{Finding, Place, Severity, code};
use crate::model::Cell;
use crate::model::record::Evidence;
use crate::model::source::CoverageRow;

fn table(name: &str, fields: &str) -> TableSchema {
    let text = format!(
        r#"{{"name": "{name}", "title": "T", "description": "T.", "position": 1, "role": "fact", "primaryKey": [], "fields": [],
        "record": {{"fields": [{fields}]}}}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn envelope() -> Envelope {
    let all = r#"{"name": "what", "type": "string"}, {"name": "count", "type": "integer"}, {"name": "share", "type": "number"},
                 {"name": "day", "type": "date"}, {"name": "personal", "type": "boolean"}"#;
    Envelope::new(&[table("meetings", all), table("themes", r#"{"name": "text", "type": "string"}"#)])
}

fn record(source: &str, seq: u32, cells: Vec<Cell>, pieces: u32) -> Record {
    let piece = |at: u32| Evidence {
        column: "what".to_owned(),
        line_start: at,
        line_end: at + 1,
        byte_start: u32::MAX - at - 1,
        byte_end: u32::MAX - at,
        quote: "words".to_owned(),
        quote_sha256: "00".to_owned(),
    };
    Record {
        source_id: source.to_owned(),
        seq,
        rule: "a/b".to_owned(),
        line: 7,
        withheld: seq == 1,
        cells,
        evidence: (0..pieces).map(piece).collect(),
    }
}

fn rows() -> Vec<Row> {
    let meeting = |source: &str, seq: u32, day: &str, pieces: u32| {
        let day = Cell::Date(day.parse().unwrap());
        Row::Record("meetings".to_owned(), record(source, seq, vec!["Third".into(), 3.into(), 0.25.into(), day, Cell::Boolean(true)], pieces))
    };
    let theme = |source: &str, text: &str| Row::Record("themes".to_owned(), record(source, 0, vec![Cell::text(text)], 0));
    let finding = Finding::new(code::LINE_UNREAD, Place::new("a", 3, 1), "nobody reads it").hint("add it").severity(Severity::Error);
    let document = DocumentRow {
        source_id: "a".to_owned(),
        path: "a.txt".to_owned(),
        language: "en".to_owned(),
        sha256: "ff".to_owned(),
        lines: 9,
        records: 3,
        coverage: CoverageRow { source_id: "a".to_owned(), bytes: 5, read: 2, no_fact: 1, ignored: 1, unread: 1, blank: 0 },
        aliases: vec![2, 17],
        ..DocumentRow::default()
    };
    let bare =
        DocumentRow { source_id: "b".to_owned(), path: "#b".to_owned(), language: "fr".to_owned(), sha256: "0".to_owned(), ..DocumentRow::default() };
    let bare = DocumentRow { coverage: CoverageRow { source_id: "b".to_owned(), ..CoverageRow::default() }, ..bare };
    let error = ErrorRow { source_id: None, document: 3, message: "it has no id".to_owned() };
    let end = End { documents: 3, records: 4, errors: 1, program: "p".to_owned(), schemas: "s".to_owned() };
    vec![
        meeting("a", 0, "2014-10-15", 2),
        theme("a", "words"),
        meeting("a", 1, "1969-05-26", 0),
        Row::Finding(FindingRow { source_id: "a".to_owned(), seq: 0, finding }),
        Row::Document(document),
        theme("b", ""),
        Row::Document(bare),
        Row::Error(error),
        Row::End(end),
    ]
}

#[test]
fn rows_come_back_as_they_went_however_they_are_cut() {
    let (envelope, rows) = (envelope(), rows());
    for size in 1..=rows.len() {
        let batches: Vec<RecordBatch> = rows.chunks(size).map(|rows| envelope.batch(rows).unwrap()).collect();
        let back: Vec<Row> = batches.iter().flat_map(|batch| envelope.rows(batch).unwrap()).collect();
        assert_eq!(back, rows, "{size} at a time");
    }
    assert_eq!(envelope.batch(&[]).unwrap().num_rows(), 0);
}

#[test]
fn each_row_has_the_struct_of_its_table_alone() {
    let batch = envelope().batch(&rows()).unwrap();
    let names = batch.column(2).as_string::<i32>().clone();
    for row in 0..batch.num_rows() {
        let schema = batch.schema();
        let set: Vec<&str> =
            (OWN..batch.num_columns()).filter(|&at| batch.column(at).is_valid(row)).map(|at| schema.field(at).name().as_str()).collect();
        assert_eq!(set, [names.value(row)]);
    }
}

#[test]
fn what_could_not_have_been_written_is_refused() {
    let envelope = envelope();
    let batch = envelope.batch(&rows()).unwrap();
    let with = |at: usize, array: ArrayRef| {
        let mut columns = batch.columns().to_vec();
        columns[at] = array;
        envelope.rows(&RecordBatch::try_new(batch.schema(), columns).unwrap()).unwrap_err().to_string()
    };
    let empty = |at: usize| new_null_array(batch.column(at).data_type(), batch.num_rows());
    assert!(with(OWN, empty(OWN)).contains("row 1: it is of no table"));
    assert!(with(2, Arc::new(StringArray::from(vec!["themes"; batch.num_rows()]))).contains("row 1: it is not of the table \"themes\" alone"));
    assert!(with(0, empty(0)).contains("null"), "a record without a source");
    let far = Int64Array::from(vec![i64::from(u32::MAX) + 1; batch.num_rows()]);
    assert!(with(1, Arc::new(far)).contains("null"), "a position that no record has");
    let fewer = batch.project(&[0, 1, 2, 3]).unwrap();
    assert!(envelope.rows(&fewer).unwrap_err().to_string().contains("there is no column \"themes\""));
}

#[test]
fn every_type_has_a_name_in_every_format() {
    for format in FORMATS {
        let text = (format.render)(envelope().schema());
        assert!(text.contains("meetings") && !text.to_lowercase().contains("unknown"), "{}: {text}", format.name);
    }
    let ddl = (FORMATS[1].render)(envelope().schema());
    assert!(ddl.starts_with("`source_id` STRING,\n`seq` BIGINT,\n`table` STRING,\n`meetings` STRUCT<`rule`: STRING, `line`: BIGINT, "), "{ddl}");
    assert!(ddl.contains("`evidence`: ARRAY<STRUCT<`column`: STRING, `line_start`: BIGINT,"), "{ddl}");
}
