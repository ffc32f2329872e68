//! Expectations over a small data set: what holds passes, and what does not says what is missing and where it is claimed.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where its corpus is not as it should be")]

mod corpus;

use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use corpus::{Corpus, findings};
use rollcall::findings::Report;
use rollcall::model::dataset::Dataset;
use rollcall::model::source::SourceText;
use rollcall::validate::{self, Against};

const IDS: [&str; 3] = ["asia-eu-dialogue-factsheet", "global-migration-dialogues-slides", "iom-labour-migration-factsheet"];

fn texts() -> Vec<(String, String)> {
    let raw = Path::new(env!("CARGO_MANIFEST_DIR")).join("raw");
    IDS.iter().map(|id| ((*id).to_owned(), fs::read_to_string(raw.join(format!("{id}.txt"))).expect(id))).collect()
}

/// Validates what a corpus resolves to, with the texts given.
fn validate(corpus: &Corpus, texts: &[(String, String)], previous: Option<&Dataset>) -> (Dataset, Vec<String>) {
    let (mut dataset, _) = corpus.resolve();
    let paths: Vec<String> = texts.iter().map(|(id, _)| format!("raw/{id}.txt")).collect();
    let texts: Vec<SourceText<'_>> =
        texts.iter().zip(&paths).map(|((id, text), path)| SourceText { source_id: id, display_path: path, text: text.as_str().into() }).collect();
    let today = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
    let mut report = Report::default();
    let against = Against { schemas: &corpus.schemas, texts: &texts, withheld: &[], previous, today };
    validate::run(&mut dataset, &against, &mut report).expect("validation runs");
    (dataset, findings(&report).into_iter().map(|finding| finding.replace(concat!(env!("CARGO_MANIFEST_DIR"), "/"), "")).collect())
}

fn corpus() -> Corpus {
    corpus::three_sources(IDS)
}

/// Gives the corpus other expectations than those of the project.
fn expecting(corpus: &mut Corpus, expectations: &str) {
    corpus.schemas.files.files.insert("expectations.toml".to_owned(), expectations.to_owned());
}

/// Removes the record of a member.
fn without(corpus: &mut Corpus, name: &str) {
    corpus.records.get_mut("memberships").expect("memberships").retain(|record| record.evidence.iter().all(|piece| piece.quote != name));
}

#[test]
fn what_the_sources_say_passes_every_check() {
    let corpus = corpus();
    let (dataset, told) = validate(&corpus, &texts(), None);
    assert_eq!(told, Vec::<String>::new());
    let checks = corpus.table(&dataset, "checks", &["check_id", "rows_examined", "measured", "expected", "outcome"]);
    for expected in [
        "asia-eu-participating-states|39|39|39|passed",
        "asia-eu-states-add-up|3|28 + 11 = 39|39|passed",
        "asia-eu-states-of-the-colombo-process|11|11|11|passed",
        "union-of-27-at-the-second-meeting|27|27|27|passed",
        "asia-eu-observer-states-by-name|7|7 values|7 values|passed",
        "few-rows-vanish-from-memberships|65|within the budget|at most 5 removed|passed",
    ] {
        assert!(checks.contains(&expected.to_owned()), "{expected} in\n{}", checks.join("\n"));
    }
    assert!(checks.iter().all(|check| check.ends_with("passed")), "{}", checks.join("\n"));
}

#[test]
fn a_state_that_is_missing_is_named_with_the_line_of_the_claim() {
    let mut corpus = corpus();
    without(&mut corpus, "Nepal");
    let (_, told) = validate(&corpus, &texts(), None);
    assert_eq!(
        told,
        [
            "schemas/expectations.toml:6:1: error[count-differs]: memberships of asia-eu-dialogue with member_type state, role member: 38, expected 39 as of 2014-10-15\n  hint: the source says 39 on line 30 of raw/asia-eu-dialogue-factsheet.txt; the list lacks Nepal",
            "schemas/expectations.toml:24:1: error[count-differs]: memberships of asia-eu-dialogue via colombo-process: 10, expected 11 as of 2014-10-15\n  hint: the source says 11 on line 30 of raw/asia-eu-dialogue-factsheet.txt; the list lacks Nepal",
        ]
    );
}

#[test]
fn a_sentence_that_moved_is_told_from_a_list_that_moved() {
    let corpus = corpus();
    let mut texts = texts();
    texts[0].1 = texts[0].1.replace("11 Colombo Process", "12 Colombo Process");
    let (_, told) = validate(&corpus, &texts, None);
    assert_eq!(
        told,
        [
            "schemas/expectations.toml:24:1: error[claim-differs]: memberships of asia-eu-dialogue via colombo-process: the source says 12, the rows and the expectation say 11 as of 2014-10-15\n  hint: the source says 12 on line 30 of raw/asia-eu-dialogue-factsheet.txt: the sentence moved; correct the text, or the expectation and the list"
        ]
    );
}

#[test]
fn an_expectation_that_moved_is_told_from_both() {
    let mut corpus = corpus();
    let project = corpus.schemas.files.get("expectations.toml").expect("it is there").to_owned();
    expecting(&mut corpus, &project.replace("equals = 11", "equals = 39"));
    let (_, told) = validate(&corpus, &texts(), None);
    assert!(told[0].contains("via colombo-process: 11, expected 39"), "{told:?}");
    expecting(
        &mut corpus,
        "[[expectation]]\nid = \"a\"\ncitation = \"c\"\ntable = \"memberships\"\nwhere = { via_group_id = \"colombo-process\" }\nequals = 12\nclaim = { source = \"asia-eu-dialogue-factsheet\", text = \"12 Colombo Process Member States\" }\n",
    );
    let (_, told) = validate(&corpus, &texts(), None);
    assert_eq!(
        told,
        [
            "schemas/expectations.toml:1:1: error[count-differs]: memberships via colombo-process: 11, expected 12\n  hint: the source says 11 on line 30 of raw/asia-eu-dialogue-factsheet.txt, as the rows do: the expectation moved; correct it in schemas/expectations.toml"
        ]
    );
}

#[test]
fn a_claim_that_is_gone_fails() {
    let corpus = corpus();
    let mut texts = texts();
    texts[1].1 = texts[1].1.replace("EU27", "the union's");
    let (_, told) = validate(&corpus, &texts, None);
    assert_eq!(
        told,
        [
            "schemas/expectations.toml:38:1: error[claim-not-found]: the claim \"all EU27 countries\" is not in raw/global-migration-dialogues-slides.txt\n  hint: the sentence was changed or removed: correct the claim in schemas/expectations.toml, or the text"
        ]
    );
}

#[test]
fn a_set_that_differs_names_both_sides() {
    let mut corpus = corpus();
    without(&mut corpus, "Qatar");
    corpus.states(IDS[0], 89, "Asia – EU Dialogue on Labour Migration", "observer", &["OMN"]);
    let (_, told) = validate(&corpus, &texts(), None);
    assert_eq!(
        told,
        [
            "schemas/expectations.toml:65:1: error[set-differs]: iso3 of memberships of asia-eu-dialogue with member_type state, role observer: 7 values, expected 7 values as of 2014-10-15\n  hint: the list lacks QAT; the list has OMN, which is not expected"
        ]
    );
}

#[test]
fn a_check_over_no_row_is_an_error_unless_that_is_said() {
    let mut corpus = corpus();
    let nothing =
        "[[expectation]]\nid = \"a\"\ncitation = \"c\"\ntable = \"memberships\"\nwhere = { dialogue_id = \"nowhere\" }\nunique = [\"iso3\"]\n";
    expecting(&mut corpus, nothing);
    let (_, told) = validate(&corpus, &texts(), None);
    assert_eq!(
        told,
        [
            "schemas/expectations.toml:1:1: error[expectation-empty]: memberships of nowhere: no row at all, expected 0 alike\n  hint: a check over no rows proves nothing: mend the filter, or say allow_empty = true"
        ]
    );
    expecting(&mut corpus, &format!("{nothing}allow_empty = true\n"));
    assert_eq!(validate(&corpus, &texts(), None).1, Vec::<String>::new());
}

#[test]
fn rows_may_not_vanish_beyond_the_budget() {
    let mut corpus = corpus();
    let (previous, _) = corpus.resolve();
    expecting(&mut corpus, "[[expectation]]\nid = \"a\"\ncitation = \"c\"\ntable = \"memberships\"\nmax_removed = 1\n");
    without(&mut corpus, "Nepal");
    assert_eq!(validate(&corpus, &texts(), Some(&previous)).1, Vec::<String>::new());
    without(&mut corpus, "Qatar");
    let (_, told) = validate(&corpus, &texts(), Some(&previous));
    assert_eq!(
        told,
        [
            "schemas/expectations.toml:1:1: error[rows-removed]: memberships: 2 rows of the last release are gone, expected at most 1\n  hint: gone without a tombstone: asia-eu-dialogue--npl--member, asia-eu-dialogue--qat--observer; list them in schemas/renames.toml with the reason, or bring them back"
        ]
    );
    let buried =
        "[[withdrawn]]\ntable = \"memberships\"\nrow_id = \"asia-eu-dialogue--npl--member\"\nlast_version = \"1.0.0\"\nreason = \"not stated\"\n";
    corpus.schemas.files.files.insert("renames.toml".to_owned(), buried.to_owned());
    assert_eq!(validate(&corpus, &texts(), Some(&previous)).1, Vec::<String>::new());
}

#[test]
fn a_waiver_excuses_until_its_day() {
    let mut corpus = corpus();
    without(&mut corpus, "Nepal");
    let expectation =
        "[[expectation]]\nid = \"a\"\ncitation = \"c\"\ntable = \"memberships\"\nwhere = { via_group_id = \"colombo-process\" }\nequals = 11\n";
    let waiver = |day: &str| format!("{expectation}\n[[waiver]]\ncheck = \"a\"\nreason = \"known\"\nexpires = \"{day}\"\n");
    expecting(&mut corpus, &waiver("2026-01-01"));
    assert_eq!(
        validate(&corpus, &texts(), None).1,
        [
            "schemas/expectations.toml:1:1: info[count-differs]: memberships via colombo-process: 10, expected 11\n  hint: waived until 2026-01-01: known"
        ]
    );
    expecting(&mut corpus, &waiver("2025-12-31"));
    let told = validate(&corpus, &texts(), None).1;
    assert_eq!(
        (told.len(), told[1].as_str()),
        (2, "schemas/expectations.toml:8:1: error[waiver-expired]: the waiver of \"a\" held until 2025-12-31\n  hint: mend what it excused: known")
    );
    let mut whole = corpus::three_sources(IDS);
    expecting(&mut whole, &waiver("2030-01-01"));
    assert!(validate(&whole, &texts(), None).1[0].contains("warning[waiver-unused]"));
}

#[test]
fn what_is_wrong_with_the_file_is_said_with_its_line() {
    let mut corpus = corpus();
    let cases = [
        ("[[expectation]]\nid = 3\n", ":2:6: error[schema-invalid]: invalid type: integer `3`, expected a string"),
        (
            "[[expectation]]\nid = \"a\"\ncitation = \"c\"\ntable = \"memberships\"\n",
            ":1:1: error[schema-invalid]: expectation \"a\": it has no comparator, expected one of equals,",
        ),
        (
            "[[expectation]]\nid = \"a\"\ncitation = \"c\"\ntable = \"memberships\"\nequals = 1\nmax_removed = 2\n",
            "it has the comparators equals and max_removed, expected one",
        ),
        ("[[expectation]]\nid = \"a\"\ncitation = \"\"\ntable = \"members\"\nequals = 1\n", "there is no table \"members\""),
        (
            "[[expectation]]\nid = \"a\"\ncitation = \"c\"\ntable = \"memberships\"\nequals = 1\nas_of = \"2014\"\n",
            "string \"2014\", expected a day as 2014-10-15",
        ),
        (
            "[[expectation]]\nid = \"a\"\ncitation = \"c\"\ntable = \"memberships\"\nequals = 1\nwhere = { state = \"x\" }\n",
            "error[expectation-unfit]: expectation \"a\": memberships has no column \"state\"",
        ),
        (
            "[[expectation]]\nid = \"a\"\ncitation = \"c\"\ntable = \"themes\"\nequals = 1\nas_of = \"2014-01-01\"\n",
            "themes has no valid_from and valid_to",
        ),
        (
            "[[expectation]]\nid = \"a\"\ncitation = \"c\"\ntable = \"themes\"\nfill_rate = { column = \"colour\", at_least = 0.5 }\n",
            "expectation \"a\": themes has no column \"colour\"",
        ),
        (
            "[[expectation]]\nid = \"a\"\ncitation = \"c\"\nsum_equals = { parts = [\"b\"], total = \"c\" }\n",
            "expectation \"a\" adds up \"b\", which is no expectation",
        ),
    ];
    for (text, expected) in cases {
        expecting(&mut corpus, text);
        let told = validate(&corpus, &texts(), None).1;
        assert!(told.iter().any(|finding| finding.contains(expected)), "{text}\n{told:?}");
    }
}

#[test]
fn every_comparator_can_fail() {
    let mut corpus = corpus();
    let of_process = "table = \"memberships\"\nwhere = { via_group_id = \"colombo-process\" }\n";
    let claim = |text: &str| format!("claim = {{ source = \"asia-eu-dialogue-factsheet\", text = \"{text}\" }}\n");
    let cases = [
        (
            format!("{of_process}subset_of = {{ column = \"iso3\", values = [\"AFG\"] }}\n"),
            "error[set-differs]: iso3 of memberships via colombo-process: 11 values, expected some of 1 values",
            "11|11 values|some of 1 values|failed",
        ),
        (
            format!("{of_process}unique = [\"dialogue_id\"]\n"),
            "error[rows-not-unique]: memberships via colombo-process: 10 rows have the dialogue_id of another\n  hint: the first is \"asia-eu-dialogue\" of row asia-eu-dialogue--bgd--member",
            "11|10 alike|0 alike|failed",
        ),
        (
            format!("{of_process}fill_rate = {{ column = \"valid_from\", at_least = 0.5 }}\n"),
            "error[fill-rate-low]: valid_from of memberships via colombo-process: 0.0 per cent filled, expected at least 50.0 per cent",
            "11|0.0 per cent|at least 50.0 per cent|failed",
        ),
        (format!("{of_process}claim_equals = true\n{}", claim("12 Colombo Process Member States")), "", "11|11|11|passed"),
        (
            format!("{of_process}claim_equals = true\n{}", claim("28 EU Member States")),
            "error[count-differs]: memberships via colombo-process: 11, expected 28\n  hint: the source says 28 on line 30",
            "11|11|28|failed",
        ),
        (
            "table = \"coverage\"\nunread_share = { at_most = -0.1 }\n".to_owned(),
            "error[unread-share-high]: coverage: 0.0 per cent unread, expected at most -10.0 per cent",
            "3|0.0 per cent|at most -10.0 per cent|failed",
        ),
        (
            format!("{of_process}equals = 11\nclaim = {{ source = \"elsewhere\", text = \"11\" }}\n"),
            "error[claim-not-found]: the source \"elsewhere\" of the claim is not among the sources",
            "11|11|11|failed",
        ),
    ];
    for (body, expected, account) in cases {
        expecting(&mut corpus, &format!("[[expectation]]\nid = \"a\"\ncitation = \"c\"\n{body}"));
        let (dataset, told) = validate(&corpus, &texts(), None);
        let checks = corpus.table(&dataset, "checks", &["check_id", "rows_examined", "measured", "expected", "outcome"]);
        assert!(checks.contains(&format!("a|{account}")), "{body}\n{:?}", checks.iter().find(|check| check.starts_with("a|")));
        if expected.is_empty() {
            assert_eq!(told, Vec::<String>::new(), "the sentence moved and the rows say the same");
        } else {
            assert!(told.len() == 1 && told[0].contains(expected), "{body}\n{told:?}");
        }
    }
}

#[test]
fn numbers_that_do_not_add_up_are_told() {
    let mut corpus = corpus();
    let part = |id: &str, group: &str, number: u32| {
        format!(
            "[[expectation]]\nid = \"{id}\"\ncitation = \"c\"\ntable = \"memberships\"\nwhere = {{ via_group_id = \"{group}\" }}\nequals = {number}\n"
        )
    };
    let sum = "[[expectation]]\nid = \"sum\"\ncitation = \"c\"\nsum_equals = { parts = [\"one\", \"one\"], total = \"two\" }\n";
    expecting(&mut corpus, &format!("{}{}{sum}", part("one", "colombo-process", 11), part("two", "european-union", 28)));
    let told = validate(&corpus, &texts(), None).1;
    assert_eq!(
        told,
        [
            "schemas/expectations.toml:13:1: error[sum-differs]: one + one: 11 + 11 = 22, expected 28, the number of two\n  hint: a member is in none of the parts, or in more than one"
        ]
    );
    let unmeasured = part("two", "european-union", 28).replace("equals = 28", "unique = [\"iso3\"]");
    expecting(&mut corpus, &format!("{}{unmeasured}{sum}", part("one", "colombo-process", 11)));
    let (dataset, told) = validate(&corpus, &texts(), None);
    assert!(told[0].contains("error[check-not-run]: expectation \"sum\" adds up others that measured no number"), "{told:?}");
    assert!(corpus.table(&dataset, "checks", &["check_id", "outcome"]).contains(&"sum|not_run".to_owned()));
}
