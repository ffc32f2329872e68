//! Rows against their schemas: every rule is broken once on purpose, and says so with the line of the source.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where its corpus is not as it should be")]

mod corpus;

use chrono::NaiveDate;
use corpus::{Corpus, findings, text};
use rollcall::findings::Report;
use rollcall::model::Cell;
use rollcall::model::bound::Bound;
use rollcall::model::dataset::Dataset;
use rollcall::model::source::SourceText;
use rollcall::validate::{self, Against};

/// A sound data set of three sources without expectations, and what validation says after it was changed.
fn after(change: impl FnOnce(&Corpus, &mut Dataset)) -> (Corpus, Dataset, Vec<String>) {
    after_withholding(&[], change)
}

fn after_withholding(withheld: &[String], change: impl FnOnce(&Corpus, &mut Dataset)) -> (Corpus, Dataset, Vec<String>) {
    let mut corpus = corpus::three_sources(["factsheet", "slides", "leaflet"]);
    corpus.schemas.files.files.insert("expectations.toml".to_owned(), String::new());
    let office = [("owner", text("IOM")), ("owner_id", text("iom")), ("owner_type", text("organization")), ("kind", text("email"))];
    let mut contact: Vec<(&str, Cell)> = office.to_vec();
    contact.push(("value", text("office@example.org")));
    corpus.record("leaflet", "contacts", 99, &contact);
    let (mut dataset, _) = corpus.resolve();
    change(&corpus, &mut dataset);
    let texts = ["factsheet", "slides", "leaflet"].map(|id| (id, format!("raw/{id}.txt")));
    let texts: Vec<SourceText<'_>> = texts.iter().map(|(id, path)| SourceText { source_id: id, display_path: path, text: "".into() }).collect();
    let today = NaiveDate::default();
    let mut report = Report::default();
    let against = Against { schemas: &corpus.schemas, texts: &texts, withheld, previous: None, today };
    validate::run(&mut dataset, &against, &mut report).expect("validation runs");
    let mut told: Vec<String> = findings(&report).into_iter().map(|finding| finding.replace(concat!(env!("CARGO_MANIFEST_DIR"), "/"), "")).collect();
    told.sort();
    (corpus, dataset, told)
}

/// Sets one cell of the row with that key.
fn set(corpus: &Corpus, dataset: &mut Dataset, table: &str, id: &str, column: &str, cell: Cell) {
    let schema = corpus.schemas.table(table).expect(table);
    let key = schema.key_positions();
    let at = schema.position_of(column).expect(column);
    let row = dataset.rows_mut(table).iter_mut().find(|row| rollcall::model::dataset::row_id(row, &key) == id).expect(id);
    row[at] = cell;
}

#[test]
fn a_sound_data_set_passes_every_check() {
    let (corpus, dataset, told) = after(|_, _| {});
    assert_eq!(told, Vec::<String>::new());
    let checks = corpus.table(&dataset, "checks", &["check_id", "rows_examined", "measured", "expected", "outcome"]);
    assert!(checks.contains(&"memberships/foreign_key|65|0 broken|0 broken|passed".to_owned()), "{}", checks.join("\n"));
    assert!(checks.len() > 80, "{} checks", checks.len());
    // A rule that no column of a table has is no check of it.
    let has = |id: &str| checks.iter().any(|check| check.starts_with(&format!("{id}|")));
    assert!(has("sources/values") && !has("coverage/values") && has("sources/pattern") && !has("coverage/pattern"), "{}", checks.join("\n"));
    for table in corpus.schemas.tables.iter().filter(|table| !["checks", "changes"].contains(&table.name.as_str())) {
        assert!(checks.iter().any(|check| check.starts_with(&format!("{}/primary_key|", table.name))), "{}", table.name);
    }
}

#[test]
fn every_rule_of_a_column_is_told_with_what_was_found_and_expected() {
    let day = |text: &str| Cell::Date(text.parse().expect("a day"));
    let cases: Vec<(&str, &str, &str, Cell, &str)> = vec![
        (
            "memberships",
            "asia-eu-dialogue--npl--member",
            "role",
            Cell::Null,
            "raw/factsheet.txt:73: error[row-invalid]: memberships asia-eu-dialogue--npl--member: role is empty",
        ),
        ("memberships", "asia-eu-dialogue--npl--member", "role", text("boss"), "role is \"boss\", expected one of member, observer,"),
        ("memberships", "asia-eu-dialogue--npl--member", "role", Cell::Integer(3), "role is \"3\", expected a text"),
        (
            "memberships",
            "asia-eu-dialogue--npl--member",
            "iso3",
            text("XXX"),
            "error[reference-dangling]: memberships asia-eu-dialogue--npl--member: iso3 is \"XXX\", which countries does not have",
        ),
        (
            "memberships",
            "asia-eu-dialogue--npl--member",
            "organization_id",
            text("iom"),
            "iso3 and organization_id have values, expected one of iso3, organization_id, member_group_id",
        ),
        (
            "memberships",
            "asia-eu-dialogue--npl--member",
            "iso3",
            Cell::Null,
            "none of iso3, organization_id, member_group_id has a value, expected one",
        ),
        ("dialogues", "asia-eu-dialogue", "established_year", Cell::Integer(1492), "established_year is 1492, expected at least 1900"),
        ("dialogues", "asia-eu-dialogue", "established_year", Cell::Integer(2492), "established_year is 2492, expected at most 2100"),
        ("dialogues", "asia-eu-dialogue", "established_year", text("MMVIII"), "established_year is \"MMVIII\", expected a whole number"),
        ("sources", "slides", "sha256", text("xyz"), "sha256 is \"xyz\", expected the pattern [0-9a-f]{64}"),
        ("sources", "slides", "transcript", text("yes"), "transcript is \"yes\", expected true or false"),
        ("meetings", "asia-eu-dialogue--2", "end_date", day("2010-01-01"), "start_date is 2011-02-08, expected no day after end_date, 2010-01-01"),
        ("meetings", "asia-eu-dialogue--2", "end_date", Cell::Null, "start_date and end_date must all have a value or none"),
        ("coverage", "slides", "read", Cell::Integer(1), "bytes is 1000, read + no_fact + ignored + unread + blank come to 101"),
        ("sources", "slides", "url", text("harbour"), "url is \"harbour\", expected a web address"),
        ("sources", "slides", "title", text(&"é".repeat(401)), "expected 1 to 400 characters"),
        ("meetings", "asia-eu-dialogue--2", "start_date", day("1899-12-31"), "start_date is \"1899-12-31\", expected a day from 1900 to 2100"),
        ("meetings", "asia-eu-dialogue--2", "date_text", Cell::Text(String::new()), "date_text is an empty text, expected none"),
    ];
    for (table, id, column, cell, expected) in cases {
        let spelt = cell.spelling().into_owned();
        let (_, _, told) = after(|corpus, dataset| set(corpus, dataset, table, id, column, cell));
        assert!(told.iter().any(|finding| finding.contains(expected)), "{table} {column} {spelt}: {told:?}");
    }
}

#[test]
fn rules_over_no_rows_have_not_run_where_there_must_be_some() {
    let (corpus, dataset, told) = after(|_, dataset| dataset.rows_mut("coverage").clear());
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("schemas/tables/coverage.json:2:11: error[table-empty]: coverage has no row"), "{told:?}");
    let checks = corpus.table(&dataset, "checks", &["check_id", "rows_examined", "measured", "expected", "outcome"]);
    for check in [
        "coverage/not_empty|0|0 rows|at least 1 row|failed",
        "coverage/sum|0|not run: the table has no row|0 broken|not_run",
        "sources/not_empty|3|3 rows|at least 1 row|passed",
        // Nothing was withdrawn, which is fine.
        "tombstones/primary_key|0|0 broken|0 broken|passed",
    ] {
        assert!(checks.contains(&check.to_owned()), "{check}\n{}", checks.join("\n"));
    }
    assert!(!checks.iter().any(|check| check.starts_with("tombstones/not_empty|")), "{}", checks.join("\n"));
    let (.., told) = after(|_, dataset| dataset.rows_mut("tombstones").clear());
    assert_eq!(told, Vec::<String>::new());
}

#[test]
fn bounds_of_a_column_stand_for_those_that_hold_by_default() {
    let mut corpus = corpus::three_sources(["factsheet", "slides", "leaflet"]);
    corpus.schemas.files.files.insert("expectations.toml".to_owned(), String::new());
    let meetings = corpus.schemas.tables.iter_mut().find(|table| table.name == "meetings").expect("meetings");
    let start = meetings.fields.iter_mut().find(|field| field.name == "start_date").expect("start_date");
    start.constraints.minimum = Some(Bound::Day("1500-01-01".parse().expect("a day")));
    let told = |day: &str| {
        let (mut dataset, _) = corpus.resolve();
        set(&corpus, &mut dataset, "meetings", "asia-eu-dialogue--2", "start_date", Cell::Date(day.parse().expect("a day")));
        let mut report = Report::default();
        let against = Against { schemas: &corpus.schemas, texts: &[], withheld: &[], previous: None, today: NaiveDate::default() };
        validate::run(&mut dataset, &against, &mut report).expect("validation runs");
        findings(&report)
    };
    assert_eq!(told("1600-01-01"), Vec::<String>::new());
    assert!(told("1499-12-31")[0].contains("start_date is 1499-12-31, expected at least 1500-01-01"));
}

#[test]
fn a_quote_that_is_too_long_is_told() {
    let (_, _, told) = after(|corpus, dataset| {
        let at = corpus.schemas.table("evidence").and_then(|schema| schema.position_of("quote")).expect("quote");
        dataset.rows_mut("evidence")[0][at] = text(&"é".repeat(201));
    });
    assert!(told[0].contains("quote has 201 characters, expected at most 200"), "{told:?}");
}

#[test]
fn a_key_that_stands_twice_or_out_of_order_is_told() {
    let (_, _, told) = after(|_, dataset| {
        let again = dataset.rows("groups")[0].clone();
        dataset.rows_mut("groups").insert(0, again);
    });
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("schemas/reference/groups.csv:2:1: error[key-duplicate]: groups ") && told[0].ends_with("another row has the same key"),
        "{told:?}"
    );
    let (_, _, told) = after(|_, dataset| dataset.rows_mut("countries").swap(3, 4));
    assert!(told.iter().any(|finding| finding.contains("the row stands after one with a greater key")), "{told:?}");
}

#[test]
fn a_unique_column_and_a_broken_pattern_are_told() {
    let mut corpus = Corpus::new();
    corpus.source("one", "2014").source("two", "2015");
    corpus.schemas.files.files.insert("expectations.toml".to_owned(), String::new());
    let sources = corpus.schemas.tables.iter_mut().find(|table| table.name == "sources").expect("sources");
    let publisher = sources.fields.iter_mut().find(|field| field.name == "publisher").expect("publisher");
    publisher.constraints.unique = true;
    publisher.constraints.pattern = Some("[".to_owned());
    let (mut dataset, _) = corpus.resolve();
    let mut report = Report::default();
    let against = Against { schemas: &corpus.schemas, texts: &[], withheld: &[], previous: None, today: NaiveDate::default() };
    validate::run(&mut dataset, &against, &mut report).expect("validation runs");
    let told = findings(&report);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("error[key-duplicate]: sources two: another row has \"Publisher\" in publisher too"), "{told:?}");
    assert!(
        told[1].contains("error[schema-pattern]: the pattern of column \"publisher\" is no regular expression: unclosed character class"),
        "{told:?}"
    );
}

#[test]
fn a_stated_cell_without_a_line_and_a_line_without_a_cell_are_told() {
    let (_, _, told) = after(|corpus, dataset| {
        let schema = corpus.schemas.table("evidence").expect("evidence");
        let (row_at, column_at) = (schema.position_of("row_id").expect("row_id"), schema.position_of("column").expect("column"));
        for row in dataset.rows_mut("evidence") {
            if row[row_at].as_text() == Some("asia-eu-dialogue--npl--member") && row[column_at].as_text() == Some("iso3") {
                row[column_at] = text("iso4");
            }
        }
    });
    assert_eq!(
        told,
        [
            "raw/factsheet.txt:73: error[evidence-missing]: memberships asia-eu-dialogue--npl--member: no line says its iso3",
            "schemas/tables/evidence.json: error[evidence-missing]: evidence speaks of iso4 of memberships asia-eu-dialogue--npl--member, which there is not",
        ]
    );
}

#[test]
fn personal_data_is_told_by_kind_and_place_and_never_in_words() {
    let secret = "jane.doe@example.org";
    for (value, kind) in [
        (secret, "email"),
        ("call +66 2 343 94 00", "phone"),
        ("Tel.: 02 343 94 00", "phone"),
        ("Skype: jdoe99", "handle"),
        ("write to JaneDoe77", "withheld"),
    ] {
        let (_, _, told) = after_withholding(&["janedoe77".to_owned()], |corpus, dataset| {
            set(corpus, dataset, "memberships", "asia-eu-dialogue--npl--member", "role_text", text(value));
        });
        let hit = told.iter().find(|finding| finding.contains("error[personal-data]")).unwrap_or_else(|| panic!("{value}: {told:?}"));
        assert!(hit.contains(&format!("role_text of memberships asia-eu-dialogue--npl--member holds personal data: 1 of kind {kind}")), "{hit}");
        assert!(told.iter().all(|finding| !finding.contains(value)), "{told:?}");
    }
}

#[test]
fn what_an_office_publishes_of_itself_is_allowed_anywhere() {
    let (_, _, told) = after(|corpus, dataset| {
        set(corpus, dataset, "sources", "slides", "title", text("write to Office@example.org, pages 2010-2012, 3,000,000 persons"));
    });
    assert_eq!(told, Vec::<String>::new());
}

#[test]
fn what_is_personal_is_masked_in_every_finding() {
    let (_, _, told) = after(|corpus, dataset| {
        set(corpus, dataset, "memberships", "asia-eu-dialogue--npl--member", "role", text("jane.doe@example.org"));
    });
    assert!(told.iter().any(|finding| finding.contains("role is \"[withheld]\", expected one of")), "{told:?}");
    assert!(told.iter().all(|finding| !finding.contains("jane")), "{told:?}");
}
