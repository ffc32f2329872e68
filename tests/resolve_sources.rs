//! Several sources on the same dialogues: what they agree on is one row, what they do not is a conflict.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where its corpus is not as it should be")]

mod corpus;

use corpus::{Corpus, count, findings, meeting, text};
use rollcall::model::Cell;
use rollcall::model::dataset::Dataset;

fn three_sources() -> Corpus {
    corpus::three_sources(["factsheet", "slides", "leaflet"])
}

#[test]
fn every_state_takes_part_through_the_one_group_that_has_it() {
    let corpus = three_sources();
    let (dataset, _) = corpus.resolve();
    let rows = corpus.table(&dataset, "memberships", &["dialogue_id", "via_group_id", "iso3"]);
    let via = |group: &str| rows.iter().filter(|row| row.starts_with(&format!("asia-eu-dialogue|{group}|"))).count();
    assert_eq!((via("european-union"), via("colombo-process")), (28, 11));
    assert!(rows.contains(&"abu-dhabi-dialogue||YEM".to_owned()), "no count names a group there");
}

#[test]
fn counts_hold_as_of_the_day_of_their_statement() {
    let corpus = three_sources();
    let (dataset, report) = corpus.resolve();
    let counts = corpus.table(&dataset, "stated_counts", &["count_id", "as_of", "counted", "status"]);
    assert_eq!(
        counts,
        [
            "abu-dhabi-dialogue--member--slides--9|2013-11-26|10|contradicted",
            "asia-eu-dialogue--member--colombo-process--factsheet--11|2014-10-16|11|confirmed",
            "asia-eu-dialogue--member--european-union--factsheet--28|2014-10-16|28|confirmed",
            "asia-eu-dialogue--member--european-union--slides--27|2011-02-08|27|confirmed",
            "asia-eu-dialogue--member--factsheet--39|2014-10-16|39|confirmed",
        ]
    );
    let conflicts = corpus.table(&dataset, "conflicts", &["row_id", "value_a", "source_a", "value_b", "source_b", "kind", "as_of"]);
    assert_eq!(
        conflicts,
        [
            "abu-dhabi-dialogue--member--slides--9|9|slides|10 (derived: ARE BHR KOR KWT MYS OMN QAT SAU SGP YEM; groups expanded, less the members of colombo-process)|leaflet|contradiction|2013-11-26"
        ]
    );
    let told = findings(&report);
    assert_eq!(
        told,
        [
            "raw/slides.txt:206: warning[count-contradicted]: member of abu-dhabi-dialogue beside colombo-process: the source says 9, those of leaflet come to 10\n  hint: both are published: see conflicts of stated_counts abu-dhabi-dialogue--member--slides--9; correct the text only where it was copied wrongly"
        ]
    );
}

#[test]
fn a_meeting_that_two_sources_tell_of_is_one_row() {
    let corpus = three_sources();
    let (dataset, _) = corpus.resolve();
    let meetings = corpus.table(&dataset, "meetings", &["meeting_id", "name", "ordinal", "start_date", "end_date", "date_precision", "city", "iso3"]);
    assert_eq!(meetings, ["asia-eu-dialogue--2|Second Asia – EU Dialogue on Labour Migration|2|2011-02-08|2011-02-09|day|Brussels|BEL"]);
}

#[test]
fn a_secretariat_is_a_membership_and_a_column() {
    let corpus = three_sources();
    let (dataset, _) = corpus.resolve();
    let dialogues = corpus.table(&dataset, "dialogues", &["dialogue_id", "name", "established_year", "secretariat_id"]);
    assert_eq!(dialogues[1], "asia-eu-dialogue|Asia–EU Dialogue on Labour Migration|2008|iom");
    assert!(corpus.table(&dataset, "memberships", &["membership_id"]).contains(&"asia-eu-dialogue--iom--secretariat".to_owned()));
}

/// Rows of one table that refer to none of another.
fn dangling(corpus: &Corpus, dataset: &Dataset) -> Vec<String> {
    let mut dangling = Vec::new();
    for schema in &corpus.schemas.tables {
        for key in &schema.foreign_keys {
            let known = corpus.table(dataset, &key.reference.resource, &key.reference.fields.iter().map(String::as_str).collect::<Vec<_>>());
            let fields: Vec<&str> = key.fields.iter().map(String::as_str).collect();
            let used = corpus.table(dataset, &schema.name, &fields);
            dangling.extend(
                used.into_iter()
                    .filter(|value| !value.is_empty() && !known.contains(value))
                    .map(|value| format!("{}.{fields:?} {value}", schema.name)),
            );
        }
    }
    dangling
}

#[test]
fn every_reference_leads_to_a_row_and_every_stated_cell_to_a_line() {
    let corpus = three_sources();
    let (dataset, _) = corpus.resolve();
    assert_eq!(dangling(&corpus, &dataset), Vec::<String>::new());
    let evidence = corpus.table(&dataset, "evidence", &["table", "row_id", "column"]);
    let mut cells = 0;
    for schema in &corpus.schemas.tables {
        for row in dataset.rows(&schema.name) {
            let id = rollcall::model::dataset::row_id(row, &schema.key_positions());
            for (at, field) in schema.fields.iter().enumerate() {
                if field.origin == rollcall::model::table::Origin::Stated && !row[at].is_null() {
                    cells += 1;
                    let needed = format!("{}|{id}|{}", schema.name, field.name);
                    assert!(evidence.contains(&needed), "{needed}");
                }
            }
        }
    }
    assert!(cells > 200, "{cells} stated cells");
}

#[test]
fn the_order_of_documents_and_records_changes_no_row() {
    let corpus = three_sources();
    let (expected, report) = corpus.resolve();
    let mut turned = corpus.clone();
    turned.sources.reverse();
    for records in turned.records.values_mut() {
        records.reverse();
    }
    let (found, other_report) = turned.resolve();
    assert_eq!(findings(&report), findings(&other_report));
    for schema in &corpus.schemas.tables {
        assert_eq!(expected.rows(&schema.name), found.rows(&schema.name), "{}", schema.name);
    }
}

#[test]
fn the_same_records_twice_add_no_fact() {
    let corpus = three_sources();
    let (expected, _) = corpus.resolve();
    let mut doubled = corpus.clone();
    for records in doubled.records.values_mut() {
        let again: Vec<_> = records.iter().map(|record| rollcall::model::Record { seq: record.seq + 1000, ..record.clone() }).collect();
        records.extend(again);
    }
    let (found, _) = doubled.resolve();
    for schema in corpus.schemas.tables.iter().filter(|schema| schema.name != "names") {
        assert_eq!(expected.rows(&schema.name), found.rows(&schema.name), "{}", schema.name);
    }
}

#[test]
fn sources_that_disagree_on_a_meeting_are_both_heard() {
    let mut corpus = three_sources();
    corpus.source("report", "2016-01-01");
    let wrong = [
        ("name", text("2nd Asia-EU Dialogue")),
        ("ordinal", Cell::Integer(2)),
        ("start_date", text("2012-03")),
        ("date_text", text("March 2012")),
        ("city", text("Vienna")),
    ];
    meeting(&mut corpus, "report", 7, "Asia-EU Dialogue", &wrong);
    let (dataset, report) = corpus.resolve();
    let meetings = corpus.table(&dataset, "meetings", &["meeting_id", "start_date", "end_date", "date_text", "city"]);
    assert_eq!(
        meetings,
        ["asia-eu-dialogue--2|2011-02-08|2011-02-09|08 – 09 February, 2011|Vienna"],
        "the finer date, and the city of the later source"
    );
    let conflicts = corpus.table(&dataset, "conflicts", &["table", "column", "value_a", "source_a", "value_b", "source_b", "kind"]);
    assert_eq!(
        conflicts[..2],
        ["meetings|city|Brussels|factsheet|Vienna|report|superseded", "meetings|start_date|2011-02-08|factsheet|2012-03-01|report|superseded"]
    );
    assert!(
        findings(&report)
            .iter()
            .any(|finding| finding.starts_with("raw/report.txt:7: info[sources-disagree]: start_date of meetings asia-eu-dialogue--2"))
    );
}

#[test]
fn a_term_ends_on_the_first_day_after_all_that_its_wording_can_mean() {
    let mut corpus = Corpus::new();
    corpus.source("slides", "2013-11-26");
    for (line, name, iso3, column) in [(1, "Indonesia", "IDN", "end_date"), (2, "Bangladesh", "BGD", "start_date")] {
        let cells = [
            ("dialogue", text("Colombo Process")),
            ("dialogue_id", text("colombo-process")),
            ("member_name", text(name)),
            ("iso3", text(iso3)),
            ("role", text("chair")),
            (column, text("2010-12")),
        ];
        corpus.record("slides", "memberships", line, &cells);
    }
    let (dataset, _) = corpus.resolve();
    assert_eq!(
        corpus.table(&dataset, "memberships", &["membership_id", "valid_from", "valid_to"]),
        ["colombo-process--bgd--chair--2010-12-01|2010-12-01|", "colombo-process--idn--chair--until-2011-01-01||2011-01-01"]
    );
}

/// What a corpus resolves to with a correction.
fn corrected(correction: &str) -> (Corpus, Dataset, Vec<String>) {
    let mut corpus = three_sources();
    corpus.schemas.files.files.insert("corrections.toml".to_owned(), correction.to_owned());
    let (dataset, report) = corpus.resolve();
    let told = findings(&report).into_iter().filter(|finding| finding.contains("corrections.toml"));
    let told = told.map(|finding| finding.replace(concat!(env!("CARGO_MANIFEST_DIR"), "/"), "")).collect();
    (corpus, dataset, told)
}

fn correction(column: &str, from: &str, to: &str) -> String {
    format!(
        "\n[[correction]]\ntable = \"meetings\"\nwhere = {{ dialogue_id = \"asia-eu-dialogue\" }}\ncolumn = \"{column}\"\nfrom = \"{from}\"\nto = \"{to}\"\nreason = \"misprint\"\nby = \"AB\"\n"
    )
}

#[test]
fn a_correction_changes_the_cell_that_it_expects_and_names_itself_in_the_evidence() {
    let (corpus, dataset, told) = corrected(&correction("city", "Brussels", "Bruxelles"));
    assert_eq!(told, Vec::<String>::new());
    assert_eq!(corpus.table(&dataset, "meetings", &["city"]), ["Bruxelles"]);
    let evidence = corpus.table(&dataset, "evidence", &["table", "column", "quote", "rule"]);
    assert!(evidence.contains(&"meetings|city|Brussels|correction/AB".to_owned()));
}

#[test]
fn a_correction_that_finds_something_else_fails_with_its_line() {
    for (text, expected) in [
        (
            correction("city", "Vienna", "Wien"),
            "schemas/corrections.toml:2:1: error[correction-unmatched]: city of meetings: expected \"Vienna\" in 1 rows, the row has \"Brussels\"",
        ),
        (
            correction("city", "Vienna", "Brussels"),
            "schemas/corrections.toml:2:1: error[correction-unneeded]: city of meetings is \"Brussels\" without the correction",
        ),
        (correction("ordinal", "2", "two"), "error[schema-invalid]: ordinal cannot be \"two\""),
        (correction("town", "2", "3"), "error[schema-invalid]: meetings has no column \"town\""),
        (
            correction("meeting_id", "2", "3"),
            "error[schema-invalid]: \"meeting_id\" is the key of meetings: list the row in schemas/renames.toml instead",
        ),
        (correction("city", "Brussels", "Wien").replace("asia-eu", "no"), "expected \"Brussels\" in 1 rows, no row is meant by its selector"),
        (correction("city", "Brussels", "Wien").replace("misprint", ""), "error[schema-invalid]: the correction has no reason"),
        (correction("city", "Brussels", "Wien").replace("reason", "why"), "error[schema-invalid]: unknown field `why`"),
    ] {
        let (_, _, told) = corrected(&text);
        assert!(told.iter().any(|finding| finding.contains(expected)), "{expected}: {told:?}");
    }
}

#[test]
fn a_member_that_another_source_has_as_an_observer_is_a_conflict() {
    let mut corpus = three_sources();
    corpus.source("report", "2020-01-01");
    corpus.states("report", 5, "Asia-EU Dialogue", "member", &["QAT", "NPL"]);
    let (dataset, _) = corpus.resolve();
    let conflicts =
        corpus.table(&dataset, "conflicts", &["table", "row_id", "column", "value_a", "source_a", "value_b", "source_b", "kind", "as_of"]);
    assert_eq!(conflicts[0], "memberships|asia-eu-dialogue--qat--member|role|observer|factsheet|member|report|superseded|2020-01-01");
    assert!(conflicts.iter().all(|conflict| !conflict.contains("--npl--")), "{conflicts:?}");
}

#[test]
fn a_union_has_the_members_of_the_day_before_and_of_the_day_of_every_change() {
    let mut corpus = Corpus::new();
    corpus.source("chronicle", "");
    let of_union = corpus.schemas.reference.group_members.iter().filter(|row| row.group_id == "european-union");
    let mut changes: Vec<chrono::NaiveDate> = of_union.flat_map(|row| [Some(row.valid_from), row.valid_to]).flatten().collect();
    changes.sort();
    changes.dedup();
    assert!(changes.len() >= 9, "the founding, seven enlargements and a withdrawal: {changes:?}");
    let mut expected = Vec::new();
    for day in changes.iter().flat_map(|day| [day.pred_opt().expect("a day before"), *day]) {
        let members = corpus.schemas.reference.members_on("european-union", day).len() as i64;
        for (value, status) in [(members, "confirmed"), (members + 1, "contradicted")] {
            let line = expected.len() as u32 + 1;
            let dialogue = format!("Dialogue of the {day} on {value}");
            let cells = [
                ("dialogue", text(&dialogue)),
                ("role", text("member")),
                ("group_id", text("european-union")),
                ("value", Cell::Integer(value)),
                ("as_of", text(&day.to_string())),
            ];
            corpus.record("chronicle", "stated_counts", line, &cells);
            // Before the founding there is nothing to compare with.
            expected.push(if members == 0 { format!("{day}|{value}||not_checkable") } else { format!("{day}|{value}|{members}|{status}") });
        }
    }
    let (dataset, _) = corpus.resolve();
    let mut found = corpus.table(&dataset, "stated_counts", &["as_of", "value", "counted", "status"]);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_year_fits_if_any_day_of_it_does() {
    for (value, status) in [(27, "confirmed"), (28, "confirmed"), (29, "contradicted")] {
        let mut corpus = Corpus::new();
        corpus.source("yearbook", "2013");
        count(&mut corpus, "yearbook", 1, "Asia-EU Dialogue", value, "european-union", "");
        let (dataset, _) = corpus.resolve();
        assert_eq!(corpus.table(&dataset, "stated_counts", &["as_of", "status"]), [format!("2013-01-01|{status}")], "{value}");
    }
}

#[test]
fn a_role_that_is_not_published_is_told_and_left_out() {
    let mut corpus = Corpus::new();
    corpus.source("page", "2016");
    corpus.states("page", 3, "Colombo Process", "subscriber", &["NPL"]);
    let (dataset, report) = corpus.resolve();
    assert_eq!(dataset.rows("memberships").len(), 0);
    assert!(
        findings(&report)[0].starts_with("raw/page.txt:3: info[role-unpublished]: the role \"subscriber\" is none that is published"),
        "{:?}",
        findings(&report)
    );
}

#[test]
fn a_block_of_like_records_that_is_too_large_is_cut_and_told_of() {
    let mut corpus = Corpus::new();
    let undated = |corpus: &mut Corpus, count: usize| {
        for at in 0..count {
            let source = format!("minutes-{at:05}");
            corpus.source(&source, "");
            // Ordinals that differ, so that none joins another and each is compared with all that follow.
            corpus.record(&source, "meetings", 3, &[("name", text("Annual Meeting")), ("ordinal", Cell::Integer(at as i64))]);
        }
    };
    undated(&mut corpus, 900);
    assert!(!findings(&corpus.resolve().1).iter().any(|finding| finding.contains("[block-cut]")));
    corpus = Corpus::new();
    undated(&mut corpus, 1_100);
    let (dataset, report) = corpus.resolve();
    let told = findings(&report);
    assert!(told.iter().any(|finding| finding.contains("warning[block-cut]: 99 records of meetings")), "{told:#?}");
    assert_eq!(dataset.rows("meetings").len(), 1_100);
}
