//! Tests: rows come back in order whatever memory there is.

use std::path::PathBuf;

use proptest::prelude::*;

use super::Spill;
use crate::model::dataset::{Row, Table};
use crate::model::rows::{Shelf, Ties, collect};
use crate::model::{Cell, TableSchema};

fn schema() -> TableSchema {
    let text = r#"{"name": "t", "title": "T", "description": "T.", "position": 1, "role": "fact", "primaryKey": ["text", "number"], "fields": [
        {"name": "day", "type": "date", "description": "D.", "kind": "date", "origin": "stated"},
        {"name": "text", "type": "string", "description": "C.", "kind": "text", "origin": "stated"},
        {"name": "number", "type": "number", "description": "N.", "kind": "number", "origin": "stated"},
        {"name": "count", "type": "integer", "description": "B.", "kind": "count", "origin": "assigned"},
        {"name": "flag", "type": "boolean", "description": "F.", "kind": "flag", "origin": "stated"}]}"#;
    serde_json::from_str(text).unwrap()
}

fn spill(memory: usize) -> Spill {
    Spill::new(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/tmp"), memory)
}

fn sorted(shelf: &Spill, rows: &[Row], ties: Ties) -> Table {
    let mut sorter = shelf.sorter(&schema(), ties);
    rows.iter().for_each(|row| sorter.push(row).unwrap());
    sorter.finish().unwrap()
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let key = ("[aä]{0,2}", prop::option::of(-2i8..2));
    let others = (prop::option::of(-800_000i32..800_000), prop::option::of(any::<i64>()), any::<Option<bool>>());
    let row = (key, others).prop_map(|((text, number), (day, count, flag))| {
        let day = day.map_or(Cell::Null, |day| Cell::Date(chrono::NaiveDate::default() + chrono::Duration::days(day.into())));
        let number = number.map_or(Cell::Null, |number| Cell::Number(f64::from(number) / 4.0));
        vec![day, Cell::text(text), number, Cell::optional(count), Cell::optional(flag)]
    });
    prop::collection::vec(row, 0..300)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_memory_gives_the_same_rows_in_the_same_order(rows in rows(), memory in 1usize..100_000, is_distinct in any::<bool>()) {
        let ties = if is_distinct { Ties::Least } else { Ties::Keep };
        let expected = collect(&mut *sorted(&Spill::none(), &rows, ties).open().unwrap()).unwrap();
        let table = sorted(&spill(memory), &rows, ties);
        prop_assert_eq!(table.len(), expected.len());
        for _ in 0..2 {
            prop_assert_eq!(&collect(&mut *table.open().unwrap()).unwrap(), &expected);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn entries_come_by_key_and_those_of_one_key_as_they_came(
        entries in prop::collection::vec(("[ab\\x00]{0,9}", "[a-z]{0,20}"), 0..400), memory in 1usize..20_000,
    ) {
        let mut sorter = spill(memory).entries();
        entries.iter().for_each(|(key, entry)| sorter.push(key.as_bytes(), entry.as_bytes()).unwrap());
        let mut sorted = sorter.finish().unwrap();
        let mut found = Vec::new();
        while sorted.advance().unwrap() {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            found.push((text(sorted.key()), text(sorted.entry())));
        }
        prop_assert!(!sorted.advance().unwrap());
        let mut expected = entries;
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn what_fits_stays_in_memory_and_leaves_less_room_for_the_next() {
    let row = |count: i64| vec![Cell::Null, Cell::text("a".repeat(100)), Cell::Null, Cell::Integer(count), Cell::Null];
    let rows: Vec<Row> = (0..100).map(row).collect();
    let is_in_memory = |table: &Table| format!("{table:?}").contains("stored: None");
    let shelf = spill(800_000);
    let tables: Vec<bool> = (0..4).map(|_| is_in_memory(&sorted(&shelf, &rows, Ties::Keep))).collect();
    assert_eq!(tables, [true, true, true, false], "three tables of some 30 kB in an eighth of the memory");
    assert!(!is_in_memory(&sorted(&spill(1), &rows, Ties::Keep)));
    let none = |name: &str| {
        std::fs::read_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/tmp"))
            .unwrap()
            .flatten()
            .all(|file| !file.file_name().to_string_lossy().starts_with(name))
    };
    assert!(none("rollcall-"), "files have no names");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let shelf = Spill::new(PathBuf::from("/dev/null/nowhere"), 1);
    let mut sorter = shelf.sorter(&schema(), Ties::Keep);
    sorter.push(&vec![Cell::Null; 5]).unwrap();
    let error = sorter.finish().unwrap_err().to_string();
    assert!(error.contains("/dev/null/nowhere"), "{error}");
}

#[test]
fn texts_that_were_put_aside_are_found_again() {
    let texts: Vec<Vec<u8>> = (0..200usize).map(|at| vec![at as u8; at * 37 % 9000]).collect();
    let shelf = spill(40_000);
    let places: Vec<Option<u64>> = texts.iter().map(|text| shelf.put(text).unwrap()).collect();
    assert!(places[0].is_none() && places[199].is_some(), "the first ones have room in memory");
    for at in (0..200).rev().chain(0..200) {
        if let Some(place) = places[at] {
            assert_eq!(shelf.get(place, texts[at].len()), texts[at]);
        }
    }
    shelf.check().unwrap();
    assert_eq!(shelf.get(1 << 40, 8), Vec::<u8>::new());
    assert!(shelf.check().unwrap_err().to_string().contains("target/tmp"), "what cannot be read is told");
    assert_eq!(Spill::none().put(b"text").unwrap(), None);
}
