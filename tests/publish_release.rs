//! A release of the project's own tables, with rows in each of them, published and read back through the public interface.
//!
//! The release stays in the target folder, so that foreign tools can be run on it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rollcall::findings::Report;
use rollcall::ingest;
use rollcall::model::Cell;
use rollcall::model::dataset::{Dataset, Row};
use rollcall::model::schemas::Schemas;
use rollcall::model::table::{FieldType, TableSchema};
use rollcall::publish::{self, Cause, Digests, Op, Outcome, ReleaseContext};

fn schemas() -> Schemas {
    let mut report = Report::default();
    let files = ingest::schema_files(Path::new("schemas"), &mut report).expect("the schemas are there");
    Schemas::parse(files, &mut report).unwrap_or_else(|| panic!("{:?}", report.sorted()))
}

/// A value that the column allows: the first of its list, an id that fits its pattern, a reference to what the other table has.
fn value(schema: &TableSchema, at: usize, number: usize) -> Cell {
    let field = &schema.fields[at];
    if let Some(first) = field.constraints.one_of.first() {
        return Cell::text(first);
    }
    let refers = schema.foreign_keys.iter().find(|key| key.fields == [field.name.clone()]);
    let id = |number: usize| format!("id-{number}");
    match (field.field_type, field.name.as_str()) {
        _ if refers.is_some() && field.name.contains("iso3") => Cell::text(["LKA", "NPL"][number % 2]),
        _ if refers.is_some() => Cell::text(id(number)),
        (FieldType::Integer, "byte_end" | "line_end") => Cell::Integer(9),
        (FieldType::Integer, "established_year" | "year") => Cell::Integer(2014),
        (FieldType::Integer, _) => Cell::Integer(number as i64 + 1),
        (FieldType::Number, _) => Cell::Number(0.5),
        (FieldType::Date, "valid_to") => Cell::Null,
        (FieldType::Date, _) => Cell::Date("2014-10-15".parse().unwrap()),
        (FieldType::Boolean, _) => Cell::Boolean(true),
        (FieldType::String, name) if name.ends_with("sha256") => Cell::text("ab".repeat(32)),
        (FieldType::String, name) if name.ends_with("version") => Cell::text("1.0.0"),
        (FieldType::String, "published" | "as_of") => Cell::text("2014-10"),
        (FieldType::String, "language") => Cell::text("en"),
        (FieldType::String, "iso3") => Cell::text(["LKA", "NPL"][number % 2]),
        (FieldType::String, "iso2") => Cell::text(["LK", "NP"][number % 2]),
        (FieldType::String, "m49") => Cell::text(["144", "524"][number % 2]),
        (FieldType::String, "kind") => Cell::text("topic"),
        (FieldType::String, "url") => Cell::text("https://example.org/"),
        (FieldType::String, _) => Cell::text(id(number)),
    }
}

/// Two rows in each table but those of history. Sums and choices are made to hold.
fn dataset(schemas: &Schemas) -> Dataset {
    let mut dataset = Dataset::default();
    for schema in schemas.tables.iter().filter(|schema| !["changes", "tombstones"].contains(&schema.name.as_str())) {
        for number in 0..2 {
            let mut row: Row = (0..schema.fields.len()).map(|at| value(schema, at, number)).collect();
            let mut set = |column: &str, cell: Cell| {
                if let Some(at) = schema.position_of(column) {
                    row[at] = cell;
                }
            };
            match schema.name.as_str() {
                "memberships" => ["organization_id", "member_group_id"].iter().for_each(|column| set(column, Cell::Null)),
                "coverage" => {
                    set("bytes", Cell::Integer(5));
                    ["no_fact", "ignored", "unread", "blank"].iter().for_each(|column| set(column, Cell::Integer(1)));
                    set("read", Cell::Integer(1));
                }
                _ => {}
            }
            dataset.rows_mut(&schema.name).push(row);
        }
    }
    dataset
}

fn publish(output: &Path, schemas: &Schemas, dataset: Dataset, digests: &Digests) -> Outcome {
    let context = ReleaseContext {
        output,
        schemas: &schemas.tables,
        settings: &schemas.settings,
        date: "2026-01-02".parse().unwrap(),
        bump: None,
        dry_run: false,
        digests,
        shelf: &rollcall::pipeline::Spill::none(),
        lock_wait: Duration::ZERO,
        before: &|_| Ok(()),
    };
    publish::release(dataset, &context).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_tables_of_the_project_publish_and_verify() {
    let schemas = schemas();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("publish_release");
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    let digests = Digests::default();
    assert!(matches!(publish(&folder, &schemas, dataset(&schemas), &digests), Outcome::Published(_)));
    assert!(matches!(publish(&folder, &schemas, dataset(&schemas), &digests), Outcome::Identical { .. }));
    let mut next = dataset(&schemas);
    let name = schemas.table("meetings").and_then(|schema| schema.position_of("name")).unwrap();
    next.rows_mut("meetings")[0][name] = Cell::text("Third <Meeting>, \"15 – 16 October\" 100 % | _new_");
    let Outcome::Published(published) = publish(&folder, &schemas, next, &Digests { rules: "other".to_owned(), ..digests }) else { panic!() };
    assert_eq!(published.version.to_string(), "1.0.1");
    let report = publish::verify(&folder, None, None).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(report.versions.len(), 2);
    assert!(report.rows >= 4 * (schemas.tables.len() as u64 - 2));
}

#[test]
fn the_schema_of_changes_allows_exactly_the_causes_and_ops_that_exist() {
    let schemas = schemas();
    let changes = schemas.table("changes").unwrap();
    let allowed = |column: &str| changes.fields[changes.position_of(column).unwrap()].constraints.one_of.clone();
    assert_eq!(allowed("cause"), Cause::ALL.map(Cause::name));
    assert_eq!(allowed("op"), [Op::Added, Op::Removed, Op::Modified].map(Op::name));
}
