//! Groups in time: the members of the European Union on the day before and the day of every enlargement and withdrawal, and what a
//! number in a text is worth on that day. The numbers are those of the treaties, said here independently of the reference data.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where its corpus is not as it should be")]

mod corpus;

use chrono::NaiveDate;
use corpus::{Corpus, text};
use rollcall::model::Cell;

/// The day, the members before and from then on, and a state that came or went.
const CHANGES: [(&str, usize, usize, &str); 9] = [
    ("1958-01-01", 0, 6, "LUX"),
    ("1973-01-01", 6, 9, "DNK"),
    ("1981-01-01", 9, 10, "GRC"),
    ("1986-01-01", 10, 12, "PRT"),
    ("1995-01-01", 12, 15, "FIN"),
    ("2004-05-01", 15, 25, "POL"),
    ("2007-01-01", 25, 27, "BGR"),
    ("2013-07-01", 27, 28, "HRV"),
    ("2020-02-01", 28, 27, "GBR"),
];

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

#[test]
fn the_union_has_its_members_on_both_sides_of_every_change() {
    let reference = corpus::schemas().reference;
    for (date, before, after, state) in CHANGES {
        let first = day(date);
        let last = first.pred_opt().expect("a day before");
        let (then, now) = (reference.members_on("european-union", last), reference.members_on("european-union", first));
        assert_eq!((then.len(), now.len()), (before, after), "{date}");
        assert_ne!(then.contains(&state), now.contains(&state), "{state} came or went on {date}");
        assert_eq!(now.contains(&state), after > before, "{state} on {date}");
    }
    let all: Vec<_> = reference.group_members.iter().filter(|row| row.group_id == "european-union").collect();
    let moves = |date: &str| all.iter().filter(|row| row.valid_from == day(date) || row.valid_to == Some(day(date))).count();
    assert_eq!(CHANGES.iter().map(|(date, ..)| moves(date)).sum::<usize>(), 29, "no state came or went on another day");
}

#[test]
fn a_number_is_right_on_its_own_side_of_a_change_alone() {
    let mut corpus = Corpus::new();
    corpus.source("chronicle", "");
    let mut expected = Vec::new();
    // Before the founding there is nothing to compare with.
    for (date, before, after, _) in CHANGES.into_iter().skip(1) {
        let (last, first) = (day(date).pred_opt().expect("a day before"), day(date));
        for (day, value, right) in [(last, before, true), (last, after, false), (first, after, true), (first, before, false)] {
            let dialogue = format!("Dialogue of the {day} on {value}");
            let cells = [
                ("dialogue", text(&dialogue)),
                ("role", text("member")),
                ("group_id", text("european-union")),
                ("value", Cell::Integer(value as i64)),
                ("as_of", text(&day.to_string())),
            ];
            corpus.record("chronicle", "stated_counts", expected.len() as u32 + 1, &cells);
            expected.push(format!("{day}|{value}|{}", if right { "confirmed" } else { "contradicted" }));
        }
    }
    let (dataset, _) = corpus.resolve();
    let mut found = corpus.table(&dataset, "stated_counts", &["as_of", "value", "status"]);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}
