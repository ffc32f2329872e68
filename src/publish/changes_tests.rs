//! Applying changes: the law that the table of changes is held to, and the test of it.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::changes::{Change, Difference, Op};
use super::csv_file;
use super::fixture::{TempFolder, table};
use super::tables::MemoryTables;
use super::version::Kind;
use crate::model::dataset::{Dataset, Row, row_id};
use crate::model::table::Field;
use crate::model::{Cell, TableSchema};

/// The rows of a table after its changes.
fn apply(old: &[Row], old_schema: &TableSchema, changes: &[Change], new_schema: &TableSchema) -> Vec<Row> {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for row in old {
        let before = |field: &Field| old_schema.position_of(&field.name).or_else(|| old_schema.position_of(field.renamed_from.as_ref()?));
        let carried = new_schema.fields.iter().map(|field| before(field).map_or(Cell::Null, |at| row[at].clone())).collect();
        rows.insert(row_id(row, &old_schema.key_positions()), carried);
    }
    for change in changes {
        if change.op == Op::Removed {
            rows.remove(&change.row_id);
            continue;
        }
        let Some(at) = new_schema.position_of(&change.column) else { continue };
        let row = rows.entry(change.row_id.clone()).or_insert_with(|| vec![Cell::Null; new_schema.fields.len()]);
        row[at] = csv_file::parse(new_schema.fields[at].field_type, &change.new).expect("a spelling of its type");
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.sort_by(|a, b| crate::model::dataset::compare(a, b, &new_schema.key_positions()));
    rows
}

/// Undoes changes: the same, from new to old.
fn inverted(changes: &[Change]) -> Vec<Change> {
    let invert = |change: &Change| Change {
        op: match change.op {
            Op::Added => Op::Removed,
            Op::Removed => Op::Added,
            Op::Modified => Op::Modified,
        },
        old: change.new.clone(),
        new: change.old.clone(),
        ..change.clone()
    };
    changes.iter().map(invert).collect()
}

/// A key of two columns, one of them a number, so that the order of keys is not that of their texts.
fn schema(with_note: bool) -> TableSchema {
    let note = r#", {"name": "note", "type": "number", "description": "N.", "kind": "number", "origin": "stated"}"#;
    table(&format!(
        r#"{{"name": "t", "title": "T", "description": "T.", "position": 1, "role": "fact", "primaryKey": ["a", "b"], "fields": [
        {{"name": "a", "type": "string", "description": "A.", "kind": "id", "origin": "assigned", "constraints": {{"required": true}}}},
        {{"name": "b", "type": "integer", "description": "B.", "kind": "count", "origin": "assigned", "constraints": {{"required": true}}}},
        {{"name": "c", "type": "string", "description": "C.", "kind": "text", "origin": "stated"}}{}]}}"#,
        if with_note { note } else { "" }
    ))
}

fn rows(with_note: bool) -> impl Strategy<Value = Vec<Row>> {
    let values = ("[abé ,\"]{0,3}", prop::option::of(-2.0f64..2.0));
    prop::collection::btree_map(("[ab]{1,2}", -12i64..12), values, 0..20).prop_map(move |table| {
        let mut rows: Vec<Row> = table
            .into_iter()
            .map(|((a, b), (c, note))| {
                let mut row = vec![Cell::text(a), Cell::Integer(b), Cell::text(c)];
                row.extend(with_note.then(|| Cell::optional(note)));
                row
            })
            .collect();
        rows.sort_by(|a, b| crate::model::dataset::compare(a, b, &[0, 1]));
        rows
    })
}

fn difference(old: &[Row], old_schema: &TableSchema, new: &[Row], new_schema: &TableSchema) -> Difference {
    let dataset = |rows: &[Row]| {
        let mut dataset = Dataset::default();
        *dataset.rows_mut("t") = rows.to_vec();
        dataset
    };
    let (old, new) = (dataset(old), dataset(new));
    let (old_schemas, new_schemas) = ([old_schema.clone()], [new_schema.clone()]);
    Difference::between(&MemoryTables { dataset: &old, schemas: &old_schemas }, &MemoryTables { dataset: &new, schemas: &new_schemas }).unwrap()
}

proptest! {
    #[test]
    fn applying_the_changes_to_the_old_release_gives_the_new(old in rows(false), new in rows(false)) {
        let schema = schema(false);
        let difference = difference(&old, &schema, &new, &schema);
        let changes = &difference.tables[0].changes;
        prop_assert_eq!(apply(&old, &schema, changes, &schema), new.clone());
        prop_assert_eq!(apply(&new, &schema, &inverted(changes), &schema), old.clone());
        let counts = difference.tables[0].counts;
        prop_assert_eq!((counts.before, counts.after), (old.len() as u64, new.len() as u64));
        prop_assert_eq!(counts.before + counts.added - counts.removed, counts.after);
        prop_assert_eq!(changes.is_empty(), old == new);
    }

    #[test]
    fn applying_the_changes_holds_over_a_change_of_columns(old in rows(false), new in rows(true)) {
        let (narrow, wide) = (schema(false), schema(true));
        let wider = difference(&old, &narrow, &new, &wide);
        prop_assert_eq!(apply(&old, &narrow, &wider.tables[0].changes, &wide), new.clone());
        let narrower = difference(&new, &wide, &old, &narrow);
        prop_assert_eq!(apply(&new, &wide, &narrower.tables[0].changes, &narrow), old);
    }

    #[test]
    fn applying_the_changes_holds_over_other_names(old in rows(false), new in rows(false)) {
        let before = schema(false);
        let mut after = schema(false);
        for at in [1, 2] {
            let field = &mut after.fields[at];
            field.renamed_from = Some(std::mem::replace(&mut field.name, format!("other{at}")));
        }
        after.primary_key[1] = "other1".to_owned();
        let difference = difference(&old, &before, &new, &after);
        let table = &difference.tables[0];
        prop_assert_eq!(apply(&old, &before, &table.changes, &after), new.clone());
        prop_assert_eq!(table.changes.is_empty(), old == new, "a value under another name has not changed");
        prop_assert!(table.schema.iter().all(|change| change.kind == Kind::ColumnRenamed) && table.schema.len() == 2);
    }

    #[test]
    fn applying_the_changes_holds_over_a_change_of_the_key(old in rows(false), new in rows(false)) {
        let before = schema(false);
        let mut after = schema(false);
        after.primary_key.reverse();
        let mut sorted = new;
        sorted.sort_by(|a, b| crate::model::dataset::compare(a, b, &after.key_positions()));
        let difference = difference(&old, &before, &sorted, &after);
        prop_assert_eq!(apply(&old, &before, &difference.tables[0].changes, &after), sorted);
    }

    #[test]
    fn a_table_of_any_text_reads_back_from_both_formats(cells in prop::collection::btree_map("\\PC{1,8}", "\\PC{0,12}|[\"\n\r,]{1,4}", 1..12)) {
        use super::rows::collect;
        let schema = schema(false);
        let rows: Vec<Row> = cells.into_iter().map(|(a, c)| vec![Cell::text(a), Cell::Integer(1), Cell::text(c)]).collect();
        let mut writer = csv_file::TableWriter::new(Vec::new(), &schema.column_names()).unwrap();
        rows.iter().for_each(|row| writer.write(row).unwrap());
        let bytes = writer.finish().unwrap();
        let path = std::path::Path::new("t.csv");
        prop_assert_eq!(collect(&mut csv_file::TableReader::new(&bytes[..], path, &schema).unwrap()).unwrap(), rows.clone());
        let folder = TempFolder::new();
        let path = folder.path().join("t.parquet");
        std::fs::write(&path, super::parquet_file::write(Vec::new(), &schema, &rows, &Vec::new()).unwrap()).unwrap();
        prop_assert_eq!(collect(&mut super::parquet_file::TableReader::open(&path, &schema).unwrap()).unwrap(), rows);
    }
}
